package rtnetlink

import (
	"net/netip"
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// picture is what is known of the kernel's links. It is changed by the
// kernel's messages, one after another, and by nothing else.
type snapshot struct {
	identify identify
	denied   string // why this process may not set links up and down

	links   map[int]*link
	touched []*link // changed since the last batch

	// machine has the ways that packets take which are not bound to a link. It
	// stands for no link.
	unbound    *link
	preferred  []int // indices of the links that are
	stale      staleLookups
	noFIBMatch bool // the kernel is too old to tell which route matches
	// What is known of all links together, so that a change that cannot matter
	// costs no look at each of them.
	matching, lackingSource [both]int          // links with a match, and those that lack a source
	routable                [both]int          // addresses that lead beyond their links
	sources                 map[netip.Addr]int // of the matches, the machine's too
	portCount               map[uint32]int     // links that have a master, by its index
	upperCount              map[int]int        // links that run over one, by its index
	tunnels                 []int              // links whose other end is known
	scratch                 []string

	notified *notified // nil but while everything is read
}

// heard is what notifications told about while everything was read. The kernel
// reads addresses for a dump without holding up changes, so that a
// dump may tell an older value than a notification before it. Once heard of,
// what notifications say is the truth, for there are no others that were missed.
type notified struct {
	addresses map[addressKey]bool
}

func newSnapshot(identify identify, denied string) *snapshot {
	return &snapshot{
		identify: identify, denied: denied, links: make(map[int]*link), unbound: &link{},
		sources: make(map[netip.Addr]int), portCount: make(map[uint32]int), upperCount: make(map[int]int),
	}
}

// apply takes a notification in. It reports whether the message was about
// something of interest.
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

// fill takes a part of a dump of everything in.
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

// look finds out what sort of device a link is. What wireless extensions said
// stands.
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

// at is the link with the index. One that was not heard of yet has no name,
// and is not listed until it has.
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
	l.name = "" // not listed
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

func (s *snapshot) touch(l *link) {
	if !l.touched {
		l.touched = true
		s.touched = append(s.touched, l)
	}
}

// batch is what looks different since the last batch, and before it the
// identifiers that stood for other links then, which are gone.
func (s *snapshot) changes() (lost []string, b bearer.Batch) {
	for i, l := range s.touched {
		l.touched, s.touched[i] = false, nil
		s.compareLink(l, &b)
	}
	s.touched = s.touched[:0]
	if len(b.Gone) > 0 {
		lost, b.Gone = splitReused(b.Gone, b.Changed)
	}
	return lost, b
}

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

// divide tells the identifiers that another link has taken over from those that
// stand for nothing any more.
func splitReused(gone []string, changed []bearer.Configuration) (lost, rest []string) {
	for _, id := range gone {
		taken := false
		for i := range changed {
			taken = taken || changed[i].ID == id
		}
		if taken {
			lost = append(lost, id)
		} else {
			rest = append(rest, id)
		}
	}
	return lost, rest
}

// strangers are the identifiers that stood for other links in the picture before.
func (s *snapshot) replaced(before *snapshot) (lost []string) {
	if before == nil {
		return nil
	}
	for index, l := range s.links {
		if old := before.links[index]; old != nil && l.id == old.reported.ID && (old.kind != l.kind || old.arphrd != l.arphrd) {
			lost = append(lost, l.id)
		}
	}
	now := make(map[string]int, len(s.links))
	for index, l := range s.links {
		now[l.id] = index
	}
	for _, old := range before.links {
		if index, there := now[old.reported.ID]; there && old.reported.ID != "" && index != old.index {
			lost = append(lost, old.reported.ID)
		}
	}
	sort.Strings(lost)
	return lost
}

// complete is everything that is listed.
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
	sort.Slice(b.Changed, func(i, j int) bool { return b.Changed[i].ID < b.Changed[j].ID })
	return b
}
