package rtnetlink

import (
	"net/netip"
	"time"
)

// way is what the kernel said about how packets of one family get to the
// internet: by any link, or by one.
type egress struct {
	// match: there are routes to both halves of the family's space.
	match bool
	// source is the address that packets are given; they get no answer where it
	// does not lead beyond the link.
	source netip.Addr
	metric uint32 // the lowest of the routes
	// nexthop is the identifier of the routes' nexthop object; 0 where they have
	// none.
	nexthop uint32
	expires time.Time // when one of the routes ends by itself; zero: never
	oifs    []int     // by which packets leave, where no link was asked for
}

// out reports whether packets leave, and get an answer.
func (e *egress) usable() bool { return e.match && routable(e.source) }

// lacking reports whether packets leave, but for the want of a source.
func (e *egress) lacksSource() bool { return e.match && !routable(e.source) }

// has reports whether packets leave by a link, where any was asked for.
func (e *egress) hasOIF(index int) bool {
	for _, i := range e.oifs {
		if i == index {
			return true
		}
	}
	return false
}

func (e *egress) equal(o *egress) bool {
	if e.match != o.match || e.source != o.source || e.metric != o.metric || e.nexthop != o.nexthop ||
		!e.expires.Equal(o.expires) || len(e.oifs) != len(o.oifs) {
		return false
	}
	for i := range e.oifs {
		if e.oifs[i] != o.oifs[i] {
			return false
		}
	}
	return true
}

// join takes a route in: for the first half of the space, or for the other.
func (e *egress) merge(r *fibResult, now time.Time) {
	if !e.match || r.metric < e.metric {
		e.metric = r.metric
	}
	e.match, e.nexthop = true, r.nexthop
	if r.expires != 0 {
		if t := now.Add(r.lifetime()); e.expires.IsZero() || t.Before(e.expires) {
			e.expires = t
		}
	}
}

func (e *egress) addOIF(index int) {
	if !e.hasOIF(index) {
		e.oifs = append(e.oifs, index)
	}
}
