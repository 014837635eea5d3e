package script

import (
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

// Backend plays a script. It implements backend.Backend.
type Backend struct {
	program  *program
	clock    clock
	readings *readings

	wake     chan struct{} // holds a token while there are commands
	mu       sync.Mutex    // guards commands
	commands []command
}

// command is a call of Start, Stop or Refresh.
type command struct {
	op backend.Op
	id string
}

// New reads the script in the file at path. The error wraps that of the system,
// or is a *SyntaxError.
func New(path string) (*Backend, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	program, err := parse(path, text)
	if err != nil {
		return nil, err
	}
	return newBackend(program, systemClock{}), nil
}

func newBackend(p *program, c clock) *Backend {
	return &Backend{program: p, clock: c, readings: newReadings(), wake: make(chan struct{}, 1)}
}

// Run plays the script from its beginning until ctx ends. After the last step
// the picture stands, and commands are answered still.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	start := b.clock.now()
	b.readings.begin(start)
	p := newPlayer(b.program, sink, b.readings)
	p.begin()
	for {
		b.catchUp(ctx, p, start)
		for _, c := range b.take() {
			b.catchUp(ctx, p, start)
			p.command(c.op, c.id)
		}
		if !b.sleep(ctx, p, start) {
			return nil
		}
	}
}

// catchUp lets everything happen that is due by now.
func (b *Backend) catchUp(ctx context.Context, p *player, start time.Time) {
	for ctx.Err() == nil && p.advance(b.clock.now().Sub(start)) {
	}
}

// sleep waits until there is something to do, and reports false if ctx ended.
func (b *Backend) sleep(ctx context.Context, p *player, start time.Time) bool {
	var due <-chan time.Time
	if at, ok := p.next(); ok {
		passed, stop := b.clock.timer(at - b.clock.now().Sub(start))
		defer stop()
		due = passed
	}
	select {
	case <-ctx.Done():
		return false
	case <-due:
	case <-b.wake:
	}
	return ctx.Err() == nil
}

// Start brings a link up, as the script says.
func (b *Backend) Start(id string) { b.put(command{backend.OpStart, id}) }

// Stop takes a link down, as the script says.
func (b *Backend) Stop(id string) { b.put(command{backend.OpStop, id}) }

// Refresh plays the next step, if that one waits for a refresh.
func (b *Backend) Refresh() { b.put(command{op: backend.OpRefresh}) }

// Counters tells the bytes that the script says.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	return b.readings.counters(id, b.clock.now())
}

// Capabilities has CanStartAndStop unless every access point is denied.
func (b *Backend) Capabilities() backend.Capabilities { return b.readings.capabilities() }

func (b *Backend) put(c command) {
	b.mu.Lock()
	b.commands = append(b.commands, c)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// take returns all commands that wait, in order.
func (b *Backend) take() []command {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.commands
	b.commands = nil
	return all
}
