package engine

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/session"
)

// pending counts the commands on one access point that the backend has not
// answered yet.
type pending struct{ starts, stops int }

// callBackend calls the backend, or defers the call in an inline run.
func (l *loop) callBackend(f func()) {
	if l.inline {
		l.deferred = append(l.deferred, f)
		return
	}
	f()
}

func (l *loop) start(id string) {
	p := l.pending[id]
	p.starts++
	l.pending[id] = p
	if h := l.heldUp[id]; h != nil && h.waiting {
		h.starts++
	}
	l.orderAbout(id, func() { l.backend.Start(id) })
}

func (l *loop) stop(id string) {
	l.stopping++
	p := l.pending[id]
	p.stops++
	l.pending[id] = p
	l.orderAbout(id, func() { l.backend.Stop(id) })
}

// link says where the configuration with the identifier stands.
func (l *loop) link(id string) session.Link {
	if id == "" {
		return session.LinkGone
	}
	return linkOf(l.store.GetUnlocked(id))
}

// heading says where an access point stands, seen in the light of the commands
// that are under way: one that is up, but about to be stopped, must not be
// taken for one that can be used.
func (l *loop) heading(id string) session.Link {
	if id == "" {
		return session.LinkGone
	}
	link, p := l.link(id), l.pending[id]
	switch {
	case link == session.LinkGone:
		return link
	case l.heldUp[id] != nil:
		return l.heldUp[id].link()
	case link == session.LinkUnavailable:
		return link
	case p.stops > 0 && (link != session.LinkDown || p.starts > 0):
		return session.LinkStopping
	case p.stops == 0 && p.starts > 0 && link == session.LinkDown:
		return session.LinkStarting
	}
	return link
}

// raised reports whether somebody has brought an access point up already, or is
// about to: whoever starts it now changes nothing, and owns nothing.
func (l *loop) raised(id string) bool {
	switch l.heading(id) {
	case session.LinkUp, session.LinkStarting:
		return true
	case session.LinkDown, session.LinkUnavailable:
		c := l.store.GetUnlocked(id)
		return c != nil && c.Up && l.pending[id].stops == 0
	}
	return false
}

// done takes the answer to a command.
func (l *loop) done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	if op == backend.OpRefresh {
		l.refreshed()
		return
	}
	if op == backend.OpStart && err == nil {
		l.counter.Answered(id, a.Joined)
	}
	counts := l.answered(op, id, err)
	l.endHoldup(id)
	l.on(id, l.moved) // what was pending has been part of the facts
	switch {
	case !counts:
	case op == backend.OpStart && a.Undone:
		l.on(id, func(s *Session) { l.fell(s, id) })
	case op == backend.OpStart && err != nil:
		l.outcome(id, session.NotStarted, err)
	case op == backend.OpStop && err != nil:
		l.outcome(id, session.NotStopped, err)
	case op == backend.OpStop:
		l.outcome(id, session.Stopped, nil)
	}
}

// answered counts one answer and reports whether it counts for the sessions: a
// start that was withdrawn since must not fail a later one, and a stop that was
// repeated since is not over.
func (l *loop) answered(op backend.Op, id string, err error) bool {
	p, known := l.pending[id]
	last := false
	switch {
	case op == backend.OpStart && p.starts > 0:
		p.starts--
		last = p.starts == 0 && p.stops == 0
	case op == backend.OpStop && p.stops > 0:
		p.stops--
		last = p.stops == 0
		if last {
			l.settleStop(id, err)
		}
		l.stopped()
	}
	if p == (pending{}) {
		delete(l.pending, id)
	} else {
		l.pending[id] = p
	}
	return known && last
}

// outcome tells the sessions what came of a command.
func (l *loop) outcome(id string, kind session.Kind, err error) {
	ev := session.Event{Kind: kind, ID: id}
	if err != nil {
		ev.Err, ev.Text = errorOf(err), err.Error()
	}
	l.on(id, func(s *Session) { l.advanceTurning(s, ev) })
}

func errorOf(err error) session.Error {
	switch backend.ReasonOf(err) {
	case backend.ReasonNotSupported:
		return session.NotSupportedError
	case backend.ReasonAborted:
		return session.AbortedError
	case backend.ReasonNoConfiguration:
		return session.InvalidConfigurationError
	}
	return session.UnknownError
}

// settleTime is how long a client that detaches waits for links that are being
// taken down. A process may end right after, and the command must have reached
// the system by then; that it is carried out need not be waited for.
const settleTime = 100 * time.Millisecond

// settle waits until the calls so far have been carried out and no link is being
// taken down, within settleTime.
func (e *Engine) settle() {
	if !e.used.Load() {
		return // no session, so nothing was taken down
	}
	over := make(chan struct{})
	e.post(func(l *loop) {
		l.settling = append(l.settling, over)
		l.settled()
	})
	limit := time.NewTimer(settleTime)
	defer limit.Stop()
	select {
	case <-over:
	case <-limit.C:
	}
}

func (l *loop) stopped() {
	l.stopping--
	l.settled()
}

func (l *loop) settled() {
	if l.stopping > 0 {
		return
	}
	for _, over := range l.settling {
		close(over)
	}
	l.settling = nil
}
