// The result of the lookups of one family.

package rtnetlink

import (
	"net/netip"
	"slices"
	"time"
)

// egress says how packets of one family get to the internet: through one link,
// or unbound. The zero value means that they do not.
type egress struct {
	// match: there are routes to both probes.
	match bool
	// source is the address that the kernel gives to packets. If it is not
	// routable, packets get no answer.
	source netip.Addr
	metric uint32 // the lowest of the routes
	// nexthop is the ID of the routes' nexthop object; 0: none.
	nexthop uint32
	expires time.Time // when the first route expires; zero: never
	oifs    []int     // output interfaces, for unbound packets only
}

// usable reports whether packets leave and can get an answer.
func (e *egress) usable() bool { return e.match && routable(e.source) }

// lacksSource reports whether nothing but a routable source is missing.
func (e *egress) lacksSource() bool { return e.match && !routable(e.source) }

// hasOIF reports whether unbound packets leave by a link.
func (e *egress) hasOIF(index int) bool {
	return slices.Contains(e.oifs, index)
}

func (e *egress) equal(o *egress) bool {
	return e.match == o.match && e.source == o.source && e.metric == o.metric && e.nexthop == o.nexthop &&
		e.expires.Equal(o.expires) && slices.Equal(e.oifs, o.oifs)
}

// merge adds the route to one of the probes.
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
