package engine

import (
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/session"
)

// done takes the backend's answer to a command.
func (l *loop) done(a backend.Answer) {
	if a.Op == backend.OpRefresh {
		l.refreshed()
		return
	}
	counts := l.links.Answered(a)
	l.eachOn(a.ID, l.updateFacts) // pending commands are part of the facts
	switch {
	case !counts:
	case a.Op == backend.OpStart && a.Undone:
		l.eachOn(a.ID, func(s *Session) { l.failTakenDown(s, a.ID) })
	case a.Op == backend.OpStart && a.Err != nil:
		l.outcome(a.ID, session.NotStarted, a.Err)
	case a.Op == backend.OpStop && a.Err != nil:
		l.outcome(a.ID, session.NotStopped, a.Err)
	case a.Op == backend.OpStop:
		l.outcome(a.ID, session.Stopped, nil)
	}
}

// outcome reports the result of a command to the sessions on an access point.
func (l *loop) outcome(id string, kind session.Kind, err error) {
	ev := session.Event{Kind: kind, ID: id}
	if err != nil {
		ev.Err, ev.Text = errorOf(err), err.Error()
	}
	l.eachOn(id, func(s *Session) { l.handle(s, ev) })
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
