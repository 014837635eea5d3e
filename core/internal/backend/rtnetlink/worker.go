package rtnetlink

import (
	"fmt"
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
)

// command is something that the engine asked for.
type command struct {
	op backend.Op
	id string
}

// worker carries out commands in their order, on a goroutine that lives only
// while there are any. The driver of a link may take its time.
type worker struct {
	execute func(command)

	mu      sync.Mutex // guards what follows
	queue   []command
	enabled bool // the picture is complete
	busy    bool // the goroutine runs
	stopped bool
	running sync.WaitGroup
}

// put adds a command.
func (w *worker) enqueue(c command) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, c)
	w.run()
}

// start lets commands be carried out from now on.
func (w *worker) enable() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.enabled = true
	w.run()
}

func (w *worker) run() {
	if w.busy || !w.enabled || w.stopped || len(w.queue) == 0 {
		return
	}
	w.busy = true
	w.running.Add(1)
	go w.work()
}

func (w *worker) work() {
	defer w.running.Done()
	for c, ok := w.dequeue(); ok; c, ok = w.dequeue() {
		w.execute(c)
	}
}

func (w *worker) dequeue() (c command, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || len(w.queue) == 0 {
		w.busy = false
		return c, false
	}
	c = w.queue[0]
	w.queue = w.queue[1:]
	return c, true
}

// stop drops the commands that have not begun, and waits for the one that has.
func (w *worker) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.running.Wait()
}

// guarded turns a panic into an error.
func recoverPanic(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return f()
}
