package rtnetlink

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// table is the routes of the fake kernel.
type table []entry

// entry is a route, to both halves of a family's space unless only one is named.
type entry struct {
	af      uint8
	metric  uint32
	links   []int
	source  string // given to packets
	from    string // the only source that it applies to
	half    int    // 1 or 2: to that half only
	refuse  unix.Errno
	nexthop uint32
	hidden  bool // shows its nexthop object only
	expires int32
	dead    int // one of the links, whose nexthop is dead
}

// default4 is an IPv4 default route.
func default4(metric uint32, links ...int) entry {
	return entry{af: unix.AF_INET, metric: metric, links: links, source: "192.0.2.1"}
}

// default6 is an IPv6 default route.
func default6(metric uint32, links ...int) entry {
	return entry{af: unix.AF_INET6, metric: metric, links: links, source: "2001:db8::1"}
}

// answer is the reply of a kernel with these routes to a request.
func (t table) answer(m *message) (kind uint16, body []byte) {
	af, flags := m.body[0], native.Uint32(m.body[8:])
	var oif int
	var to, from netip.Addr
	list := attributes(m.body[unix.SizeofRtMsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		switch kind {
		case unix.RTA_OIF:
			oif = int(number(value))
		case unix.RTA_DST:
			to = ip(af, value)
		case unix.RTA_SRC:
			from = ip(af, value)
		}
	}
	e := t.find(af, oif, to, from)
	match := flags&unix.RTM_F_FIB_MATCH != 0
	switch {
	case e != nil && e.refuse != 0:
		return unix.NLMSG_ERROR, code(e.refuse)
	case e != nil:
		return unix.RTM_NEWROUTE, e.body(match, oif)
	case !match && oif != 0 && af == unix.AF_INET: // what it would do
		return unix.RTM_NEWROUTE, routeBody(af, by(oif), source("192.0.2.1"))
	}
	return unix.NLMSG_ERROR, code(unix.ENETUNREACH)
}

func (t table) find(af uint8, oif int, to, from netip.Addr) (best *entry) {
	for i := range t {
		e := &t[i]
		strict := oif == 0 || e.refuse != 0 || af == unix.AF_INET6 && from.IsValid()
		for _, l := range e.links {
			strict = strict || l == oif && l != e.dead
		}
		half := e.half == 0 || to == probes[boolToInt(af == unix.AF_INET6)][e.half-1]
		fits := e.from == "" || from.IsValid() && netip.MustParsePrefix(e.from).Contains(from)
		if e.af == af && strict && half && fits && (best == nil || e.metric < best.metric) {
			best = e
		}
	}
	return best
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (e *entry) body(match bool, oif int) []byte {
	out := by(e.links[0])
	if len(e.links) > 1 {
		out = deadNexthops(e.dead, e.links...)
	}
	var nh, src, cache []byte
	if e.nexthop != 0 {
		nh = attr(rtaNexthopID, u32(e.nexthop))
		if e.hidden && match {
			out = nil
		}
	}
	if e.expires != 0 {
		cache = attr(unix.RTA_CACHEINFO, u32(0), u32(0), u32(uint32(e.expires)), make([]byte, 20))
	}
	if match {
		return routeBody(e.af, out, metric(e.metric), nh, cache)
	}
	if e.source != "" {
		src = source(e.source)
	}
	if oif != 0 {
		out = by(oif)
	} else if len(e.links) > 1 {
		out = by(e.links[0])
	}
	b := routeBody(e.af, out, src)
	native.PutUint32(b[8:], unix.RTM_F_CLONED)
	return b
}

func source(ip string) []byte { return attr(unix.RTA_PREFSRC, netip.MustParseAddr(ip).AsSlice()) }

// deadNexthops is a multipath of links, of which one is dead.
func deadNexthops(dead int, indices ...int) []byte {
	var nexthops []byte
	for _, i := range indices {
		flags := byte(0)
		if i == dead {
			flags = unix.RTNH_F_DEAD
		}
		nexthops = join(nexthops, u16(unix.SizeofRtNexthop), []byte{flags, 0}, u32(uint32(i)))
	}
	return attr(unix.RTA_MULTIPATH, nexthops)
}
