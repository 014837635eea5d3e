// One FIB lookup: its requests and what the replies mean.

package rtnetlink

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// step is the next request of a lookup.
type step uint8

const (
	firstHalf       step = iota // the route to the first probe
	secondHalf                  // the route to the second probe
	preferredSource             // the source address that the kernel selects
	tunnelRemote                // the link by which a tunnel's remote end is reached
	finished
)

// lookup is a sequence of RTM_GETROUTE requests that determines an egress. It
// asks for the route that matches (RTM_F_FIB_MATCH), not for the decision about
// a packet: for IPv4 packets that are bound to a link, the kernel decides to
// send them on that link even if no route leads there.
type lookup struct {
	link   *link
	index  int // of the link; 0: unbound packets
	family int
	step   step
	// source is the address to look up with; invalid: none. Routes for one
	// source only are not found without it.
	source     netip.Addr
	candidates func() []netip.Addr // sources to try if there is no route without one; nil: none
	remaining  []netip.Addr        // candidates that have not been tried
	tried      bool                // candidates was called
	// tunnel: the lookup is for the remote end of a tunnel.
	tunnel bool

	// result is complete when step is finished.
	result     egress
	underlay   int  // the link under a tunnel
	noFIBMatch bool // the kernel is too old for RTM_F_FIB_MATCH
	// failed: the kernel failed to answer, for another reason than that there
	// is no route.
	failed bool
}

// maxRouteRequest is the size of the largest request.
const maxRouteRequest = unix.SizeofNlMsghdr + unix.SizeofRtMsg + 2*(unix.SizeofRtAttr+16) + unix.SizeofRtAttr + 4

// appendRequest appends the next request of the lookup.
func (q *lookup) appendRequest(b []byte, seq uint32) []byte {
	target, flags := probeBytes[q.family][0], uint32(unix.RTM_F_FIB_MATCH)
	switch q.step {
	case secondHalf:
		target = probeBytes[q.family][1]
	case preferredSource:
		flags = 0
	case tunnelRemote:
		target, flags = q.link.remote.AsSlice(), 0
	}
	begin, oif := len(b), q.index
	if q.step == tunnelRemote {
		oif = q.link.parent
	}
	b = append(b, make([]byte, unix.SizeofNlMsghdr+unix.SizeofRtMsg)...)
	rtm := b[begin+unix.SizeofNlMsghdr:]
	rtm[0], rtm[1] = afOf[q.family], uint8(8*len(target))
	native.PutUint32(rtm[8:], flags)
	if q.source.IsValid() {
		rtm[2] = uint8(q.source.BitLen())
	}
	b = appendAttribute(b, unix.RTA_DST, target)
	if q.source.IsValid() {
		b = appendAttribute(b, unix.RTA_SRC, q.source.AsSlice())
	}
	if oif > 0 {
		var value [4]byte
		native.PutUint32(value[:], uint32(oif))
		b = appendAttribute(b, unix.RTA_OIF, value[:])
	}
	head := b[begin:]
	native.PutUint32(head[0:], uint32(len(head)))
	native.PutUint16(head[4:], unix.RTM_GETROUTE)
	native.PutUint16(head[6:], unix.NLM_F_REQUEST)
	native.PutUint32(head[8:], seq)
	return b
}

// appendBarrier appends a request that the kernel refuses after it has taken
// the lock of all changes (RTNL): a query for no link. The kernel announces
// some changes before they take effect: a new IPv4 address before packets get
// it as their source, the deletion of an IPv4 route and a link that is set down
// before the route is removed. A lookup takes no lock and would see the state
// before the change, and no later notification would make its result stale. The
// barrier makes the lookups behind it wait until the change has taken effect.
func appendBarrier(b []byte, seq uint32) []byte {
	const size = unix.SizeofNlMsghdr + unix.SizeofIfInfomsg
	begin := len(b)
	b = append(b, make([]byte, size)...)
	head := b[begin:]
	native.PutUint32(head[0:], size)
	native.PutUint16(head[4:], unix.RTM_GETLINK)
	native.PutUint16(head[6:], unix.NLM_F_REQUEST)
	native.PutUint32(head[8:], seq)
	return b
}

// appendAttribute appends an attribute whose length is a multiple of four.
func appendAttribute(b []byte, kind uint16, value []byte) []byte {
	var head [unix.SizeofRtAttr]byte
	native.PutUint16(head[0:], uint16(unix.SizeofRtAttr+len(value)))
	native.PutUint16(head[2:], kind)
	return append(append(b, head[:]...), value...)
}

// handleAnswer handles the reply to the lookup's request.
func (q *lookup) handleAnswer(m *message, now time.Time) {
	if m.kind == unix.NLMSG_ERROR {
		q.handleError(m.errno())
		return
	}
	r, ok := parseFIBResult(m.body)
	switch {
	case m.kind != unix.RTM_NEWROUTE || !ok:
		q.step, q.failed = finished, true
	case q.step == tunnelRemote:
		q.underlay, q.step = r.oif, finished
	case q.step == preferredSource:
		q.result.source, q.step = r.source, finished
		if q.index == 0 && len(q.result.oifs) == 0 && r.oif > 0 {
			q.result.addOIF(r.oif)
		}
	case !q.matches(&r):
		q.noRoute()
	default:
		q.advance(&r, now)
	}
}

// matches reports whether a result leaves by the link of the lookup. With a
// source, IPv6 finds routes of other links too. A result that shows a nexthop
// object and nothing else is through the link of the request.
func (q *lookup) matches(r *fibResult) bool {
	if !r.unicast {
		return false
	}
	if r.cloned {
		q.noFIBMatch = true
		return q.index == 0
	}
	hidden := r.oif == 0 && r.multipath == nil && r.nexthop != 0 && !q.source.IsValid()
	return q.index == 0 || hidden || r.hasOIF(q.index)
}

// advance adds the route to one probe, and moves on to the next request.
func (q *lookup) advance(r *fibResult, now time.Time) {
	q.result.merge(r, now)
	if q.index == 0 {
		r.eachOIF(q.result.addOIF)
	}
	switch {
	case q.step == firstHalf:
		q.step = secondHalf
		if r.cloned {
			q.result.source = r.source
		}
	case r.cloned:
		q.step = finished
	case q.source.IsValid():
		q.result.source, q.step = q.source, finished
	default:
		q.step = preferredSource
	}
}

// handleError handles an error reply.
func (q *lookup) handleError(code unix.Errno) {
	switch code {
	case unix.ENETUNREACH, unix.EHOSTUNREACH, unix.EACCES, unix.EINVAL, unix.ENODEV:
		if q.step == preferredSource || q.step == tunnelRemote {
			q.step = finished
			return
		}
		q.noRoute()
	default:
		q.step, q.failed = finished, true
	}
}

// noRoute ends the lookup without an egress, or starts it again with another
// source.
func (q *lookup) noRoute() {
	q.result, q.step = egress{}, finished
	if q.family != six || q.noFIBMatch || q.candidates == nil {
		return
	}
	if !q.tried {
		q.tried, q.remaining = true, q.candidates()
	}
	if len(q.remaining) > 0 {
		q.source, q.remaining, q.step = q.remaining[0], q.remaining[1:], firstHalf
	}
}
