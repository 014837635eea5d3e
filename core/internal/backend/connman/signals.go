package connman

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Signal is that of bus.Owner. What is signalled before the first list has been
// read is in the list.
func (f *follower) Signal(s bus.Signal) {
	if !f.present {
		return
	}
	var wrong problems
	doubt := false
	switch s.Interface + "." + s.Member {
	case "net.connman.Manager.ServicesChanged":
		doubt = f.servicesChanged(s.Body, &wrong)
	case "net.connman.Manager.TechnologyAdded":
		f.technologyAdded(s.Body, &wrong)
	case "net.connman.Manager.TechnologyRemoved":
		f.technologyRemoved(s.Body, &wrong)
	case "net.connman.Manager.PropertyChanged":
		f.managerChanged(s.Body, &wrong)
	case "net.connman.Service.PropertyChanged":
		f.serviceChanged(s, &wrong)
	case "net.connman.Technology.PropertyChanged":
		f.technologyChanged(s, &wrong)
	default:
		return
	}
	f.complain(wrong)
	if doubt {
		f.readLater(doubtPause)
	}
	f.report()
}

func (f *follower) servicesChanged(body []any, wrong *problems) (doubt bool) {
	list, err := records(bus.Arg(body, 0), wrong)
	if err == nil {
		var removed []dbus.ObjectPath
		if removed, err = paths(bus.Arg(body, 1)); err == nil {
			return f.picture.change(list, removed, wrong)
		}
	}
	wrong.add("a change of services: %v", err)
	return true
}

func (f *follower) serviceChanged(s bus.Signal, wrong *problems) {
	name, value, err := property(s.Body)
	if err == nil {
		err = f.picture.set(s.Path, name, value)
	}
	if err != nil {
		wrong.add("%v", err)
	}
}

func (f *follower) managerChanged(body []any, wrong *problems) {
	name, value, err := property(body)
	if err != nil {
		wrong.add("%v", err)
		return
	}
	f.picture.setManager(properties{name: value}, wrong)
}

func (f *follower) technologyAdded(body []any, wrong *problems) {
	r, err := recordOf(body)
	if err != nil {
		wrong.add("%v", err)
		return
	}
	f.picture.addTechnology(r, wrong)
}

func (f *follower) technologyRemoved(body []any, wrong *problems) {
	path, ok := bus.Arg(body, 0).(dbus.ObjectPath)
	if !ok {
		wrong.add("the path of a technology is of type %T", bus.Arg(body, 0))
		return
	}
	f.picture.removeTechnology(path)
}

func (f *follower) technologyChanged(s bus.Signal, wrong *problems) {
	name, value, err := property(s.Body)
	if err == nil {
		err = f.picture.setTechnology(s.Path, name, value)
	}
	if err != nil {
		wrong.add("the property %s of a technology %v", shorten(name), err)
	}
}
