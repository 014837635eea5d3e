package rtnetlink

import (
	"github.com/netsession/netsession/core/internal/bearer"
)

// configuration is what the link looks like to sessions, and false for a link
// that is none of their business. denied completes the sentence that says why this
// process may not set it up and down, if so.
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
			c.State, c.Obstacle = bearer.Defined, c.Denied // nobody who is known will set it up
		}
	}
	if metric, ok := l.lowestMetric(); ok {
		c.DefaultRoute, c.Preferred, c.Metric = true, l.preferred, metric
	}
	return c, true
}

// wayOut is the lowest metric of the routes by which packets get to the internet
// and back. A link that is down has none, whatever was known a moment ago.
func (l *link) lowestMetric() (metric uint32, ok bool) {
	for family := range l.egress {
		if e := &l.egress[family]; l.up() && e.usable() && (!ok || e.metric < metric) {
			metric, ok = e.metric, true
		}
	}
	return metric, ok
}

// roleOf says what the link is for. A bridge, bond or team leads nowhere until it
// has a port.
func roleOf(l *link) bearer.Role {
	switch {
	case isTunnel(&l.linkInfo):
		return bearer.Tunnel
	case l.ports == 0 && aggregates[l.kind]:
		return bearer.Downlink
	}
	return bearer.Uplink
}

// state says how far the link is usable. One that is down can be opened by
// setting it up; whether it has a carrier shows only then. One that is up, and has
// no address that leads beyond it, may do with that of another link.
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

// listed reports whether the link can carry IP by itself.
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

// template reports whether the link is one of those that a tunnel module makes
// for its own use (tunl0, sit0, gretap0, …): it has no address to tunnel from,
// and nobody set it up. A bridge has no address either, once its last port has left.
func isTemplate(l *link) bool {
	gathers := l.kind == "bridge" || l.kind == "bond" || l.kind == "team"
	return l.zeroHWAddr && l.kind != "" && !l.up() && !gathers
}
