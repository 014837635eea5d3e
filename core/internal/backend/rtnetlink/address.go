package rtnetlink

import (
	"net/netip"
	"sort"

	"golang.org/x/sys/unix"
)

// address is one address of a link. Prefix and peer tell it from others.
type address struct {
	prefix netip.Prefix
	peer   netip.Addr // the other end of a point-to-point link, else the address itself
	scope  uint8
	flags  uint32 // IFA_F_...
}

// addressKey tells an address from every other one.
type addressKey struct {
	index  int
	prefix netip.Prefix
	peer   netip.Addr
}

// ready reports whether the kernel lets programs use the address: an IPv6 one
// must first have proved to be unique, unless it is trusted to be.
func (a *address) usable() bool {
	if a.flags&unix.IFA_F_DADFAILED != 0 {
		return false
	}
	return a.flags&unix.IFA_F_TENTATIVE == 0 || a.flags&unix.IFA_F_OPTIMISTIC != 0
}

// carries reports whether the address is of use beyond the link.
func (a *address) beyondLink() bool {
	ip := a.prefix.Addr()
	if ip.IsLoopback() || ip.IsUnspecified() {
		return false
	}
	return ip.Is4() || a.scope < unix.RT_SCOPE_LINK
}

// familyOf is the family of an address.
func familyOf(ip netip.Addr) int {
	if ip.Is4() {
		return four
	}
	return six
}

// offers reports whether the link has an address that programs may use.
func (l *link) hasUsable(ip netip.Addr) bool {
	for i := range l.addresses {
		if a := &l.addresses[i]; a.prefix.Addr() == ip && a.usable() {
			return true
		}
	}
	return false
}

// origin is an IPv6 address as a source, the better the lower its rank.
type sourceCandidate struct {
	ip   netip.Addr
	rank int
}

// origins appends the link's. The kernel prefers those that are not deprecated,
// and for the internet those that are not of the site alone.
func (l *link) sourceCandidates(list []sourceCandidate) []sourceCandidate {
	for i := range l.addresses {
		a := &l.addresses[i]
		ip := a.prefix.Addr()
		if !ip.Is6() || !a.usable() || !routable(ip) {
			continue
		}
		rank := 0
		if ip.IsPrivate() {
			rank = 1
		}
		if a.flags&unix.IFA_F_DEPRECATED != 0 {
			rank += 2
		}
		list = append(list, sourceCandidate{ip, rank})
	}
	return list
}

// parseAddress reads an RTM_NEWADDR or RTM_DELADDR.
func parseAddress(body []byte) (index int, a address, ok bool) {
	if len(body) < unix.SizeofIfAddrmsg {
		return 0, a, false
	}
	family, bits := body[0], int(body[1])
	a.flags, a.scope = uint32(body[2]), body[3]
	index = int(int32(native.Uint32(body[4:])))
	var local netip.Addr
	list := attributes(body[unix.SizeofIfAddrmsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		switch kind {
		case unix.IFA_LOCAL:
			local = ip(family, value)
		case unix.IFA_ADDRESS:
			a.peer = ip(family, value)
		case unix.IFA_FLAGS:
			a.flags = number(value)
		}
	}
	if !local.IsValid() {
		local = a.peer
	}
	a.prefix = netip.PrefixFrom(local, bits)
	return index, a, index > 0 && a.prefix.IsValid()
}

// ip is an address attribute of a family, invalid where it is malformed.
func ip(family uint8, value []byte) netip.Addr {
	if family == unix.AF_INET && len(value) != 4 || family == unix.AF_INET6 && len(value) != 16 {
		return netip.Addr{}
	}
	if family != unix.AF_INET && family != unix.AF_INET6 {
		return netip.Addr{}
	}
	a, _ := netip.AddrFromSlice(value)
	return a
}

// setAddress adds an address, or renews it, and reports whether it differs.
func (l *link) setAddress(a address) bool {
	for i := range l.addresses {
		if old := &l.addresses[i]; old.prefix == a.prefix && old.peer == a.peer {
			changed := *old != a
			*old = a
			return changed && l.refreshUsable()
		}
	}
	l.addresses = append(l.addresses, a)
	return l.refreshUsable()
}

// dropAddress takes an address away and reports whether it was there.
func (l *link) dropAddress(a address) bool {
	for i := range l.addresses {
		if old := &l.addresses[i]; old.prefix == a.prefix && old.peer == a.peer {
			l.addresses = append(l.addresses[:i], l.addresses[i+1:]...)
			return l.refreshUsable()
		}
	}
	return false
}

// refreshUsable makes the list that configurations show anew.
func (l *link) refreshUsable() bool {
	var usable []netip.Prefix
	l.beyondLink = false
	for i := range l.addresses {
		if a := &l.addresses[i]; a.usable() {
			usable = append(usable, a.prefix)
			l.beyondLink = l.beyondLink || a.beyondLink()
		}
	}
	sort.Slice(usable, func(i, j int) bool { return before(usable[i], usable[j]) })
	l.usable = usable
	return true
}

func before(a, b netip.Prefix) bool {
	if c := a.Addr().Compare(b.Addr()); c != 0 {
		return c < 0
	}
	return a.Bits() < b.Bits()
}
