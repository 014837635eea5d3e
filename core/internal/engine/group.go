package engine

import (
	"fmt"
	"sort"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// group is a service network, or the user choice, on the board.
type group struct {
	*bearer.Group
	entry *Entry
	// order ranks the group's access points, perhaps among others.
	order   *roam.Order
	touched bool // one of its access points changed in the report that is taken in
}

// groups are all groups of a board. Which of them an access point belongs to is
// found without a look at the others.
type groups struct {
	byID     map[string]*group
	general  []*group            // those whose rule looks at every access point
	chosen   map[string][]*group // those that list an access point, by its identifier
	networks []*Entry            // the service networks, sorted by identifier
	touched  []*group
}

// found makes the groups that are always there.
func (b *board) found(now time.Time) {
	b.groups = groups{byID: make(map[string]*group), chosen: make(map[string][]*group)}
	for _, g := range []*bearer.Group{bearer.Internet(), bearer.Choice()} {
		made := &group{Group: g, order: b.order}
		b.general = append(b.general, made)
		b.adopt(made, now)
	}
}

// adopt lists a group's configuration.
func (b *board) adopt(g *group, now time.Time) {
	b.byID[g.ID()] = g
	c := g.Configuration()
	g.entry = b.list(c, now)
	if c.Type == bearer.ServiceNetwork {
		b.networks = insert(b.networks, g.entry)
	}
}

// concerned calls f for every group that may have the access point.
func (b *board) concerned(id string, f func(*group)) {
	for _, g := range b.general {
		f(g)
	}
	for _, g := range b.chosen[id] {
		f(g)
	}
}

// regroup keeps the groups in step with one access point.
func (b *board) regroup(id string, old, now *bearer.Configuration) {
	b.concerned(id, func(g *group) {
		g.Replace(old, now)
		g.rank(b, id, now)
		if !g.touched {
			g.touched = true
			b.touched = append(b.touched, g)
		}
	})
}

// rank keeps the group's own order, where it has one.
func (g *group) rank(b *board, id string, now *bearer.Configuration) {
	switch {
	case g.order == b.order:
	case now == nil:
		g.order.Drop(id)
	default:
		g.order.Put(*candidate(now))
	}
}

// refresh shows the groups that look different after a report. The user choice
// is told of no more than it is listed.
func (b *board) refresh(u *update, now time.Time) {
	for _, g := range b.touched {
		g.touched = false
		if g.Looks(g.entry.Value()) {
			continue
		}
		c := g.Configuration()
		b.renew(g.entry, c, now)
		if c.Type == bearer.ServiceNetwork {
			u.changed = append(u.changed, g.entry)
		}
	}
	b.touched = b.touched[:0]
}

// each calls f for every access point of the group that exists, sorted by
// identifier.
func (g *group) each(b *board, f func(*Entry)) {
	if children, listed := g.Children(); listed {
		for _, id := range children {
			if b.registry.Get(id) != nil {
				f(b.entries[id])
			}
		}
		return
	}
	for _, e := range b.listed {
		if g.Has(e.Value()) {
			f(e)
		}
	}
}

// define makes a service network, or gives one of an application another
// definition.
func (b *board) define(d *bearer.Definition, now time.Time) (update, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(d); err != nil {
		return update{}, err
	}
	made := &group{Group: bearer.NewGroup(d), order: roam.NewOrder()}
	old := b.byID[d.ID()]
	if old != nil {
		b.disband(old)
	}
	b.gather(made)
	u := b.updated()
	if old == nil {
		b.adopt(made, now)
		u.added = append(u.added, made.entry)
		return u, nil
	}
	b.byID[d.ID()] = made
	made.entry = old.entry
	c := made.Configuration()
	if !c.Equal(made.entry.Value()) || !made.Alike(old.Group) {
		b.renew(made.entry, c, now)
		u.changed = append(u.changed, made.entry)
	}
	return u, nil
}

// check says what is wrong with a definition.
func (b *board) check(d *bearer.Definition) error {
	if err := d.Check(); err != nil {
		return err
	}
	for _, id := range d.Children {
		if b.registry.Get(id) == nil {
			return fmt.Errorf("The service network %q cannot have %q as a child: there is no such access point.", d.Identifier, id)
		}
	}
	return nil
}

// gather takes the access points in that a group lists.
func (b *board) gather(g *group) {
	children, _ := g.Children()
	for _, id := range children {
		b.chosen[id] = append(b.chosen[id], g)
		if c := b.registry.Get(id); c != nil {
			g.Replace(nil, c)
			g.rank(b, id, c)
		}
	}
}

// disband forgets which access points a group lists.
func (b *board) disband(g *group) {
	children, _ := g.Children()
	for _, id := range children {
		var kept []*group
		for _, other := range b.chosen[id] {
			if other != g {
				kept = append(kept, other)
			}
		}
		b.chosen[id] = kept
		if kept == nil {
			delete(b.chosen, id)
		}
	}
}

// undefine removes a service network of an application; the update is empty
// where there is none.
func (b *board) undefine(id string, now time.Time) update {
	b.mu.Lock()
	defer b.mu.Unlock()
	u := b.updated()
	g := b.byID[id]
	if g == nil || g.general() {
		return u
	}
	b.disband(g)
	delete(b.byID, id)
	b.networks = withoutEntry(b.networks, id)
	b.unlist(g.entry, "the application has removed it", now)
	u.removed = append(u.removed, g.entry)
	return u
}

// general reports whether the group is always there.
func (g *group) general() bool {
	_, listed := g.Children()
	return !listed
}

// insert puts an entry in its place among sorted ones.
func insert(list []*Entry, e *Entry) []*Entry {
	i := place(list, e.id)
	list = append(list, nil)
	copy(list[i+1:], list[i:])
	list[i] = e
	return list
}

// withoutEntry takes an entry that is there out of sorted ones.
func withoutEntry(list []*Entry, id string) []*Entry {
	i := place(list, id)
	return append(list[:i], list[i+1:]...)
}

func place(list []*Entry, id string) int {
	return sort.Search(len(list), func(i int) bool { return list[i].id >= id })
}
