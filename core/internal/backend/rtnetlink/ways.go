package rtnetlink

import (
	"net/netip"
	"sort"
	"time"
)

// setWay puts what the kernel said about a link in the place of what was known.
// It is the one place where ways change.
func (p *picture) setWay(l *link, family int, w way) {
	old := &l.ways[family]
	if old.equal(&w) {
		return
	}
	p.tally(old, family, -1)
	p.tally(&w, family, 1)
	*old = w
	if l != p.machine {
		p.touch(l)
	}
}

// tally counts a way, so that what cannot matter costs no look at all of them.
func (p *picture) tally(w *way, family, n int) {
	if !w.match {
		return
	}
	p.matching[family] += n
	if w.lacking() {
		p.lacking[family] += n
	}
	if p.sources[w.source] += n; p.sources[w.source] == 0 {
		delete(p.sources, w.source)
	}
}

// forget drops the ways of a link that packets do not leave by for sure.
func (p *picture) forget(l *link) {
	for family := range l.ways {
		p.setWay(l, family, way{})
	}
}

// settle takes in what a round has found. What the kernel had no answer for stays
// as it was, or as it was in the picture before.
func (p *picture) settle(r *round, before *picture) (failed bool) {
	for i := range r.chains {
		c := &r.chains[i]
		here := c.index == 0 || p.links[c.index] == c.link
		switch {
		case !here:
		case c.tunnel:
			p.setOver(c)
		case c.failed:
			failed = true
			p.inherit(c, before)
		default:
			p.setWay(c.link, c.family, c.found)
			p.plain = p.plain || c.plain
		}
	}
	if p.plain {
		p.believeMachine()
	}
	p.prefer()
	return failed
}

// inherit takes over what was known before everything was read again.
func (p *picture) inherit(c *chain, before *picture) {
	if before == nil || before == p {
		return
	}
	old := before.machine
	if c.index != 0 {
		old = before.links[c.index]
	}
	if old != nil && old.name == c.link.name {
		p.setWay(c.link, c.family, old.ways[c.family])
	}
}

// believeMachine gives links the ways of the machine as a whole, which is all
// that kernels tell that are older than the question which route matches.
func (p *picture) believeMachine() {
	for family := range p.machine.ways {
		whole := p.machine.ways[family]
		own := whole
		own.links = nil
		for index, l := range p.links {
			if whole.has(index) && l.stood.open {
				p.setWay(l, family, own)
			} else {
				p.setWay(l, family, way{})
			}
		}
	}
}

// prefer marks the links by which packets leave that are not bound to any.
func (p *picture) prefer() {
	now := p.outlets()
	for _, index := range p.preferred {
		if l := p.links[index]; l != nil && !now[index] {
			l.preferred = false
			p.touch(l)
		}
	}
	p.preferred = p.preferred[:0]
	for index := range now {
		p.preferred = append(p.preferred, index)
		if l := p.links[index]; !l.preferred {
			l.preferred = true
			p.touch(l)
		}
	}
}

// outlets are those links: IPv4's, where that leads out. A VRF stands for those
// of its members that lead out, and a nexthop object that shows no links for those
// whose routes have it, too.
func (p *picture) outlets() map[int]bool {
	family := four
	if !p.leadsOut(four) {
		family = six
	}
	if !p.leadsOut(family) {
		return nil
	}
	w, out := &p.machine.ways[family], make(map[int]bool)
	for _, index := range w.links {
		l := p.links[index]
		switch {
		case l == nil || l.loopback():
		case l.kind == "vrf":
			p.eachLeading(family, func(m *link) { out[m.index] = out[m.index] || int(m.master) == index })
		default:
			out[index] = true
		}
	}
	if w.nexthop != 0 {
		p.eachLeading(family, func(m *link) { out[m.index] = out[m.index] || m.ways[family].nexthop == w.nexthop })
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
func (p *picture) leadsOut(family int) bool {
	w := &p.machine.ways[family]
	if !w.out() {
		return false
	}
	for _, index := range w.links {
		if l := p.links[index]; l != nil && !l.loopback() {
			return true
		}
	}
	return false
}

func (p *picture) eachLeading(family int, do func(*link)) {
	for _, l := range p.links {
		if l.ways[family].out() {
			do(l)
		}
	}
}

// expiry is when the first of the routes ends by itself; zero: never.
func (p *picture) expiry() (first time.Time) {
	earlier := func(l *link) {
		if e := l.ways[six].expires; !e.IsZero() && (first.IsZero() || e.Before(first)) {
			first = e
		}
	}
	earlier(p.machine)
	if p.matching[six] > 0 {
		for _, l := range p.links {
			earlier(l)
		}
	}
	return first
}

// originCount is how many source addresses are tried at most.
const originCount = 4

// origins are the IPv6 addresses to ask with where there is no way without: a
// link's own, or those of all links. Those come first that the kernel would take
// for the internet.
func (p *picture) origins(l *link) []netip.Addr {
	var list []origin
	if l != p.machine {
		list = l.origins(nil)
	} else {
		for _, k := range p.links {
			if k.up() {
				list = k.origins(list)
			}
		}
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].rank != list[j].rank {
			return list[i].rank < list[j].rank
		}
		return list[i].ip.Less(list[j].ip)
	})
	if len(list) > originCount {
		list = list[:originCount]
	}
	ips := make([]netip.Addr, 0, len(list))
	for _, o := range list {
		ips = append(ips, o.ip)
	}
	return ips
}
