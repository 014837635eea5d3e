package engine

import (
	"sort"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Underlying calls f for every access point that the link of the one with the
// identifier runs over now, best first. There is none for a link that runs over
// nothing or is not up, for a service network, and where nobody knows. f is bound
// as that of Each is.
func (e *Engine) Underlying(id string, f func(*Entry)) {
	b := e.board
	b.mu.RLock()
	defer b.mu.RUnlock()
	over := b.entry(id)
	if over == nil {
		return
	}
	for _, below := range b.underlying(b.registry.Get(over.id)) {
		f(b.entries[below])
	}
}

// layers finds what a link runs over without a look at every access point: of
// thousands of profiles few are Active.
type layers struct {
	links   map[string][]string // identifiers of what is Active, by interface
	ways    *roam.Order         // what is Active and has a way out of its own
	tunnels []string            // sorted identifiers of those that are Active
	// shifted: something Active changed in the report that is taken in, so that
	// a tunnel may run over something else.
	shifted bool
}

func newLayers() layers {
	return layers{links: make(map[string][]string), ways: roam.NewOrder()}
}

// restack keeps the layers in step with one access point.
func (l *layers) restack(old, now *bearer.Configuration) {
	l.lift(old)
	l.lay(now)
}

func (l *layers) lay(c *bearer.Configuration) {
	if c == nil || c.State != bearer.Active {
		return
	}
	l.shifted = true
	if c.Interface != "" {
		l.links[c.Interface] = append(l.links[c.Interface], c.ID)
	}
	switch {
	case c.Role == bearer.Tunnel:
		i := sort.SearchStrings(l.tunnels, c.ID)
		l.tunnels = append(l.tunnels, "")
		copy(l.tunnels[i+1:], l.tunnels[i:])
		l.tunnels[i] = c.ID
	case c.DefaultRoute && c.Role == bearer.Uplink:
		l.ways.Put(*candidate(c))
	}
}

func (l *layers) lift(c *bearer.Configuration) {
	if c == nil || c.State != bearer.Active {
		return
	}
	l.shifted = true
	if rest := leaving(l.links[c.Interface], c.ID); len(rest) > 0 {
		l.links[c.Interface] = rest
	} else {
		delete(l.links, c.Interface)
	}
	if c.Role == bearer.Tunnel {
		l.tunnels = leaving(l.tunnels, c.ID)
	}
	l.ways.Drop(c.ID)
}

// leaving takes an identifier out of a list, in place.
func leaving(list []string, id string) []string {
	for i := range list {
		if list[i] == id {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

// underlying are the identifiers of what c runs over, best first. A tunnel of
// which the kernel does not know its links sends by whatever else leads out.
func (b *board) underlying(c *bearer.Configuration) []string {
	switch {
	case c == nil || c.State != bearer.Active:
		return nil
	case len(c.Lower) > 0:
		return b.lower(c)
	case c.Role == bearer.Tunnel && b.ways.Len() > 0:
		return []string{b.ways.At(0).ID}
	}
	return nil
}

// lower are the access points on the interfaces right below c. A link of several
// profiles may be there more than once, and c may be on its own list.
func (b *board) lower(c *bearer.Configuration) []string {
	var ids []string
	found := map[string]bool{c.ID: true}
	for _, name := range c.Lower {
		for _, id := range b.links[name] {
			if !found[id] {
				found[id] = true
				ids = append(ids, id)
			}
		}
	}
	sort.Slice(ids, func(i, j int) bool { return roam.Better(b.order.Get(ids[i]), b.order.Get(ids[j])) })
	return ids
}

// base is the link by which the packets of c leave in the end: c itself, unless
// that is a tunnel; nil where nobody knows.
func (b *board) base(c *bearer.Configuration) *bearer.Configuration {
	if c == nil || c.Role != bearer.Tunnel {
		return c
	}
	return b.bottom(c, make(map[string]bool))
}

// bottom is base past the tunnels that were seen already: some run in circles.
func (b *board) bottom(c *bearer.Configuration, seen map[string]bool) *bearer.Configuration {
	switch {
	case c == nil || seen[c.ID]:
		return nil
	case c.Role != bearer.Tunnel:
		return c
	}
	seen[c.ID] = true
	for _, id := range b.underlying(c) {
		if found := b.bottom(b.registry.Get(id), seen); found != nil {
			return found
		}
	}
	return nil
}

// seen is an access point as readers see it: what traffic costs is up to the
// link that carries it, whatever a tunnel claims.
func (b *board) seen(c *bearer.Configuration) *bearer.Configuration {
	under := b.base(c)
	if under == nil || (under.Metered == c.Metered && under.Abroad == c.Abroad) {
		return c
	}
	value := *c
	value.Metered, value.Abroad = under.Metered, under.Abroad
	return &value
}

// resurface shows the tunnels that look different because of the links under
// them, so that the sessions on them are told.
func (b *board) resurface(u *update, now time.Time) {
	if !b.shifted {
		return
	}
	b.shifted = false
	for _, id := range b.tunnels {
		e, c := b.entries[id], b.registry.Get(id)
		if b.seen(c).Equal(e.Value()) {
			continue
		}
		b.renew(e, c, now)
		if !among(u.added, e) && !among(u.changed, e) {
			u.changed = append(u.changed, e)
		}
	}
}

func among(list []*Entry, e *Entry) bool {
	for _, other := range list {
		if other == e {
			return true
		}
	}
	return false
}
