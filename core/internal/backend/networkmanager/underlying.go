package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file find the primary connection, what a tunnel runs over, and
// how far the traffic of either gets.

// updateDerived updates tunnelBase and primaries after a change of the manager or of an
// active connection.
func (st *daemonState) updateDerived() {
	ground := st.findTunnelBase()
	if ground != st.tunnelBase {
		st.tunnelBase = ground
		st.index.invalidate(topicOf(tunnelBase, ""))
	}
	leads := st.findPrimaries()
	if leads != st.primaries {
		for _, path := range append(st.primaries[:], leads[:]...) {
			st.index.invalidate(topicOf(primaryAt, path))
		}
		st.primaries = leads
	}
}

// findTunnelBase returns the active connection under the tunnels that name no base: a
// connection with a default route, else the oldest.
func (st *daemonState) findTunnelBase() dbus.ObjectPath {
	var best *active
	for _, a := range st.actives {
		switch {
		case a.state != activeActivated || a.isTunnel() || a.kind == "loopback":
		case best == nil || a.hasDefaultRoute() && !best.hasDefaultRoute() || a.hasDefaultRoute() == best.hasDefaultRoute() && older(a, best):
			best = a
		}
	}
	if best == nil {
		return ""
	}
	return best.path
}

func older(a, b *active) bool {
	return a.number < b.number || a.number == b.number && a.path < b.path
}

// findPrimaries returns the primary connection, and what it runs over if it is a tunnel.
// NetworkManager checks the connectivity of the primary connection only; the result holds
// for both.
func (st *daemonState) findPrimaries() [2]dbus.ObjectPath {
	primary := st.manager.primary
	if a := st.actives[primary]; a != nil && a.isTunnel() {
		return [2]dbus.ObjectPath{primary, st.underlyingPath(a)}
	}
	return [2]dbus.ObjectPath{primary}
}

// underlyingPath returns the path of what a tunnel runs over, as far as that is known
// without its profile.
func (st *daemonState) underlyingPath(a *active) dbus.ObjectPath {
	if b := st.actives[a.base]; a.base != a.path && b != nil && !b.isTunnel() {
		return a.base
	}
	return st.tunnelBase
}

// underlying returns the active connection that a tunnel runs over, or nil.
func (st *daemonState) underlying(a *active) *active {
	o := st.profile(a.profile)
	if o != nil && o.settings.parents[0] != "" {
		if d := st.realDeviceNamed(o.settings.parents[0]); d != "" {
			return st.inUse(topicOf(activesByDevice, d))
		}
	}
	st.index.depend(topicOf(tunnelBase, ""))
	path := st.underlyingPath(a)
	st.index.depend(topicOf(activeAt, path))
	return st.actives[path]
}

// meteredOf returns whether traffic of an active connection costs, by its device, else by
// its profile.
func (st *daemonState) meteredOf(a *active) bearer.Metered {
	for _, path := range a.occupiedDevices() {
		if d := st.device(path); d != nil && meteredOf(d.metered) != bearer.MeteredUnknown {
			return meteredOf(d.metered)
		}
	}
	if o := st.profile(a.profile); o != nil {
		return meteredOf(meteredSetting(o.settings.metered))
	}
	return bearer.MeteredUnknown
}

// The states of connectivity (NMConnectivityState). Until a check has ended the property
// keeps an earlier state, of another network or of none, so the first two are no results.
const (
	connectivityUnknown = 0
	connectivityNone    = 1
	connectivityPortal  = 2
	connectivityLimited = 3
	connectivityFull    = 4
)

// connectivityRank orders the states of connectivity that are results of a check.
var connectivityRank = map[uint32]int{connectivityLimited: 1, connectivityPortal: 2, connectivityFull: 3}

// reach returns how far the traffic of an active connection gets, by the last check.
func (st *daemonState) reach(a *active) (r bearer.Reach, portal bool) {
	st.index.depend(topicOf(connectivityChecks, ""))
	if !st.manager.checks() {
		return bearer.ReachUnknown, false
	}
	best, known := uint32(connectivityUnknown), false
	for _, path := range a.occupiedDevices() {
		if d := st.device(path); d != nil {
			best, known = betterConnectivity(d.connectivity[0], d.connectivity[1]), d.connectivity != [2]uint32{}
		}
	}
	// The state of a device never belongs to another one; older versions have none.
	st.index.depend(topicOf(primaryAt, a.path))
	isPrimary, isUnder := st.primaries[0] == a.path, st.primaries[1] == a.path
	if isUnder || isPrimary && (!known || a.isTunnel()) {
		best = betterConnectivity(best, st.manager.connectivity)
	}
	return reachOf(best), best == connectivityPortal
}

func betterConnectivity(a, b uint32) uint32 {
	if connectivityRank[b] > connectivityRank[a] {
		return b
	}
	return a
}

// reachOf translates the result of a check.
func reachOf(n uint32) bearer.Reach {
	switch n {
	case connectivityPortal, connectivityLimited:
		return bearer.ReachSite
	case connectivityFull:
		return bearer.ReachOnline
	}
	return bearer.ReachUnknown
}
