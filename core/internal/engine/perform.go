package engine

import (
	"container/list"
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

func (l *loop) join(s *Session) {
	s.place = l.listOf(s).PushBack(s)
	l.moved(s) // the picture may have changed since the session was made
}

// listOf is the list that a session belongs in.
func (l *loop) listOf(s *Session) *list.List {
	if s.m.Scope != session.OnAccessPoint {
		return l.roamers
	}
	if l.bound[s.id] == nil {
		l.bound[s.id] = list.New()
	}
	return l.bound[s.id]
}

func (l *loop) leave(s *Session) {
	sessions := l.listOf(s)
	sessions.Remove(s.place)
	if sessions != l.roamers && sessions.Len() == 0 {
		delete(l.bound, s.id)
	}
}

func (l *loop) free(s *Session) {
	if s.freed {
		return
	}
	l.step(s, &session.Event{Kind: session.Freed})
	s.freed = true
	s.stopCloser()
	s.try("", nil)
	l.leave(s)
	s.listener.Freed()
	close(s.done)
	l.engine.Release()
}

// call carries out a call of the host.
func (l *loop) call(s *Session, kind session.Kind) {
	if s.freed {
		return
	}
	ev := session.Event{Kind: kind}
	switch kind {
	case session.Stop:
		ev.Next = l.stoppable(s)
		ev.Text = l.whyDenied(ev.Next.ID)
	case session.Close:
		ev.Last = l.last(s)
	case session.Open:
		l.open(s, ev)
		return
	case session.Migrate:
		l.migrate(s, ev)
		return
	default:
		l.advanceTurning(s, ev)
		return
	}
	l.advance(s, ev)
}

func (l *loop) setAsks(s *Session, asks bool) {
	if !s.freed && s.m.Asks != asks {
		l.advance(s, session.Event{Kind: session.Asked, Asks: asks})
	}
}

// advance lets a session take one step, and those that follow from it.
func (l *loop) advance(s *Session, ev session.Event) {
	l.step(s, &ev)
	l.adapt(s)
}

// advanceTurning is advance for events after which a session may turn to another access
// point.
func (l *loop) advanceTurning(s *Session, ev session.Event) {
	l.lookAhead(s, &ev)
	l.decide(s, &ev, func(l *loop, s *Session) session.Event {
		l.lookAhead(s, &ev)
		return ev
	})
	l.adapt(s)
}

func (l *loop) await(s *Session, answer chan bool) {
	s.waiters = append(s.waiters, answer)
	s.answerIfSettled()
}

// step lets a session take one step and carries out what follows from it:
// first readers see the new values, then the listener is told, then commands
// go to the backend.
func (l *loop) step(s *Session, ev *session.Event) {
	if s.freed {
		return
	}
	base := len(l.effects)
	l.effects = s.m.Take(ev, l.effects)
	effects := l.effects[base:]
	s.count(effects)
	l.count(effects)
	s.publish()
	for i := range effects {
		if effects[i].Kind.Emits() {
			s.timeClose(effects[i].Kind)
			s.listener.Event(effects[i])
		}
	}
	l.perform(s, effects)
	l.effects = l.effects[:base]
	s.answerIfSettled()
}

// count keeps the count of holders, but for Release, which may lead to a command.
func (l *loop) count(effects []session.Effect) {
	for _, e := range effects {
		if e.Kind == session.StopLink {
			l.counter.Halt(e.ID) // before its holders go
		}
	}
	for _, e := range effects {
		switch e.Kind {
		case session.Hold:
			l.counter.Acquire(e.ID, l.raised(e.ID) && !l.lost[e.ID])
			delete(l.lost, e.ID)
		case session.Lose:
			l.lose(e.ID)
		case session.Forget:
			l.counter.Forget(e.ID)
		}
	}
}

// lose ends a session's part in an access point that was lost. One that sessions
// had brought up, and that nobody has taken down, is still theirs when it is usable
// again.
func (l *loop) lose(id string) {
	if c := l.store.GetUnlocked(id); c != nil && c.Up && l.counter.Started(id) {
		l.lost[id] = true
	}
	l.counter.Forget(id)
}

func (l *loop) perform(s *Session, effects []session.Effect) {
	for _, e := range effects {
		switch e.Kind {
		case session.Release:
			if l.counter.Release(e.ID) {
				l.stop(e.ID)
			} else {
				l.withdraw(e.ID)
			}
		case session.StartLink:
			l.start(e.ID)
		case session.StopLink:
			l.abort(s, e.ID)
			l.stop(e.ID)
		case session.Arm:
			l.arm(s)
		case session.Disarm:
			s.disarm()
		}
	}
}

// abort tells every other session on an access point that it is being stopped.
func (l *loop) abort(by *Session, id string) {
	l.on(id, func(s *Session) {
		if s != by {
			l.advanceTurning(s, session.Event{Kind: session.Aborted, ID: id})
		}
	})
}

func (l *loop) arm(s *Session) {
	s.disarm()
	number := s.armed
	s.timer = time.AfterFunc(l.timeout(s), func() {
		l.engine.post(func(l *loop) { l.expire(s, number) })
	})
}

func (s *Session) disarm() {
	s.armed++
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// timeout is the connect timeout of the session's configuration, or of what the
// user chose.
func (l *loop) timeout(s *Session) time.Duration {
	d := bearer.DefaultConnectTimeout
	l.engine.Find(s.m.Target(), func(e *store.Entry) { d = e.ConnectTimeout() })
	return d
}

func (l *loop) expire(s *Session, number int) {
	if s.armed != number || s.freed {
		return
	}
	l.advanceTurning(s, session.Event{
		Kind: session.Expired, Last: s.m.Phase == session.Opening && l.last(s),
		Err: session.UnknownError, Text: l.expiredText(s),
	})
}

func (l *loop) expiredText(s *Session) string {
	target := s.m.Using.ID
	switch s.m.Phase {
	case session.Choosing:
		return fmt.Sprintf("Nobody chose within %v what to open.", l.timeout(s))
	case session.Migrating:
		target = s.m.Offer.ID
	}
	return fmt.Sprintf("%s did not come up within %v: %s.", l.store.Label(target), l.timeout(s), whyExpired(l.store.GetUnlocked(target)))
}

// settle answers those who wait for an open, once it is over.
func (s *Session) answerIfSettled() {
	if !s.m.Pending() {
		s.answerWaiters(s.m.IsOpen())
	}
}

func (s *Session) answerWaiters(open bool) {
	for _, w := range s.waiters {
		w <- open
	}
	s.waiters = nil
}
