package roam

import "net/netip"

// Seamless reports whether sockets that are bound to addresses of one access
// point keep working on another: it must have all of the addresses. Addresses
// of link-local and loopback scope do not count.
func Seamless(from, to []netip.Prefix) bool {
	survived := false
	for _, a := range from {
		if ip := a.Addr(); ip.IsLinkLocalUnicast() || ip.IsLoopback() {
			continue
		}
		if !containsAddress(to, a.Addr()) {
			return false
		}
		survived = true
	}
	return survived
}

func containsAddress(list []netip.Prefix, ip netip.Addr) bool {
	for _, p := range list {
		if p.Addr() == ip {
			return true
		}
	}
	return false
}
