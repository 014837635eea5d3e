package store

import (
	"fmt"
	"sort"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Group is a service network, or the user choice. It is guarded as the store is.
type Group struct {
	*bearer.Group
	store   *Store
	entry   *Entry
	ranking *roam.Ranking // of the group's access points; of a built-in group, the store's own
	touched bool          // one of its access points changed in the current report
}

// groups are all groups of a store, indexed so that the groups of an access point are
// found without a search through all groups.
type groups struct {
	byID     map[string]*Group
	builtin  []*Group            // groups with a rule that applies to every access point
	byMember map[string][]*Group // groups that list an access point, by its identifier
	networks []*Entry            // the service networks, sorted by identifier
	touched  []*Group            // in the current report
}

// Best is the best-ranked access point of the group that passes, or nil.
func (g *Group) Best(pass func(*roam.Candidate) bool) *roam.Candidate {
	return g.ranking.Best(g.members(pass))
}

// Preferred is the access point of the group that should be preferred over the current
// one, or nil; see roam.Ranking.Preferred.
func (g *Group) Preferred(using, offered string, pass func(*roam.Candidate) bool) *roam.Candidate {
	if !g.Contains(using) {
		return g.ranking.Replacement(offered, g.members(pass))
	}
	return g.ranking.Preferred(using, offered, g.members(pass))
}

// Contains reports whether an access point belongs to the group.
func (g *Group) Contains(id string) bool { return g.Has(g.store.registry.Get(id)) }

// members limits pass to access points of the group.
func (g *Group) members(pass func(*roam.Candidate) bool) func(*roam.Candidate) bool {
	return func(c *roam.Candidate) bool { return pass(c) && g.Contains(c.ID) }
}

// addBuiltin makes the groups that always exist.
func (s *Store) addBuiltin(now time.Time) {
	s.groups = groups{byID: make(map[string]*Group), byMember: make(map[string][]*Group)}
	for _, g := range []*bearer.Group{bearer.InternetGroup(), bearer.UserChoiceGroup()} {
		made := &Group{Group: g, store: s, ranking: s.ranking}
		s.builtin = append(s.builtin, made)
		s.addGroup(made, now)
	}
}

// addGroup lists a group's configuration.
func (s *Store) addGroup(g *Group, now time.Time) {
	s.byID[g.ID()] = g
	c := g.Configuration()
	g.entry = s.list(c, now)
	if c.Type == bearer.ServiceNetwork {
		s.networks = insert(s.networks, g.entry)
	}
}

// eachGroupOf calls f for every group that may have the access point.
func (s *Store) eachGroupOf(id string, f func(*Group)) {
	for _, g := range s.builtin {
		f(g)
	}
	for _, g := range s.byMember[id] {
		f(g)
	}
}

// indexGroups brings the groups up to date with one access point.
func (s *Store) indexGroups(id string, old, now *bearer.Configuration) {
	s.eachGroupOf(id, func(g *Group) {
		g.Replace(old, now)
		g.rank(id, now)
		if !g.touched {
			g.touched = true
			s.groups.touched = append(s.touched, g)
		}
	})
}

// rank updates the group's own ranking, if it has one.
func (g *Group) rank(id string, now *bearer.Configuration) {
	switch {
	case g.ranking == g.store.ranking:
	case now == nil:
		g.ranking.Drop(id)
	default:
		g.ranking.Put(*candidate(now))
	}
}

// publishGroups publishes the groups that changed with a report. Listeners get no
// events about the user choice, because it is not listed either.
func (s *Store) publishGroups(u *Update, now time.Time) {
	for _, g := range s.groups.touched {
		g.touched = false
		if g.IsCurrent(g.entry.Value()) {
			continue
		}
		c := g.Configuration()
		s.replace(g.entry, c, now)
		if c.Type == bearer.ServiceNetwork {
			u.Changed = append(u.Changed, g.entry)
		}
	}
	s.groups.touched = s.touched[:0]
}

// each calls f for every access point of the group that exists, sorted by
// identifier.
func (g *Group) each(f func(*Entry)) {
	if children, listed := g.Children(); listed {
		for _, id := range children {
			if g.store.registry.Get(id) != nil {
				f(g.store.entries[id])
			}
		}
		return
	}
	for _, e := range g.store.accessPoints {
		if g.Has(e.Value()) {
			f(e)
		}
	}
}

// DefineGroup makes a service network, or gives one of an application another
// definition. Only the writer may call it.
func (s *Store) DefineGroup(d *bearer.Definition, now time.Time) (Update, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.check(d); err != nil {
		return Update{}, err
	}
	made := &Group{Group: bearer.NewGroup(d), store: s, ranking: roam.NewRanking()}
	old := s.byID[d.ID()]
	if old != nil {
		s.dropMembers(old)
	}
	s.addMembers(made)
	u := s.newUpdate()
	if old == nil {
		s.addGroup(made, now)
		u.Added = append(u.Added, made.entry)
		return u, nil
	}
	s.byID[d.ID()] = made
	made.entry = old.entry
	c := made.Configuration()
	if !c.Equal(made.entry.Value()) || !made.SameMembers(old.Group) {
		s.replace(made.entry, c, now)
		u.Changed = append(u.Changed, made.entry)
	}
	return u, nil
}

// check says what is wrong with a definition.
func (s *Store) check(d *bearer.Definition) error {
	if err := d.Check(); err != nil {
		return err
	}
	for _, id := range d.Children {
		if s.registry.Get(id) == nil {
			return fmt.Errorf("the service network %q cannot have %q as a child: there is no such access point", d.Identifier, id)
		}
	}
	return nil
}

// addMembers indexes the access points that a group lists.
func (s *Store) addMembers(g *Group) {
	children, _ := g.Children()
	for _, id := range children {
		s.byMember[id] = append(s.byMember[id], g)
		if c := s.registry.Get(id); c != nil {
			g.Replace(nil, c)
			g.rank(id, c)
		}
	}
}

// dropMembers takes the access points that a group lists out of the index.
func (s *Store) dropMembers(g *Group) {
	children, _ := g.Children()
	for _, id := range children {
		var kept []*Group
		for _, other := range s.byMember[id] {
			if other != g {
				kept = append(kept, other)
			}
		}
		s.byMember[id] = kept
		if kept == nil {
			delete(s.byMember, id)
		}
	}
}

// RemoveGroup removes a service network of an application; the update is empty
// if there is none. Only the writer may call it.
func (s *Store) RemoveGroup(id string, now time.Time) Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.newUpdate()
	g := s.byID[id]
	if g == nil || g.isBuiltin() {
		return u
	}
	s.dropMembers(g)
	delete(s.byID, id)
	s.networks = withoutEntry(s.networks, id)
	s.unlist(g.entry, "the application has removed it", now)
	u.Removed = append(u.Removed, g.entry)
	return u
}

// isBuiltin reports whether the group always exists.
func (g *Group) isBuiltin() bool {
	_, listed := g.Children()
	return !listed
}

// insert puts an entry in its place among sorted ones.
func insert(list []*Entry, e *Entry) []*Entry {
	i := search(list, e.id)
	list = append(list, nil)
	copy(list[i+1:], list[i:])
	list[i] = e
	return list
}

// withoutEntry removes an entry from a sorted slice that contains it.
func withoutEntry(list []*Entry, id string) []*Entry {
	i := search(list, id)
	return append(list[:i], list[i+1:]...)
}

func search(list []*Entry, id string) int {
	return sort.Search(len(list), func(i int) bool { return list[i].id >= id })
}
