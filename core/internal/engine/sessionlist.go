package engine

import (
	"container/list"

	"github.com/netsession/netsession/core/internal/session"
)

// addSession lists a session that was made.
func (l *loop) addSession(s *Session) {
	s.element = l.listOf(s).PushBack(s)
	l.updateFacts(s) // the snapshot may have changed since the session was made
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

// removeSession takes a freed session out of its list.
func (l *loop) removeSession(s *Session) {
	sessions := l.listOf(s)
	sessions.Remove(s.element)
	if sessions != l.roamers && sessions.Len() == 0 {
		delete(l.bound, s.id)
	}
}

// free ends a session; nothing is told after Freed.
func (l *loop) free(s *Session) {
	if s.freed {
		return
	}
	l.step(s, &session.Event{Kind: session.Freed})
	s.freed = true
	s.stopAutoClose()
	s.startAttempt("", nil)
	l.removeSession(s)
	s.listener.Freed()
	close(s.done)
	l.engine.Release()
}
