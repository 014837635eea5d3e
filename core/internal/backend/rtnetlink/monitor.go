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

// datagram is the size of the read buffer. The kernel fills 32 KiB of a dump at
// a time where the reader has room for it, and no notification is larger.
const datagram = 64 << 10

// reader reads the subscription. It is the one place that calls the sink, so
// that the order of reports and answers is the order of the kernel's messages.
type monitor struct {
	backend *Backend
	sink    backend.Sink
	buffer  []byte
	backoff backoff // between one failure and the next

	sub         *subscription
	snapshot    *snapshot // nil before the first complete one
	dump        dump
	resyncAgain bool        // read everything again when the present dump ends
	deferred    []ack       // commands to answer when their outcome has been told
	batch       lookupBatch // what is being asked
	lossRounds  int         // that reports have waited for
	nextFull    time.Time   // everything is asked again no earlier
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

// follow reads one subscription until it fails. One that has lost a message is
// given up too: the kernel drops everything for it until its queue is empty,
// and says so only once.
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

// wake does what is due.
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

// latest is the picture that notifications belong to: while everything is read
// again, the one that is being made.
func (mon *monitor) target() *snapshot {
	if mon.dump.snapshot != nil {
		return mon.dump.snapshot
	}
	return mon.snapshot
}

// take handles one datagram: its messages, then the report of what they
// changed.
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
	mon.publish() // first: to ask may take as long as somebody else configures a link
	return mon.requery()
}

// answer takes in what was asked for on the subscription: a part of a dump, a
// way, or the receipt of a command.
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

// settle answers commands, once the picture shows what came of them.
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

// reportLost reports links whose identifiers other links have taken over.
func (mon *monitor) reportReplaced(lost []string) {
	if len(lost) > 0 {
		mon.report(bearer.Batch{Gone: lost})
	}
}

func (mon *monitor) report(b bearer.Batch) {
	if !b.Complete && len(b.Changed) == 0 && len(b.Gone) == 0 {
		return
	}
	mon.backend.recordLinks(&b)
	mon.sink.Report(b)
}
