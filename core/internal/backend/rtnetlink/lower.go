// The links that other links run over: parents, ports of masters, and the links
// under tunnels.

package rtnetlink

import (
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// peerLinks are the kinds of links whose IFLA_LINK is the other end of a pair,
// not a link that they run over.
var peerLinks = map[string]bool{"veth": true, "netkit": true, "vxcan": true}

// The attributes with the remote end of a tunnel, and the link that it is bound
// to.
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

// remoteOf returns the remote end of a link of a kind, and the link that it is
// bound to, as far as the link has them.
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

// aggregates are the kinds of links that consist of other links, their ports.
var aggregates = map[string]bool{"bridge": true, "bond": true, "team": true}

// updateLower determines the links that a link runs over. It passes over all
// links for aggregates only.
func (s *snapshot) updateLower(l *link) {
	names := s.scratch[:0]
	names = s.appendName(names, l.parent)
	if l.underlay != l.parent {
		names = s.appendName(names, l.underlay)
	}
	l.ports = s.portCount[uint32(l.index)]
	if l.ports > 0 && aggregates[l.kind] {
		for index, port := range s.links {
			if port.master == uint32(l.index) {
				names = s.appendName(names, index)
			}
		}
	}
	slices.Sort(names)
	s.scratch = names
	if !slices.Equal(names, l.lower) {
		l.lower = slices.Clone(names)
	}
}

func (s *snapshot) appendName(names []string, index int) []string {
	l := s.links[index]
	if l == nil || l.name == "" || l.loopback() || slices.Contains(names, l.name) {
		return names
	}
	return append(names, l.name)
}

// touchUppers touches the links that run over a link: their configurations contain its
// name.
func (s *snapshot) touchUppers(l *link) {
	if m := s.links[int(l.master)]; m != nil {
		s.touch(m)
	}
	if s.upperCount[l.index] == 0 {
		return
	}
	for _, o := range s.links {
		if o.parent == l.index || o.underlay == l.index {
			s.touch(o)
		}
	}
}

// countUpper counts the links that run over others.
func (s *snapshot) countUpper(from, to int) {
	if from == to {
		return
	}
	if s.upperCount[from]--; s.upperCount[from] <= 0 {
		delete(s.upperCount, from)
	}
	if to != 0 {
		s.upperCount[to]++
	}
}

// countPort counts the ports of a master.
func (s *snapshot) countPort(from, to uint32) {
	if from == to {
		return
	}
	for master, n := range map[uint32]int{from: -1, to: 1} {
		if master == 0 {
			continue
		}
		if s.portCount[master] += n; s.portCount[master] == 0 {
			delete(s.portCount, master)
		}
		if l := s.links[int(master)]; l != nil {
			s.touch(l)
		}
	}
}

// trackTunnel keeps the list of the tunnels whose remote end is known.
func (s *snapshot) trackTunnel(l *link, remote netip.Addr, parent int) {
	if l.remote == remote && (l.parent == parent || !l.remote.IsValid()) {
		return
	}
	s.untrackTunnel(l)
	s.stale.tunnels = true
	if l.remote.IsValid() {
		s.tunnels = append(s.tunnels, l.index)
	} else {
		s.countUpper(l.underlay, 0)
		l.underlay = 0
	}
}

func (s *snapshot) untrackTunnel(l *link) {
	if i := slices.Index(s.tunnels, l.index); i >= 0 {
		s.tunnels = slices.Delete(s.tunnels, i, i+1)
	}
}

// setUnderlay stores the link by which a tunnel's remote end is reached.
func (s *snapshot) setUnderlay(q *lookup) {
	if !q.failed && q.link.underlay != q.underlay {
		s.countUpper(q.link.underlay, q.underlay)
		q.link.underlay = q.underlay
		s.touch(q.link)
	}
}

// coversRemote reports whether a prefix covers the remote end of a tunnel.
func (s *snapshot) coversRemote(family int, prefix []byte, bits int) bool {
	for _, index := range s.tunnels {
		if remote := s.links[index].remote; familyOf(remote) == family && prefixContains(remote.AsSlice(), prefix, bits) {
			return true
		}
	}
	return false
}
