package bus

import (
	"sync"
	"time"
)

// inbox holds what is to be done on the owner's goroutine.
type inbox struct {
	wake chan struct{}

	mu    sync.Mutex // guards tasks
	tasks []func()
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

func (i *inbox) put(f func()) {
	i.mu.Lock()
	i.tasks = append(i.tasks, f)
	i.mu.Unlock()
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

func (i *inbox) take() []func() {
	i.mu.Lock()
	defer i.mu.Unlock()
	tasks := i.tasks
	i.tasks = nil
	return tasks
}

// Timer is something that will be done on the owner's goroutine.
type Timer struct {
	timer   *time.Timer
	stopped bool // the owner's
}

// Stop keeps it from being done. Only the owner may call it; nil is allowed.
func (t *Timer) Stop() {
	if t != nil {
		t.stopped = true
		t.timer.Stop()
	}
}

// After lets f be called by the owner's goroutine after d.
func (b *Bus) After(d time.Duration, f func()) *Timer {
	t := &Timer{}
	t.timer = time.AfterFunc(d, func() {
		b.Post(func() {
			if !t.stopped {
				f()
			}
		})
	})
	return t
}
