package store

// Listener is told what changed in the store. The engine calls it on its loop, after
// the change.
type Listener interface {
	Added(*Entry)
	Changed(*Entry)
	Removed(*Entry)
	NetworkStateChanged(before, after NetworkState)
}

// Subscription is one listener's place among those that are told of an Update.
type Subscription struct{ Listener Listener }

// Subscribe adds a listener, which is told of every Update from now on. It may be
// called on any goroutine.
func (s *Store) Subscribe(l Listener) *Subscription {
	n := &Subscription{l}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscriptions = append(s.subscriptions[:len(s.subscriptions):len(s.subscriptions)], n)
	return n
}

// Unsubscribe takes a listener away; an Update that was made before may still reach it.
func (s *Store) Unsubscribe(n *Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := make([]*Subscription, 0, len(s.subscriptions))
	for _, other := range s.subscriptions {
		if other != n {
			kept = append(kept, other)
		}
	}
	s.subscriptions = kept
}

// Subscriptions are those of this moment. The slice must not be written.
func (s *Store) Subscriptions() []*Subscription {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.subscriptions
}
