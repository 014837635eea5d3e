package roam

import "net/netip"

// Seamless reports whether sockets that are bound to addresses of one access
// point go on working on the other: it has them all. Addresses that mean
// something on their own link only do not count.
func Seamless(from, to []netip.Prefix) bool {
	survived := false
	for _, a := range from {
		if ip := a.Addr(); ip.IsLinkLocalUnicast() || ip.IsLoopback() {
			continue
		}
		if !has(to, a.Addr()) {
			return false
		}
		survived = true
	}
	return survived
}

func has(list []netip.Prefix, ip netip.Addr) bool {
	for _, p := range list {
		if p.Addr() == ip {
			return true
		}
	}
	return false
}
