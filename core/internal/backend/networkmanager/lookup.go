package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// The functions of this file look objects up by the index: an object that is looked up
// while a configuration is derived becomes its dependency.

// deviceOf returns the device with an identifier, or nil. If there are several, it prefers
// a listed device.
func (st *daemonState) deviceOf(id string) (found *device) {
	if !strings.HasPrefix(id, devicePrefix) {
		return nil
	}
	for _, path := range st.index.group(topicOf(devicesByName, id[len(devicePrefix):])) {
		d := st.device(path)
		if st.listed(d) {
			return d
		}
		if found == nil {
			found = d
		}
	}
	return found
}

// profileOf returns the listed profile with an identifier, or nil.
func (st *daemonState) profileOf(id string) *profile {
	if !strings.HasPrefix(id, profilePrefix) {
		return nil
	}
	for _, path := range st.index.group(topicOf(profilesByUUID, id[len(profilePrefix):])) {
		if o := st.profile(path); o.listed() {
			return o
		}
	}
	return nil
}

// The lookups of single objects; each may be nil.

func (st *daemonState) device(path dbus.ObjectPath) *device {
	st.index.depend(topicOf(deviceAt, path))
	return st.devices[path]
}

func (st *daemonState) profile(path dbus.ObjectPath) *profile {
	st.index.depend(topicOf(profileAt, path))
	return st.profiles[path]
}

func (st *daemonState) point(path dbus.ObjectPath) *accessPoint {
	st.index.depend(topicOf(pointAt, path))
	return st.points[path]
}

func (st *daemonState) modem(path dbus.ObjectPath) *modem {
	if path == "" {
		return nil
	}
	st.index.depend(topicOf(modemAt, path))
	return st.modems[path]
}

// summary returns the summary of the device at a path; empty if there is no device.
func (st *daemonState) summary(path dbus.ObjectPath) deviceSummary {
	st.index.depend(topicOf(summaryAt, path))
	if d := st.devices[path]; d != nil {
		return d.summary()
	}
	return deviceSummary{}
}

// deviceNamed returns the path of the device with a name; empty if there is none.
func (st *daemonState) deviceNamed(name string) dbus.ObjectPath {
	for _, path := range st.index.group(topicOf(devicesByName, name)) {
		return path
	}
	return ""
}

// realDeviceNamed is deviceNamed without placeholders.
func (st *daemonState) realDeviceNamed(name string) dbus.ObjectPath {
	for _, path := range st.index.group(topicOf(devicesByName, name)) {
		if d := st.device(path); !d.placeholder {
			return path
		}
	}
	return ""
}

// inUse returns the active connection that represents the group of a topic, or nil: an
// activated one before an activating one before a deactivating one. A profile may be
// active on several devices: of active connections in the same state it prefers the one
// with the default route, then the oldest. On one device it prefers the newest.
func (st *daemonState) inUse(t topic) *active {
	rank := [...]int{activeUnknown: 2, activeActivating: 2, activeActivated: 3, activeDeactivating: 1}
	var best *active
	for _, path := range st.index.group(t) {
		a := st.actives[path] // each change of an active connection invalidates its groups
		if int(a.state) >= len(rank) {
			continue // deactivated, or in an unknown state
		}
		if best == nil || rank[a.state] > rank[best.state] || rank[a.state] == rank[best.state] && st.preferred(a, best, t.aspect) {
			best = a
		}
	}
	return best
}

// preferred reports whether a is preferred over b, two active connections in the same state.
func (st *daemonState) preferred(a, b *active, by aspect) bool {
	if by == activesByDevice {
		return older(b, a)
	}
	if first, second := st.primary(a.path), st.primary(b.path); first != second {
		return first
	}
	if a.hasDefaultRoute() != b.hasDefaultRoute() {
		return a.hasDefaultRoute()
	}
	return older(a, b)
}

// strength returns the signal strength of the best access point of a network in range.
func (st *daemonState) strength(ssid string) (best byte) {
	for _, path := range st.index.group(topicOf(pointsBySSID, ssid)) {
		if o := st.point(path); o.strength > best && st.index.nonEmpty(topicOf(devicesByPoint, path)) {
			best = o.strength
		}
	}
	return best
}

// primary reports whether an active connection has the default route.
func (st *daemonState) primary(path dbus.ObjectPath) bool {
	st.index.depend(topicOf(primaryAt, path))
	return st.primaries[0] == path
}

// hasPrimary reports whether there is something for a VPN to run over.
func (st *daemonState) hasPrimary() bool {
	st.index.depend(topicOf(primaryExists, ""))
	return st.manager.connected()
}
