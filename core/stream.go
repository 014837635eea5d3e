package netsession

import (
	"context"
	"sync"
)

// Events returns a channel with the events of the manager and of its sessions from now
// on, in the order in which they happened. Each call returns another channel, and every
// channel gets all events. The library closes the channel when ctx ends or the manager
// is closed. Cancel ctx when you stop reading: the queue behind the channel grows until
// then.
//
// Changes of one configuration that wait together become one event, with the latest
// value. Where thousands of events wait, the library drops states, offers, policies and
// the like that newer events supersede, and configurations that came and went again.
// Opened, Closed, ErrorOccurred and UpdateCompleted are never dropped.
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
	case s.wakeup <- struct{}{}:
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
