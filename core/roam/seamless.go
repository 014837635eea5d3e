package roam

import "net/netip"

// Seamless reports whether a socket that is bound to an address of one access
// point goes on working on the other: both have an address in common. Addresses
// that mean something on their own link only do not count.
func Seamless(from, to []netip.Prefix) bool {
	for _, a := range from {
		for _, b := range to {
			if a.Addr() == b.Addr() && !a.Addr().IsLinkLocalUnicast() && !a.Addr().IsLoopback() {
				return true
			}
		}
	}
	return false
}
