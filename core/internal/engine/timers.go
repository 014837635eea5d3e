package engine

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// The functions of this file bound an attempt by the connect timeout, and answer those
// who wait for its end.

// armTimer starts the timer of the connect timeout.
func (l *loop) armTimer(s *Session) {
	s.disarmTimer()
	number := s.timerNumber
	s.timer = time.AfterFunc(l.timeout(s), func() {
		l.engine.post(func(l *loop) { l.timerExpired(s, number) })
	})
}

// disarmTimer stops it. A late one is known by its number.
func (s *Session) disarmTimer() {
	s.timerNumber++
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

// timerExpired ends an attempt, unless the timer was disarmed meanwhile.
func (l *loop) timerExpired(s *Session, number int) {
	if s.timerNumber != number || s.freed {
		return
	}
	l.handle(s, session.Event{
		Kind: session.Expired, Last: s.m.Phase == session.Opening && l.isLast(s),
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

// addWaiter answers whether the session is open, once no open is under way.
func (l *loop) addWaiter(s *Session, answer chan bool) {
	s.waiters = append(s.waiters, answer)
	s.answerIfSettled()
}

// answerIfSettled answers those who wait for an open, once it is over.
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
