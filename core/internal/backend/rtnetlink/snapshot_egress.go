package rtnetlink

import (
	"net/netip"
	"sort"
	"time"
)

// setWay puts what the kernel said about a link in the place of what was known.
// It is the one place where ways change.
func (s *snapshot) setEgress(l *link, family int, e egress) {
	old := &l.egress[family]
	if old.equal(&e) {
		return
	}
	s.countEgress(old, family, -1)
	s.countEgress(&e, family, 1)
	*old = e
	if l != s.unbound {
		s.touch(l)
	}
}

// tally counts a way, so that what cannot matter costs no look at all of them.
func (s *snapshot) countEgress(e *egress, family, n int) {
	if !e.match {
		return
	}
	s.matching[family] += n
	if e.lacksSource() {
		s.lackingSource[family] += n
	}
	if s.sources[e.source] += n; s.sources[e.source] == 0 {
		delete(s.sources, e.source)
	}
}

// forget drops the ways of a link that packets do not leave by for sure.
func (s *snapshot) dropEgress(l *link) {
	for family := range l.egress {
		s.setEgress(l, family, egress{})
	}
}

// settle takes in what a round has found. What the kernel had no answer for stays
// as it was, or as it was in the picture before.
func (s *snapshot) applyLookups(b *lookupBatch, before *snapshot) (failed bool) {
	for i := range b.lookups {
		q := &b.lookups[i]
		here := q.index == 0 || s.links[q.index] == q.link
		switch {
		case !here:
		case q.tunnel:
			s.setUnderlay(q)
		case q.failed:
			failed = true
			s.keepPrevious(q, before)
		default:
			s.setEgress(q.link, q.family, q.result)
			s.noFIBMatch = s.noFIBMatch || q.noFIBMatch
		}
	}
	if s.noFIBMatch {
		s.copyUnbound()
	}
	s.updatePreferred()
	return failed
}

// inherit takes over what was known before everything was read again.
func (s *snapshot) keepPrevious(q *lookup, before *snapshot) {
	if before == nil || before == s {
		return
	}
	old := before.unbound
	if q.index != 0 {
		old = before.links[q.index]
	}
	if old != nil && old.name == q.link.name {
		s.setEgress(q.link, q.family, old.egress[q.family])
	}
}

// believeMachine gives links the ways of the machine as a whole, which is all
// that kernels tell that are older than the question which route matches.
func (s *snapshot) copyUnbound() {
	for family := range s.unbound.egress {
		whole := s.unbound.egress[family]
		own := whole
		own.oifs = nil
		for index, l := range s.links {
			if whole.hasOIF(index) && l.inputs.eligible {
				s.setEgress(l, family, own)
			} else {
				s.setEgress(l, family, egress{})
			}
		}
	}
}

// prefer marks the links by which packets leave that are not bound to any.
func (s *snapshot) updatePreferred() {
	now := s.preferredLinks()
	for _, index := range s.preferred {
		if l := s.links[index]; l != nil && !now[index] {
			l.preferred = false
			s.touch(l)
		}
	}
	s.preferred = s.preferred[:0]
	for index := range now {
		s.preferred = append(s.preferred, index)
		if l := s.links[index]; !l.preferred {
			l.preferred = true
			s.touch(l)
		}
	}
}

// outlets are those links: IPv4's, where that leads out. A VRF stands for those
// of its members that lead out, and a nexthop object that shows no links for those
// whose routes have it, too.
func (s *snapshot) preferredLinks() map[int]bool {
	family := four
	if !s.hasEgress(four) {
		family = six
	}
	if !s.hasEgress(family) {
		return nil
	}
	e, out := &s.unbound.egress[family], make(map[int]bool)
	for _, index := range e.oifs {
		l := s.links[index]
		switch {
		case l == nil || l.loopback():
		case l.kind == "vrf":
			s.eachWithEgress(family, func(m *link) { out[m.index] = out[m.index] || int(m.master) == index })
		default:
			out[index] = true
		}
	}
	if e.nexthop != 0 {
		s.eachWithEgress(family, func(m *link) { out[m.index] = out[m.index] || m.egress[family].nexthop == e.nexthop })
	}
	for index, is := range out {
		if !is {
			delete(out, index)
		}
	}
	return out
}

// leadsOut reports whether the machine as a whole has a way out by another link
// than the loopback one.
func (s *snapshot) hasEgress(family int) bool {
	e := &s.unbound.egress[family]
	if !e.usable() {
		return false
	}
	for _, index := range e.oifs {
		if l := s.links[index]; l != nil && !l.loopback() {
			return true
		}
	}
	return false
}

func (s *snapshot) eachWithEgress(family int, do func(*link)) {
	for _, l := range s.links {
		if l.egress[family].usable() {
			do(l)
		}
	}
}

// expiry is when the first of the routes ends by itself; zero: never.
func (s *snapshot) firstExpiry() (first time.Time) {
	earlier := func(l *link) {
		if e := l.egress[six].expires; !e.IsZero() && (first.IsZero() || e.Before(first)) {
			first = e
		}
	}
	earlier(s.unbound)
	if s.matching[six] > 0 {
		for _, l := range s.links {
			earlier(l)
		}
	}
	return first
}

// originCount is how many source addresses are tried at most.
const maxSourceCandidates = 4

// origins are the IPv6 addresses to ask with where there is no way without: a
// link's own, or those of all links. Those come first that the kernel would take
// for the internet.
func (s *snapshot) sourceCandidates(l *link) []netip.Addr {
	var list []sourceCandidate
	if l != s.unbound {
		list = l.sourceCandidates(nil)
	} else {
		for _, k := range s.links {
			if k.up() {
				list = k.sourceCandidates(list)
			}
		}
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].rank != list[j].rank {
			return list[i].rank < list[j].rank
		}
		return list[i].ip.Less(list[j].ip)
	})
	if len(list) > maxSourceCandidates {
		list = list[:maxSourceCandidates]
	}
	ips := make([]netip.Addr, 0, len(list))
	for _, o := range list {
		ips = append(ips, o.ip)
	}
	return ips
}
