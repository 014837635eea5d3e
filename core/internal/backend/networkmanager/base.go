package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file tell what carries what: which active connection has the
// default route, what a tunnel runs over, and how far either gets.

// settle keeps up to date what many configurations follow from: it is for a change of
// the manager or of an active connection.
func (p *picture) settle() {
	ground := p.findGround()
	if ground != p.ground {
		p.ground = ground
		p.index.changed(about(theGround, ""))
	}
	leads := p.findLeads()
	if leads != p.leads {
		for _, path := range append(p.leads[:], leads[:]...) {
			p.index.changed(about(thePrimary, path))
		}
		p.leads = leads
	}
}

// findGround looks for the active connection that tunnels run over which do not say
// so themselves: one with a default route, else the oldest.
func (p *picture) findGround() dbus.ObjectPath {
	var best *active
	for _, a := range p.actives {
		switch {
		case a.state != activeActivated || a.tunnel() || a.kind == "loopback":
		case best == nil || a.leads() && !best.leads() || a.leads() == best.leads() && older(a, best):
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

// findLeads are the primary connection, and what that runs over if it is a tunnel.
// NetworkManager finds out about the former only, and that is true of both.
func (p *picture) findLeads() [2]dbus.ObjectPath {
	primary := p.manager.primary
	if a := p.actives[primary]; a != nil && a.tunnel() {
		return [2]dbus.ObjectPath{primary, p.under(a)}
	}
	return [2]dbus.ObjectPath{primary}
}

// under is the path of what a tunnel runs over, as far as that is known without a
// look at its profile.
func (p *picture) under(a *active) dbus.ObjectPath {
	if b := p.actives[a.over]; a.over != a.path && b != nil && !b.tunnel() {
		return a.over
	}
	return p.ground
}

// base is the active connection that a tunnel runs over, or nil.
func (p *picture) base(a *active) *active {
	o := p.profile(a.profile)
	if o != nil && o.settings.parents[0] != "" {
		if d := p.realNamed(o.settings.parents[0]); d != "" {
			return p.inUse(about(on, d))
		}
	}
	p.index.look(about(theGround, ""))
	path := p.under(a)
	p.index.look(about(theActive, path))
	return p.actives[path]
}

// meteredOf is whether traffic of what is in use costs: what is said of its device,
// else its profile's word.
func (p *picture) meteredOf(a *active) bearer.Metered {
	for _, path := range a.occupies() {
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

// findings are the states of connectivity that a check ends with, the better the
// higher.
var findings = map[uint32]int{connectivityLimited: 1, connectivityPortal: 2, connectivityFull: 3}

// reach is how far an active connection gets, as far as a check has found out.
func (p *picture) reach(a *active) (r bearer.Reach, portal bool) {
	p.index.look(about(checking, ""))
	if !p.manager.checks() {
		return bearer.ReachUnknown, false
	}
	best, known := uint32(connectivityUnknown), false
	for _, path := range a.occupies() {
		if d := p.device(path); d != nil {
			best, known = better(d.reach[0], d.reach[1]), d.reach != [2]uint32{}
		}
	}
	// A device's own state is never that of another one; older versions have none.
	p.index.look(about(thePrimary, a.path))
	isPrimary, isUnder := p.leads[0] == a.path, p.leads[1] == a.path
	if isUnder || isPrimary && (!known || a.tunnel()) {
		best = better(best, p.manager.connectivity)
	}
	return reachOf(best), best == connectivityPortal
}

func better(a, b uint32) uint32 {
	if findings[b] > findings[a] {
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
