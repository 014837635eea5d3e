package backend_test

import (
	"context"
	"sync"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// template is the smallest complete backend: copy it to start a new one. Its
// source is a modem that is either on or off. What a real backend does instead
// is in brackets.
//
// The goroutine that runs the backend owns the state and calls the sink. Only
// the queue of tasks needs a lock, and reports are in order.
type template struct {
	mu    sync.Mutex // guards tasks
	tasks []func()
	wake  chan struct{} // holds a token while there are tasks

	// The goroutine that runs the backend owns the fields below.
	sink  backend.Sink
	modem bearer.Configuration
}

func newTemplate() *template {
	return &template{
		wake: make(chan struct{}, 1),
		modem: bearer.Configuration{
			ID: "modem:0", Name: "Modem", Bearer: bearer.BearerLTE, State: bearer.Discovered, Interface: "wwan0",
		},
	}
}

// Run reports everything, and then executes commands until ctx ends. [It also
// waits for messages of the source, and reports what they changed. After
// anything that may have lost a message it reports everything again.]
func (b *template) Run(ctx context.Context, sink backend.Sink) error {
	b.sink = sink
	sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{b.modem}})
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.wake:
			for _, task := range b.take() {
				task()
			}
		}
	}
}

// Start brings the link up. [It sends a request to the source, and returns: the
// answer follows when a message of the source reports the outcome.]
func (b *template) Start(id string) {
	b.post(func() { b.command(backend.OpStart, id, bearer.Active) })
}

// Stop takes the link down, or withdraws an attempt.
func (b *template) Stop(id string) {
	b.post(func() { b.command(backend.OpStop, id, bearer.Discovered) })
}

// Refresh has nothing to scan for. [It scans, and is answered after the scan.]
func (b *template) Refresh() {
	b.post(func() { b.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil}) })
}

// Counters are not available: a modem does not count. [They are read during the
// call.]
func (b *template) Counters(id string) (backend.Counters, error) {
	return backend.Counters{}, backend.Refuse(backend.ReasonNotSupported, "A modem does not count what crosses %s.", id)
}

// Capabilities says what this process may do here now.
func (b *template) Capabilities() backend.Capabilities { return backend.CanStartAndStop }

// command reports the new state first, and then answers the command.
func (b *template) command(op backend.Op, id string, state bearer.State) {
	if id != b.modem.ID {
		b.sink.Done(backend.Answer{Op: op, ID: id, Err: backend.Refuse(backend.ReasonNoConfiguration, "There is no modem %s.", id)})
		return
	}
	b.modem.State = state
	b.sink.Report(bearer.Batch{Changed: []bearer.Configuration{b.modem}})
	b.sink.Done(backend.Answer{Op: op, ID: id, Err: nil})
}

func (b *template) post(task func()) {
	b.mu.Lock()
	b.tasks = append(b.tasks, task)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *template) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.tasks
	b.tasks = nil
	return all
}

func TestTheTemplateKeepsTheContract(t *testing.T) {
	backendtest.Check(t, func() backend.Backend { return newTemplate() }, "modem:0")
}
