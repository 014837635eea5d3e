// Storage of lookup results, and the values that are derived from them.

package rtnetlink

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// setEgress stores the result of a lookup. All changes of an egress go through
// it.
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

// countEgress adds an egress to the sums of the snapshot, or subtracts it.
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

// dropEgress removes the egress of a link that packets certainly cannot leave
// by.
func (s *snapshot) dropEgress(l *link) {
	for family := range l.egress {
		s.setEgress(l, family, egress{})
	}
}

// applyLookups stores the results of a batch. If the kernel failed to answer, the
// earlier result stays, or the result of the previous snapshot.
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

// keepPrevious copies a result from the snapshot before the resync.
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

// copyUnbound derives the egress of each link from the egress of unbound packets: kernels
// without RTM_F_FIB_MATCH report nothing else.
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

// updatePreferred marks the links by which unbound packets leave.
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

// preferredLinks are the links by which unbound packets leave: the links of IPv4, or
// the links of IPv6 if IPv4 has no egress. A VRF represents its members with an egress.
// A nexthop object whose links the kernel does not show represents the links whose
// routes use it.
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

// hasEgress reports whether unbound packets leave by a link other than the
// loopback.
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

// firstExpiry is the time at which the first route expires; zero: no route
// does.
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

// maxSourceCandidates bounds the lookups with an explicit source.
const maxSourceCandidates = 4

// sourceCandidates are the IPv6 sources for lookups that find no route without
// a source: the addresses of the link, or the addresses of all links. The order follows
// the kernel's preference for destinations in the internet.
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
	slices.SortFunc(list, func(a, b sourceCandidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.ip.Compare(b.ip))
	})
	list = list[:min(len(list), maxSourceCandidates)]
	ips := make([]netip.Addr, 0, len(list))
	for _, o := range list {
		ips = append(ips, o.ip)
	}
	return ips
}
