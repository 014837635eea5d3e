package rtnetlink

import "golang.org/x/sys/unix"

// route is one way by which a default route leaves: a multipath route has
// several. Routes are equal when the kernel takes them for the same.
type route struct {
	family  uint8
	table   uint32
	metric  uint32
	service uint8    // type of service that it is for
	source  [17]byte // IPv6 source prefix that it is for, its length last
	gateway [16]byte
}

// families is a set of address families.
type families uint8

const (
	ipv4 families = 1 << iota
	ipv6
)

func familyOf(af uint8) families {
	if af == unix.AF_INET {
		return ipv4
	}
	return ipv6
}

// hop is a route with the link that it leaves by.
type hop struct {
	index int
	route
}

// replaces reports whether a route that replaces another takes the place of o.
func (r *route) replaces(o *route) bool {
	return r.family == o.family && r.table == o.table && r.metric == o.metric &&
		r.service == o.service && r.source == o.source
}

// routeMessage is what an RTM_NEWROUTE or RTM_DELROUTE carries, as far as it
// is about a default route.
type routeMessage struct {
	route
	index     int
	multipath []byte
}

// parseRoute reports false for what is malformed, or no unicast default route
// of the main or default table.
func parseRoute(body []byte) (m routeMessage, ok bool) {
	if len(body) < unix.SizeofRtMsg {
		return m, false
	}
	m.family, m.service, m.table = body[0], body[3], uint32(body[4])
	m.source[16] = body[2]
	if body[1] != 0 || body[7] != unix.RTN_UNICAST || native.Uint32(body[8:])&unix.RTM_F_CLONED != 0 {
		return m, false
	}
	if m.family != unix.AF_INET && m.family != unix.AF_INET6 {
		return m, false
	}
	list := attributes(body[unix.SizeofRtMsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		m.take(kind, value)
	}
	return m, m.table == unix.RT_TABLE_MAIN || m.table == unix.RT_TABLE_DEFAULT
}

func (m *routeMessage) take(kind uint16, value []byte) {
	switch kind {
	case unix.RTA_TABLE:
		m.table = number(value)
	case unix.RTA_PRIORITY:
		m.metric = number(value)
	case unix.RTA_OIF:
		m.index = int(int32(number(value)))
	case unix.RTA_SRC:
		copy(m.source[:16], value)
	case unix.RTA_MULTIPATH:
		m.multipath = value
	case unix.RTA_GATEWAY, unix.RTA_VIA:
		m.setGateway(value)
	}
}

func (r *route) setGateway(value []byte) {
	r.gateway = [16]byte{}
	copy(r.gateway[:], value)
}

// hops calls f for each way by which the route leaves.
func (m *routeMessage) hops(f func(hop)) {
	if m.index > 0 {
		f(hop{m.index, m.route})
	}
	for b := m.multipath; len(b) >= unix.SizeofRtNexthop; {
		size := int(native.Uint16(b))
		if size < unix.SizeofRtNexthop || size > len(b) {
			return
		}
		h := hop{int(int32(native.Uint32(b[4:]))), m.route}
		h.gateway = [16]byte{}
		list := attributes(b[unix.SizeofRtNexthop:size])
		for kind, value, more := list.next(); more; kind, value, more = list.next() {
			if kind == unix.RTA_GATEWAY || kind == unix.RTA_VIA {
				h.setGateway(value)
			}
		}
		if h.index > 0 {
			f(h)
		}
		b = after(b, size)
	}
}

// setRoute adds a route and reports whether it is new.
func (l *link) setRoute(r route) bool {
	for i := range l.routes {
		if l.routes[i] == r {
			return false
		}
	}
	l.routes = append(l.routes, r)
	return true
}

// dropRoutes takes the routes away of which gone is true, and reports how many
// there were.
func (l *link) dropRoutes(gone func(*route) bool) int {
	kept := l.routes[:0]
	for i := range l.routes {
		if !gone(&l.routes[i]) {
			kept = append(kept, l.routes[i])
		}
	}
	n := len(l.routes) - len(kept)
	l.routes = kept
	return n
}

// routed are the families of which a default route leaves by the link.
func (l *link) routed() families {
	var f families
	for i := range l.routes {
		f |= familyOf(l.routes[i].family)
	}
	return f
}

// bestRoute is the lowest metric among the default routes.
func (l *link) bestRoute() (metric uint32, ok bool) {
	for i := range l.routes {
		if r := &l.routes[i]; !ok || r.metric < metric {
			metric, ok = r.metric, true
		}
	}
	return metric, ok
}
