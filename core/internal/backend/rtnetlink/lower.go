package rtnetlink

import (
	"net/netip"
	"sort"

	"golang.org/x/sys/unix"
)

// peers are the kinds of links whose IFLA_LINK is the other end, not what they
// run over.
var peers = map[string]bool{"veth": true, "netkit": true, "vxcan": true}

// The attributes that say where a tunnel's other end is, and the link that it
// was bound to.
const (
	vtiRemote     = 5 // IFLA_VTI_REMOTE
	greRemote     = 7 // IFLA_GRE_REMOTE
	iptunRemote   = 3 // IFLA_IPTUN_REMOTE
	geneveRemote6 = 7 // IFLA_GENEVE_REMOTE6
)

var remotes = map[string][2]uint16{
	"ipip": {iptunRemote}, "sit": {iptunRemote}, "ip6tnl": {iptunRemote},
	"gre": {greRemote}, "gretap": {greRemote}, "erspan": {greRemote},
	"ip6gre": {greRemote}, "ip6gretap": {greRemote}, "ip6erspan": {greRemote},
	"vti": {vtiRemote}, "vti6": {vtiRemote},
	"vxlan":  {unix.IFLA_VXLAN_GROUP, unix.IFLA_VXLAN_GROUP6},
	"geneve": {unix.IFLA_GENEVE_REMOTE, geneveRemote6},
}

// remoteOf reads what a kind of link says about its other end, and the link that
// it is bound to. Both may be missing.
func remoteOf(kind string, info []byte) (remote netip.Addr, bound int) {
	which, ok := remotes[kind]
	if !ok {
		return remote, 0
	}
	list := attributes(info)
	for attribute, value, more := list.next(); more; attribute, value, more = list.next() {
		switch {
		case kind == "vxlan" && attribute == unix.IFLA_VXLAN_LINK:
			bound = int(int32(number(value)))
		case attribute == which[0] || attribute == which[1]:
			a, ok := netip.AddrFromSlice(value)
			if ok && !a.IsUnspecified() && !a.IsMulticast() {
				remote = a
			}
		}
	}
	return remote, bound
}

// gathers are the kinds of links that consist of others.
var gathers = map[string]bool{"bridge": true, "bond": true, "team": true}

// relate finds out what a link runs over. Only what gathers ports costs a look
// at every link.
func (p *picture) relate(l *link) {
	names := p.scratch[:0]
	names = p.appendName(names, l.parent)
	if l.over != l.parent {
		names = p.appendName(names, l.over)
	}
	l.ports = p.ports[uint32(l.index)]
	if l.ports > 0 && gathers[l.kind] {
		for index, port := range p.links {
			if port.master == uint32(l.index) {
				names = p.appendName(names, index)
			}
		}
	}
	sort.Strings(names)
	p.scratch = names
	if len(names) == len(l.lower) {
		same := true
		for i := range names {
			same = same && names[i] == l.lower[i]
		}
		if same {
			return
		}
	}
	l.lower = append([]string(nil), names...)
}

func (p *picture) appendName(names []string, index int) []string {
	l := p.links[index]
	if l == nil || l.name == "" || l.loopback() {
		return names
	}
	for _, n := range names {
		if n == l.name {
			return names
		}
	}
	return append(names, l.name)
}

// touchAround marks what a link's name shows in: links that run over it.
func (p *picture) touchAround(l *link) {
	if m := p.links[int(l.master)]; m != nil {
		p.touch(m)
	}
	if p.above[l.index] == 0 {
		return
	}
	for _, o := range p.links {
		if o.parent == l.index || o.over == l.index {
			p.touch(o)
		}
	}
}

// lay counts the links that run over others.
func (p *picture) lay(from, to int) {
	if from == to {
		return
	}
	if p.above[from]--; p.above[from] <= 0 {
		delete(p.above, from)
	}
	if to != 0 {
		p.above[to]++
	}
}

// enslave counts the ports of links.
func (p *picture) enslave(from, to uint32) {
	if from == to {
		return
	}
	for master, n := range map[uint32]int{from: -1, to: 1} {
		if master == 0 {
			continue
		}
		if p.ports[master] += n; p.ports[master] == 0 {
			delete(p.ports, master)
		}
		if l := p.links[int(master)]; l != nil {
			p.touch(l)
		}
	}
}

// watch keeps the list of the tunnels whose other end is known.
func (p *picture) watch(l *link, remote netip.Addr, parent int) {
	if l.remote == remote && (l.parent == parent || !l.remote.IsValid()) {
		return
	}
	p.unwatch(l)
	p.wants.tunnels = true
	if l.remote.IsValid() {
		p.tunnels = append(p.tunnels, l.index)
	} else {
		p.lay(l.over, 0)
		l.over = 0
	}
}

func (p *picture) unwatch(l *link) {
	for i, index := range p.tunnels {
		if index == l.index {
			p.tunnels = append(p.tunnels[:i], p.tunnels[i+1:]...)
			return
		}
	}
}

// setOver takes in by which link a tunnel's other end is reached.
func (p *picture) setOver(c *chain) {
	if !c.failed && c.link.over != c.over {
		p.lay(c.link.over, c.over)
		c.link.over = c.over
		p.touch(c.link)
	}
}

// underTunnel reports whether the other end of a tunnel is in a prefix.
func (p *picture) underTunnel(family int, prefix []byte, bits int) bool {
	for _, index := range p.tunnels {
		if remote := p.links[index].remote; familyOf(remote) == family && within(remote.AsSlice(), prefix, bits) {
			return true
		}
	}
	return false
}
