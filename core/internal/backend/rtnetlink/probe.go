package rtnetlink

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// The two address families, as indices of what is kept for each of them.
const (
	four = iota
	six
	both // how many there are
)

var afOf = [both]uint8{unix.AF_INET, unix.AF_INET6}

// families is a set of address families.
type families uint8

const (
	ipv4 families = 1 << four
	ipv6 families = 1 << six
	all           = ipv4 | ipv6
)

func only(family int) families { return 1 << family }

func (f families) has(family int) bool { return f&only(family) != 0 }

// familiesOf are those that a message is about: both where it names none.
func familiesOf(af uint8) families {
	switch af {
	case unix.AF_INET:
		return ipv4
	case unix.AF_INET6:
		return ipv6
	case unix.AF_UNSPEC:
		return all
	}
	return 0
}

// probes are the addresses that stand for the internet when the kernel is asked
// for the way to it. Nothing is ever sent to them. There are two of each family,
// in different halves of the space that is in use, because some VPNs put two
// routes of half the space in front of a default route, and one half alone leads
// nowhere. They belong to the backbones of carriers between whom the internet is
// exchanged: announced to everybody, so that a router with a full table and no
// default route has a way to them, and of interest to nobody, so that hardly
// anybody has a route for them alone. Nor are they in a block that firewalls
// discard. IPv6 has both below 3000::, where everything is that was ever handed
// out: there is no way to the rest, but for a default route.
var probes = [both][2]netip.Addr{
	four: {netip.MustParseAddr("4.69.128.1"), netip.MustParseAddr("154.54.0.1")},
	six:  {netip.MustParseAddr("2001:550::1"), netip.MustParseAddr("2a02:2d8::1")},
}

// probeBytes are the probes as they stand in messages.
var probeBytes = func() (b [both][2][]byte) {
	for f := range probes {
		for i := range probes[f] {
			b[f][i] = probes[f][i].AsSlice()
		}
	}
	return b
}()

// covers reports whether a prefix of a family has one of the probes in it.
func coversProbe(family int, prefix []byte, bits int) bool {
	return prefixContains(probeBytes[family][0], prefix, bits) || prefixContains(probeBytes[family][1], prefix, bits)
}

// within reports whether an address is in a prefix, of which a message leaves out
// the address where it has no bits.
func prefixContains(address, prefix []byte, bits int) bool {
	if bits == 0 {
		return true
	}
	if len(prefix) != len(address) || bits > 8*len(address) {
		return false
	}
	n := bits / 8
	if string(address[:n]) != string(prefix[:n]) {
		return false
	}
	return bits%8 == 0 || (address[n]^prefix[n])>>(8-bits%8) == 0
}

// leads reports whether packets with that source get an answer from beyond the
// link.
func routable(source netip.Addr) bool {
	return source.IsValid() && !source.IsUnspecified() && !source.IsLoopback() &&
		!source.IsLinkLocalUnicast() && !source.IsMulticast()
}
