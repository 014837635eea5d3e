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
	dumpingLinks
	dumpingAddresses
	resolving // the kernel is asked for the ways of what was read
)

// dump is a reading of everything that is under way.
type dump struct {
	stage    stage
	seq      uint32    // of the request, by which its answers are known
	snapshot *snapshot // that is being made; nil while nothing is read
	// torn: what is read may be neither what was before a change nor what was
	// after it.
	interrupted bool
	attempt     int
	lastAck     uint32 // commands up to this receipt were carried out before
}

// attempts is how often a torn reading is repeated at once. Then it is taken as
// it is, and repeated after a pause.
const maxAttempts = 4

// take takes a part of the dump in.
func (d *dump) handle(m *message) {
	d.interrupted = d.interrupted || m.flags&unix.NLM_F_DUMP_INTR != 0
	d.snapshot.applyDump(m)
}

// readAll starts to read everything. What else is being read is read first, and
// what is being asked is not of interest any more.
func (mon *monitor) resync() error {
	if mon.dump.stage != idle {
		mon.resyncAgain = true
		return nil
	}
	mon.timers.clear(resyncTimer)
	mon.batch.reset()
	mon.dump.attempt++
	mon.dump.interrupted = false
	mon.dump.snapshot = newSnapshot(mon.backend.identify, mon.backend.denied())
	mon.dump.snapshot.notified = &notified{addresses: make(map[addressKey]bool)}
	mon.dump.lastAck = mon.backend.acks.lastSeq()
	return mon.sendDump(dumpingLinks)
}

func (mon *monitor) sendDump(s stage) error {
	mon.dump.stage = s
	mon.dump.seq = mon.backend.acks.reserve(1)
	_, err := mon.sub.Write(dumpRequest(s, mon.dump.seq))
	return err
}

// advance follows the end of one dump.
func (mon *monitor) nextStage(code unix.Errno) error {
	finished := mon.dump.stage
	mon.dump.stage = idle
	switch {
	case code == unix.EINTR || code == unix.EAGAIN:
		mon.dump.interrupted = true
	case code != 0:
		return fmt.Errorf("reading all links: %w", code)
	}
	switch {
	case mon.dump.interrupted && mon.dump.attempt < maxAttempts:
		return mon.resync()
	case finished == dumpingLinks:
		return mon.sendDump(dumpingAddresses)
	}
	mon.dump.stage = resolving
	mon.dump.snapshot.notified = nil
	mon.dump.snapshot.stale = staleLookups{all: all, tunnels: true}
	return mon.requery()
}

// finishAll puts the picture that was made in the place of the one that was
// known. A link in the place of another is no successor of it: that one is gone.
func (mon *monitor) install() error {
	before := mon.snapshot
	mon.snapshot, mon.dump.snapshot, mon.dump.stage = mon.dump.snapshot, nil, idle
	lost := mon.snapshot.replaced(before)
	mon.reportReplaced(lost)
	mon.report(mon.snapshot.full())
	if mon.resyncAgain {
		mon.resyncAgain = false
		return mon.resync()
	}
	mon.dump.attempt = 0
	mon.deferred = append(mon.deferred, mon.backend.acks.takeUpTo(mon.dump.lastAck)...)
	mon.completeDeferred()
	mon.backend.worker.enable()
	if mon.dump.interrupted {
		mon.resyncLater()
	}
	return nil
}

// answerWaiting answers the commands whose outcome has been told by now.
func (mon *monitor) completeDeferred() {
	for _, w := range mon.deferred {
		mon.complete(w)
	}
	mon.deferred = nil
}

// done answers one.
func (mon *monitor) complete(c ack) {
	var l *link
	if known, err := mon.backend.findLink(c.id); err == nil {
		l = mon.snapshot.links[known.index]
	}
	mon.sink.Done(c.answer(l))
}

// readAllLater repeats a reading that was disturbed too often.
func (mon *monitor) resyncLater() {
	mon.sink.Log(backend.LevelInfo, "The links changed all the time while they were read; they are read again in a moment.")
	now := time.Now()
	mon.timers.set(resyncTimer, now.Add(mon.backoff.next(now)))
}

// dumpRequest asks for all of something. Kernels that filter leave out what is
// not looked at: the counters of links.
func dumpRequest(s stage, seq uint32) []byte {
	var req *nl.NetlinkRequest
	switch s {
	case dumpingLinks:
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
