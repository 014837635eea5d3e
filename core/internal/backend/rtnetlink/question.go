package rtnetlink

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// step is the question that a chain has come to.
type step uint8

const (
	firstHalf   step = iota // the route to one half of the family's space
	secondHalf              // the route to the other
	sourceOfWay             // the source address that packets are given
	remoteEnd               // the link by which the other end of a tunnel is reached
	finished
)

// chain is one question after another: how packets of a family get to the
// internet by a link, or by any. What the kernel would do with a packet does not
// tell: for IPv4 that are bound to a link it sends them on that link even where no
// route leads there. Only the route that matches does, or that there is none.
type chain struct {
	link   *link
	index  int // of the link, 0 for any
	family int
	step   step
	// from is the source address that is asked with; invalid while none is.
	// The routes for one source only are not found without.
	from   netip.Addr
	others func() []netip.Addr // more of them to ask with; nil: not known yet
	rest   []netip.Addr
	tried  bool
	// tunnel: the question is by which link the other end is reached, and no other.
	tunnel bool

	// found is how far the answers go.
	found way
	over  int  // the link under a tunnel
	plain bool // the kernel is too old to tell which route matches
	// failed: the kernel did not answer for another reason than that there is no
	// way.
	failed bool
}

// sizeofRouteQuestion is that of the largest question.
const sizeofRouteQuestion = unix.SizeofNlMsghdr + unix.SizeofRtMsg + 2*(unix.SizeofRtAttr+16) + unix.SizeofRtAttr + 4

// ask appends the question that the chain has come to.
func (c *chain) ask(b []byte, seq uint32) []byte {
	target, flags := probeBytes[c.family][0], uint32(unix.RTM_F_FIB_MATCH)
	switch c.step {
	case secondHalf:
		target = probeBytes[c.family][1]
	case sourceOfWay:
		flags = 0
	case remoteEnd:
		target, flags = c.link.remote.AsSlice(), 0
	}
	begin, oif := len(b), c.index
	if c.step == remoteEnd {
		oif = c.link.parent
	}
	b = append(b, make([]byte, unix.SizeofNlMsghdr+unix.SizeofRtMsg)...)
	rtm := b[begin+unix.SizeofNlMsghdr:]
	rtm[0], rtm[1] = afOf[c.family], uint8(8*len(target))
	native.PutUint32(rtm[8:], flags)
	if c.from.IsValid() {
		rtm[2] = uint8(c.from.BitLen())
	}
	b = appendAttribute(b, unix.RTA_DST, target)
	if c.from.IsValid() {
		b = appendAttribute(b, unix.RTA_SRC, c.from.AsSlice())
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
func (c *chain) answer(m *message, now time.Time) {
	if m.kind == unix.NLMSG_ERROR {
		c.refused(m.errno())
		return
	}
	f, ok := parseFinding(m.body)
	switch {
	case m.kind != unix.RTM_NEWROUTE || !ok:
		c.step, c.failed = finished, true
	case c.step == remoteEnd:
		c.over, c.step = f.index, finished
	case c.step == sourceOfWay:
		c.found.source, c.step = f.source, finished
		if c.index == 0 && len(c.found.links) == 0 && f.index > 0 {
			c.found.add(f.index)
		}
	case !c.matches(&f):
		c.without()
	default:
		c.proceed(&f, now)
	}
}

// matches reports whether what was found leads out by the link that was asked
// for. Asked with a source, IPv6 finds routes of other links, too. Where routes
// have a nexthop object and show nothing else, the link is that asked for.
func (c *chain) matches(f *finding) bool {
	if !f.unicast {
		return false
	}
	if f.decision {
		c.plain = true
		return c.index == 0
	}
	hidden := f.index == 0 && f.multipath == nil && f.nexthop != 0 && !c.from.IsValid()
	return c.index == 0 || hidden || f.by(c.index)
}

// proceed takes the route to one half in, and goes on to the next question.
func (c *chain) proceed(f *finding, now time.Time) {
	c.found.join(f, now)
	if c.index == 0 {
		f.each(c.found.add)
	}
	switch {
	case c.step == firstHalf:
		c.step = secondHalf
		if f.decision {
			c.found.source = f.source
		}
	case f.decision:
		c.step = finished
	case c.from.IsValid():
		c.found.source, c.step = c.from, finished
	default:
		c.step = sourceOfWay
	}
}

// refused takes in that the kernel has no answer.
func (c *chain) refused(code unix.Errno) {
	switch code {
	case unix.ENETUNREACH, unix.EHOSTUNREACH, unix.EACCES, unix.EINVAL, unix.ENODEV:
		if c.step == sourceOfWay || c.step == remoteEnd {
			c.step = finished
			return
		}
		c.without()
	default:
		c.step, c.failed = finished, true
	}
}

// without ends the chain without a way, or begins it anew with another source.
func (c *chain) without() {
	c.found, c.step = way{}, finished
	if c.family != six || c.plain || c.others == nil {
		return
	}
	if !c.tried {
		c.tried, c.rest = true, c.others()
	}
	if len(c.rest) > 0 {
		c.from, c.rest, c.step = c.rest[0], c.rest[1:], firstHalf
	}
}
