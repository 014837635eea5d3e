package engine

import "github.com/netsession/netsession/core/session"

// publish shows readers the session as it is now, where that is new.
func (s *Session) publish() {
	v := s.look()
	if old := s.view.Load(); old != nil && *old == v {
		return
	}
	s.view.Store(&v)
	s.listener.Publish(v)
}

func (s *Session) look() View {
	v := View{
		State: s.m.State, Open: s.m.IsOpen(), Err: s.m.Err, ErrText: s.m.ErrText,
		Policies: s.m.Policies, Active: s.m.Active(), Choice: s.m.Chosen(),
	}
	s.engine.Find(s.m.Target(), func(e *Entry) { v.Since = e.ActiveSince() })
	if v.State != session.Connected {
		return v
	}
	if c := s.engine.board.get(s.carrier()); c != nil {
		v.Interface, v.Index = c.Interface, c.Index
	}
	return v
}

// carrier is the access point whose link a Connected session shows: the one in
// use, else for a session that only watches a group the best one.
func (s *Session) carrier() string {
	switch {
	case s.m.Using.ID != "":
		return s.m.Using.ID
	case s.m.Scope == session.OnAccessPoint:
		return s.id
	}
	return s.engine.board.bestActive(s.id)
}
