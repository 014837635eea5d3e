package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// The functions of this file look things up in a picture, by way of the index:
// so who looks while a configuration is derived makes that depend on it.

// deviceOf is the device behind an identifier, or nil. Of several, a listed one
// is meant.
func (p *picture) deviceOf(id string) (found *device) {
	if !strings.HasPrefix(id, devicePrefix) {
		return nil
	}
	for _, path := range p.index.group(about(named, id[len(devicePrefix):])) {
		d := p.device(path)
		if p.listed(d) {
			return d
		}
		if found == nil {
			found = d
		}
	}
	return found
}

// profileOf is the listed profile behind an identifier, or nil.
func (p *picture) profileOf(id string) *profile {
	if !strings.HasPrefix(id, profilePrefix) {
		return nil
	}
	for _, path := range p.index.group(about(withUUID, id[len(profilePrefix):])) {
		if o := p.profile(path); o.listed() {
			return o
		}
	}
	return nil
}

// The lookups of single objects; each may be nil.

func (p *picture) device(path dbus.ObjectPath) *device {
	p.index.look(about(theDevice, path))
	return p.devices[path]
}

func (p *picture) profile(path dbus.ObjectPath) *profile {
	p.index.look(about(theProfile, path))
	return p.profiles[path]
}

func (p *picture) point(path dbus.ObjectPath) *accessPoint {
	p.index.look(about(thePoint, path))
	return p.points[path]
}

func (p *picture) modem(path dbus.ObjectPath) *modem {
	if path == "" {
		return nil
	}
	p.index.look(about(theModem, path))
	return p.modems[path]
}

// outline is that of the device at a path; that of none is empty.
func (p *picture) outline(path dbus.ObjectPath) outline {
	p.index.look(about(theOutline, path))
	if d := p.devices[path]; d != nil {
		return d.outline()
	}
	return outline{}
}

// named is the path of the device with a name; empty if there is none.
func (p *picture) named(name string) dbus.ObjectPath {
	for _, path := range p.index.group(about(named, name)) {
		return path
	}
	return ""
}

// realNamed is the path of the device with a name that is there already; empty if
// there is none.
func (p *picture) realNamed(name string) dbus.ObjectPath {
	for _, path := range p.index.group(about(named, name)) {
		if d := p.device(path); !d.unreal {
			return path
		}
	}
	return ""
}

// inUse is the active connection that tells most about what a topic is about,
// or nil: one in use before one on its way up before one on its way down. A profile
// may be in use on several devices: of equal ones that counts which has the default
// route, then the oldest. On one device it is the newest.
func (p *picture) inUse(t topic) *active {
	rank := [...]int{activeUnknown: 2, activeActivating: 2, activeActivated: 3, activeDeactivating: 1}
	var best *active
	for _, path := range p.index.group(t) {
		a := p.actives[path] // to change one is to change its groups
		if int(a.state) >= len(rank) {
			continue // over, or in a state that nobody knows
		}
		if best == nil || rank[a.state] > rank[best.state] || rank[a.state] == rank[best.state] && p.outdoes(a, best, t.aspect) {
			best = a
		}
	}
	return best
}

// outdoes reports whether of two active connections in the same state the first
// counts.
func (p *picture) outdoes(a, b *active, by aspect) bool {
	if by == on {
		return older(b, a)
	}
	if first, second := p.primary(a.path), p.primary(b.path); first != second {
		return first
	}
	if a.leads() != b.leads() {
		return a.leads()
	}
	return older(a, b)
}

// strength is that of the best access point of a network that is in range.
func (p *picture) strength(ssid string) (best byte) {
	for _, path := range p.index.group(about(ofNetwork, ssid)) {
		if o := p.point(path); o.strength > best && p.index.some(about(seeing, path)) {
			best = o.strength
		}
	}
	return best
}

// primary reports whether an active connection has the default route.
func (p *picture) primary(path dbus.ObjectPath) bool {
	p.index.look(about(thePrimary, path))
	return p.leads[0] == path
}

// connected reports whether there is something for a VPN to run over.
func (p *picture) connected() bool {
	p.index.look(about(connected, ""))
	return p.manager.connected()
}
