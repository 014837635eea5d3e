package engine

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// next is the best access point that a session can turn to in an event of a
// kind, besides those that it uses, tries, may return to or has passed over. A
// session that is about one access point has only that.
func (l *loop) next(s *Session, kind session.Kind) session.AccessPoint {
	taken := s.m.Using.ID
	if s.m.Phase == session.Stopping || s.m.Phase == session.Withdrawing {
		taken = "" // it may be opened again
	}
	return l.bestOf(s.m.Target(), func(c *roam.Candidate) bool {
		return c.ID != taken && c.ID != s.m.Offer.ID && c.ID != s.m.Previous.ID && !s.m.Passed(c.ID) &&
			s.eligible(c, kind)
	})
}

// eligible reports whether a session may turn to an access point by itself. While
// it waits for one with a default route, it does not settle for one without. A session
// that is open moves to no tunnel, and from a default route only to another.
func (s *Session) eligible(c *roam.Candidate, kind session.Kind) bool {
	switch {
	case s.m.IsOpen():
		return !c.Tunnel && !c.Downlink && !c.Faltering && (c.Out() || !c.Active || !s.hadDefaultRoute)
	case s.m.Phase == session.Opening && kind == session.Moved:
		return c.Out() && !c.Faltering
	}
	return true
}

// bestOf is the best access point of a configuration that passes, or none; one with a
// default route now comes before all others. For an access point it is itself.
func (l *loop) bestOf(id string, pass func(*roam.Candidate) bool) session.AccessPoint {
	g := l.store.Group(id)
	if g == nil {
		return l.links.AccessPoint(id)
	}
	up := l.bestInGroup(g, func(c *roam.Candidate) bool { return l.leadsOut(c) && pass(c) })
	if up.ID != "" {
		return up
	}
	return l.bestInGroup(g, pass)
}

// leadsOut reports whether an access point has a default route now, and is not about
// to be stopped or lost.
func (l *loop) leadsOut(c *roam.Candidate) bool { return c.Out() && !c.Faltering && l.links.Up(c.ID) }

// hasAlternative reports whether a session on a group has another access point with
// a default route now.
func (l *loop) hasAlternative(s *Session) bool {
	g := l.groupOf(s)
	if g == nil {
		return false
	}
	return l.bestInGroup(g, func(c *roam.Candidate) bool {
		return c.ID != s.m.Using.ID && l.leadsOut(c) && !c.Tunnel && !s.m.Passed(c.ID)
	}).ID != ""
}

// groupOf is the group that a session is about; nil where that is an access
// point, or does not exist.
func (l *loop) groupOf(s *Session) *store.Group { return l.store.Group(s.m.Target()) }

// bestInGroup is the best-ranked access point of a group that passes, or none.
func (l *loop) bestInGroup(g *store.Group, pass func(*roam.Candidate) bool) session.AccessPoint {
	c := g.Best(pass)
	if c == nil {
		return session.AccessPoint{}
	}
	return l.links.AccessPoint(c.ID)
}

// prefer tells a session on a service network which access point should be
// preferred over the one in use, where that has changed.
func (l *loop) prefer(s *Session) {
	if !s.m.Roams() || (s.m.Phase != session.Opened && s.m.Phase != session.Offered) {
		return
	}
	if l.preferred(s).ID == s.m.Offer.ID {
		return
	}
	ev := session.Event{Kind: session.Preferred}
	l.addNext(s, &ev)
	l.stepReserved(s, ev)
}

func (l *loop) preferred(s *Session) session.AccessPoint {
	g := l.groupOf(s)
	if g == nil {
		return session.AccessPoint{}
	}
	pass := func(c *roam.Candidate) bool {
		return c.Active && !c.Faltering && !c.Tunnel && !c.Downlink && l.links.Up(c.ID) && !s.m.Passed(c.ID)
	}
	c := g.Preferred(s.m.Using.ID, s.m.Offer.ID, pass)
	if c == nil {
		return session.AccessPoint{}
	}
	return l.links.AccessPoint(c.ID)
}

func (l *loop) restrict(s *Session) {
	id := s.m.Using.ID
	if id == "" {
		id = s.m.Target()
	}
	if p := policiesOf(l.store.GetUnlocked(id)); p != s.m.Policies {
		l.step(s, &session.Event{Kind: session.Restricted, Policies: p})
	}
}

// seamless reports whether the session's address survives a move.
func (l *loop) seamless(s *Session, to string) bool {
	if s.m.Using.ID == "" {
		return false
	}
	from, now := l.store.GetUnlocked(s.m.Using.ID), l.store.GetUnlocked(to)
	return from != nil && now != nil && roam.Seamless(from.Addresses, now.Addresses)
}

// stoppable is the access point that Stop of a session is about. For a session
// on a group that is the one in use; for one that uses none, the best one that is
// up, else on its way there.
func (l *loop) stoppable(s *Session) session.AccessPoint {
	g := l.groupOf(s)
	if g == nil {
		return l.links.AccessPoint(s.m.Target())
	}
	if s.m.Using.ID != "" {
		return l.links.AccessPoint(s.m.Using.ID)
	}
	up := l.bestInGroup(g, func(c *roam.Candidate) bool { return l.links.Up(c.ID) })
	if up.ID != "" {
		return up
	}
	return l.bestInGroup(g, func(c *roam.Candidate) bool { return l.links.State(c.ID) == session.LinkStarting })
}

// policiesOf says how traffic over a configuration should be restricted.
func policiesOf(c *bearer.Configuration) session.Policies {
	if store.Metered(c) {
		return session.NoBackgroundTraffic
	}
	return 0
}
