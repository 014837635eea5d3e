package store

import (
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// Reader answers questions about the snapshot. Its methods may be called on any
// goroutine. A function that is passed to one of them runs with the store locked: it
// must be quick, and must not call the engine or the store.
type Reader struct{ store *Store }

// Reader returns a reader of the store.
func (s *Store) Reader() Reader { return Reader{s} }

// Each calls f for every configuration whose state has all bits of filter:
// access points sorted by identifier, then service networks.
func (r Reader) Each(filter bearer.State, f func(*Entry)) {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, list := range [][]*Entry{s.accessPoints, s.networks} {
		for _, entry := range list {
			if entry.Value().State.Has(filter) {
				f(entry)
			}
		}
	}
}

// Len is an upper bound for the number of configurations, for callers of Each.
func (r Reader) Len() int {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.accessPoints) + len(s.networks)
}

// Find calls f with the configuration that has the identifier or alias, and reports
// whether there is one.
func (r Reader) Find(id string, f func(*Entry)) bool {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	entry := s.lookup(id)
	if entry != nil {
		f(entry)
	}
	return entry != nil
}

// Refer calls f as Find does; if there is no such configuration, with the
// entry that it will have if it appears, whose value is of type bearer.Invalid
// until then.
func (r Reader) Refer(id string, f func(*Entry)) {
	if r.Find(id, f) {
		return
	}
	s := r.store
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.expect(id, time.Now()))
}

// Default calls f with the default configuration and reports whether there is
// one: the group of type wanted, if that is not an access point, else the best-ranked
// access point that is up or can be opened, else "Internet". Without any access
// point there is none.
func (r Reader) Default(wanted bearer.Type, f func(*Entry)) bool {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.accessPoints) == 0 {
		return false
	}
	f(s.entries[s.defaultID(wanted)])
	return true
}

// bestPresentable is the best-ranked access point that may be the default, or nil.
func (s *Store) bestPresentable() *roam.Candidate {
	return s.ranking.Best((*roam.Candidate).MayBeDefault)
}

// defaultID is the identifier of the default configuration.
func (s *Store) defaultID(wanted bearer.Type) string {
	best := s.bestPresentable()
	switch {
	case wanted == bearer.UserChoice:
		return bearer.UserChoiceID
	case wanted == bearer.ServiceNetwork || best == nil:
		return bearer.InternetID
	}
	return best.ID
}

// Children calls f for every access point of a service network.
func (r Reader) Children(id string, f func(*Entry)) {
	if bearer.TypeOf(id) == bearer.ServiceNetwork {
		r.Members(id, f)
	}
}

// Members calls f for every access point of a service network or of the user choice.
func (r Reader) Members(id string, f func(*Entry)) {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	if g := s.Group(id); g != nil {
		g.each(f)
	}
}

// Candidates calls f for everything that a user can choose to open: access points
// that are up or can be opened, best first, then service networks, sorted by
// identifier. It calls nothing if asked, called with the store locked, is false;
// it reports what asked said.
func (r Reader) Candidates(asked func() bool, f func(*Entry)) bool {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	if !asked() {
		return false
	}
	s.ranking.Each(func(c *roam.Candidate) { f(s.entries[c.ID]) })
	for _, e := range s.networks {
		if e.Value().State.Has(bearer.Discovered) {
			f(e)
		}
	}
	return true
}

// Underlying calls f for every access point that the link of the access point with the
// identifier runs over now, best first. There is none for a link that runs over
// nothing or is not up, for a service network, and if it is not known.
func (r Reader) Underlying(id string, f func(*Entry)) {
	s := r.store
	s.mu.RLock()
	defer s.mu.RUnlock()
	over := s.lookup(id)
	if over == nil {
		return
	}
	for _, below := range s.underlying(s.registry.Get(over.id)) {
		f(s.entries[below])
	}
}

// NetworkState is the state of the network as a whole.
func (r Reader) NetworkState() NetworkState {
	r.store.mu.RLock()
	defer r.store.mu.RUnlock()
	return r.store.networkState()
}

// Reap drops the entry of a removed configuration if unused, called with the
// store locked, confirms that nothing refers to it.
func (r Reader) Reap(e *Entry, unused func() bool) {
	s := r.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if !e.Value().Valid() && s.entries[e.id] == e && unused() {
		delete(s.entries, e.id)
	}
}
