package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// The functions of this file look things up in a picture, by way of the index:
// so who looks while a configuration is derived makes that depend on it.

// deviceOf is the device behind an identifier, or nil. Of several, a listed one
// is meant.
func (p *daemonState) deviceOf(id string) (found *device) {
	if !strings.HasPrefix(id, devicePrefix) {
		return nil
	}
	for _, path := range p.index.group(topicOf(devicesByName, id[len(devicePrefix):])) {
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
func (p *daemonState) profileOf(id string) *profile {
	if !strings.HasPrefix(id, profilePrefix) {
		return nil
	}
	for _, path := range p.index.group(topicOf(profilesByUUID, id[len(profilePrefix):])) {
		if o := p.profile(path); o.listed() {
			return o
		}
	}
	return nil
}

// The lookups of single objects; each may be nil.

func (p *daemonState) device(path dbus.ObjectPath) *device {
	p.index.depend(topicOf(deviceAt, path))
	return p.devices[path]
}

func (p *daemonState) profile(path dbus.ObjectPath) *profile {
	p.index.depend(topicOf(profileAt, path))
	return p.profiles[path]
}

func (p *daemonState) point(path dbus.ObjectPath) *accessPoint {
	p.index.depend(topicOf(pointAt, path))
	return p.points[path]
}

func (p *daemonState) modem(path dbus.ObjectPath) *modem {
	if path == "" {
		return nil
	}
	p.index.depend(topicOf(modemAt, path))
	return p.modems[path]
}

// summary is that of the device at a path; that of none is empty.
func (p *daemonState) summary(path dbus.ObjectPath) deviceSummary {
	p.index.depend(topicOf(summaryAt, path))
	if d := p.devices[path]; d != nil {
		return d.summary()
	}
	return deviceSummary{}
}

// deviceNamed is the path of the device with a name; empty if there is none.
func (p *daemonState) deviceNamed(name string) dbus.ObjectPath {
	for _, path := range p.index.group(topicOf(devicesByName, name)) {
		return path
	}
	return ""
}

// realDeviceNamed is the path of the device with a name that is there already; empty if
// there is none.
func (p *daemonState) realDeviceNamed(name string) dbus.ObjectPath {
	for _, path := range p.index.group(topicOf(devicesByName, name)) {
		if d := p.device(path); !d.placeholder {
			return path
		}
	}
	return ""
}

// inUse is the active connection that tells most about what a topic is about,
// or nil: one in use before one on its way up before one on its way down. A profile
// may be in use on several devices: of equal ones that counts which has the default
// route, then the oldest. On one device it is the newest.
func (p *daemonState) inUse(t topic) *active {
	rank := [...]int{activeUnknown: 2, activeActivating: 2, activeActivated: 3, activeDeactivating: 1}
	var best *active
	for _, path := range p.index.group(t) {
		a := p.actives[path] // to change one is to change its groups
		if int(a.state) >= len(rank) {
			continue // over, or in a state that nobody knows
		}
		if best == nil || rank[a.state] > rank[best.state] || rank[a.state] == rank[best.state] && p.preferred(a, best, t.aspect) {
			best = a
		}
	}
	return best
}

// preferred reports whether of two active connections in the same state the first
// counts.
func (p *daemonState) preferred(a, b *active, by aspect) bool {
	if by == activesByDevice {
		return older(b, a)
	}
	if first, second := p.primary(a.path), p.primary(b.path); first != second {
		return first
	}
	if a.hasDefaultRoute() != b.hasDefaultRoute() {
		return a.hasDefaultRoute()
	}
	return older(a, b)
}

// strength is that of the best access point of a network that is in range.
func (p *daemonState) strength(ssid string) (best byte) {
	for _, path := range p.index.group(topicOf(pointsBySSID, ssid)) {
		if o := p.point(path); o.strength > best && p.index.nonEmpty(topicOf(devicesByPoint, path)) {
			best = o.strength
		}
	}
	return best
}

// primary reports whether an active connection has the default route.
func (p *daemonState) primary(path dbus.ObjectPath) bool {
	p.index.depend(topicOf(primaryAt, path))
	return p.primaries[0] == path
}

// hasPrimary reports whether there is something for a VPN to run over.
func (p *daemonState) hasPrimary() bool {
	p.index.depend(topicOf(primaryExists, ""))
	return p.manager.connected()
}
