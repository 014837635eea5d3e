package rtnetlink

import (
	"errors"
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
	"golang.org/x/sys/unix"
)

// The parts of RTM_GETSTATS that the packages do not define.
const (
	sizeofStatsMsg = 12
	filterLink64   = 1 << (unix.IFLA_STATS_LINK_64 - 1)
	rxBytes        = 16 // offset in struct rtnl_link_stats64
	txBytes        = 24
)

// Counters reads the kernel's 64-bit counters of the configuration's link.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	known, err := b.findLink(id)
	if err != nil {
		return backend.Counters{}, err
	}
	c, err := b.requester.counters(known.index)
	if err != nil {
		return c, fmt.Errorf("the byte counters of %s could not be read: %w", known.name, err)
	}
	return c, nil
}

// counters requests the counters alone, or everything about the link if the
// kernel is too old for RTM_GETSTATS.
func (r *requester) counters(index int) (backend.Counters, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.noStats {
		c, err := r.stats(index)
		if !errors.Is(err, unix.EOPNOTSUPP) {
			return c, err
		}
		r.noStats = true
	}
	return r.linkStats(index)
}

func (r *requester) stats(index int) (backend.Counters, error) {
	request := r.newRequest(unix.RTM_GETSTATS, sizeofStatsMsg)
	native.PutUint32(request[20:], uint32(index))
	native.PutUint32(request[24:], filterLink64)
	body, err := r.roundTrip(request)
	return pick(body, sizeofStatsMsg, unix.IFLA_STATS_LINK_64, err)
}

func (r *requester) linkStats(index int) (backend.Counters, error) {
	request := r.newRequest(unix.RTM_GETLINK, unix.SizeofIfInfomsg)
	native.PutUint32(request[20:], uint32(index))
	body, err := r.roundTrip(request)
	return pick(body, unix.SizeofIfInfomsg, unix.IFLA_STATS64, err)
}

// newRequest returns a request with an empty body of the size. All requests
// share its buffer.
func (r *requester) newRequest(kind uint16, size int) []byte {
	r.seq++
	r.request = [maxRequest]byte{}
	b := r.request[:unix.SizeofNlMsghdr+size]
	native.PutUint32(b[0:], uint32(len(b)))
	native.PutUint16(b[4:], kind)
	native.PutUint16(b[6:], unix.NLM_F_REQUEST)
	native.PutUint32(b[8:], r.seq)
	return b
}

// pick finds the counters in a reply.
func pick(body []byte, header int, attribute uint16, err error) (backend.Counters, error) {
	var c backend.Counters
	if err != nil {
		return c, err
	}
	if len(body) < header {
		return c, errTruncated
	}
	list := attributes(body[header:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		if kind == attribute && len(value) >= txBytes+8 {
			c.Received, c.Written = native.Uint64(value[rxBytes:]), native.Uint64(value[txBytes:])
			return c, nil
		}
	}
	return c, errTruncated
}
