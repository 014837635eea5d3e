package connman

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// How long a command may take. ConnMan itself gives up an attempt after two
// minutes; the rest is for one that has to wait for another service first.
const (
	startLimit = 150 * time.Second
	stopLimit  = 20 * time.Second
	// settleLimit bounds the wait for a state that ConnMan said was reached.
	settleLimit = 5 * time.Second
)

// desk carries out the commands on services, those on one service one after
// the other.
type desk struct {
	f      *follower
	queues map[string][]*errand // under way or waiting, by identifier
}

func newDesk(f *follower) *desk { return &desk{f: f, queues: make(map[string][]*errand)} }

// start and stop take a command. A stop withdraws the starts before it.
func (d *desk) start(id string) { d.take(&errand{op: backend.OpStart, id: id}) }

func (d *desk) stop(id string) {
	e := &errand{op: backend.OpStop, id: id}
	var kept []*errand
	for _, other := range d.queues[id] {
		if other.op == backend.OpStop {
			kept = append(kept, other)
			continue
		}
		e.insist = e.insist || other.tries > 0
		d.answer(other, because{backend.ReasonAborted, "it was stopped before it was up"})
	}
	d.queues[id] = kept
	d.take(e)
}

func (d *desk) take(e *errand) {
	if !d.f.present {
		d.answer(e, because{backend.ReasonNoConfiguration, "ConnMan is not running, or does not talk to this process"})
		return
	}
	d.queues[e.id] = append(d.queues[e.id], e)
	d.restrict(e, limitOf(e.op))
	d.pump(e.id)
}

func limitOf(op backend.Op) time.Duration {
	if op == backend.OpStop {
		return stopLimit
	}
	return startLimit
}

// restrict bounds the time that an errand may still take.
func (d *desk) restrict(e *errand, limit time.Duration) {
	e.limit.Stop()
	e.limit = d.f.after(limit, func() { d.expire(e) })
}

func (d *desk) expire(e *errand) {
	if e.settling && d.view(e.id).state.up() {
		e.sent, e.made = false, true
		d.pump(e.id)
		return
	}
	if e.accepted && !e.extended && d.view(e.id).state.connecting() {
		// ConnMan answered Connect although it has only begun.
		e.extended = true
		d.restrict(e, limitOf(e.op))
		return
	}
	text := fmt.Sprintf("it did not get there within %v", limitOf(e.op))
	switch {
	case e.sent:
		text = "ConnMan does not answer"
	case e.accepted && !e.extended:
		text = "ConnMan said that it was done, and nothing changed"
	}
	d.leave(e, because{backend.ReasonUnknown, text})
	d.pump(e.id)
}

// pumpAll goes on with every command, after something changed.
func (d *desk) pumpAll() {
	for _, id := range d.ids() {
		d.pump(id)
	}
}

func (d *desk) ids() []string {
	ids := make(map[string]bool, len(d.queues))
	for id := range d.queues {
		ids[id] = true
	}
	return sorted(ids)
}

// pump goes on with the commands on one service as far as that is possible now.
func (d *desk) pump(id string) {
	for len(d.queues[id]) > 0 {
		e := d.queues[id][0]
		switch e.next(d.view(id)) {
		case wait:
			return
		case call:
			d.call(e)
			return
		case settle:
			if !e.settling {
				e.settling = true
				d.restrict(e, settleLimit)
			}
			return
		case finish:
			d.succeed(e)
		case fail:
			d.leave(e, d.f.picture.whyFailed(id))
		}
	}
	delete(d.queues, id)
}

func (d *desk) view(id string) view {
	s, absent := d.f.picture.find(id)
	if s == nil || absent {
		return view{}
	}
	now := s.state
	if s.seeking {
		now = s.looks() // what it is to sessions counts
	}
	return view{here: true, state: now, busy: d.f.picture.busy(s), failures: s.failures}
}

func (d *desk) call(e *errand) {
	s, _ := d.f.picture.find(e.id)
	e.sent, e.blocked, e.failures = true, false, s.failures
	e.tries++
	d.expect(s, e.op == backend.OpStop)
	method := "Connect"
	if e.op == backend.OpStop {
		method = "Disconnect"
	}
	c := bus.Call{Path: s.path, Interface: "net.connman.Service", Method: method, Timeout: limitOf(e.op)}
	d.f.call(c, func(r bus.Reply) { d.answered(e, r.Err) })
}

func (d *desk) answered(e *errand, err error) {
	if e.over || err == bus.ErrGone {
		return // vanish follows, and answers all
	}
	if vanished(err) {
		d.f.readLater(doubtPause)
	}
	if e.answer(err, d.view(e.id)) {
		d.leave(e, d.f.picture.whyRefused(e.id, err))
	} else if e.accepted && e.op == backend.OpStart {
		d.restrict(e, settleLimit)
	}
	d.pump(e.id)
}

// succeed answers the first command of a queue.
func (d *desk) succeed(e *errand) {
	d.remove(e)
	e.over = true
	e.limit.Stop()
	d.f.sink.Done(backend.Answer{Op: e.op, ID: e.id, Joined: e.op == backend.OpStart && !e.made})
}

// leave gives a command up. The starts that wait behind a failed one share its
// fate: nothing has changed since.
func (d *desk) leave(e *errand, why because) {
	rest := d.remove(e)
	if s, _ := d.f.picture.find(e.id); s != nil {
		d.expect(s, false)
	}
	d.answer(e, why)
	for e.op == backend.OpStart && len(rest) > 0 && rest[0].op == backend.OpStart {
		next := rest[0]
		rest = d.remove(next)
		d.answer(next, why)
	}
}

// expect notes whether a service has been asked to go down, and tells if it looks
// different for that.
func (d *desk) expect(s *service, leaving bool) {
	before := s.looks()
	s.leaving = leaving
	if s.looks() != before {
		d.f.picture.touch(s.id)
		d.f.tell()
	}
}

// remove takes an errand out of its queue and returns those behind it.
func (d *desk) remove(e *errand) (rest []*errand) {
	queue := d.queues[e.id]
	for i, other := range queue {
		if other == e {
			rest = queue[i+1:]
			d.queues[e.id] = append(append([]*errand(nil), queue[:i]...), rest...)
			break
		}
	}
	return rest
}

// answer refuses a command.
func (d *desk) answer(e *errand, why because) {
	e.over = true
	e.limit.Stop()
	s, _ := d.f.picture.find(e.id)
	d.f.sink.Done(backend.Answer{Op: e.op, ID: e.id, Err: refuse(e.op, e.id, s, why)})
}

// vanish answers every command after ConnMan has gone.
func (d *desk) vanish() {
	for _, id := range d.ids() {
		for _, e := range d.queues[id] {
			d.answer(e, because{backend.ReasonUnknown, "ConnMan is not running any more"})
		}
		delete(d.queues, id)
	}
}
