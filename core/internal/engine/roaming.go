package engine

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// next is the best access point that a session can use next in an event of a kind.
// It excludes access points that the session uses, tries, may return to or has passed
// over. A session on a single access point has only that access point.
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

// eligible reports whether a session may use an access point by itself. While the
// session waits for a default route, it does not accept an access point without one. An
// open session moves to no tunnel, and from a default route only to another.
func (s *Session) eligible(c *roam.Candidate, kind session.Kind) bool {
	switch {
	case s.m.IsOpen():
		return !c.Tunnel && !c.Downlink && !c.Faltering && (c.LeadsOut() || !c.Active || !s.hadDefaultRoute)
	case s.m.Phase == session.Opening && kind == session.Moved:
		return c.LeadsOut() && !c.Faltering
	}
	return true
}

// bestOf is the best access point of a configuration that passes, or none; an access
// point with a default route now ranks before all others. For an access point it is
// the access point itself.
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
func (l *loop) leadsOut(c *roam.Candidate) bool {
	return c.LeadsOut() && !c.Faltering && l.links.Up(c.ID)
}

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

// groupOf is the group that a session is bound to; nil if it is bound to an access
// point, or if the group does not exist.
func (l *loop) groupOf(s *Session) *store.Group { return l.store.Group(s.m.Target()) }

// bestInGroup is the best-ranked access point of a group that passes, or none.
func (l *loop) bestInGroup(g *store.Group, pass func(*roam.Candidate) bool) session.AccessPoint {
	c := g.Best(pass)
	if c == nil {
		return session.AccessPoint{}
	}
	return l.links.AccessPoint(c.ID)
}

// prefer notifies a session on a service network of the access point that should be
// preferred over the current one, if it has changed.
func (l *loop) prefer(s *Session) {
	if !s.m.Roams() || (s.m.Phase != session.Opened && s.m.Phase != session.Offered) {
		return
	}
	if l.preferred(s).ID == s.m.Offer.ID {
		return
	}
	ev := session.Event{Kind: session.Preferred}
	l.addNext(s, &ev)
	l.stepReserved(s, &ev)
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

// stoppable is the access point that Stop of a session stops. For a session on a group
// it is the access point in use; if the session uses none, the best access point that
// is up, else the best that is coming up.
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
