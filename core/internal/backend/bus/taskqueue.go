package bus

import (
	"sync"
	"time"
)

// taskQueue holds the functions to call on the handler's goroutine, in their order.
type taskQueue struct {
	wake chan struct{}

	mu    sync.Mutex // guards tasks
	tasks []func()
}

func newTaskQueue() *taskQueue { return &taskQueue{wake: make(chan struct{}, 1)} }

func (q *taskQueue) push(f func()) {
	q.mu.Lock()
	q.tasks = append(q.tasks, f)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *taskQueue) drain() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	tasks := q.tasks
	q.tasks = nil
	return tasks
}

// Timer is a function that will be called on the handler's goroutine.
type Timer struct {
	timer   *time.Timer
	stopped bool // only the handler's goroutine uses it
}

// Stop keeps the function from being called. Only the handler's goroutine may call
// Stop; t may be nil.
func (t *Timer) Stop() {
	if t != nil {
		t.stopped = true
		t.timer.Stop()
	}
}

// After calls f on the handler's goroutine after d.
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
