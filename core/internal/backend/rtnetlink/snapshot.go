package rtnetlink

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// snapshot is the state of the kernel's links. Only the kernel's messages change it,
// in their order. The monitor's goroutine owns it.
type snapshot struct {
	identify identify
	denied   string // why this process may not set links up and down; empty: it may

	links   map[int]*link
	touched []*link // changed since the last report

	// unbound has the egress of packets that are not bound to a link. It represents
	// no link.
	unbound   *link
	preferred []int // indices of the links with the flag
	stale     staleLookups
	// noFIBMatch: the kernel is too old for RTM_F_FIB_MATCH. False until a reply
	// shows it.
	noFIBMatch bool

	// The sums below save a pass over all links after a change that cannot matter.

	matching      [both]int          // links with a route to the probes
	lackingSource [both]int          // such links whose packets get no routable source
	routable      [both]int          // usable addresses that are routable
	sources       map[netip.Addr]int // sources in use, including the source of unbound packets
	portCount     map[uint32]int     // links by the index of their master
	upperCount    map[int]int        // links by the index of the link that they run over
	tunnels       []int              // links whose remote end is known
	scratch       []string

	notified *notified // nil except during the dumps of a resync
}

// notified holds the addresses that notifications were about during a dump. The
// kernel dumps addresses without the lock that changes take, so that a dump may
// contain an older value than a notification before it. From the first notification
// about an address on, notifications alone count: none of them was lost.
type notified struct {
	addresses map[addressKey]bool
}

func newSnapshot(identify identify, denied string) *snapshot {
	return &snapshot{
		identify: identify, denied: denied, links: make(map[int]*link), unbound: &link{},
		sources: make(map[netip.Addr]int), portCount: make(map[uint32]int), upperCount: make(map[int]int),
	}
}

// apply applies a notification. It reports whether the message was of interest.
func (s *snapshot) apply(m *message) bool {
	switch m.kind {
	case unix.RTM_NEWLINK, unix.RTM_DELLINK:
		return s.applyLink(m)
	case unix.RTM_NEWADDR, unix.RTM_DELADDR:
		return s.applyAddress(m)
	case unix.RTM_NEWROUTE, unix.RTM_DELROUTE:
		return s.applyRoute(m)
	case unix.RTM_NEWRULE, unix.RTM_DELRULE, rtmNewNexthop, rtmDelNexthop:
		return s.applyPolicy(m)
	}
	return false
}

// applyDump applies a part of a dump.
func (s *snapshot) applyDump(m *message) {
	switch m.kind {
	case unix.RTM_NEWLINK:
		s.applyLink(m)
	case unix.RTM_NEWADDR:
		if index, a, ok := parseAddress(m.body); ok && !s.notified.addresses[addressKey{index, a.prefix, a.peer}] {
			s.setAddress(index, a)
		}
	}
}

func (s *snapshot) applyLink(m *message) bool {
	lm, ok := parseLink(m.body)
	if !ok {
		return false
	}
	if m.kind == unix.RTM_DELLINK {
		s.remove(lm.index)
		return true
	}
	l := s.ensureLink(lm.index)
	name, master, remote, parent := l.name, l.master, l.remote, l.parent
	l.update(&lm)
	if l.name != name && l.kind == "" {
		s.identifyDevice(l)
	}
	s.countPort(master, l.master)
	s.countUpper(parent, l.parent)
	s.trackTunnel(l, remote, parent)
	if l.name != name {
		s.touchUppers(l)
	}
	s.linkChanged(l)
	s.touch(l)
	return true
}

// identifyDevice determines the device class of a link. The class
// from wireless extensions takes precedence over an unspecific class.
func (s *snapshot) identifyDevice(l *link) {
	d := s.identify(l.name, l.index)
	if d != deviceUnknown && (d != deviceOther || l.device == deviceUnknown) {
		l.device = d
	}
}

func (s *snapshot) applyAddress(m *message) bool {
	index, a, ok := parseAddress(m.body)
	if !ok {
		return false
	}
	if s.notified != nil {
		s.notified.addresses[addressKey{index, a.prefix, a.peer}] = true
	}
	if m.kind == unix.RTM_NEWADDR {
		s.setAddress(index, a)
	} else if l := s.links[index]; l != nil {
		s.dropAddress(l, a)
	}
	return true
}

func (s *snapshot) setAddress(index int, a address) {
	l := s.ensureLink(index)
	had := l.hasUsable(a.prefix.Addr())
	if l.setAddress(a) {
		s.addressChanged(l, a.prefix.Addr(), had)
		s.touch(l)
	}
}

func (s *snapshot) dropAddress(l *link, a address) {
	had := l.hasUsable(a.prefix.Addr())
	if l.dropAddress(a) {
		s.addressChanged(l, a.prefix.Addr(), had)
		s.touch(l)
	}
}

// ensureLink returns the link with the index, and creates it if there is none.
// A created link has no name, and is not listed until a message brings its
// name.
func (s *snapshot) ensureLink(index int) *link {
	l := s.links[index]
	if l == nil {
		l = &link{index: index}
		s.links[index] = l
	}
	return l
}

func (s *snapshot) remove(index int) {
	l := s.links[index]
	if l == nil {
		return
	}
	for len(l.addresses) > 0 {
		s.dropAddress(l, l.addresses[len(l.addresses)-1])
	}
	l.name = "" // no longer listed
	s.linkChanged(l)
	s.linkRemoved()
	s.untrackTunnel(l)
	s.countUpper(l.parent, 0)
	s.countUpper(l.underlay, 0)
	s.countPort(l.master, 0)
	s.touchUppers(l)
	delete(s.links, index)
	s.touch(l)
}

// touch queues a link for comparison with its last report.
func (s *snapshot) touch(l *link) {
	if !l.touched {
		l.touched = true
		s.touched = append(s.touched, l)
	}
}

// changes returns the changes since the last report. The identifiers in lost
// must be reported as gone before the batch: other links have taken them over.
func (s *snapshot) changes() (reused []string, b bearer.Batch) {
	for i, l := range s.touched {
		l.touched, s.touched[i] = false, nil
		s.compareLink(l, &b)
	}
	s.touched = s.touched[:0]
	if len(b.Gone) > 0 {
		reused, b.Gone = splitReused(b.Gone, b.Changed)
	}
	return reused, b
}

// compareLink adds a link to the batch if its configuration changed.
func (s *snapshot) compareLink(l *link, b *bearer.Batch) {
	s.updateLower(l)
	c, ok := configuration(l, s.denied)
	if l.reported.Equal(&c) {
		return
	}
	if l.reported.ID != "" && l.reported.ID != c.ID {
		b.Gone = append(b.Gone, l.reported.ID)
	}
	l.reported = c
	if ok {
		b.Changed = append(b.Changed, c)
	}
}

// splitReused separates the identifiers that another link has taken over from
// identifiers without a link.
func splitReused(gone []string, changed []bearer.Configuration) (reused, rest []string) {
	for _, id := range gone {
		if slices.ContainsFunc(changed, func(c bearer.Configuration) bool { return c.ID == id }) {
			reused = append(reused, id)
		} else {
			rest = append(rest, id)
		}
	}
	return reused, rest
}

// replaced returns the identifiers that belonged to other links in the snapshot
// before.
func (s *snapshot) replaced(before *snapshot) (reused []string) {
	if before == nil {
		return nil
	}
	for index, l := range s.links {
		if old := before.links[index]; old != nil && l.id == old.reported.ID && (old.kind != l.kind || old.arphrd != l.arphrd) {
			reused = append(reused, l.id)
		}
	}
	now := make(map[string]int, len(s.links))
	for index, l := range s.links {
		now[l.id] = index
	}
	for _, old := range before.links {
		if index, there := now[old.reported.ID]; there && old.reported.ID != "" && index != old.index {
			reused = append(reused, old.reported.ID)
		}
	}
	slices.Sort(reused)
	return reused
}

// full is a complete report of all listed links.
func (s *snapshot) full() bearer.Batch {
	s.touched = s.touched[:0]
	b := bearer.Batch{Complete: true, Changed: make([]bearer.Configuration, 0, len(s.links))}
	for _, l := range s.links {
		s.updateLower(l)
		c, ok := configuration(l, s.denied)
		l.touched, l.reported = false, c
		if ok {
			b.Changed = append(b.Changed, c)
		}
	}
	slices.SortFunc(b.Changed, func(a, b bearer.Configuration) int { return cmp.Compare(a.ID, b.ID) })
	return b
}
