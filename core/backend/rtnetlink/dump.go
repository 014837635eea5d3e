package rtnetlink

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/backend"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// stage is what is being read.
type stage uint8

const (
	idle stage = iota
	readingLinks
	readingAddresses
	readingRoutes
)

// dump is a reading that is under way: of everything, or of one family's
// routes.
type dump struct {
	stage stage
	seq   uint32 // of the request, by which its answers are known
	// fresh is the picture that is being made from everything; nil while only
	// routes are read.
	fresh  *picture
	family uint8
	hops   []hop
	// torn: what is read may be neither what was before a change nor what was
	// after it.
	torn    bool
	attempt int
	sent    uint32 // commands up to this receipt were carried out before
}

// attempts is how often a torn reading is repeated at once. Then it is taken as
// it is, and repeated after a pause.
const attempts = 4

// take takes a part of the dump in.
func (d *dump) take(m *message) {
	d.torn = d.torn || m.flags&unix.NLM_F_DUMP_INTR != 0
	if d.fresh != nil {
		d.fresh.fill(m)
		return
	}
	if rm, ok := parseRoute(m.body); ok && m.kind == unix.RTM_NEWROUTE {
		rm.hops(func(h hop) { d.hops = append(d.hops, h) })
	}
}

// disturb notes that a default route changed while routes were read again.
func (d *dump) disturb(m *message) {
	route := m.kind == unix.RTM_NEWROUTE || m.kind == unix.RTM_DELROUTE
	d.torn = d.torn || d.stage == readingRoutes && d.fresh == nil && route
}

// readAll starts to read everything. What else is being read is read first.
func (r *reader) readAll() error {
	if err := r.sub.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	if r.dump.stage != idle {
		r.requested = true
		return nil
	}
	r.dump.attempt++
	r.dump.torn, r.dump.hops = false, nil
	r.dump.fresh = newPicture(r.backend.identify, r.backend.denied())
	r.dump.fresh.heard = &heard{addresses: make(map[addressKey]bool), hops: make(map[hop]bool)}
	r.dump.sent = r.backend.receipts.last()
	return r.request(readingLinks, unix.AF_UNSPEC)
}

// readDoubtful reads the routes again that may have changed without a word.
func (r *reader) readDoubtful() error {
	if r.dump.stage != idle || r.picture.doubt == 0 {
		return nil
	}
	family := uint8(unix.AF_INET)
	if r.picture.doubt&ipv4 == 0 {
		family = unix.AF_INET6
	}
	r.picture.doubt &^= familyOf(family)
	r.dump.torn, r.dump.hops = false, nil
	r.dump.family = family
	return r.request(readingRoutes, family)
}

func (r *reader) request(s stage, family uint8) error {
	r.dump.stage = s
	r.dump.seq = r.backend.receipts.number()
	_, err := r.sub.Write(dumpRequest(s, family, r.dump.seq))
	return err
}

// advance follows the end of one dump.
func (r *reader) advance(code unix.Errno) error {
	finished := r.dump.stage
	r.dump.stage = idle
	switch {
	case code == unix.EINTR || code == unix.EAGAIN:
		r.dump.torn = true
	case code != 0:
		return fmt.Errorf("reading all links: %w", code)
	}
	switch {
	case r.dump.fresh == nil:
		return r.finishRoutes()
	case r.dump.torn && r.dump.attempt < attempts:
		return r.readAll()
	case finished == readingLinks:
		return r.request(readingAddresses, unix.AF_UNSPEC)
	case finished == readingAddresses:
		r.dump.fresh.doubt = 0
		return r.request(readingRoutes, unix.AF_UNSPEC)
	}
	return r.finishAll()
}

func (r *reader) finishRoutes() error {
	if r.dump.torn {
		r.picture.doubt |= familyOf(r.dump.family)
	}
	r.picture.setRoutes(r.dump.family, r.dump.hops)
	if r.requested {
		r.requested = false
		return r.readAll()
	}
	return nil
}

func (r *reader) finishAll() error {
	r.picture, r.dump.fresh = r.dump.fresh, nil
	r.picture.heard = nil
	r.report(r.picture.complete())
	if r.requested {
		r.requested = false
		return r.readAll()
	}
	r.dump.attempt = 0
	r.answerWaiting()
	if r.dump.torn {
		return r.readAllLater()
	}
	return nil
}

// answerWaiting answers the commands that were carried out before everything
// was read.
func (r *reader) answerWaiting() {
	r.waiting = append(r.waiting, r.backend.receipts.upTo(r.dump.sent)...)
	for _, w := range r.waiting {
		r.sink.Done(backend.Answer{Op: w.op, ID: w.id, Err: w.err})
	}
	r.waiting = nil
	r.backend.work.start()
}

// readAllLater repeats a reading that was disturbed too often.
func (r *reader) readAllLater() error {
	r.sink.Log(backend.LevelInfo, "The links changed all the time while they were read; they are read again in a moment.")
	now := time.Now()
	return r.sub.SetReadDeadline(now.Add(r.pause.next(now)))
}

// dumpRequest asks for all of something. Kernels that filter leave out what is
// not looked at: the counters of links, and routes that are not unicast.
func dumpRequest(s stage, family uint8, seq uint32) []byte {
	var req *nl.NetlinkRequest
	switch s {
	case readingLinks:
		req = nl.NewNetlinkRequest(unix.RTM_GETLINK, unix.NLM_F_DUMP)
		req.AddData(nl.NewIfInfomsg(int(family)))
		req.AddData(nl.NewRtAttr(unix.IFLA_EXT_MASK, nl.Uint32Attr(skipStatistics)))
	case readingAddresses:
		req = nl.NewNetlinkRequest(unix.RTM_GETADDR, unix.NLM_F_DUMP)
		req.AddData(nl.NewIfAddrmsg(int(family)))
	default:
		req = nl.NewNetlinkRequest(unix.RTM_GETROUTE, unix.NLM_F_DUMP)
		req.AddData(&nl.RtMsg{RtMsg: unix.RtMsg{Family: family, Type: unix.RTN_UNICAST}})
	}
	req.Seq = seq
	return req.Serialize()
}

// skipStatistics is RTEXT_FILTER_SKIP_STATS.
const skipStatistics = 1 << 3
