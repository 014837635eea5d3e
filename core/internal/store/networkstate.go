package store

import "github.com/netsession/netsession/core/internal/bearer"

// NetworkState is the state of the machine's networks as a whole.
type NetworkState struct {
	// Online: something Active carries a default route.
	Online bool
	// Reach is the furthest reach of any access point.
	Reach bearer.Reach
	// Portal: the default access point leads to a captive portal. If it is a tunnel,
	// the link under it counts; the same holds for Transport and Metered.
	Portal bool
	// Transport and Metered describe the default access point, if it is up.
	Transport bearer.Transport
	Metered   bool
}

// counts are the numbers of access points by what they contribute to the network state.
type counts struct {
	online int
	reach  [bearer.ReachCount]int
}

// add takes an access point in (by +1) or out (by -1).
func (p *counts) add(c *bearer.Configuration, by int) {
	if c == nil {
		return
	}
	if c.Online() {
		p.online += by
	}
	p.reach[c.Reachable()] += by
}

func (p *counts) furthestReach() bearer.Reach {
	for r := bearer.ReachOnline; r > bearer.ReachNone; r-- {
		if p.reach[r] > 0 {
			return r
		}
	}
	return bearer.ReachNone
}

// networkState follows from the counts and the best-ranked access point. The store
// is locked, or the caller is the writer.
func (s *Store) networkState() NetworkState {
	o := NetworkState{Online: s.counts.online > 0, Reach: s.counts.furthestReach()}
	best := s.bestPresentable()
	if best == nil || !best.Active {
		return o
	}
	c := s.registry.Get(best.ID)
	if lowest := s.lowestLink(c); lowest != nil {
		c = lowest
	}
	o.Portal, o.Transport, o.Metered = c.Portal, c.Bearer.Transport(), Metered(c)
	return o
}

// Metered reports whether traffic over a configuration costs by volume, as far as
// known: abroad it always does.
func Metered(c *bearer.Configuration) bool {
	return c != nil && (c.Metered >= bearer.MeteredGuessed || c.Abroad)
}
