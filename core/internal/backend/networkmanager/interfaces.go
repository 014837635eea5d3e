package networkmanager

import (
	"slices"
	"strings"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file find the interfaces that NetworkManager manages.

// managedInterfaces returns the interfaces of the device, if NetworkManager manages it for
// certain.
func (d *device) managedInterfaces() [2]bearer.Interface {
	if !d.managed && !d.isPaused() {
		return [2]bearer.Interface{}
	}
	return d.interfaces()
}

// interfaces returns the device's own interface and the interface that carries IP for it.
func (d *device) interfaces() [2]bearer.Interface {
	return [2]bearer.Interface{
		{Name: d.name, Hardware: d.linkAddress()}, {Name: d.foreignInterface()},
	}
}

// updateInterfaces updates the reference counts of the managed interfaces.
func (st *daemonState) updateInterfaces(was, is *device) {
	before, now := was.managedInterfaces(), is.managedInterfaces()
	if before != now {
		st.addReferences(before, -1)
		st.addReferences(now, +1)
	}
	st.interfacesDirty = st.interfacesDirty || before != now || st.manager.asleep()
}

func (st *daemonState) addReferences(interfaces [2]bearer.Interface, by int) {
	for _, i := range interfaces {
		if i.Name == "" {
			continue
		}
		st.interfaceRefs[i] += by
		if st.interfaceRefs[i] == 0 {
			delete(st.interfaceRefs, i)
		}
	}
}

// managedInterfaces returns the interfaces that NetworkManager manages, sorted by name. The
// result is never nil.
func (st *daemonState) managedInterfaces() []bearer.Interface {
	st.interfacesDirty = false
	names := make(map[string]string)
	for i := range st.interfaceRefs {
		addInterface(names, i)
	}
	for _, d := range st.devices {
		if st.manager.asleep() && st.expectedToManage(d) {
			addInterface(names, d.interfaces()[0])
		}
	}
	list := make([]bearer.Interface, 0, len(names))
	for name, hardware := range names {
		list = append(list, bearer.Interface{Name: name, Hardware: hardware})
	}
	slices.SortFunc(list, func(a, b bearer.Interface) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// addInterface adds an interface to a table of addresses by name. Of two addresses the
// greater one is kept, so that an empty address never replaces another.
func addInterface(names map[string]string, i bearer.Interface) {
	if hardware, known := names[i.Name]; i.Name != "" && (!known || i.Hardware > hardware) {
		names[i.Name] = i.Hardware
	}
}

// expectedToManage reports whether NetworkManager will manage a device that appeared while
// it slept, so that it has not decided about the device yet: there is a profile for it.
func (st *daemonState) expectedToManage(d *device) bool {
	return !d.managed && !d.excluded && !d.placeholder && d.reason == 0 && st.hasMatchingProfile(d)
}
