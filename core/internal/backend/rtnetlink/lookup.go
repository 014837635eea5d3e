package rtnetlink

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// step is the question that a chain has come to.
type step uint8

const (
	firstHalf       step = iota // the route to one half of the family's space
	secondHalf                  // the route to the other
	preferredSource             // the source address that packets are given
	tunnelRemote                // the link by which the other end of a tunnel is reached
	finished
)

// chain is one question after another: how packets of a family get to the
// internet by a link, or by any. What the kernel would do with a packet does not
// tell: for IPv4 that are bound to a link it sends them on that link even where no
// route leads there. Only the route that matches does, or that there is none.
type lookup struct {
	link   *link
	index  int // of the link, 0 for any
	family int
	step   step
	// from is the source address that is asked with; invalid while none is.
	// The routes for one source only are not found without.
	source     netip.Addr
	candidates func() []netip.Addr // more of them to ask with; nil: not known yet
	remaining  []netip.Addr
	tried      bool
	// tunnel: the question is by which link the other end is reached, and no other.
	tunnel bool

	// found is how far the answers go.
	result     egress
	underlay   int  // the link under a tunnel
	noFIBMatch bool // the kernel is too old to tell which route matches
	// failed: the kernel did not answer for another reason than that there is no
	// way.
	failed bool
}

// sizeofRouteQuestion is that of the largest question.
const maxRouteRequest = unix.SizeofNlMsghdr + unix.SizeofRtMsg + 2*(unix.SizeofRtAttr+16) + unix.SizeofRtAttr + 4

// ask appends the question that the chain has come to.
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

// appendBarrier appends a request that the kernel refuses, but not before whoever
// changes something now is through: it asks for no link, for which the kernel takes
// the lock of all changes. Routes are looked up without, and some changes are
// announced before they hold: of an IPv4 address before packets get it as their
// source, of an IPv4 route that is deleted, and of a link that is set down, before
// the way is gone. What is asked in between is answered as before, and nothing that
// comes later would have it asked again.
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

// answer takes the answer to the chain's question in.
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

// matches reports whether what was found leads out by the link that was asked
// for. Asked with a source, IPv6 finds routes of other links, too. Where routes
// have a nexthop object and show nothing else, the link is that asked for.
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

// proceed takes the route to one half in, and goes on to the next question.
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

// refused takes in that the kernel has no answer.
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

// without ends the chain without a way, or begins it anew with another source.
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
