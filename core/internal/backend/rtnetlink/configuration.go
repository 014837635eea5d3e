package rtnetlink

import (
	"github.com/netsession/netsession/core/internal/bearer"
)

// configuration derives the configuration of a link, and reports false for a
// link that is not listed. denied completes the sentence that says why this
// process may not set the link up and down; empty: it may.
func configuration(l *link, denied string) (bearer.Configuration, bool) {
	if !isListed(l) {
		return bearer.Configuration{}, false
	}
	c := bearer.Configuration{
		ID: l.id, Name: l.title(), Type: bearer.InternetAccessPoint, Role: roleOf(l),
		Bearer: bearerOf(&l.linkInfo), Metered: meteredOf(&l.linkInfo), Hardware: l.hwAddrText,
		Interface: l.name, Index: l.index, Addresses: l.usable, Lower: l.lower, Up: l.up(),
	}
	c.State = stateOf(l, c.Role)
	if c.Role == bearer.Tunnel {
		c.Purpose = bearer.PrivatePurpose
	}
	if denied != "" {
		c.Denied = c.Name + " cannot be set up or down, because " + denied
		if !c.Up {
			c.State, c.Obstacle = bearer.Defined, c.Denied // no other known process will set it up
		}
	}
	if metric, ok := l.lowestMetric(); ok {
		c.DefaultRoute, c.Preferred, c.Metric = true, l.preferred, metric
	}
	return c, true
}

// lowestMetric is the lowest metric of the routes to the internet; ok is false
// if there are none. A link that is down has none, even if the lookups have not
// been repeated yet.
func (l *link) lowestMetric() (metric uint32, ok bool) {
	for family := range l.egress {
		if e := &l.egress[family]; l.up() && e.usable() && (!ok || e.metric < metric) {
			metric, ok = e.metric, true
		}
	}
	return metric, ok
}

// roleOf determines the role of the link. A bridge, bond or team leads nowhere
// until it has a port.
func roleOf(l *link) bearer.Role {
	switch {
	case isTunnel(&l.linkInfo):
		return bearer.Tunnel
	case l.ports == 0 && aggregates[l.kind]:
		return bearer.Downlink
	}
	return bearer.Uplink
}

// stateOf determines how far the link is usable. A link that is down can be
// opened by setting it up; whether it has a carrier shows only then. A link
// that is up without an address of its own beyond the link may use the address
// of another link.
func stateOf(l *link, role bearer.Role) bearer.State {
	switch {
	case role == bearer.Downlink:
		return bearer.Defined
	case !l.up():
		return bearer.Discovered
	case !l.running():
		return bearer.Defined
	case l.beyondLink:
		return bearer.Active
	}
	if _, out := l.lowestMetric(); out {
		return bearer.Active
	}
	return bearer.Discovered
}

// isListed reports whether the link can carry IP by itself.
func isListed(l *link) bool {
	switch {
	case l.name == "" || l.loopback():
		return false
	case !carriesIP[l.arphrd] || auxiliary[l.kind]:
		return false
	case l.master != 0 && l.slaveKind != "vrf":
		return false
	}
	return !isTemplate(l)
}

// isTemplate reports whether the link is one that a tunnel module creates for
// itself (tunl0, sit0, gretap0, …): it has no address to tunnel from, and no process
// set it up. An aggregate has no address either after its last port was removed.
func isTemplate(l *link) bool {
	gathers := l.kind == "bridge" || l.kind == "bond" || l.kind == "team"
	return l.zeroHWAddr && l.kind != "" && !l.up() && !gathers
}
