package rtnetlink

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// way is what the kernel said about how packets of one family get to the
// internet: by any link, or by one.
type way struct {
	// match: there are routes to both halves of the family's space.
	match bool
	// source is the address that packets are given; they get no answer where it
	// does not lead beyond the link.
	source netip.Addr
	metric uint32 // the lowest of the routes
	// nexthop is the identifier of the routes' nexthop object; 0 where they have
	// none.
	nexthop uint32
	expires time.Time // when one of the routes ends by itself; zero: never
	links   []int     // by which packets leave, where no link was asked for
}

// out reports whether packets leave, and get an answer.
func (w *way) out() bool { return w.match && leads(w.source) }

// lacking reports whether packets leave, but for the want of a source.
func (w *way) lacking() bool { return w.match && !leads(w.source) }

// has reports whether packets leave by a link, where any was asked for.
func (w *way) has(index int) bool {
	for _, i := range w.links {
		if i == index {
			return true
		}
	}
	return false
}

func (w *way) equal(o *way) bool {
	if w.match != o.match || w.source != o.source || w.metric != o.metric || w.nexthop != o.nexthop ||
		!w.expires.Equal(o.expires) || len(w.links) != len(o.links) {
		return false
	}
	for i := range w.links {
		if w.links[i] != o.links[i] {
			return false
		}
	}
	return true
}

// join takes a route in: for the first half of the space, or for the other.
func (w *way) join(f *finding, now time.Time) {
	if !w.match || f.metric < w.metric {
		w.metric = f.metric
	}
	w.match, w.nexthop = true, f.nexthop
	if f.expires != 0 {
		if t := now.Add(f.left()); w.expires.IsZero() || t.Before(w.expires) {
			w.expires = t
		}
	}
}

func (w *way) add(index int) {
	if !w.has(index) {
		w.links = append(w.links, index)
	}
}

// finding is the route, or the decision, in one answer of the kernel. Its slices
// are parts of the message.
type finding struct {
	unicast   bool
	decision  bool // not a route, but what came of it for one packet
	index     int  // of the link; 0 where there are several, or the kernel says none
	multipath []byte
	metric    uint32
	nexthop   uint32
	source    netip.Addr
	expires   int32 // hundredths of a second; 0: never
}

// parseFinding reports false for what is malformed.
func parseFinding(body []byte) (f finding, ok bool) {
	if len(body) < unix.SizeofRtMsg {
		return f, false
	}
	f.unicast = body[7] == unix.RTN_UNICAST
	f.decision = native.Uint32(body[8:])&unix.RTM_F_CLONED != 0
	list := attributes(body[unix.SizeofRtMsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		f.take(body[0], kind, value)
	}
	return f, true
}

func (f *finding) take(af uint8, kind uint16, value []byte) {
	switch kind {
	case unix.RTA_PRIORITY:
		f.metric = number(value)
	case unix.RTA_OIF:
		f.index = int(int32(number(value)))
	case unix.RTA_MULTIPATH:
		f.multipath = value
	case rtaNexthopID:
		f.nexthop = number(value)
	case unix.RTA_PREFSRC:
		f.source = ip(af, value)
	case unix.RTA_CACHEINFO:
		if len(value) >= expiresAt+4 {
			f.expires = int32(native.Uint32(value[expiresAt:]))
		}
	}
}

// expiresAt is the offset of rta_expires in struct rta_cacheinfo.
const expiresAt = 8

// left is the time until the route expires, and a little more: the kernel counts
// in ticks.
func (f *finding) left() time.Duration {
	const tick = time.Second / 100
	if f.expires < 0 {
		return 2 * tick
	}
	return (time.Duration(f.expires) + 2) * tick
}

// each calls a function for every link that packets leave by.
func (f *finding) each(do func(index int)) {
	if f.index > 0 {
		do(f.index)
	}
	eachNexthop(f.multipath, do)
}

// by reports whether packets leave by a link.
func (f *finding) by(index int) (found bool) {
	f.each(func(i int) { found = found || i == index })
	return found
}

// eachNexthop calls a function for every link of a multipath route that is
// alive.
func eachNexthop(b []byte, do func(index int)) {
	for len(b) >= unix.SizeofRtNexthop {
		size := int(native.Uint16(b))
		if size < unix.SizeofRtNexthop || size > len(b) {
			return
		}
		if index := int(int32(native.Uint32(b[4:]))); index > 0 && b[2]&unix.RTNH_F_DEAD == 0 {
			do(index)
		}
		b = after(b, size)
	}
}

// rtaNexthopID is RTA_NH_ID.
const rtaNexthopID = 30
