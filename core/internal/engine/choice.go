package engine

import (
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// accessPoint is the configuration with the identifier as a session sees it.
func (l *loop) accessPoint(id string) session.AccessPoint {
	return session.AccessPoint{ID: id, Link: l.heading(id)}
}

// next is the best access point that a session can turn to in an event of a
// kind, besides those that it uses, tries, may return to or has passed over. A
// session that is about one access point has only that.
func (l *loop) next(s *Session, kind session.Kind) session.AccessPoint {
	taken := s.m.Using.ID
	if s.m.Phase == session.Stopping || s.m.Phase == session.Withdrawing {
		taken = "" // it may be opened again
	}
	return l.first(s.m.Target(), func(c *roam.Candidate) bool {
		return c.ID != taken && c.ID != s.m.Offer.ID && c.ID != s.m.Previous.ID && !s.m.Passed(c.ID) &&
			s.eligible(c, kind)
	})
}

// eligible reports whether a session may turn to an access point by itself. While
// it waits for one that may lead out, it does not settle for one that does not. A
// session that is open moves to no tunnel, and from a way out only to another.
func (s *Session) eligible(c *roam.Candidate, kind session.Kind) bool {
	switch {
	case s.m.IsOpen():
		return !c.Tunnel && !c.Downlink && !c.Faltering && (c.Out() || !c.Active || !s.out)
	case s.m.Phase == session.Opening && kind == session.Moved:
		return c.Out() && !c.Faltering
	}
	return true
}

// first is the best access point of a configuration that passes, or none; one
// that leads out now comes before all others. An access point has only itself.
func (l *loop) first(id string, pass func(*roam.Candidate) bool) session.AccessPoint {
	g := l.store.Group(id)
	if g == nil {
		return l.accessPoint(id)
	}
	up := l.best(g, func(c *roam.Candidate) bool { return l.out(c) && pass(c) })
	if up.ID != "" {
		return up
	}
	return l.best(g, pass)
}

// out reports whether an access point leads out now, and is not about to be stopped
// or lost.
func (l *loop) out(c *roam.Candidate) bool { return c.Out() && !c.Faltering && l.up(c.ID) }

// otherWay reports whether a session on a group has another access point that
// leads out now.
func (l *loop) otherWay(s *Session) bool {
	g := l.groupOf(s)
	if g == nil {
		return false
	}
	return l.best(g, func(c *roam.Candidate) bool {
		return c.ID != s.m.Using.ID && l.out(c) && !c.Tunnel && !s.m.Passed(c.ID)
	}).ID != ""
}

// groupOf is the group that a session is about; nil where that is an access
// point, or does not exist.
func (l *loop) groupOf(s *Session) *store.Group { return l.store.Group(s.m.Target()) }

// best is the best-ranked access point of a group that passes, or none.
func (l *loop) best(g *store.Group, pass func(*roam.Candidate) bool) session.AccessPoint {
	c := g.Best(pass)
	if c == nil {
		return session.AccessPoint{}
	}
	return l.accessPoint(c.ID)
}

// up reports whether an access point is up, and is not about to be stopped.
func (l *loop) up(id string) bool { return l.heading(id) == session.LinkUp }

// adapt tells a session what follows for it from where it stands now: which
// access point should be preferred, and how traffic is restricted.
func (l *loop) adapt(s *Session) {
	if s.freed {
		return
	}
	l.track(s)
	l.prefer(s)
	l.restrict(s)
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
	ev := l.preferring(s)
	l.decide(s, &ev, (*loop).preferring)
}

// preferring is the event that tells a session what should be preferred now.
func (l *loop) preferring(s *Session) session.Event {
	next := l.preferred(s)
	return session.Event{Kind: session.Preferred, Next: next, Seamless: l.seamless(s, next.ID)}
}

func (l *loop) preferred(s *Session) session.AccessPoint {
	g := l.groupOf(s)
	if g == nil {
		return session.AccessPoint{}
	}
	pass := func(c *roam.Candidate) bool {
		return c.Active && !c.Faltering && !c.Tunnel && !c.Downlink && l.up(c.ID) && !s.m.Passed(c.ID)
	}
	c := g.Preferred(s.m.Using.ID, s.m.Offer.ID, pass)
	if c == nil {
		return session.AccessPoint{}
	}
	return l.accessPoint(c.ID)
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
		return l.accessPoint(s.m.Target())
	}
	if s.m.Using.ID != "" {
		return l.accessPoint(s.m.Using.ID)
	}
	up := l.best(g, func(c *roam.Candidate) bool { return l.up(c.ID) })
	if up.ID != "" {
		return up
	}
	return l.best(g, func(c *roam.Candidate) bool { return l.heading(c.ID) == session.LinkStarting })
}

// whyDenied says why this process may not start or stop an access point; it is
// empty where it may.
func (l *loop) whyDenied(id string) string {
	if c := l.store.GetUnlocked(id); c != nil {
		return c.Denied
	}
	return ""
}
