package engine

import (
	"github.com/netsession/netsession/core/internal/session"
)

// The functions of this file pass an event to the state machine of a session, and
// carry out the effects. Every event takes the same path: handle completes it, step
// lets the machine take it, adapt determines what follows from the new state.

// handle lets a session take the step of an event: a call of the host, an answer of
// the backend, or the end of a timer. It adds what the machine needs to know.
func (l *loop) handle(s *Session, ev session.Event) {
	if s.freed {
		return
	}
	switch ev.Kind {
	case session.Open:
		l.open(s, ev)
	case session.Migrate:
		l.migrate(s, ev)
	case session.Stop:
		ev.Next = l.stoppable(s)
		ev.Text = l.links.Denied(ev.Next.ID)
		l.advance(s, ev)
	case session.Close:
		ev.Last = l.isLast(s)
		l.advance(s, ev)
	case session.Asked:
		if s.m.Asks != ev.Asks {
			l.advance(s, ev)
		}
	case session.Declined:
		l.advance(s, ev)
	default: // the session may use another access point
		l.addNext(s, &ev)
		l.stepReserved(s, &ev)
		l.adapt(s)
	}
}

// open completes an Open with what there is to open, which stays reserved until the
// step is taken.
func (l *loop) open(s *Session, ev session.Event) {
	if s.m.Using.Held {
		l.advance(s, ev) // it is open, or on its way there
		return
	}
	l.links.WithReservation(func() session.AccessPoint { return l.next(s, session.Open) }, func(next session.AccessPoint) {
		ev.Next, ev.Seamless, ev.Text = next, l.seamless(s, next.ID), l.whyNotSetUp(next.ID)
		l.decideWhetherToAsk(s, &ev)
		l.advance(s, ev)
	})
}

// migrate reserves the offered access point before the session uses it.
func (l *loop) migrate(s *Session, ev session.Event) {
	l.links.WithReservation(func() session.AccessPoint { return l.links.AccessPoint(s.m.Offer.ID) }, func(session.AccessPoint) {
		l.stepIfMoved(s)
		l.advance(s, ev)
	})
}

// isLast reports whether the session that is about to release its access point is the
// last holder of all processes, so that the link goes down.
func (l *loop) isLast(s *Session) bool {
	return s.m.Using.Held && l.links.Claim(s.m.Using.ID)
}

// addNext completes an event with the access point that the session can use next.
func (l *loop) addNext(s *Session, ev *session.Event) {
	if ev.Kind == session.Preferred {
		ev.Next = l.preferred(s)
	} else {
		ev.Next = l.next(s, ev.Kind)
	}
	ev.Seamless = l.seamless(s, ev.Next.ID)
}

// stepReserved is step for a complete event by which a session may start to use another
// access point. If other processes share the links, that access point is reserved
// before the step.
func (l *loop) stepReserved(s *Session, ev *session.Event) {
	if l.links.Shared() && s.m.Roams() {
		l.reserveAndStep(s, *ev)
		return
	}
	l.step(s, ev)
}

// reserveAndStep reserves the access point that a session would hold after an event,
// and lets it take the step. The event is completed again if another process turns out
// to be stopping that access point.
func (l *loop) reserveAndStep(s *Session, ev session.Event) {
	l.links.WithReservation(func() session.AccessPoint {
		if ev.Kind == session.Moved {
			ev.Facts = l.facts(s)
		}
		l.addNext(s, &ev)
		return l.previewHold(s, ev)
	}, func(session.AccessPoint) { l.step(s, &ev) })
}

// previewHold is the access point that a session would hold after an event and does
// not hold yet; usually none. It takes the step on a copy.
func (l *loop) previewHold(s *Session, ev session.Event) session.AccessPoint {
	_, effects := session.Step(s.m, ev)
	for _, e := range effects {
		if e.Kind == session.Hold {
			return l.links.AccessPoint(e.ID)
		}
	}
	return session.AccessPoint{}
}

// advance lets a session take one step, and the steps that follow from it.
func (l *loop) advance(s *Session, ev session.Event) {
	l.step(s, &ev)
	l.adapt(s)
}

// adapt updates a session after a step: which access point should be preferred, and
// how traffic is restricted.
func (l *loop) adapt(s *Session) {
	if s.freed {
		return
	}
	l.trackAttempt(s)
	l.prefer(s)
	l.restrict(s)
}

// step lets a session take one step and carries out its effects in this order:
// readers see the new values, the listener gets the events, the backend gets the
// commands.
func (l *loop) step(s *Session, ev *session.Event) {
	if s.freed {
		return
	}
	base := len(l.effects)
	l.effects = s.m.Step(ev, l.effects)
	effects := l.effects[base:]
	s.countQuestions(effects)
	l.countHolders(effects)
	s.publish()
	for i := range effects {
		if effects[i].Kind.Emits() {
			s.trackAutoClose(effects[i].Kind)
			s.listener.Event(effects[i])
		}
	}
	l.perform(s, effects)
	l.effects = l.effects[:base]
	s.answerIfSettled()
}

// countHolders updates the count of holders, except for Release, which may lead to a command.
func (l *loop) countHolders(effects []session.Effect) {
	for _, e := range effects {
		if e.Kind == session.StopLink {
			l.links.BeginStop(e.ID) // before its holders leave
		}
	}
	for _, e := range effects {
		switch e.Kind {
		case session.Hold:
			l.links.Hold(e.ID)
		case session.Lose:
			l.links.Lose(e.ID)
		case session.Forget:
			l.links.Forget(e.ID)
		}
	}
}

// perform carries out the commands among the effects of a step.
func (l *loop) perform(s *Session, effects []session.Effect) {
	for _, e := range effects {
		switch e.Kind {
		case session.Release:
			l.links.Release(e.ID)
		case session.StartLink:
			l.links.Start(e.ID)
		case session.StopLink:
			l.abort(s, e.ID)
			l.links.Stop(e.ID)
		case session.Arm:
			l.armTimer(s)
		case session.Disarm:
			s.disarmTimer()
		}
	}
}

// abort notifies every other session on an access point that it is being stopped.
func (l *loop) abort(by *Session, id string) {
	l.eachOn(id, func(s *Session) {
		if s != by {
			l.handle(s, session.Event{Kind: session.Aborted, ID: id})
		}
	})
}
