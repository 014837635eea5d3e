package engine

import (
	"github.com/netsession/netsession/core/bearer"
	"github.com/netsession/netsession/core/roam"
	"github.com/netsession/netsession/core/session"
)

// link says where the configuration with the identifier stands.
func (l *loop) link(id string) session.Link {
	if id == "" {
		return session.LinkGone
	}
	return linkOf(l.board.get(id))
}

// accessPoint is the configuration with the identifier as a session sees it.
func (l *loop) accessPoint(id string) session.AccessPoint {
	return session.AccessPoint{ID: id, Link: l.link(id)}
}

// next is the best access point for a session besides those that it uses,
// tries or has passed over. A session that cannot roam has only its own.
func (l *loop) next(s *Session) session.AccessPoint {
	if !s.m.Network {
		return l.accessPoint(s.m.Config)
	}
	return l.best(func(c *roam.Candidate) bool {
		return c.ID != s.m.Using.ID && c.ID != s.m.Offer.ID && c.ID != s.m.Passed && l.member(c.ID)
	})
}

// best is the best-ranked access point that passes, or none.
func (l *loop) best(pass func(*roam.Candidate) bool) session.AccessPoint {
	if c := l.board.order.Best(pass); c != nil {
		return l.accessPoint(c.ID)
	}
	return session.AccessPoint{}
}

// member reports whether an access point belongs to "Internet".
func (l *loop) member(id string) bool {
	c := l.board.get(id)
	return c != nil && c.Public()
}

// prefer tells a session on a service network which access point should be
// preferred over the one in use, where that has changed.
func (l *loop) prefer(s *Session) {
	if !s.m.Network || (s.m.Phase != session.Opened && s.m.Phase != session.Offered) {
		return
	}
	next := l.preferred(s)
	if next.ID == s.m.Offer.ID {
		return
	}
	l.step(s, session.Event{Kind: session.Preferred, Next: next, Seamless: l.seamless(s, next.ID)})
}

func (l *loop) preferred(s *Session) session.AccessPoint {
	using := l.board.order.Get(s.m.Using.ID)
	if using == nil {
		return session.AccessPoint{}
	}
	return l.best(func(c *roam.Candidate) bool {
		return roam.Worth(using, c) && c.ID != s.m.Passed && l.member(c.ID)
	})
}

// seamless reports whether the session's address survives a move.
func (l *loop) seamless(s *Session, to string) bool {
	from, now := l.board.get(s.m.Using.ID), l.board.get(to)
	return from != nil && now != nil && roam.Seamless(from.Addresses, now.Addresses)
}

// stoppable is the access point that Stop of a session is about.
func (l *loop) stoppable(s *Session) session.AccessPoint {
	if !s.m.Network {
		return l.accessPoint(s.m.Config)
	}
	if s.m.Using.ID != "" {
		return s.m.Using
	}
	return l.accessPoint(l.board.bestActive())
}

// whyDenied says why this process may not start or stop an access point; it is
// empty where it may.
func (l *loop) whyDenied(id string) string {
	if c := l.board.get(id); c != nil {
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
