package engine

import (
	"github.com/netsession/netsession/core/bearer"
	"github.com/netsession/netsession/core/roam"
	"github.com/netsession/netsession/core/session"
)

// accessPoint is the configuration with the identifier as a session sees it.
func (l *loop) accessPoint(id string) session.AccessPoint {
	return session.AccessPoint{ID: id, Link: l.heading(id)}
}

// next is the best access point for a session besides those that it uses,
// tries, may return to or has passed over. A session that is about one access
// point has only that.
func (l *loop) next(s *Session) session.AccessPoint {
	taken := s.m.Using.ID
	if s.m.Phase == session.Stopping || s.m.Phase == session.Withdrawing {
		taken = "" // it may be opened again
	}
	return l.first(s.m.Target(), func(c *roam.Candidate) bool {
		return c.ID != taken && c.ID != s.m.Offer.ID && c.ID != s.m.Previous.ID && !s.m.Passed(c.ID)
	})
}

// first is the best access point of a configuration that passes, or none; one
// that is up comes before all others. An access point has only itself.
func (l *loop) first(id string, pass func(*roam.Candidate) bool) session.AccessPoint {
	g := l.board.group(id)
	if g == nil {
		return l.accessPoint(id)
	}
	up := l.best(g, func(c *roam.Candidate) bool { return l.up(c.ID) && pass(c) })
	if up.ID != "" {
		return up
	}
	return l.best(g, pass)
}

// groupOf is the group that a session is about; nil where that is an access
// point, or does not exist.
func (l *loop) groupOf(s *Session) *group { return l.board.group(s.m.Target()) }

// best is the best-ranked access point of a group that passes, or none.
func (l *loop) best(g *group, pass func(*roam.Candidate) bool) session.AccessPoint {
	c := g.order.Best(func(c *roam.Candidate) bool { return pass(c) && l.member(g, c.ID) })
	if c == nil {
		return session.AccessPoint{}
	}
	return l.accessPoint(c.ID)
}

// up reports whether an access point is up, and is not about to be stopped.
func (l *loop) up(id string) bool { return l.heading(id) == session.LinkUp }

// member reports whether an access point belongs to a group.
func (l *loop) member(g *group, id string) bool { return g.Has(l.board.registry.Get(id)) }

// adapt tells a session what follows for it from where it stands now: which
// access point should be preferred, and how traffic is restricted.
func (l *loop) adapt(s *Session) {
	if s.freed {
		return
	}
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
	pass := func(c *roam.Candidate) bool { return l.up(c.ID) && !s.m.Passed(c.ID) && l.member(g, c.ID) }
	c := g.order.Preferred(s.m.Using.ID, s.m.Offer.ID, pass)
	if !l.member(g, s.m.Using.ID) {
		c = g.order.Instead(s.m.Offer.ID, pass)
	}
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
	if p := policiesOf(l.board.peek(id)); p != s.m.Policies {
		l.step(s, &session.Event{Kind: session.Restricted, Policies: p})
	}
}

// seamless reports whether the session's address survives a move.
func (l *loop) seamless(s *Session, to string) bool {
	if s.m.Using.ID == "" {
		return false
	}
	from, now := l.board.peek(s.m.Using.ID), l.board.peek(to)
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
	if c := l.board.peek(id); c != nil {
		return c.Denied
	}
	return ""
}

// whyExpired says in words what kept an attempt from success.
func whyExpired(c *bearer.Configuration) string {
	switch {
	case c == nil:
		return "it does not exist any more"
	case c.State == bearer.Defined:
		return "it has no carrier or is out of range"
	case c.State == bearer.Discovered && c.Progress == bearer.Settled:
		return "its link got no address; check that something configures addresses on it"
	}
	return "the system has not said why"
}
