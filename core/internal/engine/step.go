package engine

import (
	"github.com/netsession/netsession/core/internal/session"
)

// The functions of this file take an event to the state machine of a session, and
// carry out what follows. Every event takes the same way: handle completes it, step
// lets the machine take it, adapt looks what follows from the new state.

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
	default: // the session may turn to another access point
		l.addNext(s, &ev)
		l.stepReserved(s, ev)
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

// migrate reserves what was offered before the session turns to it.
func (l *loop) migrate(s *Session, ev session.Event) {
	l.links.WithReservation(func() session.AccessPoint { return l.links.AccessPoint(s.m.Offer.ID) }, func(session.AccessPoint) {
		l.stepIfMoved(s)
		l.advance(s, ev)
	})
}

// isLast reports whether the session that is about to let go of the access point in
// use is the last one, of all processes, so that its link goes down.
func (l *loop) isLast(s *Session) bool {
	return s.m.Using.Held && l.links.Claim(s.m.Using.ID)
}

// addNext completes an event with what the session can turn to.
func (l *loop) addNext(s *Session, ev *session.Event) {
	if ev.Kind == session.Preferred {
		ev.Next = l.preferred(s)
	} else {
		ev.Next = l.next(s, ev.Kind)
	}
	ev.Seamless = l.seamless(s, ev.Next.ID)
}

// stepReserved is step for a complete event by which a session may turn to another
// access point. Where other processes share the links, that access point is reserved
// before the step; the event is completed again if another process turns out to be
// stopping it.
func (l *loop) stepReserved(s *Session, ev session.Event) {
	if !l.links.Shared() || !s.m.Roams() {
		l.step(s, &ev)
		return
	}
	l.links.WithReservation(func() session.AccessPoint {
		if ev.Kind == session.Moved {
			ev.Facts = l.facts(s)
		}
		l.addNext(s, &ev)
		return l.previewHold(s, ev)
	}, func(session.AccessPoint) { l.step(s, &ev) })
}

// previewHold is the access point that a session would hold after an event, beyond
// those that it holds already; none, as a rule. It takes the step on a copy.
func (l *loop) previewHold(s *Session, ev session.Event) session.AccessPoint {
	_, effects := session.Step(s.m, ev)
	for _, e := range effects {
		if e.Kind == session.Hold {
			return l.links.AccessPoint(e.ID)
		}
	}
	return session.AccessPoint{}
}

// advance lets a session take one step, and those that follow from it.
func (l *loop) advance(s *Session, ev session.Event) {
	l.step(s, &ev)
	l.adapt(s)
}

// adapt tells a session what follows for it from where it stands now: which
// access point should be preferred, and how traffic is restricted.
func (l *loop) adapt(s *Session) {
	if s.freed {
		return
	}
	l.trackAttempt(s)
	l.prefer(s)
	l.restrict(s)
}

// step lets a session take one step and carries out what follows from it:
// first readers see the new values, then the listener is told, then commands
// go to the backend.
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

// countHolders keeps the count of holders, but for Release, which may lead to a command.
func (l *loop) countHolders(effects []session.Effect) {
	for _, e := range effects {
		if e.Kind == session.StopLink {
			l.links.Halt(e.ID) // before its holders go
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

// abort tells every other session on an access point that it is being stopped.
func (l *loop) abort(by *Session, id string) {
	l.eachOn(id, func(s *Session) {
		if s != by {
			l.handle(s, session.Event{Kind: session.Aborted, ID: id})
		}
	})
}
