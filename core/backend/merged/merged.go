// Package merged puts several backends together into one picture: the kernel's
// links, and the network daemons that manage some of them. A link that a daemon
// manages is shown as the daemon's configurations only, with the kernel's facts
// in them.
package merged

import (
	"context"
	"sort"
	"sync"
	"time"

	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/bearer"
)

// Patience is how long the first picture waits for a daemon that does not
// answer. What comes later is reported as a change.
const Patience = 400 * time.Millisecond

// Backend is a backend.Backend made of others.
type Backend struct {
	links   backend.Backend
	daemons []backend.Backend

	mu        sync.Mutex // guards what follows, and keeps reports in order
	sink      backend.Sink
	kernel    *source
	sources   []*source         // of the daemons, in their order
	shown     map[string]phase  // as they were reported last, by identifier
	doubts    map[string]*doubt // by identifier
	repairing map[string]int    // stops that nobody asked for, by identifier
	late      bool              // the first picture waits for no daemon any more
	complete  bool              // the first picture was reported
	refreshes int               // asked for
	answered  []int             // refreshes answered, by the links and then each daemon
	settled   int               // refreshes answered by all
}

// New merges the kernel's links with daemons. Of the daemons only the first
// that is there counts.
func New(links backend.Backend, daemons ...backend.Backend) *Backend {
	b := &Backend{
		links: links, daemons: daemons, kernel: newSource(), shown: make(map[string]phase),
		doubts: make(map[string]*doubt), repairing: make(map[string]int),
		answered: make([]int, 1+len(daemons)),
	}
	for range daemons {
		b.sources = append(b.sources, newSource())
	}
	return b
}

// Run is that of backend.Backend. It ends when all parts have.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	b.mu.Lock()
	b.sink = sink
	b.mu.Unlock()
	late := time.AfterFunc(Patience, b.goOn)
	defer late.Stop()

	var wait sync.WaitGroup
	for i, d := range b.daemons {
		wait.Add(1)
		go func(d backend.Backend, p part) {
			defer wait.Done()
			p.run(ctx, d)
		}(d, part{b, b.sources[i], i + 1})
	}
	err := b.links.Run(ctx, part{b, b.kernel, 0})
	wait.Wait()
	b.trustAll()
	return err
}

// part is the sink of one of the backends.
type part struct {
	*Backend
	source *source
	number int // 0 for the links
}

// run lets a daemon's backend work. One that fails for good is as if its
// daemon were not there.
func (p part) run(ctx context.Context, d backend.Backend) {
	if err := d.Run(ctx, p); err != nil && ctx.Err() == nil {
		p.Log(backend.LevelWarning, err.Error())
		p.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces()})
	}
}

func (p part) Report(batch bearer.Batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var m marks
	first := p.first()
	p.source.take(batch, &m)
	if p.first() != first {
		p.markAll(&m)
	}
	switch {
	case p.complete:
		p.tell(&m, p.why(&batch))
	case p.ready():
		p.begin()
	}
}

// why says why something is gone after a report.
func (p part) why(batch *bearer.Batch) string {
	if batch.Why == "" && len(batch.Managed) > 0 {
		return "a network daemon manages its link now, and has configurations of its own on it"
	}
	return batch.Why
}

func (p part) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case op == backend.OpRefresh:
		p.answered[p.number]++
		p.settle()
	case op == backend.OpStop && p.repaired(id):
	default:
		p.sink.Done(backend.Answer{Op: op, ID: id, Err: err})
	}
}

func (p part) Loading() {}

func (p part) Log(level backend.Level, text string) { p.sink.Log(level, text) }

// first is the daemon that counts, or nil.
func (b *Backend) first() *source {
	for _, s := range b.sources {
		if s.present() {
			return s
		}
	}
	return nil
}

// ready reports whether the first picture waits for nothing any more.
func (b *Backend) ready() bool {
	for _, s := range b.sources {
		if !s.reported && !b.late {
			return false
		}
	}
	return b.kernel.reported
}

// goOn has the first picture reported without those that have not answered.
func (b *Backend) goOn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.late = true
	if !b.complete && b.ready() {
		b.begin()
	}
}

func (b *Backend) begin() {
	b.complete = true
	var m marks
	b.markAll(&m)
	batch := b.changes(m.ids)
	batch.Complete = true
	b.sink.Report(batch)
}

func (b *Backend) markAll(m *marks) {
	for _, s := range append([]*source{b.kernel}, b.sources...) {
		for id := range s.configs {
			m.id(id)
		}
	}
	for id := range b.shown {
		m.id(id)
	}
}

// tell reports what may look different now; the engine drops what does not.
// Links and a daemon's configurations look different with each other.
func (b *Backend) tell(m *marks, why string) {
	if first := b.first(); first != nil {
		for _, name := range m.interfaces {
			for _, s := range []*source{b.kernel, first} {
				for id := range s.byInterface[name] {
					m.id(id)
				}
			}
		}
	}
	if len(m.ids) > 0 {
		batch := b.changes(m.ids)
		batch.Why = why
		b.sink.Report(batch)
	}
}

func (b *Backend) changes(ids []string) bearer.Batch {
	var batch bearer.Batch
	sort.Strings(ids) // so that the order of events is the same each time
	for i, id := range ids {
		if i > 0 && id == ids[i-1] {
			continue
		}
		_, shown := b.shown[id]
		c, ok := b.look(id)
		switch {
		case ok:
			b.shown[id] = phaseOf(&c)
			batch.Changed = append(batch.Changed, c)
		case shown:
			delete(b.shown, id)
			batch.Gone = append(batch.Gone, id)
		}
	}
	return batch
}

// look is the configuration with an identifier as it is to be shown, if it is.
func (b *Backend) look(id string) (bearer.Configuration, bool) {
	first := b.first()
	if first != nil {
		if c, ok := first.configs[id]; ok {
			link := b.linkOf(c.Interface)
			b.judge(&c, link)
			return join(c, link), true
		}
	}
	b.trust(id)
	c, ok := b.kernel.configs[id]
	if !ok || first != nil && first.managed[c.Interface] {
		return bearer.Configuration{}, false
	}
	return c, true
}

// linkOf is the kernel's configuration of an interface, or nil.
func (b *Backend) linkOf(name string) *bearer.Configuration {
	if c, ok := b.kernel.configs[b.kernel.only(name)]; ok {
		return &c
	}
	return nil
}
