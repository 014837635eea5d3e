package rtnetlink

import (
	"net/netip"
	"sort"
	"time"
)

// wants are the ways that may have changed since the kernel was asked.
type wants struct {
	machine families         // by any link
	links   map[int]families // by each of these
	all     families         // by any, and by every one
	tunnels bool             // the links under tunnels
	// loss: what is known already may be half of what happened: packets do not
	// leave by a link any more, and perhaps by another instead. Reports wait for
	// the rest.
	loss bool
}

func (w *wants) some() bool {
	return w.machine != 0 || len(w.links) > 0 || w.tunnels
}

// want is about one link and the machine as a whole, in some families.
func (p *picture) want(index int, f families) {
	if p.wants.links == nil {
		p.wants.links = make(map[int]families)
	}
	p.wants.links[index] |= f
	p.wants.machine |= f
}

// wantAll is about everything.
func (p *picture) wantAll(f families) { p.wants.all |= f }

// fear is about what a loss can have taken away: only a way that there was. The
// kernel drops routes with a link, and with an address, without a word.
func (p *picture) fear(f families) {
	p.wants.loss = true
	p.wants.machine |= f
	for family := range p.matching {
		if !f.has(family) || p.matching[family] == 0 {
			continue
		}
		for index, l := range p.links {
			if l.ways[family].match {
				p.want(index, only(family))
			}
		}
	}
}

// matters are the families in which packets leave by a link.
func (p *picture) matters(l *link) (f families) {
	for family := range l.ways {
		if l.ways[family].match || p.machine.ways[family].has(l.index) {
			f |= only(family)
		}
	}
	return f
}

// standing is what of a link its ways follow from.
type standing struct {
	open, carrier, vrf bool
	master             uint32
}

func (l *link) standing() standing {
	return standing{open: l.up() && listed(l), carrier: l.carrier(), vrf: l.up() && l.kind == "vrf", master: l.master}
}

// weigh wants what a change of a link may have changed.
func (p *picture) weigh(l *link) {
	was, is := l.stood, l.standing()
	if is == was {
		return
	}
	l.stood = is
	moved := was.master != is.master
	if was.vrf || is.vrf {
		p.wantAll(all)
	}
	if was.open && !is.open || was.carrier && !is.carrier || moved {
		if f := p.matters(l); f != 0 {
			p.fear(f)
		}
	}
	if !is.open {
		p.forget(l)
		return
	}
	if !was.open || is.carrier && !was.carrier || moved {
		p.want(l.index, all)
	}
}

// weighRemoval wants what goes with a link that is removed, besides its own ways:
// routes by several links of which it was one, dead since it went down.
func (p *picture) weighRemoval() {
	for family, n := range p.matching {
		if n > 0 {
			p.fear(only(family))
		}
	}
}

// weighAddress wants what a change of an address may have changed.
func (p *picture) weighAddress(l *link, ip netip.Addr, had bool) {
	family, has := familyOf(ip), l.offers(ip)
	if had == has {
		return
	}
	if !leads(ip) {
		// IPv4 prefers it all the same to the address of another link.
		if family == four && p.matters(l).has(four) {
			p.fear(ipv4)
		}
		return
	}
	before := p.living[family]
	p.count(l, ip, has)
	switch {
	case has && before == 0:
		p.wantAll(only(family))
	case has:
		p.wantLacking(family)
		if family == six && l.up() && !l.ways[six].out() {
			p.want(l.index, ipv6)
		}
	case p.matters(l).has(family) || p.sources[ip] > 0:
		p.fear(only(family))
	}
}

// count keeps how many addresses there are that lead beyond their links.
func (p *picture) count(l *link, ip netip.Addr, has bool) {
	if has {
		p.living[familyOf(ip)]++
	} else {
		p.living[familyOf(ip)]--
	}
}

// wantLacking is about the ways that lack nothing but a source.
func (p *picture) wantLacking(family int) {
	if p.machine.ways[family].lacking() {
		p.wants.machine |= only(family)
	}
	if p.lacking[family] == 0 {
		return
	}
	for index, l := range p.links {
		if l.ways[family].lacking() {
			p.want(index, only(family))
		}
	}
}

// wantExpired is about the ways that end by themselves.
func (p *picture) wantExpired(now time.Time) {
	ended := func(l *link) bool {
		e := l.ways[six].expires
		return !e.IsZero() && !e.After(now)
	}
	if ended(p.machine) {
		p.wants.machine |= ipv6
	}
	for index, l := range p.links {
		if ended(l) {
			p.want(index, ipv6)
		}
	}
}

// collect moves what is wanted into chains. What is paced waits, unless now is
// its turn.
func (p *picture) collect(r *round, paced bool) {
	w := p.wants
	everything := w.all
	if paced {
		everything = 0
	}
	p.wants = wants{all: w.all &^ everything}
	r.whole, r.loss = everything != 0, w.loss
	p.chain(r, p.machine, w.machine|everything)
	if everything == 0 {
		for _, index := range sortedKeys(w.links) {
			if l := p.links[index]; l != nil && l.stood.open {
				p.chain(r, l, w.links[index])
			}
		}
	} else {
		for index, l := range p.links {
			if l.stood.open {
				p.chain(r, l, everything|w.links[index])
			}
		}
	}
	if w.machine|everything != 0 || w.tunnels {
		p.chainTunnels(r)
	}
}

// chain adds the questions about a link, or about any. Where no address of a
// family leads beyond its link, nothing does, and nothing is asked.
func (p *picture) chain(r *round, l *link, f families) {
	for family := 0; family < both; family++ {
		if !f.has(family) {
			continue
		}
		if p.living[family] == 0 {
			p.setWay(l, family, way{})
			continue
		}
		c := chain{link: l, index: l.index, family: family}
		if family == six {
			c.others = func() []netip.Addr { return p.origins(l) }
		}
		r.chains = append(r.chains, c)
	}
}

func (p *picture) chainTunnels(r *round) {
	for _, index := range p.tunnels {
		l := p.links[index]
		r.chains = append(r.chains, chain{link: l, index: index, family: familyOf(l.remote), step: remoteEnd, tunnel: true})
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
