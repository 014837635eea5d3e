package script

import (
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

// Backend plays a script. It implements backend.Backend.
type Backend struct {
	program *program
	clock   clock
	stats   *statsTable

	wake     chan struct{} // holds a token while there are commands
	mu       sync.Mutex    // guards commands
	commands []command
}

// command is a call of Start, Stop or Refresh.
type command struct {
	op backend.Op
	id string
}

// New reads the script in the file at path. The error wraps an error of the
// system, or is a *SyntaxError.
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
	return &Backend{program: p, clock: c, stats: newStatsTable(), wake: make(chan struct{}, 1)}
}

// Run plays the script from the beginning until ctx ends. After the last step
// the state stays, and commands are still answered.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	start := b.clock.now()
	b.stats.begin(start)
	p := newPlayer(b.program, sink, b.stats)
	p.begin()
	for {
		b.playDue(ctx, p, start)
		for _, c := range b.dequeueAll() {
			b.playDue(ctx, p, start)
			p.command(c.op, c.id)
		}
		if !b.sleep(ctx, p, start) {
			return nil
		}
	}
}

// playDue executes everything that is due by now.
func (b *Backend) playDue(ctx context.Context, p *player, start time.Time) {
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

// Start brings a link up, according to the script.
func (b *Backend) Start(id string) { b.enqueue(command{backend.OpStart, id}) }

// Stop takes a link down, according to the script.
func (b *Backend) Stop(id string) { b.enqueue(command{backend.OpStop, id}) }

// Refresh plays the next step if it waits for a refresh.
func (b *Backend) Refresh() { b.enqueue(command{op: backend.OpRefresh}) }

// Counters returns the byte counters according to the script.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	return b.stats.counters(id, b.clock.now())
}

// Capabilities has CanStartAndStop unless every access point is denied.
func (b *Backend) Capabilities() backend.Capabilities { return b.stats.capabilities() }

func (b *Backend) enqueue(c command) {
	b.mu.Lock()
	b.commands = append(b.commands, c)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// dequeueAll returns all queued commands in order.
func (b *Backend) dequeueAll() []command {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.commands
	b.commands = nil
	return all
}
