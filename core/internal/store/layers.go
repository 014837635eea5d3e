package store

import (
	"slices"
	"sort"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// layers indexes what is Active by interface, so that what a link runs over is found
// without a search through all access points: of thousands of profiles few are Active.
type layers struct {
	byInterface map[string][]string // identifiers of what is Active, by interface
	uplinks     *roam.Ranking       // what is Active and has a way out of its own
	tunnels     []string            // sorted identifiers of Active tunnels
	// changed: an Active access point changed in the current report, so that
	// a tunnel may run over something else.
	changed bool
}

func newLayers() layers {
	return layers{byInterface: make(map[string][]string), uplinks: roam.NewRanking()}
}

// replace updates the layers for one access point.
func (l *layers) replace(old, now *bearer.Configuration) {
	l.drop(old)
	l.add(now)
}

func (l *layers) add(c *bearer.Configuration) {
	if c == nil || c.State != bearer.Active {
		return
	}
	l.changed = true
	if c.Interface != "" {
		l.byInterface[c.Interface] = append(l.byInterface[c.Interface], c.ID)
	}
	switch {
	case c.Role == bearer.Tunnel:
		i := sort.SearchStrings(l.tunnels, c.ID)
		l.tunnels = append(l.tunnels, "")
		copy(l.tunnels[i+1:], l.tunnels[i:])
		l.tunnels[i] = c.ID
	case c.DefaultRoute && c.Role == bearer.Uplink:
		l.uplinks.Put(*candidate(c))
	}
}

func (l *layers) drop(c *bearer.Configuration) {
	if c == nil || c.State != bearer.Active {
		return
	}
	l.changed = true
	if rest := withoutID(l.byInterface[c.Interface], c.ID); len(rest) > 0 {
		l.byInterface[c.Interface] = rest
	} else {
		delete(l.byInterface, c.Interface)
	}
	if c.Role == bearer.Tunnel {
		l.tunnels = withoutID(l.tunnels, c.ID)
	}
	l.uplinks.Drop(c.ID)
}

// withoutID takes an identifier out of a list, in place.
func withoutID(list []string, id string) []string {
	for i := range list {
		if list[i] == id {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

// underlying are the identifiers of what c runs over, best first. A tunnel whose lower
// links the kernel does not know sends by the best other way out.
func (s *Store) underlying(c *bearer.Configuration) []string {
	switch {
	case c == nil || c.State != bearer.Active:
		return nil
	case len(c.Lower) > 0:
		return s.lower(c)
	case c.Role == bearer.Tunnel && s.layers.uplinks.Len() > 0:
		return []string{s.layers.uplinks.At(0).ID}
	}
	return nil
}

// lower are the access points on the interfaces right below c. A link of several
// profiles may be there more than once, and c may be on its own list.
func (s *Store) lower(c *bearer.Configuration) []string {
	var ids []string
	found := map[string]bool{c.ID: true}
	for _, name := range c.Lower {
		for _, id := range s.layers.byInterface[name] {
			if !found[id] {
				found[id] = true
				ids = append(ids, id)
			}
		}
	}
	sort.Slice(ids, func(i, j int) bool { return roam.RanksBefore(s.ranking.Get(ids[i]), s.ranking.Get(ids[j])) })
	return ids
}

// lowestLink is the link by which the packets of c leave in the end: c itself, unless
// that is a tunnel; nil if it is not known.
func (s *Store) lowestLink(c *bearer.Configuration) *bearer.Configuration {
	if c == nil || c.Role != bearer.Tunnel {
		return c
	}
	return s.lowestPast(c, make(map[string]bool))
}

// lowestPast is lowestLink past the tunnels that were seen already: some run in circles.
func (s *Store) lowestPast(c *bearer.Configuration, seen map[string]bool) *bearer.Configuration {
	switch {
	case c == nil || seen[c.ID]:
		return nil
	case c.Role != bearer.Tunnel:
		return c
	}
	seen[c.ID] = true
	for _, id := range s.underlying(c) {
		if found := s.lowestPast(s.registry.Get(id), seen); found != nil {
			return found
		}
	}
	return nil
}

// effective is an access point as readers see it: whether its traffic is metered
// depends on the link below, and not on the tunnel's own value.
func (s *Store) effective(c *bearer.Configuration) *bearer.Configuration {
	under := s.lowestLink(c)
	if under == nil || (under.Metered == c.Metered && under.Abroad == c.Abroad) {
		return c
	}
	value := *c
	value.Metered, value.Abroad = under.Metered, under.Abroad
	return &value
}

// publishTunnels publishes the tunnels whose effective value changed because of the
// links under them, so that the sessions on them are notified.
func (s *Store) publishTunnels(u *Update, now time.Time) {
	if !s.layers.changed {
		return
	}
	s.layers.changed = false
	for _, id := range s.layers.tunnels {
		e, c := s.entries[id], s.registry.Get(id)
		if s.effective(c).Equal(e.Value()) {
			continue
		}
		s.replace(e, c, now)
		if !slices.Contains(u.Added, e) && !slices.Contains(u.Changed, e) {
			u.Changed = append(u.Changed, e)
		}
	}
}
