package rtnetlink

import (
	"cmp"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// address is one address of a link. Prefix and peer identify it on the link.
type address struct {
	prefix netip.Prefix
	peer   netip.Addr // the other end of a point-to-point link, else the address itself
	scope  uint8
	flags  uint32 // IFA_F_...
}

// addressKey identifies an address in the namespace.
type addressKey struct {
	index  int
	prefix netip.Prefix
	peer   netip.Addr
}

// usable reports whether the kernel lets programs use the address: duplicate
// address detection must have ended for an IPv6 address, unless the address is
// optimistic.
func (a *address) usable() bool {
	if a.flags&unix.IFA_F_DADFAILED != 0 {
		return false
	}
	return a.flags&unix.IFA_F_TENTATIVE == 0 || a.flags&unix.IFA_F_OPTIMISTIC != 0
}

// beyondLink reports whether the address is usable beyond the link.
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

// hasUsable reports whether the link has an address that programs may use.
func (l *link) hasUsable(ip netip.Addr) bool {
	for i := range l.addresses {
		if a := &l.addresses[i]; a.prefix.Addr() == ip && a.usable() {
			return true
		}
	}
	return false
}

// sourceCandidate is an IPv6 address to use as the source of a lookup; a lower
// rank is better.
type sourceCandidate struct {
	ip   netip.Addr
	rank int
}

// sourceCandidates appends the candidates of the link. Like the kernel, it
// prefers addresses that are not deprecated, and global ones to unique local
// ones.
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

// parseAddress parses the body of an RTM_NEWADDR or RTM_DELADDR message.
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

// ip parses an address attribute; the result is invalid if the attribute is
// malformed.
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

// setAddress adds or updates an address, and reports whether it changed.
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

// dropAddress removes an address, and reports whether it existed.
func (l *link) dropAddress(a address) bool {
	for i := range l.addresses {
		if old := &l.addresses[i]; old.prefix == a.prefix && old.peer == a.peer {
			l.addresses = append(l.addresses[:i], l.addresses[i+1:]...)
			return l.refreshUsable()
		}
	}
	return false
}

// refreshUsable makes a new list of the addresses for the configuration, and
// reports true.
func (l *link) refreshUsable() bool {
	var usable []netip.Prefix
	l.beyondLink = false
	for i := range l.addresses {
		if a := &l.addresses[i]; a.usable() {
			usable = append(usable, a.prefix)
			l.beyondLink = l.beyondLink || a.beyondLink()
		}
	}
	slices.SortFunc(usable, comparePrefixes)
	l.usable = usable
	return true
}

func comparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}
