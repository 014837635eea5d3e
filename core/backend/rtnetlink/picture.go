package rtnetlink

import (
	"sort"

	"github.com/netsession/netsession/core/bearer"
	"golang.org/x/sys/unix"
)

// picture is what is known of the kernel's links. It is changed by the
// kernel's messages, one after another, and by nothing else.
type picture struct {
	identify identify
	denied   string // why this process may not set links up and down

	links   map[int]*link
	touched []*link // changed since the last batch

	// doubt holds the address families whose routes may have changed without
	// a message, as the kernel changes them when a link goes down.
	doubt families

	heard *heard // nil but while everything is read
}

// heard is what notifications told about while everything was read. The kernel
// reads addresses and routes for a dump without holding up changes, so that a
// dump may tell an older value than a notification before it. Once heard of,
// what notifications say is the truth, for there are no others that were missed.
type heard struct {
	addresses map[addressKey]bool
	hops      map[hop]bool
}

func newPicture(identify identify, denied string) *picture {
	return &picture{identify: identify, denied: denied, links: make(map[int]*link)}
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
			p.at(index).setAddress(a)
		}
	case unix.RTM_NEWROUTE:
		if rm, ok := parseRoute(m.body); ok {
			rm.hops(p.fillHop)
		}
	}
}

func (p *picture) fillHop(h hop) {
	if !p.heard.hops[h] {
		p.setHop(h)
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
	wasUp, fresh := l.up(), l.name == ""
	l.update(&lm)
	if fresh && l.name != "" && l.kind == "" {
		if d := p.identify(l.name, l.index); d != deviceOther {
			l.device = d
		}
	}
	if wasUp != l.up() {
		p.doubt |= l.routed()
	}
	p.touch(l)
	return true
}

func (p *picture) applyAddress(m *message) bool {
	index, a, ok := parseAddress(m.body)
	if !ok {
		return false
	}
	if p.heard != nil {
		p.heard.addresses[addressKey{index, a.prefix, a.peer}] = true
	}
	l := p.links[index]
	switch {
	case m.kind == unix.RTM_NEWADDR:
		l = p.at(index)
		if l.setAddress(a) {
			p.touch(l)
		}
	case l != nil && l.dropAddress(a):
		// The routes that preferred the address as their source go with it,
		// and all of them with the link's last address.
		if a.prefix.Addr().Is4() {
			p.doubt |= l.routed() & ipv4
		}
		p.touch(l)
	}
	return true
}

func (p *picture) applyRoute(m *message) bool {
	rm, ok := parseRoute(m.body)
	if !ok {
		return false
	}
	if p.heard != nil {
		rm.hops(func(h hop) { p.heard.hops[h] = true })
	}
	if m.kind == unix.RTM_DELROUTE {
		rm.hops(p.dropHop)
		return true
	}
	if m.flags&unix.NLM_F_REPLACE != 0 {
		p.replace(&rm.route)
	}
	rm.hops(p.setHop)
	return true
}

// replace drops what a route takes the place of. Where that was more than one
// way, or is perhaps not known yet, the kernel has to be asked what is left.
func (p *picture) replace(r *route) {
	n := 0
	for _, l := range p.links {
		if k := l.dropRoutes(r.replaces); k > 0 {
			n += k
			p.touch(l)
		}
	}
	if n > 1 || p.heard != nil {
		p.doubt |= familyOf(r.family)
	}
}

func (p *picture) setHop(h hop) {
	if l := p.at(h.index); l.setRoute(h.route) {
		p.touch(l)
	}
}

func (p *picture) dropHop(h hop) {
	l := p.links[h.index]
	if l != nil && l.dropRoutes(func(r *route) bool { return *r == h.route }) > 0 {
		p.touch(l)
	}
}

// setRoutes puts the routes of one family in the place of those known.
func (p *picture) setRoutes(family uint8, hops []hop) {
	for _, l := range p.links {
		if l.dropRoutes(func(r *route) bool { return r.family == family }) > 0 {
			p.touch(l)
		}
	}
	for _, h := range hops {
		p.setHop(h)
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
	delete(p.links, index)
	l.name = ""
	p.touch(l)
}

func (p *picture) touch(l *link) {
	if !l.touched {
		l.touched = true
		p.touched = append(p.touched, l)
	}
}

// batch is what looks different since the last batch.
func (p *picture) batch() bearer.Batch {
	var b bearer.Batch
	for i, l := range p.touched {
		l.touched, p.touched[i] = false, nil
		p.compare(l, &b)
	}
	p.touched = p.touched[:0]
	if len(b.Gone) > 0 {
		b.Gone = without(b.Gone, b.Changed)
	}
	return b
}

func (p *picture) compare(l *link, b *bearer.Batch) {
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

// without leaves out the identifiers that another link has taken over.
func without(gone []string, changed []bearer.Configuration) []string {
	kept := gone[:0]
	for _, id := range gone {
		taken := false
		for i := range changed {
			taken = taken || changed[i].ID == id
		}
		if !taken {
			kept = append(kept, id)
		}
	}
	return kept
}

// complete is everything that is listed.
func (p *picture) complete() bearer.Batch {
	p.touched = p.touched[:0]
	b := bearer.Batch{Complete: true, Changed: make([]bearer.Configuration, 0, len(p.links))}
	for _, l := range p.links {
		c, ok := configuration(l, p.denied)
		l.touched, l.reported = false, c
		if ok {
			b.Changed = append(b.Changed, c)
		}
	}
	sort.Slice(b.Changed, func(i, j int) bool { return b.Changed[i].ID < b.Changed[j].ID })
	return b
}
