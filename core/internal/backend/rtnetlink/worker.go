package rtnetlink

import (
	"fmt"
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
)

// command is a command of the engine.
type command struct {
	op backend.Op
	id string
}

// worker executes commands in their order. Its goroutine exists only while
// commands are queued, because a link's driver may block for long.
type worker struct {
	execute func(command)

	mu      sync.Mutex // guards the fields below
	queue   []command
	enabled bool // the first snapshot is complete; commands wait until then
	busy    bool // the goroutine exists
	stopped bool
	running sync.WaitGroup
}

// enqueue adds a command.
func (w *worker) enqueue(c command) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, c)
	w.run()
}

// enable starts the execution of commands.
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

// stop drops the queued commands and waits for the command that is being executed.
func (w *worker) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.running.Wait()
}

// recoverPanic converts a panic of f into an error.
func recoverPanic(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return f()
}
