// Decoding of the replies to RTM_GETROUTE.

package rtnetlink

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// fibResult is the content of one reply. Its slices are parts of the message.
type fibResult struct {
	unicast   bool
	cloned    bool // RTM_F_CLONED: the decision for one packet rather than the route that matches
	oif       int  // 0: several links, or the kernel says none
	multipath []byte
	metric    uint32
	nexthop   uint32
	source    netip.Addr
	expires   int32 // hundredths of a second; 0: never
}

// parseFIBResult reports false for a malformed message.
func parseFIBResult(body []byte) (r fibResult, ok bool) {
	if len(body) < unix.SizeofRtMsg {
		return r, false
	}
	r.unicast = body[7] == unix.RTN_UNICAST
	r.cloned = native.Uint32(body[8:])&unix.RTM_F_CLONED != 0
	list := attributes(body[unix.SizeofRtMsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		r.parseAttribute(body[0], kind, value)
	}
	return r, true
}

func (r *fibResult) parseAttribute(af uint8, kind uint16, value []byte) {
	switch kind {
	case unix.RTA_PRIORITY:
		r.metric = number(value)
	case unix.RTA_OIF:
		r.oif = int(int32(number(value)))
	case unix.RTA_MULTIPATH:
		r.multipath = value
	case rtaNexthopID:
		r.nexthop = number(value)
	case unix.RTA_PREFSRC:
		r.source = ip(af, value)
	case unix.RTA_CACHEINFO:
		if len(value) >= expiresAt+4 {
			r.expires = int32(native.Uint32(value[expiresAt:]))
		}
	}
}

// expiresAt is the offset of rta_expires in struct rta_cacheinfo.
const expiresAt = 8

// lifetime is the time until the route expires, plus two ticks: the kernel
// counts in ticks.
func (r *fibResult) lifetime() time.Duration {
	const tick = time.Second / 100
	if r.expires < 0 {
		return 2 * tick
	}
	return (time.Duration(r.expires) + 2) * tick
}

// eachOIF calls a function for each output interface.
func (r *fibResult) eachOIF(do func(index int)) {
	if r.oif > 0 {
		do(r.oif)
	}
	eachNexthop(r.multipath, do)
}

// hasOIF reports whether packets leave by a link.
func (r *fibResult) hasOIF(index int) (found bool) {
	r.eachOIF(func(i int) { found = found || i == index })
	return found
}

// eachNexthop calls a function for the link of each nexthop of a multipath
// route that is not dead.
func eachNexthop(b []byte, do func(index int)) {
	for len(b) >= unix.SizeofRtNexthop {
		size := int(native.Uint16(b))
		if size < unix.SizeofRtNexthop || size > len(b) {
			return
		}
		if index := int(int32(native.Uint32(b[4:]))); index > 0 && b[2]&unix.RTNH_F_DEAD == 0 {
			do(index)
		}
		b = skip(b, size)
	}
}

// rtaNexthopID is RTA_NH_ID.
const rtaNexthopID = 30
