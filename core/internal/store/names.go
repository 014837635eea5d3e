package store

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/bearer"
)

// names counts the access points of each name. The label of an access point whose name
// is not unique contains its identifier, too.
type names map[string]int

func (n names) replace(old, now *bearer.Configuration) {
	if old != nil {
		if n[old.Name]--; n[old.Name] == 0 {
			delete(n, old.Name)
		}
	}
	if now != nil {
		n[now.Name]++
	}
}

// label is the name of a configuration for people, given what is known of it.
func (n names) label(id string, c *bearer.Configuration) string {
	switch {
	case c == nil || c.Name == "":
		return id
	case n[c.Name] > 1:
		return fmt.Sprintf("%s (%s)", c.Name, id)
	}
	return c.Name
}

// Label is the name of a configuration for people, whether it exists or not. Only the
// writer may call it.
func (s *Store) Label(id string) string {
	_, label := s.Describe(id)
	return label
}

// Describe returns all that is known of a configuration, which may have been removed,
// nil if that is nothing; and its label. Only the writer may call it.
func (s *Store) Describe(id string) (*bearer.Configuration, string) {
	c := s.GetUnlocked(id)
	if c == nil {
		c = s.removed(id)
	}
	return c, s.names.label(id, c)
}

// removed is the last value of a removed configuration to which a reference exists, or nil.
func (s *Store) removed(id string) *bearer.Configuration {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.recall(id)
}

// Recall is Describe for any goroutine.
func (s *Store) Recall(id string) (*bearer.Configuration, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := s.recall(id)
	return c, s.names.label(id, c)
}

// recall is the value of an entry, of a removed configuration too, or nil. The store
// is locked.
func (s *Store) recall(id string) *bearer.Configuration {
	if e := s.entries[id]; e != nil {
		return e.Value()
	}
	return nil
}
