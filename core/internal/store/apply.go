package store

import (
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Update is what one report changed, and what follows from it: computed once, here,
// and read by the loop, its listeners and its sessions.
type Update struct {
	Added, Changed, Removed []*Entry
	unannounced             bool     // something changed that listeners do not get, such as the strength of a signal
	Reranked                []string // identifiers of access points that changed in rank, or were removed
	Reactivated             []string // identifiers of access points that their daemon has activated anew
	TakenDown               []string // identifiers of access points that another process or a daemon has taken down
	Before, After           NetworkState
	Subscriptions           []*Subscription
}

// Empty reports whether nothing changed at all.
func (u *Update) Empty() bool {
	return len(u.Added) == 0 && len(u.Changed) == 0 && len(u.Removed) == 0 && !u.unannounced
}

// Apply applies a report to the store. Only the writer may call it.
func (s *Store) Apply(batch bearer.Batch, now time.Time) Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.newUpdate()
	d := s.registry.Apply(withoutReserved(batch))
	for _, c := range d.Added {
		u.Added = append(u.Added, s.add(c, now))
	}
	for _, c := range d.Changed {
		e, unannounced := s.change(c, now, &u)
		if unannounced {
			u.unannounced = true
			continue
		}
		u.Changed = append(u.Changed, e)
	}
	for _, c := range d.Removed {
		u.Removed = append(u.Removed, s.remove(c, batch.Why, now, &u))
	}
	s.publishGroups(&u, now)
	s.publishTunnels(&u, now)
	u.After = s.networkState()
	if s.publisher != nil && u.Before != u.After {
		s.publisher.NetworkStateChanged(u.After)
	}
	return u
}

// newUpdate is an Update in which nothing has changed yet. The store is locked.
func (s *Store) newUpdate() Update {
	o := s.networkState()
	return Update{Before: o, After: o, Subscriptions: s.subscriptions}
}

// withoutReserved removes the fields and configurations that only the engine may set.
func withoutReserved(batch bearer.Batch) bearer.Batch {
	for i := range batch.Changed {
		if bearer.Reserved(batch.Changed[i].ID) {
			rest := append([]bearer.Configuration(nil), batch.Changed[:i]...)
			batch.Changed = append(rest, batch.Changed[i+1:]...)
			return withoutReserved(batch)
		}
	}
	return batch
}

func (s *Store) add(c *bearer.Configuration, now time.Time) *Entry {
	s.index(nil, c)
	e := s.list(c, now)
	s.accessPoints = insert(s.accessPoints, e)
	return e
}

// list makes or revives the entry of a configuration.
func (s *Store) list(c *bearer.Configuration, now time.Time) *Entry {
	e := s.entries[c.ID]
	if e == nil {
		e = &Entry{id: c.ID}
		s.entries[c.ID] = e
	}
	e.set(s.effective(c), now)
	if s.publisher != nil {
		s.publisher.Listed(e)
	}
	return e
}

// change stores a new value. The change is unannounced if listeners do not get the difference.
func (s *Store) change(c bearer.Change, now time.Time, u *Update) (e *Entry, unannounced bool) {
	if roam.RankChanged(candidate(c.Old), candidate(c.New)) {
		u.Reranked = append(u.Reranked, c.New.ID)
	}
	if c.Old.Activation != "" && c.New.Activation != "" && c.Old.Activation != c.New.Activation {
		u.Reactivated = append(u.Reactivated, c.New.ID)
	}
	if c.Old.Up && !c.New.Up && !c.Old.Starting() {
		u.TakenDown = append(u.TakenDown, c.New.ID)
	}
	s.index(c.Old, c.New)
	e = s.entries[c.New.ID]
	before := e.Value()
	s.replace(e, c.New, now)
	return e, bearer.Change{Old: before, New: e.Value()}.Insignificant()
}

func (s *Store) replace(e *Entry, c *bearer.Configuration, now time.Time) {
	e.set(s.effective(c), now)
	if s.publisher != nil {
		s.publisher.Changed(e)
	}
}

func (s *Store) remove(c *bearer.Configuration, why string, now time.Time, u *Update) *Entry {
	u.Reranked = append(u.Reranked, c.ID)
	s.index(c, nil)
	e := s.entries[c.ID]
	s.accessPoints = withoutEntry(s.accessPoints, c.ID)
	s.unlist(e, why, now)
	return e
}

// unlist gives an entry the value of a removed configuration.
func (s *Store) unlist(e *Entry, why string, now time.Time) {
	e.set(&bearer.Configuration{
		ID: e.id, Name: e.Value().Name, Type: bearer.Invalid, State: bearer.Undefined, Missing: why,
	}, now)
	if s.publisher == nil || !s.publisher.Unlisted(e) {
		delete(s.entries, e.id)
	}
}

// index updates everything that depends on one access point:
// aliases, names, counts, layers, the ranking and the groups. Old is nil for a new
// access point, now for a removed one.
func (s *Store) index(old, now *bearer.Configuration) {
	s.indexAlias(old, now)
	s.names.replace(old, now)
	s.counts.add(old, -1)
	s.counts.add(now, +1)
	s.layers.replace(old, now)
	if now == nil {
		s.ranking.Drop(old.ID)
		s.indexGroups(old.ID, old, nil)
		return
	}
	s.ranking.Put(*candidate(now))
	s.indexGroups(now.ID, old, now)
}

func (s *Store) indexAlias(old, now *bearer.Configuration) {
	if old != nil && s.aliases[old.Alias] == old.ID {
		delete(s.aliases, old.Alias)
	}
	if now != nil && now.Alias != "" {
		s.aliases[now.Alias] = now.ID
	}
}
