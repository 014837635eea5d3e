// The monitor: the goroutine that reads the subscription, dispatches messages, and
// reports to the engine.

package rtnetlink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// datagram is the size of the read buffer. The kernel fills up to 32 KiB with
// one part of a dump if the buffer has room; no notification is larger.
const datagram = 64 << 10

// monitor reads the subscription. Only the monitor calls the sink, so that
// reports and answers keep the order of the kernel's messages. Its goroutine
// owns all fields; the zero values of the fields that Run does not set are ready
// for use.
type monitor struct {
	backend *Backend
	sink    backend.Sink
	buffer  []byte
	backoff backoff // between failures

	sub         *subscription
	snapshot    *snapshot // nil before the first complete dump
	dump        dump
	resyncAgain bool        // another resync is due when the current one ends
	deferred    []ack       // answered with the next report
	batch       lookupBatch // what is being asked
	lossRounds  int         // batches of lookups that the pending report has waited for
	nextFull    time.Time   // earliest time of the next full batch; zero: now
	timers      timers
}

func (mon *monitor) run(ctx context.Context) error {
	for {
		err := mon.readSubscription()
		switch {
		case ctx.Err() != nil:
			return nil
		case mon.snapshot == nil && isPermanent(err):
			return fmt.Errorf("the kernel's links cannot be watched: route netlink is not available to this process (%w)", err)
		case errors.Is(err, unix.ENOBUFS):
			mon.sink.Log(backend.LevelInfo, "Links changed faster than they could be read; everything is read again.")
		default:
			mon.sink.Log(backend.LevelWarning, fmt.Sprintf("The subscription to the kernel's links failed (%v); it is opened again.", err))
		}
		mon.backoff.wait(ctx)
	}
}

// readSubscription reads one subscription until it fails. After a lost message
// (ENOBUFS) the monitor opens a new subscription: the kernel drops messages
// until the queue of the old one is empty, and reports the loss only once.
func (mon *monitor) readSubscription() error {
	sub, err := mon.backend.connect()
	if err != nil {
		return err
	}
	defer mon.backend.disconnect(sub)
	mon.sub, mon.dump, mon.resyncAgain, mon.timers = sub, dump{}, false, timers{}
	mon.batch.reset()
	if err := mon.resync(); err != nil {
		return err
	}
	for {
		if err := mon.timers.arm(sub); err != nil {
			return err
		}
		n, err := sub.Read(mon.buffer)
		switch {
		case err == nil:
			err = mon.handleDatagram(mon.buffer[:n])
		case errors.Is(err, os.ErrDeadlineExceeded):
			err = mon.onDeadline(time.Now())
		}
		if err != nil {
			return err
		}
	}
}

// onDeadline handles the timers that have expired.
func (mon *monitor) onDeadline(now time.Time) error {
	mon.timers.expire()
	for {
		which, ok := mon.timers.due(now)
		switch {
		case !ok:
			return mon.requery()
		case which == resyncTimer:
			if err := mon.resync(); err != nil {
				return err
			}
		case which == retryTimer:
			mon.target().invalidateAll(all)
		case which == expiryTimer:
			mon.target().invalidateExpired(now)
		}
	}
}

// target is the snapshot that notifications apply to: during a resync, the new
// one.
func (mon *monitor) target() *snapshot {
	if mon.dump.snapshot != nil {
		return mon.dump.snapshot
	}
	return mon.snapshot
}

// handleDatagram handles the messages of one datagram, and then reports what
// they changed.
func (mon *monitor) handleDatagram(b []byte) error {
	for len(b) > 0 {
		m, rest, err := next(b)
		if err != nil {
			return err
		}
		if m.port == mon.sub.port {
			err = mon.handleReply(&m)
		} else {
			mon.target().apply(&m)
		}
		if err != nil {
			return err
		}
		b = rest
	}
	if mon.dumping() {
		return nil
	}
	mon.publish() // before requery: lookups block while another process configures a link
	return mon.requery()
}

// handleReply handles the reply to a request of the monitor: a part of a dump,
// the result of a lookup, or the acknowledgement of a command's no-op.
func (mon *monitor) handleReply(m *message) error {
	ends := m.kind == unix.NLMSG_DONE || m.kind == unix.NLMSG_ERROR
	switch {
	case mon.dumping() && m.seq == mon.dump.seq:
		mon.dump.handle(m)
		if ends {
			return mon.nextStage(m.errno())
		}
	case m.seq == mon.batch.barrierSeq:
	case mon.batch.expects(m.seq):
		return mon.handleLookup(m)
	case ends:
		return mon.completeCommands(mon.backend.acks.takeUpTo(m.seq))
	}
	return nil
}

// completeCommands answers commands after the report that shows their outcome.
func (mon *monitor) completeCommands(done []ack) error {
	if len(done) == 0 {
		return nil
	}
	if err := mon.requery(); err != nil {
		return err
	}
	mon.publish()
	for _, c := range done {
		if c.op == backend.OpRefresh || mon.dump.snapshot != nil || mon.resyncAgain || mon.withheld() {
			mon.deferred = append(mon.deferred, c)
		} else {
			mon.complete(c)
		}
		if c.op == backend.OpRefresh {
			if err := mon.resync(); err != nil {
				return err
			}
		}
	}
	return nil
}

// reportReplaced reports as gone the links whose identifiers now belong to
// other links.
func (mon *monitor) reportReplaced(reused []string) {
	if len(reused) > 0 {
		mon.report(bearer.Batch{Gone: reused})
	}
}

func (mon *monitor) report(b bearer.Batch) {
	if !b.Complete && len(b.Changed) == 0 && len(b.Gone) == 0 {
		return
	}
	mon.backend.recordLinks(&b)
	mon.sink.Report(b)
}
