package networkmanager

import (
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file tell which links NetworkManager speaks for.

// managedInterfaces are the links that NetworkManager speaks for because of the device, for
// certain.
func (d *device) managedInterfaces() [2]bearer.Interface {
	if !d.managed && !d.isPaused() {
		return [2]bearer.Interface{}
	}
	return d.interfaces()
}

// interfaces are the device's links.
func (d *device) interfaces() [2]bearer.Interface {
	return [2]bearer.Interface{
		{Name: d.name, Hardware: d.linkAddress()}, {Name: d.foreignInterface()},
	}
}

// updateInterfaces keeps the interfaces that NetworkManager speaks for.
func (p *daemonState) updateInterfaces(was, is *device) {
	before, now := was.managedInterfaces(), is.managedInterfaces()
	if before != now {
		p.addReferences(before, -1)
		p.addReferences(now, +1)
	}
	p.interfacesDirty = p.interfacesDirty || before != now || p.manager.asleep()
}

func (p *daemonState) addReferences(interfaces [2]bearer.Interface, by int) {
	for _, i := range interfaces {
		if i.Name == "" {
			continue
		}
		p.interfaceRefs[i] += by
		if p.interfaceRefs[i] == 0 {
			delete(p.interfaceRefs, i)
		}
	}
}

// managedInterfaces are the interfaces that NetworkManager speaks for, sorted. It is never
// nil.
func (p *daemonState) managedInterfaces() []bearer.Interface {
	p.interfacesDirty = false
	names := make(map[string]string)
	for i := range p.interfaceRefs {
		addInterface(names, i)
	}
	for _, d := range p.devices {
		if p.manager.asleep() && p.expectedToManage(d) {
			addInterface(names, d.interfaces()[0])
		}
	}
	list := make([]bearer.Interface, 0, len(names))
	for name, hardware := range names {
		list = append(list, bearer.Interface{Name: name, Hardware: hardware})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// addInterface takes an interface into a table of addresses by name. The greater of two
// addresses counts, so that none is taken for one.
func addInterface(names map[string]string, i bearer.Interface) {
	if hardware, known := names[i.Name]; i.Name != "" && (!known || i.Hardware > hardware) {
		names[i.Name] = i.Hardware
	}
}

// expectedToManage reports whether NetworkManager would manage a device of which it has said
// nothing because it sleeps since before the device was there: there is a profile
// for it.
func (p *daemonState) expectedToManage(d *device) bool {
	return !d.managed && !d.excluded && !d.placeholder && d.reason == 0 && p.hasMatchingProfile(d)
}
