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
type reader struct {
	backend *Backend
	sink    backend.Sink
	buffer  []byte
	pause   pause // between one failure and the next

	sub       *subscription
	picture   *picture // nil before the first complete one
	dump      dump
	requested bool      // read everything again when the present dump ends
	waiting   []receipt // commands to answer when their outcome has been told
	round     round     // what is being asked
	rounds    int       // that reports have waited for
	paced     time.Time // everything is asked again no earlier
	alarms    alarms
}

func (r *reader) run(ctx context.Context) error {
	for {
		err := r.follow()
		switch {
		case ctx.Err() != nil:
			return nil
		case r.picture == nil && forbidden(err):
			return fmt.Errorf("the kernel's links cannot be watched: route netlink is not available to this process (%w)", err)
		case errors.Is(err, unix.ENOBUFS):
			r.sink.Log(backend.LevelInfo, "Links changed faster than they could be read; everything is read again.")
		default:
			r.sink.Log(backend.LevelWarning, fmt.Sprintf("The subscription to the kernel's links failed (%v); it is opened again.", err))
		}
		r.pause.wait(ctx)
	}
}

// follow reads one subscription until it fails. One that has lost a message is
// given up too: the kernel drops everything for it until its queue is empty,
// and says so only once.
func (r *reader) follow() error {
	sub, err := r.backend.connect()
	if err != nil {
		return err
	}
	defer r.backend.disconnect(sub)
	r.sub, r.dump, r.requested, r.alarms = sub, dump{}, false, alarms{}
	r.round.end()
	if err := r.readAll(); err != nil {
		return err
	}
	for {
		if err := r.alarms.arm(sub); err != nil {
			return err
		}
		n, err := sub.Read(r.buffer)
		switch {
		case err == nil:
			err = r.take(r.buffer[:n])
		case errors.Is(err, os.ErrDeadlineExceeded):
			err = r.wake(time.Now())
		}
		if err != nil {
			return err
		}
	}
}

// wake does what is due.
func (r *reader) wake(now time.Time) error {
	r.alarms.rang()
	for {
		which, ok := r.alarms.due(now)
		switch {
		case !ok:
			return r.inquire()
		case which == readAgain:
			if err := r.readAll(); err != nil {
				return err
			}
		case which == askAgain:
			r.latest().wantAll(all)
		case which == routeExpiry:
			r.latest().wantExpired(now)
		}
	}
}

// latest is the picture that notifications belong to: while everything is read
// again, the one that is being made.
func (r *reader) latest() *picture {
	if r.dump.fresh != nil {
		return r.dump.fresh
	}
	return r.picture
}

// take handles one datagram: its messages, then the report of what they
// changed.
func (r *reader) take(b []byte) error {
	for len(b) > 0 {
		m, rest, err := next(b)
		if err != nil {
			return err
		}
		if m.port == r.sub.port {
			err = r.answer(&m)
		} else {
			r.latest().apply(&m)
		}
		if err != nil {
			return err
		}
		b = rest
	}
	if r.reading() {
		return nil
	}
	r.tell() // first: to ask may take as long as somebody else configures a link
	return r.inquire()
}

// answer takes in what was asked for on the subscription: a part of a dump, a
// way, or the receipt of a command.
func (r *reader) answer(m *message) error {
	ends := m.kind == unix.NLMSG_DONE || m.kind == unix.NLMSG_ERROR
	switch {
	case r.reading() && m.seq == r.dump.seq:
		r.dump.take(m)
		if ends {
			return r.advance(m.errno())
		}
	case m.seq == r.round.barrier:
	case r.round.expects(m.seq):
		return r.hear(m)
	case ends:
		return r.settle(r.backend.receipts.upTo(m.seq))
	}
	return nil
}

// settle answers commands, once the picture shows what came of them.
func (r *reader) settle(done []receipt) error {
	if len(done) == 0 {
		return nil
	}
	if err := r.inquire(); err != nil {
		return err
	}
	r.tell()
	for _, c := range done {
		if c.op == backend.OpRefresh || r.dump.fresh != nil || r.requested || r.held() {
			r.waiting = append(r.waiting, c)
		} else {
			r.done(c)
		}
		if c.op == backend.OpRefresh {
			if err := r.readAll(); err != nil {
				return err
			}
		}
	}
	return nil
}

// reportLost reports links whose identifiers other links have taken over.
func (r *reader) reportLost(lost []string) {
	if len(lost) > 0 {
		r.report(bearer.Batch{Gone: lost})
	}
}

func (r *reader) report(b bearer.Batch) {
	if !b.Complete && len(b.Changed) == 0 && len(b.Gone) == 0 {
		return
	}
	r.backend.note(&b)
	r.sink.Report(b)
}
