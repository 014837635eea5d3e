package rtnetlink

import (
	"github.com/netsession/netsession/core/bearer"
	"golang.org/x/sys/unix"
)

// configuration is what the link looks like to sessions, and false for a link
// that is none of their business. denied says why this process may not set
// links up and down, if so.
func configuration(l *link, denied string) (bearer.Configuration, bool) {
	if !listed(l) {
		return bearer.Configuration{}, false
	}
	c := bearer.Configuration{
		ID: l.id, Name: l.alias, Type: bearer.InternetAccessPoint, State: state(l),
		Bearer: bearerOf(&l.facts), Metered: meteredOf(&l.facts),
		Interface: l.name, Index: l.index, Addresses: l.usable, Up: l.up(), Denied: denied,
	}
	if c.Name == "" {
		c.Name = l.name
	}
	// The kernel drops the routes of a link that goes down without a word
	// about IPv4 ones; until they are read again they must not count.
	if metric, ok := l.bestRoute(); ok && l.up() {
		c.DefaultRoute, c.Preferred, c.Metric = true, true, metric
	}
	return c, true
}

// state says how far the link is usable. One that is down can be opened by
// setting it up; whether it has a carrier shows only then.
func state(l *link) bearer.State {
	switch {
	case !l.up():
		return bearer.Discovered
	case !l.carrier():
		return bearer.Defined
	case l.carries:
		return bearer.Active
	}
	return bearer.Discovered
}

// listed reports whether the link can carry IP by itself.
func listed(l *link) bool {
	switch {
	case l.name == "" || l.flags&unix.IFF_LOOPBACK != 0:
		return false
	case !carriesIP[l.hardware] || serves[l.kind]:
		return false
	case l.master != 0 && l.slaveKind != "vrf":
		return false
	}
	return !template(l)
}

// template reports whether the link is one of those that a tunnel module makes
// for its own use (tunl0, sit0, gretap0, …): it has no address to tunnel from,
// and nobody set it up. A bridge has no address either, once its last port has left.
func template(l *link) bool {
	gathers := l.kind == "bridge" || l.kind == "bond" || l.kind == "team"
	return l.noAddress && l.kind != "" && !l.up() && !gathers
}
