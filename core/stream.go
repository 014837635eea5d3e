package netsession

import (
	"context"
	"sync"

	"github.com/netsession/netsession/core/internal/coalesce"
)

// Events returns a channel with the events of the manager and of its sessions from now
// on, in the order in which they happened. Each call returns another channel, and every
// channel gets all events. The library closes the channel when ctx ends or the manager
// is closed. Cancel ctx when you stop reading: the queue behind the channel grows until
// then.
//
// Changes of one configuration that wait together arrive once, with its latest value.
// If thousands of events wait, superseded events are dropped:
// of states, roaming, policies and the like the newest 32 or 33 of a kind remain, for
// each session and for the manager, and OnlineStateChanged, CaptivePortalChanged and
// MeteredChanged still alternate; of configurations that were added and removed again nothing
// remains. Opened, Closed, ErrorOccurred and UpdateCompleted always arrive. The order of
// the remaining events does not change.
func (m *Manager) Events(ctx context.Context) <-chan Event {
	out := make(chan Event)
	s := &stream{wakeup: make(chan struct{}, 1)}
	m.mu.Lock()
	m.streams = append(m.streams, s)
	m.mu.Unlock()
	go func() {
		defer close(out)
		defer m.remove(s)
		for {
			for _, e := range s.take() {
				select {
				case out <- e:
				case <-ctx.Done():
					return
				case <-m.closed:
					return
				}
			}
			select {
			case <-s.wakeup:
			case <-ctx.Done():
				return
			case <-m.closed:
				return
			}
		}
	}()
	return out
}

// remove takes a stream off the list.
func (m *Manager) remove(s *stream) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.streams[:0:0]
	for _, other := range m.streams {
		if other != s {
			kept = append(kept, other)
		}
	}
	m.streams = kept
}

// post puts an event into all streams.
func (m *Manager) post(e Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.streams {
		s.put(e)
	}
}

// stream is a queue of events for one reader.
type stream struct {
	wakeup chan struct{} // of capacity 1; holds a token while events wait

	mu      sync.Mutex // guards the fields below
	waiting []Event
	changed map[string]int // where a ConfigurationChanged waits, by identifier
	// coalesceAt is how many have to wait for the next coalescing, if that is more
	// than coalesce.Start.
	coalesceAt int
}

func (s *stream) put(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := e.(type) {
	case ConfigurationChanged:
		if at, waits := s.changed[e.Configuration.ID]; waits {
			s.waiting[at] = e
			return
		}
		if s.changed == nil {
			s.changed = make(map[string]int)
		}
		s.changed[e.Configuration.ID] = len(s.waiting)
	case ConfigurationRemoved:
		delete(s.changed, e.Configuration.ID)
	}
	s.waiting = append(s.waiting, e)
	if len(s.waiting) >= s.coalesceAt && len(s.waiting) >= coalesce.Start {
		s.coalesce()
	}
	select {
	case s.wakeup <- struct{}{}:
	default:
	}
}

// coalesce drops what newer events have superseded.
func (s *stream) coalesce() {
	s.waiting = coalesce.Coalesce(s.waiting, classify)
	s.coalesceAt = 2 * len(s.waiting) // so that the cost stays in proportion
	s.changed = make(map[string]int)
	for i, e := range s.waiting {
		switch e := e.(type) {
		case ConfigurationChanged:
			s.changed[e.Configuration.ID] = i
		case ConfigurationRemoved:
			delete(s.changed, e.Configuration.ID)
		}
	}
}

// take returns everything that waits.
func (s *stream) take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.waiting
	s.waiting, s.changed, s.coalesceAt = nil, nil, 0
	return all
}
