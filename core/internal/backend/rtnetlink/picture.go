package rtnetlink

import (
	"net/netip"
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// picture is what is known of the kernel's links. It is changed by the
// kernel's messages, one after another, and by nothing else.
type picture struct {
	identify identify
	denied   string // why this process may not set links up and down

	links   map[int]*link
	touched []*link // changed since the last batch

	// machine has the ways that packets take which are not bound to a link. It
	// stands for no link.
	machine   *link
	preferred []int // indices of the links that are
	wants     wants
	plain     bool // the kernel is too old to tell which route matches
	// What is known of all links together, so that a change that cannot matter
	// costs no look at each of them.
	matching, lacking [both]int          // links with a match, and those that lack a source
	living            [both]int          // addresses that lead beyond their links
	sources           map[netip.Addr]int // of the matches, the machine's too
	ports             map[uint32]int     // links that have a master, by its index
	above             map[int]int        // links that run over one, by its index
	tunnels           []int              // links whose other end is known
	scratch           []string

	heard *heard // nil but while everything is read
}

// heard is what notifications told about while everything was read. The kernel
// reads addresses for a dump without holding up changes, so that a
// dump may tell an older value than a notification before it. Once heard of,
// what notifications say is the truth, for there are no others that were missed.
type heard struct {
	addresses map[addressKey]bool
}

func newPicture(identify identify, denied string) *picture {
	return &picture{
		identify: identify, denied: denied, links: make(map[int]*link), machine: &link{},
		sources: make(map[netip.Addr]int), ports: make(map[uint32]int), above: make(map[int]int),
	}
}

// apply takes a notification in. It reports whether the message was about
// something of interest.
func (p *picture) apply(m *message) bool {
	switch m.kind {
	case unix.RTM_NEWLINK, unix.RTM_DELLINK:
		return p.applyLink(m)
	case unix.RTM_NEWADDR, unix.RTM_DELADDR:
		return p.applyAddress(m)
	case unix.RTM_NEWROUTE, unix.RTM_DELROUTE:
		return p.applyRoute(m)
	case unix.RTM_NEWRULE, unix.RTM_DELRULE, rtmNewNexthop, rtmDelNexthop:
		return p.applyPolicy(m)
	}
	return false
}

// fill takes a part of a dump of everything in.
func (p *picture) fill(m *message) {
	switch m.kind {
	case unix.RTM_NEWLINK:
		p.applyLink(m)
	case unix.RTM_NEWADDR:
		if index, a, ok := parseAddress(m.body); ok && !p.heard.addresses[addressKey{index, a.prefix, a.peer}] {
			p.setAddress(index, a)
		}
	}
}

func (p *picture) applyLink(m *message) bool {
	lm, ok := parseLink(m.body)
	if !ok {
		return false
	}
	if m.kind == unix.RTM_DELLINK {
		p.remove(lm.index)
		return true
	}
	l := p.at(lm.index)
	name, master, remote, parent := l.name, l.master, l.remote, l.parent
	l.update(&lm)
	if l.name != name && l.kind == "" {
		p.look(l)
	}
	p.enslave(master, l.master)
	p.lay(parent, l.parent)
	p.watch(l, remote, parent)
	if l.name != name {
		p.touchAround(l)
	}
	p.weigh(l)
	p.touch(l)
	return true
}

// look finds out what sort of device a link is. What wireless extensions said
// stands.
func (p *picture) look(l *link) {
	d := p.identify(l.name, l.index)
	if d != deviceUnknown && (d != deviceOther || l.device == deviceUnknown) {
		l.device = d
	}
}

func (p *picture) applyAddress(m *message) bool {
	index, a, ok := parseAddress(m.body)
	if !ok {
		return false
	}
	if p.heard != nil {
		p.heard.addresses[addressKey{index, a.prefix, a.peer}] = true
	}
	if m.kind == unix.RTM_NEWADDR {
		p.setAddress(index, a)
	} else if l := p.links[index]; l != nil {
		p.dropAddress(l, a)
	}
	return true
}

func (p *picture) setAddress(index int, a address) {
	l := p.at(index)
	had := l.offers(a.prefix.Addr())
	if l.setAddress(a) {
		p.weighAddress(l, a.prefix.Addr(), had)
		p.touch(l)
	}
}

func (p *picture) dropAddress(l *link, a address) {
	had := l.offers(a.prefix.Addr())
	if l.dropAddress(a) {
		p.weighAddress(l, a.prefix.Addr(), had)
		p.touch(l)
	}
}

// at is the link with the index. One that was not heard of yet has no name,
// and is not listed until it has.
func (p *picture) at(index int) *link {
	l := p.links[index]
	if l == nil {
		l = &link{index: index}
		p.links[index] = l
	}
	return l
}

func (p *picture) remove(index int) {
	l := p.links[index]
	if l == nil {
		return
	}
	for len(l.addresses) > 0 {
		p.dropAddress(l, l.addresses[len(l.addresses)-1])
	}
	l.name = "" // not listed
	p.weigh(l)
	p.weighRemoval()
	p.unwatch(l)
	p.lay(l.parent, 0)
	p.lay(l.over, 0)
	p.enslave(l.master, 0)
	p.touchAround(l)
	delete(p.links, index)
	p.touch(l)
}

func (p *picture) touch(l *link) {
	if !l.touched {
		l.touched = true
		p.touched = append(p.touched, l)
	}
}

// batch is what looks different since the last batch, and before it the
// identifiers that stood for other links then, which are gone.
func (p *picture) batch() (lost []string, b bearer.Batch) {
	for i, l := range p.touched {
		l.touched, p.touched[i] = false, nil
		p.compare(l, &b)
	}
	p.touched = p.touched[:0]
	if len(b.Gone) > 0 {
		lost, b.Gone = divide(b.Gone, b.Changed)
	}
	return lost, b
}

func (p *picture) compare(l *link, b *bearer.Batch) {
	p.relate(l)
	c, ok := configuration(l, p.denied)
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
func divide(gone []string, changed []bearer.Configuration) (lost, rest []string) {
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
func (p *picture) strangers(before *picture) (lost []string) {
	if before == nil {
		return nil
	}
	for index, l := range p.links {
		if old := before.links[index]; old != nil && l.id == old.reported.ID && (old.kind != l.kind || old.hardware != l.hardware) {
			lost = append(lost, l.id)
		}
	}
	now := make(map[string]int, len(p.links))
	for index, l := range p.links {
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
func (p *picture) complete() bearer.Batch {
	p.touched = p.touched[:0]
	b := bearer.Batch{Complete: true, Changed: make([]bearer.Configuration, 0, len(p.links))}
	for _, l := range p.links {
		p.relate(l)
		c, ok := configuration(l, p.denied)
		l.touched, l.reported = false, c
		if ok {
			b.Changed = append(b.Changed, c)
		}
	}
	sort.Slice(b.Changed, func(i, j int) bool { return b.Changed[i].ID < b.Changed[j].ID })
	return b
}
