// Resynchronization: dumps of all links and addresses that make a new snapshot.

package rtnetlink

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// stage is the current step of a resync.
type stage uint8

const (
	idle stage = iota
	dumpingLinks
	dumpingAddresses
	resolving // lookups for the new snapshot
)

// dump is the state of a resync. The monitor's goroutine owns it. The zero
// value means that no resync is in progress.
type dump struct {
	stage    stage
	seq      uint32    // of the dump request; its replies have the same
	snapshot *snapshot // under construction; nil while no resync is in progress
	// interrupted: a change during the dump may have made it inconsistent
	// (NLM_F_DUMP_INTR).
	interrupted bool
	attempt     int
	lastAck     uint32 // commands up to this sequence number were executed before the resync
}

// maxAttempts is how often an interrupted dump is repeated at once. The last
// dump is used as it is, and the resync is repeated after a backoff.
const maxAttempts = 4

// handle applies a part of the dump.
func (d *dump) handle(m *message) {
	d.interrupted = d.interrupted || m.flags&unix.NLM_F_DUMP_INTR != 0
	d.snapshot.applyDump(m)
}

// resync starts to dump everything. If a resync is in progress, another one
// follows. Lookups in flight are abandoned.
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

// nextStage handles the end of a dump, and starts the next stage.
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

// install replaces the snapshot with the new one. A link that took over the
// identifier of another link is a new link: the old one is reported as gone
// first.
func (mon *monitor) install() error {
	before := mon.snapshot
	mon.snapshot, mon.dump.snapshot, mon.dump.stage = mon.dump.snapshot, nil, idle
	reused := mon.snapshot.replaced(before)
	mon.reportReplaced(reused)
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

// completeDeferred answers the commands whose outcome has been reported.
func (mon *monitor) completeDeferred() {
	for _, w := range mon.deferred {
		mon.complete(w)
	}
	mon.deferred = nil
}

// complete answers one command.
func (mon *monitor) complete(c ack) {
	var l *link
	if known, err := mon.backend.findLink(c.id); err == nil {
		l = mon.snapshot.links[known.index]
	}
	mon.sink.Done(c.answer(l))
}

// resyncLater schedules another resync if the last one was interrupted too often.
func (mon *monitor) resyncLater() {
	mon.sink.Log(backend.LevelInfo, "The links changed all the time while they were read; they are read again in a moment.")
	now := time.Now()
	mon.timers.set(resyncTimer, now.Add(mon.backoff.next(now)))
}

// dumpRequest is the request for a dump. Kernels that filter dumps leave out
// the counters of links, which the backend does not read here.
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
