package connman

import "github.com/godbus/dbus/v5"

// maxTechnologies bounds what is kept: ConnMan knows eight.
const maxTechnologies = 64

// technology is a sort of network that can be switched on and off.
type technology struct {
	kind      string
	powered   bool
	tethering bool // it gives network to others
}

// replaceTechnologies takes in a list of all technologies.
func (p *picture) replaceTechnologies(list []record, wrong *problems) {
	p.technologies = make(map[dbus.ObjectPath]*technology)
	p.countTethers()
	p.touchAll() // what stands in the way of services that are out of reach
	for _, r := range list {
		p.addTechnology(r, wrong)
	}
}

func (p *picture) addTechnology(r record, wrong *problems) {
	if len(p.technologies) >= maxTechnologies {
		wrong.add("there are more than %d technologies", maxTechnologies)
		return
	}
	p.technologies[r.path] = &technology{}
	for name, value := range r.properties {
		if err := p.setTechnology(r.path, name, value); err != nil {
			wrong.add("%v", err)
		}
	}
}

// setTechnology takes in one property of a technology that is known. What stands in
// the way of services may be another thing then.
func (p *picture) setTechnology(path dbus.ObjectPath, name string, value dbus.Variant) (err error) {
	t := p.technologies[path]
	if t == nil {
		return nil
	}
	before := *t
	switch name {
	case "Type":
		err = setText(&t.kind, value.Value())
	case "Powered":
		err = setBool(&t.powered, value.Value())
	case "Tethering":
		err = setBool(&t.tethering, value.Value())
	}
	if *t != before {
		p.countTethers()
		p.touchAll()
	}
	return err
}

// removeTechnology takes in that a technology is no more.
func (p *picture) removeTechnology(path dbus.ObjectPath) {
	delete(p.technologies, path)
	p.countTethers()
	p.touchAll()
}

func (p *picture) countTethers() {
	tethered := false
	for _, t := range p.technologies {
		tethered = tethered || t.tethering
	}
	p.links.setTethered(tethered)
}

// technology is that of a kind, or nil.
func (p *picture) technology(kind string) *technology {
	for _, t := range p.technologies {
		if t.kind == kind {
			return t
		}
	}
	return nil
}

// setManager takes in properties of ConnMan itself.
func (p *picture) setManager(all properties, wrong *problems) {
	value, found := all["OfflineMode"]
	if !found {
		return
	}
	before := p.offline
	if err := setBool(&p.offline, value.Value()); err != nil {
		wrong.add("the property OfflineMode %v", err)
	}
	if p.offline != before {
		p.touchAll()
	}
}

// scannable are the technologies on which a scan can find something.
func (p *picture) scannable() []dbus.ObjectPath {
	var list []dbus.ObjectPath
	for path, t := range p.technologies {
		if t.kind == "wifi" && t.powered {
			list = append(list, path)
		}
	}
	return list
}
