package store

import (
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Get returns the configuration with the identifier, or nil.
func (s *Store) Get(id string) *bearer.Configuration {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.GetUnlocked(id)
}

// GetUnlocked is Get for the writer.
func (s *Store) GetUnlocked(id string) *bearer.Configuration {
	if g := s.Group(id); g != nil {
		return g.entry.Value()
	}
	return s.effective(s.registry.Get(id))
}

// Group is the group with the identifier, or nil. Only the writer may call it, and
// the methods of the group, unless the store is locked.
func (s *Store) Group(id string) *Group {
	if bearer.TypeOf(id) == bearer.InternetAccessPoint {
		return nil // the usual case, which needs no lookup in the map
	}
	return s.byID[id]
}

// ActiveSince is when the configuration with the identifier became Active; the zero
// time while it is not.
func (s *Store) ActiveSince(id string) time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if e := s.entries[id]; e != nil {
		return e.ActiveSince()
	}
	return time.Time{}
}

// lookup returns the listed entry with the identifier or alias, or nil.
func (s *Store) lookup(id string) *Entry {
	for _, name := range []string{id, s.aliases[id]} {
		if e := s.entries[name]; e != nil && e.Value().Valid() {
			return e
		}
	}
	return nil
}

// expect returns the listed entry with the identifier or alias, else the entry that
// the configuration with that identifier will have if it appears.
func (s *Store) expect(id string, now time.Time) *Entry {
	if e := s.lookup(id); e != nil {
		return e
	}
	e := s.entries[id]
	if e == nil {
		e = &Entry{id: id}
		e.set(&bearer.Configuration{ID: id, Type: bearer.Invalid, State: bearer.Undefined}, now)
		if s.publisher == nil {
			return e // without a publisher no call of Reap would remove a new entry
		}
		s.entries[id] = e
	}
	if s.publisher != nil {
		s.publisher.Expected(e)
	}
	return e
}

// BestActive is the identifier of the best-ranked access point of a group that
// is up, or empty. An access point that is up and leads nowhere ranks after those that
// can be opened. A faltering access point counts as up until it is lost.
func (s *Store) BestActive(id string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g := s.Group(id)
	if g == nil {
		return ""
	}
	c := g.Best(func(c *roam.Candidate) bool {
		now := s.registry.Get(c.ID)
		return now.State == bearer.Active && !now.Stopping()
	})
	if c == nil {
		return ""
	}
	return c.ID
}
