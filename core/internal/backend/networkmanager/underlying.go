package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file tell what carries what: which active connection has the
// default route, what a tunnel runs over, and how far either gets.

// updateDerived keeps up to date what many configurations follow from: it is for a change of
// the manager or of an active connection.
func (p *daemonState) updateDerived() {
	ground := p.findTunnelBase()
	if ground != p.tunnelBase {
		p.tunnelBase = ground
		p.index.invalidate(topicOf(tunnelBase, ""))
	}
	leads := p.findPrimaries()
	if leads != p.primaries {
		for _, path := range append(p.primaries[:], leads[:]...) {
			p.index.invalidate(topicOf(primaryAt, path))
		}
		p.primaries = leads
	}
}

// findTunnelBase looks for the active connection that tunnels run over which do not say
// so themselves: one with a default route, else the oldest.
func (p *daemonState) findTunnelBase() dbus.ObjectPath {
	var best *active
	for _, a := range p.actives {
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

// findPrimaries are the primary connection, and what that runs over if it is a tunnel.
// NetworkManager finds out about the former only, and that is true of both.
func (p *daemonState) findPrimaries() [2]dbus.ObjectPath {
	primary := p.manager.primary
	if a := p.actives[primary]; a != nil && a.isTunnel() {
		return [2]dbus.ObjectPath{primary, p.underlyingPath(a)}
	}
	return [2]dbus.ObjectPath{primary}
}

// underlyingPath is the path of what a tunnel runs over, as far as that is known without a
// look at its profile.
func (p *daemonState) underlyingPath(a *active) dbus.ObjectPath {
	if b := p.actives[a.base]; a.base != a.path && b != nil && !b.isTunnel() {
		return a.base
	}
	return p.tunnelBase
}

// underlying is the active connection that a tunnel runs over, or nil.
func (p *daemonState) underlying(a *active) *active {
	o := p.profile(a.profile)
	if o != nil && o.settings.parents[0] != "" {
		if d := p.realDeviceNamed(o.settings.parents[0]); d != "" {
			return p.inUse(topicOf(activesByDevice, d))
		}
	}
	p.index.depend(topicOf(tunnelBase, ""))
	path := p.underlyingPath(a)
	p.index.depend(topicOf(activeAt, path))
	return p.actives[path]
}

// meteredOf is whether traffic of what is in use costs: what is said of its device,
// else its profile's word.
func (p *daemonState) meteredOf(a *active) bearer.Metered {
	for _, path := range a.occupiedDevices() {
		if d := p.device(path); d != nil && meteredOf(d.metered) != bearer.MeteredUnknown {
			return meteredOf(d.metered)
		}
	}
	if o := p.profile(a.profile); o != nil {
		return meteredOf(meteredSetting(o.settings.metered))
	}
	return bearer.MeteredUnknown
}

// The states of connectivity (NMConnectivityState). Before a check has ended there
// is what was known before, of another network or of none, so that the first two are
// no findings.
const (
	connectivityUnknown = 0
	connectivityNone    = 1
	connectivityPortal  = 2
	connectivityLimited = 3
	connectivityFull    = 4
)

// connectivityRank are the states of connectivity that a check ends with, the better the
// higher.
var connectivityRank = map[uint32]int{connectivityLimited: 1, connectivityPortal: 2, connectivityFull: 3}

// reach is how far an active connection gets, as far as a check has found out.
func (p *daemonState) reach(a *active) (r bearer.Reach, portal bool) {
	p.index.depend(topicOf(connectivityChecks, ""))
	if !p.manager.checks() {
		return bearer.ReachUnknown, false
	}
	best, known := uint32(connectivityUnknown), false
	for _, path := range a.occupiedDevices() {
		if d := p.device(path); d != nil {
			best, known = betterConnectivity(d.connectivity[0], d.connectivity[1]), d.connectivity != [2]uint32{}
		}
	}
	// A device's own state is never that of another one; older versions have none.
	p.index.depend(topicOf(primaryAt, a.path))
	isPrimary, isUnder := p.primaries[0] == a.path, p.primaries[1] == a.path
	if isUnder || isPrimary && (!known || a.isTunnel()) {
		best = betterConnectivity(best, p.manager.connectivity)
	}
	return reachOf(best), best == connectivityPortal
}

func betterConnectivity(a, b uint32) uint32 {
	if connectivityRank[b] > connectivityRank[a] {
		return b
	}
	return a
}

// reachOf translates the outcome of a check.
func reachOf(n uint32) bearer.Reach {
	switch n {
	case connectivityPortal, connectivityLimited:
		return bearer.ReachSite
	case connectivityFull:
		return bearer.ReachOnline
	}
	return bearer.ReachUnknown
}
