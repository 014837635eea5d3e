package engine

import "github.com/netsession/netsession/core/internal/session"

// publish shows readers the session's current values, if they changed.
func (s *Session) publish() {
	if v := s.currentSnapshot(); v != s.snapshot {
		s.setSnapshot(v)
	}
}

func (s *Session) setSnapshot(v SessionSnapshot) {
	s.snapshotMu.Lock()
	s.snapshot = v
	s.snapshotMu.Unlock()
	s.listener.Publish(v)
}

func (s *Session) currentSnapshot() SessionSnapshot {
	v := SessionSnapshot{
		State: s.m.State, Open: s.m.IsOpen(), Err: s.m.Err, ErrText: s.m.ErrText,
		Policies: s.m.Policies, Active: s.m.Active(), Choice: s.m.Chosen(),
		Since: s.engine.store.ActiveSince(s.m.Target()),
	}
	if v.State != session.Connected {
		return v
	}
	if c := s.engine.store.Get(s.shownAccessPoint()); c != nil {
		v.Interface, v.Index = c.Interface, c.Index
	}
	return v
}

// shownAccessPoint is the access point whose link a Connected session shows: the access
// point in use, else for a session that only watches a group the best access point.
func (s *Session) shownAccessPoint() string {
	switch {
	case s.m.Using.ID != "":
		return s.m.Using.ID
	case s.m.Scope == session.OnAccessPoint:
		return s.id
	}
	return s.engine.store.BestActive(s.id)
}
