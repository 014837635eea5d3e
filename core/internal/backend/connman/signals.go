// The signals of ConnMan.

package connman

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Signal implements bus.Handler. Signals before the first list was read are ignored: the
// list includes what they say.
func (m *monitor) Signal(s bus.Signal) {
	if !m.present {
		return
	}
	var wrong problems
	inconsistent := false
	switch s.Interface + "." + s.Member {
	case "net.connman.Manager.ServicesChanged":
		inconsistent = m.servicesChanged(s.Body, &wrong)
	case "net.connman.Manager.TechnologyAdded":
		m.technologyAdded(s.Body, &wrong)
	case "net.connman.Manager.TechnologyRemoved":
		m.technologyRemoved(s.Body, &wrong)
	case "net.connman.Manager.PropertyChanged":
		m.managerChanged(s.Body, &wrong)
	case "net.connman.Service.PropertyChanged":
		m.serviceChanged(s, &wrong)
	case "net.connman.Technology.PropertyChanged":
		m.technologyChanged(s, &wrong)
	default:
		return
	}
	m.logProblems(wrong)
	if inconsistent {
		m.scheduleRead(rereadDelay)
	}
	m.update()
}

func (m *monitor) servicesChanged(body []any, wrong *problems) (inconsistent bool) {
	list, err := decodeObjects(bus.Arg(body, 0), wrong)
	if err == nil {
		var removed []dbus.ObjectPath
		if removed, err = decodePaths(bus.Arg(body, 1)); err == nil {
			return m.state.applyChanges(list, removed, wrong)
		}
	}
	wrong.add("a change of services: %v", err)
	return true
}

func (m *monitor) serviceChanged(s bus.Signal, wrong *problems) {
	name, value, err := decodeProperty(s.Body)
	if err == nil {
		err = m.state.setProperty(s.Path, name, value)
	}
	if err != nil {
		wrong.add("%v", err)
	}
}

func (m *monitor) managerChanged(body []any, wrong *problems) {
	name, value, err := decodeProperty(body)
	if err != nil {
		wrong.add("%v", err)
		return
	}
	m.state.setManager(properties{name: value}, wrong)
}

func (m *monitor) technologyAdded(body []any, wrong *problems) {
	r, err := decodeObject(body)
	if err != nil {
		wrong.add("%v", err)
		return
	}
	m.state.addTechnology(r, wrong)
}

func (m *monitor) technologyRemoved(body []any, wrong *problems) {
	path, ok := bus.Arg(body, 0).(dbus.ObjectPath)
	if !ok {
		wrong.add("the path of a technology is of type %T", bus.Arg(body, 0))
		return
	}
	m.state.removeTechnology(path)
}

func (m *monitor) technologyChanged(s bus.Signal, wrong *problems) {
	name, value, err := decodeProperty(s.Body)
	if err == nil {
		err = m.state.setTechnology(s.Path, name, value)
	}
	if err != nil {
		wrong.add("the property %s of a technology %v", sanitize(name), err)
	}
}
