package networkmanager

import (
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file tell which links NetworkManager speaks for.

// speaks are the links that NetworkManager speaks for because of the device, for
// certain.
func (d *device) speaks() [2]bearer.Interface {
	if !d.managed && !d.paused() {
		return [2]bearer.Interface{}
	}
	return d.interfaces()
}

// interfaces are the device's links.
func (d *device) interfaces() [2]bearer.Interface {
	return [2]bearer.Interface{
		{Name: d.name, Hardware: d.linkAddress()}, {Name: d.borrows()},
	}
}

// respeak keeps the interfaces that NetworkManager speaks for.
func (p *picture) respeak(was, is *device) {
	before, now := was.speaks(), is.speaks()
	if before != now {
		p.count(before, -1)
		p.count(now, +1)
	}
	p.renamed = p.renamed || before != now || p.manager.asleep()
}

func (p *picture) count(interfaces [2]bearer.Interface, by int) {
	for _, i := range interfaces {
		if i.Name == "" {
			continue
		}
		p.interfaces[i] += by
		if p.interfaces[i] == 0 {
			delete(p.interfaces, i)
		}
	}
}

// managed are the interfaces that NetworkManager speaks for, sorted. It is never
// nil.
func (p *picture) managed() []bearer.Interface {
	p.renamed = false
	names := make(map[string]string)
	for i := range p.interfaces {
		note(names, i)
	}
	for _, d := range p.devices {
		if p.manager.asleep() && p.awaited(d) {
			note(names, d.interfaces()[0])
		}
	}
	list := make([]bearer.Interface, 0, len(names))
	for name, hardware := range names {
		list = append(list, bearer.Interface{Name: name, Hardware: hardware})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// note takes an interface into a table of addresses by name. The greater of two
// addresses counts, so that none is taken for one.
func note(names map[string]string, i bearer.Interface) {
	if hardware, known := names[i.Name]; i.Name != "" && (!known || i.Hardware > hardware) {
		names[i.Name] = i.Hardware
	}
}

// awaited reports whether NetworkManager would manage a device of which it has said
// nothing because it sleeps since before the device was there: there is a profile
// for it.
func (p *picture) awaited(d *device) bool {
	return !d.managed && !d.shunned && !d.unreal && d.reason == 0 && p.suited(d)
}
