// Package merged puts several backends together into one picture: the kernel's
// links, and the network daemons that manage some of them. A link that a daemon
// manages is shown as the daemon's configurations only, with the kernel's facts
// in them.
//
// What a source reports is kept as it is (source). For each configuration that may
// look different after a report, look puts together what is to be seen of it, and
// show holds back for a while what may be over in a moment (grace). Nothing else is
// kept but what was shown last.
package merged

import (
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// How long the first picture waits for a daemon whose bus has not answered, and for
// one that is asked after or being read: the answer is sure to come, on a slow
// machine some seconds later. What comes later still is reported as a change.
const (
	Patience        = 400 * time.Millisecond
	loadingPatience = 4500 * time.Millisecond
)

// Daemon is a network daemon's backend, under the daemon's name.
type Daemon struct {
	Name string
	backend.Backend
	// Resets says that the daemon sets the links down that it manages, and up again, when
	// it is started.
	Resets bool
}

// Backend is a backend.Backend made of others.
type Backend struct {
	links    backend.Backend
	daemons  []Daemon
	patience patience

	mu        sync.Mutex // guards what follows, and keeps reports in order
	sink      backend.Sink
	kernel    *source
	sources   []*source                       // of the daemons, in their order
	shown     map[string]bearer.Configuration // as they were reported last, by identifier
	graces    map[string]*grace               // by identifier
	repairing map[string]int                  // stops that nobody asked for, by identifier
	waits     []*time.Timer                   // of the first picture
	late      bool                            // the first picture waits only for daemons that are being read
	tooLate   bool                            // it waits for no daemon any more
	complete  bool                            // the first picture was reported
	refreshes int                             // asked for
	answered  []int                           // refreshes answered, by the links and then each daemon
	settled   int                             // refreshes answered by all
}

// New merges the kernel's links with daemons. Where several speak for an interface,
// the first of them counts.
func New(links backend.Backend, daemons ...Daemon) *Backend {
	b := &Backend{
		links: links, daemons: daemons, patience: usual, kernel: newSource(true),
		shown: make(map[string]bearer.Configuration), graces: make(map[string]*grace),
		repairing: make(map[string]int), answered: make([]int, 1+len(daemons)),
	}
	for range daemons {
		b.sources = append(b.sources, newSource(false))
	}
	return b
}

// Run is that of backend.Backend. It ends when all parts have.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	b.mu.Lock()
	b.sink = sink
	b.waits = []*time.Timer{
		time.AfterFunc(Patience, func() { b.goOn(&b.late) }),
		time.AfterFunc(loadingPatience, func() { b.goOn(&b.tooLate) }),
	}
	b.mu.Unlock()

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
	b.endGraces()
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
	switch {
	case p.gone(&batch):
		p.leave(batch)
	case p.source.absence != nil:
		p.hear(batch)
	default:
		p.take(batch)
	}
	for i, s := range p.sources { // a link may be what was missing
		part{p.Backend, s, i + 1}.welcome()
	}
}

// take brings the picture up to date with a report.
func (p part) take(batch bearer.Batch) {
	m := newMarks()
	before := p.presence()
	p.source.take(batch, m)
	if p.locateAll() || p.presence() != before {
		p.markAll(m)
	}
	switch {
	case p.complete:
		p.tell(m, batch.Why)
	case p.ready():
		p.begin()
	}
}

func (p part) Done(a backend.Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case a.Op == backend.OpRefresh:
		p.answered[p.number]++
		p.settle()
	case a.Op == backend.OpStop && p.repaired(a.ID):
	default:
		p.outcome(&a)
		p.name(&a)
		p.sink.Done(a)
	}
}

func (p part) Loading() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.source.loading = true
}

func (p part) Log(level backend.Level, text string) { p.sink.Log(level, text) }

// ready reports whether the first picture waits for nothing any more.
func (b *Backend) ready() bool {
	for _, s := range b.sources {
		if !s.reported && !b.tooLate && (s.loading || !b.late) {
			return false
		}
	}
	return b.kernel.reported
}

// goOn has the first picture reported without some of those that have not answered.
func (b *Backend) goOn(without *bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*without = true
	if !b.complete && b.ready() {
		b.begin()
	}
}

// stopWaiting is for the first picture, and for the end of Run: a process that
// sleeps is not to be woken up for nothing.
func (b *Backend) stopWaiting() {
	for _, t := range b.waits {
		t.Stop()
	}
}

func (b *Backend) begin() {
	b.complete = true
	b.stopWaiting()
	m := newMarks()
	b.markAll(m)
	batch := b.changes(m)
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
func (b *Backend) tell(m *marks, why string) {
	for name := range m.interfaces {
		for _, s := range append([]*source{b.kernel}, b.sources...) {
			for id := range s.byInterface[name] {
				m.id(id)
			}
		}
	}
	batch := b.changes(m)
	if batch.Why == "" {
		batch.Why = why
	}
	if len(batch.Changed) > 0 || len(batch.Gone) > 0 {
		b.sink.Report(batch)
	}
}

// changes are what is to be reported of what was marked. A link that is hidden now
// says which daemon has it.
func (b *Backend) changes(m *marks) (batch bearer.Batch) {
	for _, id := range m.sorted() {
		c, ok := b.show(id)
		was, known := b.shown[id]
		switch {
		case ok && known && c.Equal(&was):
		case ok:
			b.shown[id] = c
			batch.Changed = append(batch.Changed, c)
		case known:
			delete(b.shown, id)
			batch.Gone = append(batch.Gone, id)
			if i := b.speaker(b.kernel.configs[id].Interface); i >= 0 {
				batch.Why = b.daemons[i].Name + " manages its link now, and has configurations of its own on it"
			}
		}
	}
	return batch
}
