package engine

import (
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Mirror is told of every configuration, so that it can show it to readers
// outside Go. Its methods run on the loop, with the board locked: they must be
// quick, and must not call the engine.
type Mirror interface {
	// Listed: the configuration is known from now on. For one that comes back,
	// e.Mirror is still what it was.
	Listed(e *Entry)
	// Expected: the configuration does not exist, but somebody is about to refer
	// to it. Should it appear, e is Listed.
	Expected(e *Entry)
	// Changed: e.Value() is new.
	Changed(e *Entry)
	// Unlisted: the configuration was removed. Keep says that somebody refers
	// to it still; the engine then keeps the entry until Reap.
	Unlisted(e *Entry) (keep bool)
	// OutlookChanged: what can be said of the networks as a whole is new, as it is
	// at first.
	OutlookChanged(now Outlook)
	// Announced: every listener has been told of the changes so far. The board
	// is not locked here, so that Reap may be called.
	Announced()
	// Quiet: everything that follows from one cause has been told, so that the
	// hosts may be woken up. The board is not locked.
	Quiet()
}

// board is the picture that readers see.
type board struct {
	mirror Mirror // may be nil

	mu        sync.RWMutex // guards everything below; only the loop changes it, but for clients, entries' ghosts
	registry  *bearer.Registry
	order     *roam.Order
	entries   map[string]*Entry // listed ones, and ghosts that are referred to
	aliases   map[string]string // identifiers, by the aliases of their configurations
	names     names
	listed    []*Entry // access points sorted by identifier
	groups             // of access points
	layers             // of links that run over others
	prospects prospects
	clients   []*Client
}

func newBoard(mirror Mirror) *board {
	b := &board{
		mirror: mirror, registry: bearer.NewRegistry(), order: roam.NewOrder(),
		entries: make(map[string]*Entry), aliases: make(map[string]string), names: make(names), layers: newLayers(),
	}
	b.found(time.Now())
	if mirror != nil {
		mirror.OutlookChanged(b.outlook())
	}
	return b
}

// update is what one report changed, as listeners are told of it.
type update struct {
	added, changed, removed []*Entry
	quiet                   bool     // something changed that is not told, such as the strength of a signal
	material                []string // identifiers of those that changed in rank, or are gone
	renewed                 []string // identifiers of those that their daemon has brought up anew
	fallen                  []string // identifiers of those that somebody has taken down
	before, after           Outlook
	clients                 []*Client
}

func (u *update) empty() bool {
	return len(u.added) == 0 && len(u.changed) == 0 && len(u.removed) == 0 && !u.quiet
}

// apply takes a report in. It is called by the loop only.
func (b *board) apply(batch bearer.Batch, now time.Time) update {
	b.mu.Lock()
	defer b.mu.Unlock()
	u := b.updated()
	d := b.registry.Apply(withoutReserved(batch))
	for _, c := range d.Added {
		u.added = append(u.added, b.add(c, now))
	}
	for _, c := range d.Changed {
		e, quiet := b.change(c, now, &u)
		if quiet {
			u.quiet = true
			continue
		}
		u.changed = append(u.changed, e)
	}
	for _, c := range d.Removed {
		u.removed = append(u.removed, b.remove(c, batch.Why, now, &u))
	}
	b.refresh(&u, now)
	b.resurface(&u, now)
	u.after = b.outlook()
	if b.mirror != nil && u.before != u.after {
		b.mirror.OutlookChanged(u.after)
	}
	return u
}

// updated is what nothing has changed in yet.
func (b *board) updated() update {
	o := b.outlook()
	return update{before: o, after: o, clients: b.clients}
}

// withoutReserved leaves out what only the engine may say.
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

func (b *board) add(c *bearer.Configuration, now time.Time) *Entry {
	b.account(nil, c)
	e := b.list(c, now)
	b.listed = insert(b.listed, e)
	return e
}

// list makes or revives the entry of a configuration.
func (b *board) list(c *bearer.Configuration, now time.Time) *Entry {
	e := b.entries[c.ID]
	if e == nil {
		e = &Entry{id: c.ID}
		b.entries[c.ID] = e
	}
	e.set(b.seen(c), now)
	if b.mirror != nil {
		b.mirror.Listed(e)
	}
	return e
}

// change takes a new value in. It is quiet where readers see nothing new that is told.
func (b *board) change(c bearer.Change, now time.Time, u *update) (e *Entry, quiet bool) {
	if roam.Material(candidate(c.Old), candidate(c.New)) {
		u.material = append(u.material, c.New.ID)
	}
	if c.Old.Activation != "" && c.New.Activation != "" && c.Old.Activation != c.New.Activation {
		u.renewed = append(u.renewed, c.New.ID)
	}
	if c.Old.Up && !c.New.Up && !c.Old.Starting() {
		u.fallen = append(u.fallen, c.New.ID)
	}
	b.account(c.Old, c.New)
	e = b.entries[c.New.ID]
	before := e.Value()
	b.renew(e, c.New, now)
	return e, bearer.Change{Old: before, New: e.Value()}.Quiet()
}

func (b *board) renew(e *Entry, c *bearer.Configuration, now time.Time) {
	e.set(b.seen(c), now)
	if b.mirror != nil {
		b.mirror.Changed(e)
	}
}

func (b *board) remove(c *bearer.Configuration, why string, now time.Time, u *update) *Entry {
	u.material = append(u.material, c.ID)
	b.account(c, nil)
	e := b.entries[c.ID]
	b.listed = withoutEntry(b.listed, c.ID)
	b.unlist(e, why, now)
	return e
}

// unlist makes an entry that of a configuration that was removed.
func (b *board) unlist(e *Entry, why string, now time.Time) {
	e.set(&bearer.Configuration{
		ID: e.id, Name: e.Value().Name, Type: bearer.Invalid, State: bearer.Undefined, Missing: why,
	}, now)
	if b.mirror == nil || !b.mirror.Unlisted(e) {
		delete(b.entries, e.id)
	}
}

// account keeps the counts, the ranking, the layers, the groups and the aliases in
// step with one access point.
func (b *board) account(old, now *bearer.Configuration) {
	b.rename(old, now)
	b.names.replace(old, now)
	b.prospects.count(old, -1)
	b.prospects.count(now, +1)
	b.restack(old, now)
	if now == nil {
		b.order.Drop(old.ID)
		b.regroup(old.ID, old, nil)
		return
	}
	b.order.Put(*candidate(now))
	b.regroup(now.ID, old, now)
}

func (b *board) rename(old, now *bearer.Configuration) {
	if old != nil && b.aliases[old.Alias] == old.ID {
		delete(b.aliases, old.Alias)
	}
	if now != nil && now.Alias != "" {
		b.aliases[now.Alias] = now.ID
	}
}

// get returns the configuration with the identifier, or nil.
func (b *board) get(id string) *bearer.Configuration {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.peek(id)
}

// peek is get for the loop, which alone changes what it looks at.
func (b *board) peek(id string) *bearer.Configuration {
	if g := b.group(id); g != nil {
		return g.entry.Value()
	}
	return b.seen(b.registry.Get(id))
}

// group is the group with the identifier, or nil.
func (b *board) group(id string) *group {
	if bearer.TypeOf(id) == bearer.InternetAccessPoint {
		return nil // as a rule, and sooner known than looked up
	}
	return b.byID[id]
}

// since is when the configuration with the identifier became Active; the zero
// time while it is not.
func (b *board) since(id string) time.Time {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if e := b.entries[id]; e != nil {
		return e.ActiveSince()
	}
	return time.Time{}
}

// entry returns the listed entry with the identifier or alias, or nil.
func (b *board) entry(id string) *Entry {
	for _, name := range []string{id, b.aliases[id]} {
		if e := b.entries[name]; e != nil && e.Value().Valid() {
			return e
		}
	}
	return nil
}

// refer returns the listed entry with the identifier or alias, else the one that
// will be of that identifier's configuration if it appears.
func (b *board) refer(id string, now time.Time) *Entry {
	if e := b.entry(id); e != nil {
		return e
	}
	e := b.entries[id]
	if e == nil {
		e = &Entry{id: id}
		e.set(&bearer.Configuration{ID: id, Type: bearer.Invalid, State: bearer.Undefined}, now)
		if b.mirror == nil {
			return e // nobody would say that it is not needed any more
		}
		b.entries[id] = e
	}
	if b.mirror != nil {
		b.mirror.Expected(e)
	}
	return e
}

// bestActive is the identifier of the best-ranked access point of a group that
// is up, or empty. What is up and leads nowhere ranks after what can be opened, and
// one that may be lost in a moment is up until it is.
func (b *board) bestActive(id string) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	g := b.group(id)
	if g == nil {
		return ""
	}
	c := g.order.Best(func(c *roam.Candidate) bool {
		now := b.registry.Get(c.ID)
		return g.Has(now) && now.State == bearer.Active && !now.Stopping()
	})
	if c == nil {
		return ""
	}
	return c.ID
}

// reap drops the entry of a removed configuration that nobody refers to.
func (b *board) reap(e *Entry, unused func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !e.Value().Valid() && b.entries[e.id] == e && unused() {
		delete(b.entries, e.id)
	}
}
