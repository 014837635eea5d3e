// The state of ConnMan: its services, in reach and out of reach.

package connman

import (
	"maps"
	"slices"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// maxAbsent bounds the number of services that are out of reach.
const maxAbsent = 256

// daemonState is the state that ConnMan has reported. It is passive: the monitor applies
// lists and signals to it.
type daemonState struct {
	services     map[string]*service // in reach, by identifier
	absent       map[string]*service // configured, but out of reach; by identifier
	absentOrder  []string            // the identifiers in absent, the longest absent first
	technologies map[dbus.ObjectPath]*technology
	offline      bool // OfflineMode: all radios are switched off

	// dirty are the identifiers of services that may have changed since the last call
	// of changes.
	dirty      map[string]bool
	interfaces interfaceSet // interfaces that ConnMan manages
	// withoutInterface are the identifiers of services that are up without a known
	// interface.
	withoutInterface map[string]bool
}

func newDaemonState() *daemonState {
	return &daemonState{
		services: make(map[string]*service), absent: make(map[string]*service),
		technologies: make(map[dbus.ObjectPath]*technology),
		dirty:        make(map[string]bool), interfaces: newInterfaceSet(), withoutInterface: make(map[string]bool),
	}
}

// replaceServices applies a list of all services.
func (d *daemonState) replaceServices(list []object, wrong *problems) {
	gone := d.services
	d.services = make(map[string]*service, len(list))
	for id := range gone {
		d.markDirty(id)
	}
	for _, r := range list {
		id, err := serviceID(r.path)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		before := gone[id]
		delete(gone, id)
		d.addService(id, before, r, wrong)
	}
	for _, id := range slices.Sorted(maps.Keys(d.dirty)) {
		if s := gone[id]; s != nil {
			d.moveToAbsent(s)
		}
	}
}

// addService applies all properties of a service; before is its earlier state, or
// nil.
func (d *daemonState) addService(id string, before *service, r object, wrong *problems) {
	s := &service{id: id, path: r.path}
	if _, stated := r.properties["State"]; before != nil && stated {
		// The list has only the current state: keep the history of the service.
		s.state, s.stateHistory = before.state, before.stateHistory
		if before.kind == vpn {
			s.iface = before.iface // ConnMan 1 does not list it
		}
	}
	s.setAll(r.properties, wrong)
	d.services[id] = s
	d.markDirty(id)
	d.dropAbsent(func(old *service) bool { return old.id == id || replacesAbsent(s, old) })
}

// replacesAbsent reports whether a wired service s has replaced the absent service old:
// the interface belongs to another adapter now.
func replacesAbsent(s, old *service) bool {
	return s.kind == "ethernet" && old.kind == "ethernet" && s.iface != "" && s.iface == old.iface
}

// dropAbsent removes the absent services that match.
func (d *daemonState) dropAbsent(which func(*service) bool) {
	kept := d.absentOrder[:0]
	for _, id := range d.absentOrder {
		if which(d.absent[id]) {
			delete(d.absent, id)
			d.markDirty(id)
			continue
		}
		kept = append(kept, id)
	}
	d.absentOrder = kept
}

// moveToAbsent keeps a service that is no longer in reach as absent, if ConnMan remembers
// it.
func (d *daemonState) moveToAbsent(s *service) {
	d.markDirty(s.id)
	if !s.remembered() {
		return
	}
	if len(d.absentOrder) >= maxAbsent {
		oldest := d.absentOrder[0]
		d.dropAbsent(func(old *service) bool { return old.id == oldest })
	}
	d.absent[s.id] = s
	d.absentOrder = append(d.absentOrder, s.id)
}

// applyChanges applies a ServicesChanged signal: new services with all of their
// properties, known services with the changed properties, and removed services. It
// returns true if the signal mentions an unknown service: everything has to be read
// again.
func (d *daemonState) applyChanges(list []object, removed []dbus.ObjectPath, wrong *problems) (inconsistent bool) {
	for _, path := range removed {
		id, err := serviceID(path)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		if s := d.services[id]; s != nil {
			delete(d.services, id)
			d.moveToAbsent(s)
		}
	}
	for _, r := range list {
		id, err := serviceID(r.path)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		if !d.mergeService(id, r, wrong) {
			inconsistent = true
		}
	}
	return inconsistent
}

// mergeService applies what a signal says about one service. It returns false for an
// unknown service that does not come with all of its properties.
func (d *daemonState) mergeService(id string, r object, wrong *problems) bool {
	_, typed := r.properties["Type"]
	_, stated := r.properties["State"]
	if typed && stated {
		if len(d.services) >= maxServices && d.services[id] == nil {
			wrong.add("there are more than %d services", maxServices)
			return true
		}
		d.addService(id, d.services[id], r, wrong)
		return true
	}
	s := d.services[id]
	if s == nil {
		return false
	}
	if len(r.properties) > 0 {
		s.setAll(r.properties, wrong)
		d.markDirty(id)
	}
	return true
}

// setProperty applies one changed property of a service. Signals about an unknown service
// arrive before ConnMan announces it, and are ignored.
func (d *daemonState) setProperty(path dbus.ObjectPath, name string, value dbus.Variant) error {
	id, err := serviceID(path)
	if err != nil {
		return err
	}
	s := d.services[id]
	if s == nil || setters[name] == nil {
		return nil
	}
	d.markDirty(id)
	return s.set(name, value)
}

func (d *daemonState) markDirty(id string) {
	d.dirty[id] = true
}

// find returns the service with an identifier, or nil, and whether it is out of reach.
func (d *daemonState) find(id string) (s *service, absent bool) {
	if s := d.services[id]; s != nil {
		return s, false
	}
	s = d.absent[id]
	return s, s != nil
}

// changes returns the configurations that may have changed since its last call, and the
// identifiers of removed configurations.
func (d *daemonState) changes() (changed []bearer.Configuration, gone []string) {
	for _, id := range slices.Sorted(maps.Keys(d.dirty)) {
		if s, absent := d.find(id); s != nil {
			changed = append(changed, d.configuration(s, absent))
			d.interfaces.set(id, s)
		} else {
			gone = append(gone, id)
			d.interfaces.set(id, nil)
		}
		if s := d.services[id]; s != nil && s.state.up() && s.iface == "" {
			d.withoutInterface[id] = true
		} else {
			delete(d.withoutInterface, id)
		}
	}
	d.dirty = make(map[string]bool)
	return changed, gone
}

// managedInterfaces returns the interfaces that ConnMan manages. It must be called after
// changes.
func (d *daemonState) managedInterfaces() []bearer.Interface { return d.interfaces.interfaces() }

// configuration returns a service as sessions see it.
func (d *daemonState) configuration(s *service, absent bool) bearer.Configuration {
	c := configuration(s, absent)
	c.Obstacle = d.obstacle(s, absent)
	return c
}

// markAllDirty makes changes return everything.
func (d *daemonState) markAllDirty() {
	for id := range d.services {
		d.markDirty(id)
	}
	for id := range d.absent {
		d.markDirty(id)
	}
}

// interfaceBusy reports whether another service has the interface that s would use, so
// that ConnMan has to disconnect that service first.
func (d *daemonState) interfaceBusy(s *service) bool {
	for _, other := range d.services {
		if other != s && other.iface == s.iface && other.kind == s.kind && s.iface != "" && !other.state.down() {
			return true
		}
	}
	return false
}
