package engine

import "sync"

// task is one thing for the loop to do.
type task func(*loop)

// inbox is the queue of tasks for the loop. Any goroutine may put; only
// the loop takes. It never blocks and never drops.
type inbox struct {
	wakeup chan struct{} // holds a token while there is something to take

	mu    sync.Mutex // guards items
	items []task
}

func newInbox() *inbox { return &inbox{wakeup: make(chan struct{}, 1)} }

func (b *inbox) post(t task) {
	b.mu.Lock()
	b.items = append(b.items, t)
	first := len(b.items) == 1
	b.mu.Unlock()
	if first {
		b.signal()
	}
}

// signal wakes the loop.
func (b *inbox) signal() {
	select {
	case b.wakeup <- struct{}{}:
	default:
	}
}

func (b *inbox) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.items) == 0
}

// take returns everything that was put, in order. The slice is the caller's
// until the next take, to which it goes back as spare.
func (b *inbox) take(spare []task) []task {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = spare[:0]
	return items
}
