package netsession

import (
	"context"
	"sync"
)

// Events are those of the manager and of its sessions from now on, in the order in
// which they happened. Several may be asked for; each gets all of them. The channel
// is closed when ctx ends or the manager is closed: end ctx when you do not read any
// more.
//
// Changes of one configuration that wait together are told once, with its latest
// value. Where thousands of events wait, states, roaming, policies and the like that
// newer ones have superseded are dropped, and configurations that came and went again;
// Opened, Closed, ErrorOccurred and UpdateCompleted are always told.
func (m *Manager) Events(ctx context.Context) <-chan Event {
	out := make(chan Event)
	s := &stream{bell: make(chan struct{}, 1)}
	m.mu.Lock()
	m.streams = append(m.streams, s)
	m.mu.Unlock()
	go func() {
		defer close(out)
		defer m.drop(s)
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
			case <-s.bell:
			case <-ctx.Done():
				return
			case <-m.closed:
				return
			}
		}
	}()
	return out
}

// drop forgets a stream.
func (m *Manager) drop(s *stream) {
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

// tell puts an event into all streams.
func (m *Manager) tell(e Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.streams {
		s.put(e)
	}
}

// stream is a queue of events for one reader.
type stream struct {
	bell chan struct{} // holds a token while events wait

	mu      sync.Mutex // guards what follows
	waiting []Event
	changed map[string]int // where a ConfigurationChanged waits, by identifier
	room    int            // how many may wait until they are sifted, if that is more than many
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
	if len(s.waiting) > s.room && len(s.waiting) > many {
		s.waiting, s.changed = sift(s.waiting), nil
		s.room = 2 * len(s.waiting) // so that the cost stays in proportion
	}
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// take returns everything that waits.
func (s *stream) take() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.waiting
	s.waiting, s.changed, s.room = nil, nil, 0
	return all
}
