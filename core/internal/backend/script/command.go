// Commands of the application, and the attempts that they start.

package script

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// command executes a command of the application at the current time of the
// player, and plays the step that waits for it.
func (p *player) command(op backend.Op, id string) {
	if op != backend.OpRefresh {
		p.enqueue(op, id)
	}
	if s := p.nextStep(); s != nil && s.when.matches(op, id) {
		p.playStep()
		for p.advance(p.now) {
		}
	}
	if op == backend.OpRefresh {
		p.sink.Done(backend.Answer{Op: op, ID: id, Err: nil})
	}
}

// enqueue queues a command behind those on the same access point.
func (p *player) enqueue(op backend.Op, id string) {
	a := p.points[id]
	if a == nil {
		p.queueAnswer(op, id, gone(id))
		p.flush()
		return
	}
	a.queue = append(a.queue, op)
	switch {
	case op == backend.OpStop && a.isRunning(backend.OpStart):
		// The progress stays, so that the command to stop has something to do.
		p.finishAttempt(a, aborted(backend.OpStart, id, "it was stopped meanwhile"))
	case op == backend.OpStart && a.isRunning(backend.OpStop) && a.current.rule.outcome == hangs:
		p.touch(id)
		a.config.Progress = bearer.Settled
		p.finishAttempt(a, aborted(backend.OpStop, id, "it was started again"))
	}
	p.startNext(a)
	p.flush()
}

// startNext starts queued commands while none is in progress.
func (p *player) startNext(a *accessPoint) {
	for a.current == nil && len(a.queue) > 0 {
		op := a.queue[0]
		a.queue = a.queue[1:]
		if op == backend.OpStart && a.isWithdrawn() {
			p.queueAnswer(op, a.config.ID, aborted(op, a.config.ID, "it was stopped meanwhile"))
			continue
		}
		p.startAttempt(a, op)
	}
}

// startAttempt starts a command, and ends it if it takes no time.
func (p *player) startAttempt(a *accessPoint, op backend.Op) {
	if err := a.refusal(op); err != nil || a.isNoop(op) {
		p.queueAnswer(op, a.config.ID, err)
		return
	}
	a.current = &attempt{point: a, op: op}
	p.applyRule(a)
}

// applyRule makes the command in progress follow the current rule from now on.
func (p *player) applyRule(a *accessPoint) {
	p.touch(a.config.ID)
	t := a.current
	t.rule = a.rule(t.op)
	if t.rule.outcome != hangs && t.rule.takes == 0 {
		p.finishAttempt(a, t.complete())
		p.startNext(a)
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

// endAttempt ends an attempt whose time has come.
func (p *player) endAttempt(t *attempt) {
	p.touch(t.point.config.ID)
	p.finishAttempt(t.point, t.complete())
	p.startNext(t.point)
	p.flush()
}

// interruptAttempt ends an attempt because a step has set the state.
func (p *player) interruptAttempt(a *accessPoint) {
	t := a.current
	var err error
	if !t.isReached() {
		err = aborted(t.op, a.config.ID, fmt.Sprintf("it is %v now", a.config.State))
	}
	p.finishAttempt(a, err)
	p.startNext(a)
}

// finishAttempt answers the command in progress.
func (p *player) finishAttempt(a *accessPoint, err error) {
	t := a.current
	a.current = nil
	for i, other := range p.attempts {
		if other == t {
			p.attempts = append(p.attempts[:i], p.attempts[i+1:]...)
			break
		}
	}
	p.queueAnswer(t.op, a.config.ID, err)
}

// cancelAll answers all commands on an access point that was removed.
func (p *player) cancelAll(a *accessPoint) {
	if a.current != nil {
		p.finishAttempt(a, gone(a.config.ID))
	}
	for _, op := range a.queue {
		p.queueAnswer(op, a.config.ID, gone(a.config.ID))
	}
}

// queueAnswer queues an answer until the next report.
func (p *player) queueAnswer(op backend.Op, id string, err error) {
	p.answers = append(p.answers, pendingAnswer{op, id, err})
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
