package connman

import (
	"sort"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// maxAbsent bounds how many services are kept that are out of reach.
const maxAbsent = 256

// picture is what is known from ConnMan.
type picture struct {
	services     map[string]*service // in reach, by identifier
	absent       map[string]*service // configured and out of reach
	left         []string            // the identifiers of absent ones, longest gone first
	technologies map[dbus.ObjectPath]*technology
	offline      bool // OfflineMode: all radios are switched off

	// touched are the identifiers of services that may look different since
	// changes was called last.
	touched map[string]bool
	links   tally // of the interfaces that ConnMan speaks for
	// linkless are the services that are up without an interface that is known.
	linkless map[string]bool
}

func newPicture() *picture {
	return &picture{
		services: make(map[string]*service), absent: make(map[string]*service),
		technologies: make(map[dbus.ObjectPath]*technology),
		touched:      make(map[string]bool), links: newTally(), linkless: make(map[string]bool),
	}
}

// replace takes in a list of all services.
func (p *picture) replace(list []record, wrong *problems) {
	gone := p.services
	p.services = make(map[string]*service, len(list))
	for id := range gone {
		p.touch(id)
	}
	for _, r := range list {
		id, err := identifier(r.path)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		before := gone[id]
		delete(gone, id)
		p.add(id, before, r, wrong)
	}
	for _, id := range sorted(p.touched) {
		if s := gone[id]; s != nil {
			p.leave(s)
		}
	}
}

// add takes in a service with all of its properties; before is what was known of it,
// or nil.
func (p *picture) add(id string, before *service, r record, wrong *problems) {
	s := &service{id: id, path: r.path}
	if _, stated := r.properties["State"]; before != nil && stated {
		// It may be the same run of the service, of which the list knows only the end.
		s.state, s.course = before.state, before.course
		if before.kind == vpn {
			s.link = before.link // ConnMan 1 does not list it
		}
	}
	s.setAll(r.properties, wrong)
	p.services[id] = s
	p.touch(id)
	p.forget(func(old *service) bool { return old.id == id || replaces(s, old) })
}

// replaces reports whether a wired service has taken the place of one that is
// out of reach: the adapter behind an interface is another one.
func replaces(s, old *service) bool {
	return s.kind == "ethernet" && old.kind == "ethernet" && s.link != "" && s.link == old.link
}

// forget drops absent services.
func (p *picture) forget(which func(*service) bool) {
	kept := p.left[:0]
	for _, id := range p.left {
		if which(p.absent[id]) {
			delete(p.absent, id)
			p.touch(id)
			continue
		}
		kept = append(kept, id)
	}
	p.left = kept
}

// leave puts a service that is no longer in reach where it belongs.
func (p *picture) leave(s *service) {
	p.touch(s.id)
	if !s.kept() {
		return
	}
	if len(p.left) >= maxAbsent {
		oldest := p.left[0]
		p.forget(func(old *service) bool { return old.id == oldest })
	}
	p.absent[s.id] = s
	p.left = append(p.left, s.id)
}

// change takes in a ServicesChanged signal: new services with all of their
// properties, known ones with those that changed, and what was removed. It
// reports whether a service is mentioned that is not known: the picture is then
// to be read anew.
func (p *picture) change(list []record, removed []dbus.ObjectPath, wrong *problems) (doubt bool) {
	for _, path := range removed {
		id, err := identifier(path)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		if s := p.services[id]; s != nil {
			delete(p.services, id)
			p.leave(s)
		}
	}
	for _, r := range list {
		id, err := identifier(r.path)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		if !p.merge(id, r, wrong) {
			doubt = true
		}
	}
	return doubt
}

// merge takes in what a signal says about one service. It fails for one that
// is new, but does not come with all of its properties.
func (p *picture) merge(id string, r record, wrong *problems) bool {
	_, typed := r.properties["Type"]
	_, stated := r.properties["State"]
	if typed && stated {
		if len(p.services) >= maxServices && p.services[id] == nil {
			wrong.add("there are more than %d services", maxServices)
			return true
		}
		p.add(id, p.services[id], r, wrong)
		return true
	}
	s := p.services[id]
	if s == nil {
		return false
	}
	if len(r.properties) > 0 {
		s.setAll(r.properties, wrong)
		p.touch(id)
	}
	return true
}

// set takes in one changed property of a service. Signals about a service that
// is not known come from before it is announced.
func (p *picture) set(path dbus.ObjectPath, name string, value dbus.Variant) error {
	id, err := identifier(path)
	if err != nil {
		return err
	}
	s := p.services[id]
	if s == nil || setters[name] == nil {
		return nil
	}
	p.touch(id)
	return s.set(name, value)
}

func (p *picture) touch(id string) {
	p.touched[id] = true
}

// find returns the service with the identifier, or nil, and whether it is out
// of reach.
func (p *picture) find(id string) (s *service, absent bool) {
	if s := p.services[id]; s != nil {
		return s, false
	}
	s = p.absent[id]
	return s, s != nil
}

// changes are the configurations that may look different, and the identifiers
// of those that are no more, since it was called last.
func (p *picture) changes() (changed []bearer.Configuration, gone []string) {
	for _, id := range sorted(p.touched) {
		if s, absent := p.find(id); s != nil {
			changed = append(changed, p.configuration(s, absent))
			p.links.set(id, s)
		} else {
			gone = append(gone, id)
			p.links.set(id, nil)
		}
		if s := p.services[id]; s != nil && s.state.up() && s.link == "" {
			p.linkless[id] = true
		} else {
			delete(p.linkless, id)
		}
	}
	p.touched = make(map[string]bool)
	return changed, gone
}

// managed are the interfaces that ConnMan speaks for, after the changes so far.
func (p *picture) managed() []bearer.Interface { return p.links.interfaces() }

// configuration is what a service looks like to sessions.
func (p *picture) configuration(s *service, absent bool) bearer.Configuration {
	c := configuration(s, absent)
	c.Obstacle = p.obstacle(s, absent)
	return c
}

// touchAll makes changes tell everything.
func (p *picture) touchAll() {
	for id := range p.services {
		p.touch(id)
	}
	for id := range p.absent {
		p.touch(id)
	}
}

// busy reports whether another service has the interface that s would use, so
// that ConnMan has to take that one down first.
func (p *picture) busy(s *service) bool {
	for _, other := range p.services {
		if other != s && other.link == s.link && other.kind == s.kind && s.link != "" && !other.state.down() {
			return true
		}
	}
	return false
}

func sorted(names map[string]bool) []string {
	list := make([]string, 0, len(names))
	for name := range names {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
