package rtnetlink

import (
	"net/netip"
	"sort"
	"time"
)

// wants are the ways that may have changed since the kernel was asked.
type staleLookups struct {
	unbound families         // by any link
	links   map[int]families // by each of these
	all     families         // by any, and by every one
	tunnels bool             // the links under tunnels
	// loss: what is known already may be half of what happened: packets do not
	// leave by a link any more, and perhaps by another instead. Reports wait for
	// the rest.
	loss bool
}

func (w *staleLookups) any() bool {
	return w.unbound != 0 || len(w.links) > 0 || w.tunnels
}

// want is about one link and the machine as a whole, in some families.
func (s *snapshot) invalidate(index int, f families) {
	if s.stale.links == nil {
		s.stale.links = make(map[int]families)
	}
	s.stale.links[index] |= f
	s.stale.unbound |= f
}

// wantAll is about everything.
func (s *snapshot) invalidateAll(f families) { s.stale.all |= f }

// fear is about what a loss can have taken away: only a way that there was. The
// kernel drops routes with a link, and with an address, without a word.
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

// matters are the families in which packets leave by a link.
func (s *snapshot) usedFamilies(l *link) (f families) {
	for family := range l.egress {
		if l.egress[family].match || s.unbound.egress[family].hasOIF(l.index) {
			f |= only(family)
		}
	}
	return f
}

// standing is what of a link its ways follow from.
type lookupInputs struct {
	eligible, running, vrf bool
	master                 uint32
}

func (l *link) lookupInputs() lookupInputs {
	return lookupInputs{eligible: l.up() && isListed(l), running: l.running(), vrf: l.up() && l.kind == "vrf", master: l.master}
}

// weigh wants what a change of a link may have changed.
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

// weighRemoval wants what goes with a link that is removed, besides its own ways:
// routes by several links of which it was one, dead since it went down.
func (s *snapshot) linkRemoved() {
	for family, n := range s.matching {
		if n > 0 {
			s.invalidateLoss(only(family))
		}
	}
}

// weighAddress wants what a change of an address may have changed.
func (s *snapshot) addressChanged(l *link, ip netip.Addr, had bool) {
	family, has := familyOf(ip), l.hasUsable(ip)
	if had == has {
		return
	}
	if !routable(ip) {
		// IPv4 prefers it all the same to the address of another link.
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

// count keeps how many addresses there are that lead beyond their links.
func (s *snapshot) countRoutable(l *link, ip netip.Addr, has bool) {
	if has {
		s.routable[familyOf(ip)]++
	} else {
		s.routable[familyOf(ip)]--
	}
}

// wantLacking is about the ways that lack nothing but a source.
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

// wantExpired is about the ways that end by themselves.
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

// collect moves what is wanted into chains. What is paced waits, unless now is
// its turn.
func (s *snapshot) collectLookups(b *lookupBatch, paced bool) {
	w := s.stale
	everything := w.all
	if paced {
		everything = 0
	}
	s.stale = staleLookups{all: w.all &^ everything}
	b.full, b.loss = everything != 0, w.loss
	s.addLookups(b, s.unbound, w.unbound|everything)
	if everything == 0 {
		for _, index := range sortedKeys(w.links) {
			if l := s.links[index]; l != nil && l.inputs.eligible {
				s.addLookups(b, l, w.links[index])
			}
		}
	} else {
		for index, l := range s.links {
			if l.inputs.eligible {
				s.addLookups(b, l, everything|w.links[index])
			}
		}
	}
	if w.unbound|everything != 0 || w.tunnels {
		s.addTunnelLookups(b)
	}
}

// chain adds the questions about a link, or about any. Where no address of a
// family leads beyond its link, nothing does, and nothing is asked.
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

func sortedKeys(m map[int]families) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Ints(keys)
	return keys
}
