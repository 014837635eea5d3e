package rtnetlink

import "golang.org/x/sys/unix"

// The messages about nexthop objects.
const (
	rtmNewNexthop = 104 // RTM_NEWNEXTHOP
	rtmDelNexthop = 105
)

// routeMessage is what a notification about a route says, as far as it tells
// which ways may have changed. Its slices are parts of the message.
type routeMessage struct {
	family    int
	bits      int    // of the destination
	to        []byte // the destination, empty where it has no bits
	unicast   bool
	index     int
	multipath []byte
}

// parseRoute reports false for what is malformed or no route. A table may have
// hundreds of thousands, and most are to some network: nothing is kept of any.
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

// applyRoute takes in that a route came or went. Only one that has a probe in it
// can change a way. Where it leaves by links, it changes theirs and the machine's;
// what else a route does, such as to forbid, it does to all. One that took the
// place of another has taken that one's links their way.
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

// applyPolicy takes in that a rule or a nexthop object came or went, which may
// change every way.
func (s *snapshot) applyPolicy(m *message) bool {
	if len(m.body) > 0 {
		s.invalidateAll(familiesOf(m.body[0]))
	}
	return len(m.body) > 0
}
