// Invalidation of lookup results: which results each kind of change makes
// stale.

package rtnetlink

import (
	"maps"
	"net/netip"
	"slices"
	"time"
)

// staleLookups is the set of lookups whose results may have changed.
type staleLookups struct {
	unbound families         // of packets that are not bound to a link
	links   map[int]families // of packets that are bound to one of these links
	all     families         // of packets of every kind
	tunnels bool             // to the remote ends of tunnels
	// loss: packets may have lost a link that they left by, and gained another.
	// Reports wait for the lookups that show it.
	loss bool
}

func (st *staleLookups) any() bool {
	return st.unbound != 0 || len(st.links) > 0 || st.tunnels
}

// invalidate makes the lookups through one link stale, and the lookups of unbound
// packets.
func (s *snapshot) invalidate(index int, f families) {
	if s.stale.links == nil {
		s.stale.links = make(map[int]families)
	}
	s.stale.links[index] |= f
	s.stale.unbound |= f
}

// invalidateAll makes every lookup stale.
func (s *snapshot) invalidateAll(f families) { s.stale.all |= f }

// invalidateLoss makes stale what the loss of a route may have changed: every
// lookup that found a route. The kernel removes routes together with a link or
// an address without a notification.
func (s *snapshot) invalidateLoss(f families) {
	s.stale.loss = true
	s.stale.unbound |= f
	for family := range s.matching {
		if !f.has(family) || s.matching[family] == 0 {
			continue
		}
		for index, l := range s.links {
			if l.egress[family].match {
				s.invalidate(index, only(family))
			}
		}
	}
}

// usedFamilies are the families in which packets leave by a link.
func (s *snapshot) usedFamilies(l *link) (f families) {
	for family := range l.egress {
		if l.egress[family].match || s.unbound.egress[family].hasOIF(l.index) {
			f |= only(family)
		}
	}
	return f
}

// lookupInputs are the properties of a link that decide the results of its
// lookups.
type lookupInputs struct {
	eligible, running, vrf bool // eligible: up and listed
	master                 uint32
}

func (l *link) lookupInputs() lookupInputs {
	return lookupInputs{eligible: l.up() && isListed(l), running: l.running(), vrf: l.up() && l.kind == "vrf", master: l.master}
}

// linkChanged makes the lookups stale that the change of a link may affect.
func (s *snapshot) linkChanged(l *link) {
	was, is := l.inputs, l.lookupInputs()
	if is == was {
		return
	}
	l.inputs = is
	moved := was.master != is.master
	if was.vrf || is.vrf {
		s.invalidateAll(all)
	}
	if was.eligible && !is.eligible || was.running && !is.running || moved {
		if f := s.usedFamilies(l); f != 0 {
			s.invalidateLoss(f)
		}
	}
	if !is.eligible {
		s.dropEgress(l)
		return
	}
	if !was.eligible || is.running && !was.running || moved {
		s.invalidate(l.index, all)
	}
}

// linkRemoved makes the lookups stale that the removal of a link may affect
// besides its own: multipath routes with a nexthop on it, which was dead since
// the link went down.
func (s *snapshot) linkRemoved() {
	for family, n := range s.matching {
		if n > 0 {
			s.invalidateLoss(only(family))
		}
	}
}

// addressChanged makes the lookups stale that the change of an address may
// affect. had says whether programs could use the address before.
func (s *snapshot) addressChanged(l *link, ip netip.Addr, had bool) {
	family, has := familyOf(ip), l.hasUsable(ip)
	if had == has {
		return
	}
	if !routable(ip) {
		// IPv4 may still select it as the source, before the address of
		// another link.
		if family == four && s.usedFamilies(l).has(four) {
			s.invalidateLoss(ipv4)
		}
		return
	}
	before := s.routable[family]
	s.countRoutable(l, ip, has)
	switch {
	case has && before == 0:
		s.invalidateAll(only(family))
	case has:
		s.invalidateLackingSource(family)
		if family == six && l.up() && !l.egress[six].usable() {
			s.invalidate(l.index, ipv6)
		}
	case s.usedFamilies(l).has(family) || s.sources[ip] > 0:
		s.invalidateLoss(only(family))
	}
}

// countRoutable updates the number of routable addresses.
func (s *snapshot) countRoutable(l *link, ip netip.Addr, has bool) {
	if has {
		s.routable[familyOf(ip)]++
	} else {
		s.routable[familyOf(ip)]--
	}
}

// invalidateLackingSource makes the lookups stale that found routes but no
// source.
func (s *snapshot) invalidateLackingSource(family int) {
	if s.unbound.egress[family].lacksSource() {
		s.stale.unbound |= only(family)
	}
	if s.lackingSource[family] == 0 {
		return
	}
	for index, l := range s.links {
		if l.egress[family].lacksSource() {
			s.invalidate(index, only(family))
		}
	}
}

// invalidateExpired makes the lookups stale whose routes have expired.
func (s *snapshot) invalidateExpired(now time.Time) {
	ended := func(l *link) bool {
		e := l.egress[six].expires
		return !e.IsZero() && !e.After(now)
	}
	if ended(s.unbound) {
		s.stale.unbound |= ipv6
	}
	for index, l := range s.links {
		if ended(l) {
			s.invalidate(index, ipv6)
		}
	}
}

// collectLookups moves the stale lookups to the batch. A paced batch leaves out
// the full set, which stays stale.
func (s *snapshot) collectLookups(b *lookupBatch, paced bool) {
	stale := s.stale
	full := stale.all
	if paced {
		full = 0
	}
	s.stale = staleLookups{all: stale.all &^ full}
	b.full, b.loss = full != 0, stale.loss
	s.addLookups(b, s.unbound, stale.unbound|full)
	if full == 0 {
		for _, index := range slices.Sorted(maps.Keys(stale.links)) {
			if l := s.links[index]; l != nil && l.inputs.eligible {
				s.addLookups(b, l, stale.links[index])
			}
		}
	} else {
		for index, l := range s.links {
			if l.inputs.eligible {
				s.addLookups(b, l, full|stale.links[index])
			}
		}
	}
	if stale.unbound|full != 0 || stale.tunnels {
		s.addTunnelLookups(b)
	}
}

// addLookups adds the lookups through a link, or the lookups of unbound packets. A
// family without a routable address needs no lookup: it has no route to the internet.
func (s *snapshot) addLookups(b *lookupBatch, l *link, f families) {
	for family := 0; family < both; family++ {
		if !f.has(family) {
			continue
		}
		if s.routable[family] == 0 {
			s.setEgress(l, family, egress{})
			continue
		}
		q := lookup{link: l, index: l.index, family: family}
		if family == six {
			q.candidates = func() []netip.Addr { return s.sourceCandidates(l) }
		}
		b.lookups = append(b.lookups, q)
	}
}

func (s *snapshot) addTunnelLookups(b *lookupBatch) {
	for _, index := range s.tunnels {
		l := s.links[index]
		b.lookups = append(b.lookups, lookup{link: l, index: index, family: familyOf(l.remote), step: tunnelRemote, tunnel: true})
	}
}
