package engine

import (
	"github.com/netsession/netsession/core/internal/links"
	"github.com/netsession/netsession/core/internal/session"
)

// The functions of this file determine the states of a session's links, and let the
// session take the step that follows.

// initialFacts returns the state of a configuration for a new session on it. It
// may be called on any goroutine.
func (e *Engine) initialFacts(id string) session.Facts {
	c, label := e.store.Recall(id)
	return session.Facts{Config: links.Of(c), Label: label, Why: whyDown(c)}
}

// updateFacts passes the current states of its links to a session, if they changed,
// and runs the step that follows.
func (l *loop) updateFacts(s *Session) {
	if !l.stepIfMoved(s) {
		s.publish() // its link may have another name, and no step would show it
	}
	l.adapt(s)
}

// stepIfMoved lets a session take the step that follows from the current states of its
// links, and reports whether they changed.
func (l *loop) stepIfMoved(s *Session) bool {
	known := session.Facts{
		Config: s.m.Link, Choice: s.m.Choice.Link, Using: s.m.Using.Link,
		Offer: s.m.Offer.Link, Previous: s.m.Previous.Link, Label: s.m.Label, Why: s.m.Why,
	}
	ev := session.Event{Kind: session.Moved, Facts: l.facts(s)}
	if ev.Facts == known {
		return false
	}
	l.addNext(s, &ev)
	l.stepReserved(s, &ev)
	return true
}

// facts returns the current states of a session's links.
func (l *loop) facts(s *Session) session.Facts {
	target := s.m.Target()
	known, label := l.store.Describe(target)
	facts := session.Facts{
		Config: l.links.Snapshot(s.m.Config), Choice: l.links.Snapshot(s.m.Choice.ID), Using: l.links.State(s.m.Using.ID),
		Offer: l.links.State(s.m.Offer.ID), Previous: l.links.State(s.m.Previous.ID),
		Label: label, Why: whyDown(known),
	}
	if facts.Using == session.LinkUp && s.m.IsOpen() && l.faltering(s.m.Using.ID) && l.hasAlternative(s) {
		facts.Using = session.LinkUnavailable // a session that can move does so at once; others wait for the end of the grace
	}
	return facts
}

// faltering reports whether an access point may be about to be lost.
func (l *loop) faltering(id string) bool {
	c := l.store.GetUnlocked(id)
	return c != nil && c.Faltering
}
