package rtnetlink

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// The two address families, as indices of arrays.
const (
	four = iota
	six
	both // number of families
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

// familiesOf are the families of a message: both for AF_UNSPEC.
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

// probes are the destinations that represent the internet in route lookups.
// Nothing is ever sent to them. There are two of each family, in different
// halves of the address space in use, because some VPNs put two routes to half
// of the space before the default route, and one half alone leads nowhere. The
// probes belong to transit carriers: their prefixes are announced everywhere, so that
// a router with a full table and no default route has a route to them, and they host
// no services of interest, so that hardly any machine has a specific route for
// them. They are not in blocks that firewalls discard. Both IPv6 probes are below
// 3000::, where all assigned addresses are: only a default route leads to the rest.
var probes = [both][2]netip.Addr{
	four: {netip.MustParseAddr("4.69.128.1"), netip.MustParseAddr("154.54.0.1")},
	six:  {netip.MustParseAddr("2001:550::1"), netip.MustParseAddr("2a02:2d8::1")},
}

// probeBytes are the probes in wire format.
var probeBytes = func() (b [both][2][]byte) {
	for f := range probes {
		for i := range probes[f] {
			b[f][i] = probes[f][i].AsSlice()
		}
	}
	return b
}()

// coversProbe reports whether a prefix of a family covers one of the probes.
func coversProbe(family int, prefix []byte, bits int) bool {
	return prefixContains(probeBytes[family][0], prefix, bits) || prefixContains(probeBytes[family][1], prefix, bits)
}

// prefixContains reports whether an address is in a prefix. Messages leave out
// the address of a prefix without bits.
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

// routable reports whether packets with that source can get an answer from
// beyond the link.
func routable(source netip.Addr) bool {
	return source.IsValid() && !source.IsUnspecified() && !source.IsLoopback() &&
		!source.IsLinkLocalUnicast() && !source.IsMulticast()
}
