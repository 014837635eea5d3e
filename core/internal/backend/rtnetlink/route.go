// Notifications about routes, rules and nexthop objects.

package rtnetlink

import "golang.org/x/sys/unix"

// The messages about nexthop objects.
const (
	rtmNewNexthop = 104 // RTM_NEWNEXTHOP
	rtmDelNexthop = 105
)

// routeMessage is the part of a notification about a route that decides which
// lookups it makes stale. Its slices are parts of the message.
type routeMessage struct {
	family    int
	bits      int    // of the destination
	to        []byte // the destination; empty for a prefix without bits
	unicast   bool
	index     int
	multipath []byte
}

// parseRoute reports false for a malformed message, and for a message that is not
// about a route of a FIB. A table may have hundreds of thousands of routes,
// most of them irrelevant: the backend stores none.
func parseRoute(body []byte) (m routeMessage, ok bool) {
	if len(body) < unix.SizeofRtMsg || native.Uint32(body[8:])&unix.RTM_F_CLONED != 0 {
		return m, false
	}
	switch body[0] {
	case unix.AF_INET:
		m.family = four
	case unix.AF_INET6:
		m.family = six
	default:
		return m, false
	}
	m.bits, m.unicast = int(body[1]), body[7] == unix.RTN_UNICAST
	list := attributes(body[unix.SizeofRtMsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		switch kind {
		case unix.RTA_DST:
			m.to = value
		case unix.RTA_OIF:
			m.index = int(int32(number(value)))
		case unix.RTA_MULTIPATH:
			m.multipath = value
		}
	}
	return m, true
}

// applyRoute makes the lookups stale that a new or deleted route may affect.
// Only a route that covers a probe or a tunnel's remote end matters. A unicast
// route affects its output interfaces and unbound packets; a route of another
// type, such as unreachable, affects every lookup. A route that replaced
// another may have removed the egress of that route's links.
func (s *snapshot) applyRoute(m *message) bool {
	rm, ok := parseRoute(m.body)
	if !ok {
		return false
	}
	s.stale.tunnels = s.stale.tunnels || len(s.tunnels) > 0 && s.coversRemote(rm.family, rm.to, rm.bits)
	if !coversProbe(rm.family, rm.to, rm.bits) {
		return false
	}
	f, links := only(rm.family), 0
	each := func(index int) {
		links++
		s.invalidate(index, f)
	}
	if rm.unicast {
		if rm.index > 0 {
			each(rm.index)
		}
		eachNexthop(rm.multipath, each)
	}
	switch {
	case links == 0:
		s.invalidateAll(f)
	case m.flags&unix.NLM_F_REPLACE != 0:
		s.invalidateLoss(f)
	}
	return true
}

// applyPolicy handles a notification about a rule or a nexthop object, which
// may affect every lookup.
func (s *snapshot) applyPolicy(m *message) bool {
	if len(m.body) > 0 {
		s.invalidateAll(familiesOf(m.body[0]))
	}
	return len(m.body) > 0
}
