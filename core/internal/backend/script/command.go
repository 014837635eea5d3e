package script

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// command takes a command of the application in, at the time that the player
// has reached, and plays the step that waits for it.
func (p *player) command(op backend.Op, id string) {
	if op != backend.OpRefresh {
		p.order(op, id)
	}
	if s := p.awaited(); s != nil && s.when.matches(op, id) {
		p.play()
		for p.advance(p.now) {
		}
	}
	if op == backend.OpRefresh {
		p.sink.Done(backend.Answer{Op: op, ID: id, Err: nil})
	}
}

// order puts a command behind those on the same access point.
func (p *player) order(op backend.Op, id string) {
	a := p.points[id]
	if a == nil {
		p.answer(op, id, gone(id))
		p.flush()
		return
	}
	a.waiting = append(a.waiting, op)
	switch {
	case op == backend.OpStop && a.under(backend.OpStart):
		// The progress stays, so that the command to stop has something to do.
		p.leave(a, aborted(backend.OpStart, id, "it was stopped meanwhile"))
	case op == backend.OpStart && a.under(backend.OpStop) && a.current.rule.outcome == hangs:
		p.touch(id)
		a.config.Progress = bearer.Settled
		p.leave(a, aborted(backend.OpStop, id, "it was started again"))
	}
	p.pump(a)
	p.flush()
}

// pump begins what waits, for as long as nothing is under way.
func (p *player) pump(a *accessPoint) {
	for a.current == nil && len(a.waiting) > 0 {
		op := a.waiting[0]
		a.waiting = a.waiting[1:]
		if op == backend.OpStart && a.withdrawn() {
			p.answer(op, a.config.ID, aborted(op, a.config.ID, "it was stopped meanwhile"))
			continue
		}
		p.try(a, op)
	}
}

// try begins a command, and ends it where it takes no time.
func (p *player) try(a *accessPoint, op backend.Op) {
	if err := a.denial(op); err != nil || a.idle(op) {
		p.answer(op, a.config.ID, err)
		return
	}
	a.current = &attempt{point: a, op: op}
	p.resume(a)
}

// resume lets the command under way follow the rule of now, from now on.
func (p *player) resume(a *accessPoint) {
	p.touch(a.config.ID)
	t := a.current
	t.rule = a.rule(t.op)
	if t.rule.outcome != hangs && t.rule.takes == 0 {
		p.leave(a, t.conclude())
		p.pump(a)
		return
	}
	a.config.Progress = bearer.Connecting
	if t.op == backend.OpStop {
		a.config.Progress = bearer.Closing
	}
	if t.rule.outcome != hangs {
		t.due = p.now + t.rule.takes
		p.attempts = append(p.attempts, t)
	}
}

// end is the time at which an attempt ends.
func (p *player) end(t *attempt) {
	p.touch(t.point.config.ID)
	p.leave(t.point, t.conclude())
	p.pump(t.point)
	p.flush()
}

// interrupt ends an attempt because a step has set the state.
func (p *player) interrupt(a *accessPoint) {
	t := a.current
	var err error
	if !t.reached() {
		err = aborted(t.op, a.config.ID, fmt.Sprintf("it is %v now", a.config.State))
	}
	p.leave(a, err)
	p.pump(a)
}

// leave answers the command under way.
func (p *player) leave(a *accessPoint, err error) {
	t := a.current
	a.current = nil
	for i, other := range p.attempts {
		if other == t {
			p.attempts = append(p.attempts[:i], p.attempts[i+1:]...)
			break
		}
	}
	p.answer(t.op, a.config.ID, err)
}

// forget answers all commands on an access point that was removed.
func (p *player) forget(a *accessPoint) {
	if a.current != nil {
		p.leave(a, gone(a.config.ID))
	}
	for _, op := range a.waiting {
		p.answer(op, a.config.ID, gone(a.config.ID))
	}
}

// answer notes an answer, to be given after the picture.
func (p *player) answer(op backend.Op, id string, err error) {
	p.done = append(p.done, outcomeOf{op, id, err})
}

// firstAttempt is the attempt that ends first, or nil.
func (p *player) firstAttempt() (first *attempt) {
	for _, t := range p.attempts {
		if first == nil || t.due < first.due {
			first = t
		}
	}
	return first
}
