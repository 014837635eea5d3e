package connman

import "github.com/godbus/dbus/v5"

// maxTechnologies bounds what is kept: ConnMan knows eight.
const maxTechnologies = 64

// technology is a sort of network that can be switched on and off.
type technology struct {
	kind    string
	powered bool
}

// replaceTechnologies takes in a list of all technologies.
func (p *picture) replaceTechnologies(list []record, wrong *problems) {
	p.technologies = make(map[dbus.ObjectPath]*technology)
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

// setTechnology takes in one property of a technology that is known.
func (p *picture) setTechnology(path dbus.ObjectPath, name string, value dbus.Variant) error {
	t := p.technologies[path]
	switch {
	case t == nil:
		return nil
	case name == "Type":
		return setText(&t.kind, value.Value())
	case name == "Powered":
		return setBool(&t.powered, value.Value())
	}
	return nil
}

// switchedOff reports whether ConnMan says that a technology is off.
func (p *picture) switchedOff(kind string) bool {
	for _, t := range p.technologies {
		if t.kind == kind {
			return !t.powered
		}
	}
	return false
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
