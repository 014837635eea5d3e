package rtnetlink

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// stage is what is being read.
type stage uint8

const (
	idle stage = iota
	readingLinks
	readingAddresses
	askingWays // the kernel is asked for the ways of what was read
)

// dump is a reading of everything that is under way.
type dump struct {
	stage stage
	seq   uint32   // of the request, by which its answers are known
	fresh *picture // that is being made; nil while nothing is read
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
	d.fresh.fill(m)
}

// readAll starts to read everything. What else is being read is read first, and
// what is being asked is not of interest any more.
func (r *reader) readAll() error {
	if r.dump.stage != idle {
		r.requested = true
		return nil
	}
	r.alarms.clear(readAgain)
	r.round.end()
	r.dump.attempt++
	r.dump.torn = false
	r.dump.fresh = newPicture(r.backend.identify, r.backend.denied())
	r.dump.fresh.heard = &heard{addresses: make(map[addressKey]bool)}
	r.dump.sent = r.backend.receipts.last()
	return r.request(readingLinks)
}

func (r *reader) request(s stage) error {
	r.dump.stage = s
	r.dump.seq = r.backend.receipts.numbers(1)
	_, err := r.sub.Write(dumpRequest(s, r.dump.seq))
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
	case r.dump.torn && r.dump.attempt < attempts:
		return r.readAll()
	case finished == readingLinks:
		return r.request(readingAddresses)
	}
	r.dump.stage = askingWays
	r.dump.fresh.heard = nil
	r.dump.fresh.wants = wants{all: all, tunnels: true}
	return r.inquire()
}

// finishAll puts the picture that was made in the place of the one that was
// known. A link in the place of another is no successor of it: that one is gone.
func (r *reader) finishAll() error {
	before := r.picture
	r.picture, r.dump.fresh, r.dump.stage = r.dump.fresh, nil, idle
	lost := r.picture.strangers(before)
	r.reportLost(lost)
	r.report(r.picture.complete())
	if r.requested {
		r.requested = false
		return r.readAll()
	}
	r.dump.attempt = 0
	r.waiting = append(r.waiting, r.backend.receipts.upTo(r.dump.sent)...)
	r.answerWaiting()
	r.backend.work.start()
	if r.dump.torn {
		r.readAllLater()
	}
	return nil
}

// answerWaiting answers the commands whose outcome has been told by now.
func (r *reader) answerWaiting() {
	for _, w := range r.waiting {
		r.done(w)
	}
	r.waiting = nil
}

// done answers one.
func (r *reader) done(c receipt) {
	var l *link
	if known, err := r.backend.find(c.id); err == nil {
		l = r.picture.links[known.index]
	}
	r.sink.Done(c.answer(l))
}

// readAllLater repeats a reading that was disturbed too often.
func (r *reader) readAllLater() {
	r.sink.Log(backend.LevelInfo, "The links changed all the time while they were read; they are read again in a moment.")
	now := time.Now()
	r.alarms.set(readAgain, now.Add(r.pause.next(now)))
}

// dumpRequest asks for all of something. Kernels that filter leave out what is
// not looked at: the counters of links.
func dumpRequest(s stage, seq uint32) []byte {
	var req *nl.NetlinkRequest
	switch s {
	case readingLinks:
		req = nl.NewNetlinkRequest(unix.RTM_GETLINK, unix.NLM_F_DUMP)
		req.AddData(nl.NewIfInfomsg(unix.AF_UNSPEC))
		req.AddData(nl.NewRtAttr(unix.IFLA_EXT_MASK, nl.Uint32Attr(skipStatistics)))
	default:
		req = nl.NewNetlinkRequest(unix.RTM_GETADDR, unix.NLM_F_DUMP)
		req.AddData(nl.NewIfAddrmsg(unix.AF_UNSPEC))
	}
	req.Seq = seq
	return req.Serialize()
}

// skipStatistics is RTEXT_FILTER_SKIP_STATS.
const skipStatistics = 1 << 3
