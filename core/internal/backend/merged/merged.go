// Package merged combines several backends into one: the kernel's links, and
// the network daemons that manage some of them. A link that a daemon manages is
// represented by the daemon's configurations only, with the kernel's properties
// of the link merged into them.
//
// Each backend's reports are kept unchanged (backendState). For each
// configuration that a report may have changed, current merges what the daemon
// and the kernel report, and visible delays losses that may be over in a moment
// (grace.go, outage.go). Besides that, only the last report is kept.
package merged

import (
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// How long the first report waits for a daemon whose bus has not answered, and
// for a daemon that answers and is being read. The second answer will follow, some
// seconds later on a slow machine. A report after the timeout is reported as a change.
const (
	FirstTimeout   = 400 * time.Millisecond
	loadingTimeout = 4500 * time.Millisecond
)

// Daemon is the backend of a network daemon, with the daemon's name.
type Daemon struct {
	Name string
	backend.Backend
	// Resets says that the daemon, when it starts, sets its links down and up
	// again.
	Resets bool
}

// Backend is a backend.Backend that combines others.
type Backend struct {
	links   backend.Backend
	daemons []Daemon
	grace   gracePeriods

	mu            sync.Mutex // guards the fields below, and keeps reports in order
	sink          backend.Sink
	kernel        *backendState
	states        []*backendState                 // of the daemons, in their order
	reported      map[string]bearer.Configuration // the last report, by identifier
	graceTimers   map[string]*graceTimer          // by identifier
	internalStops map[string]int                  // number of unanswered stops that the engine did not ask for, by identifier
	firstTimers   []*time.Timer                   // timeouts of the first report
	skipSilent    bool                            // the first report waits only for daemons that are being read
	skipLoading   bool                            // the first report waits for no daemon any more
	complete      bool                            // the first report was made
	refreshes     int                             // number of refreshes that the engine asked for
	answered      []int                           // refreshes answered by the links and by each daemon
	refreshesDone int                             // refreshes answered to the engine
}

// New combines the kernel's links with daemons. If several daemons manage an
// interface, the first of them is used.
func New(links backend.Backend, daemons ...Daemon) *Backend {
	b := &Backend{
		links: links, daemons: daemons, grace: defaultGrace, kernel: newBackendState(true),
		reported: make(map[string]bearer.Configuration), graceTimers: make(map[string]*graceTimer),
		internalStops: make(map[string]int), answered: make([]int, 1+len(daemons)),
	}
	for range daemons {
		b.states = append(b.states, newBackendState(false))
	}
	return b
}

// Run implements backend.Backend. It returns when all combined backends have.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	b.mu.Lock()
	b.sink = sink
	b.firstTimers = []*time.Timer{
		time.AfterFunc(FirstTimeout, func() { b.firstTimeout(&b.skipSilent) }),
		time.AfterFunc(loadingTimeout, func() { b.firstTimeout(&b.skipLoading) }),
	}
	b.mu.Unlock()

	var wait sync.WaitGroup
	for i, d := range b.daemons {
		wait.Add(1)
		go func(d backend.Backend, p childSink) {
			defer wait.Done()
			p.run(ctx, d)
		}(d, childSink{b, b.states[i], i + 1})
	}
	err := b.links.Run(ctx, childSink{b, b.kernel, 0})
	wait.Wait()
	b.stopTimers()
	return err
}

// childSink is the sink of one of the backends.
type childSink struct {
	*Backend
	state  *backendState
	number int // 0 for the links
}

// run runs the backend of a daemon. A backend that fails permanently counts as a
// daemon that does not run.
func (p childSink) run(ctx context.Context, d backend.Backend) {
	if err := d.Run(ctx, p); err != nil && ctx.Err() == nil {
		p.Log(backend.LevelWarning, err.Error())
		p.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces()})
	}
}

func (p childSink) Report(batch bearer.Batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.isOutage(&batch):
		p.beginOutage(batch)
	case p.state.outage != nil:
		p.takeDuringOutage(batch)
	default:
		p.apply(batch)
	}
	for i, s := range p.states { // a link may have been missing
		childSink{p.Backend, s, i + 1}.endOutageIfRestored()
	}
}

// apply applies a report.
func (p childSink) apply(batch bearer.Batch) {
	changes := newChangeSet()
	before := p.presence()
	p.state.apply(batch, changes)
	if p.locateAll() || p.presence() != before {
		p.markAll(changes)
	}
	switch {
	case p.complete:
		p.reportChanges(changes, batch.Why)
	case p.ready():
		p.reportFirst()
	}
}

func (p childSink) Done(a backend.Answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case a.Op == backend.OpRefresh:
		p.answered[p.number]++
		p.answerRefreshes()
	case a.Op == backend.OpStop && p.isInternalStop(a.ID):
	default:
		p.reportOutcome(&a)
		p.nameNetwork(&a)
		p.sink.Done(a)
	}
}

func (p childSink) Loading() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.loading = true
}

func (p childSink) Log(level backend.Level, text string) { p.sink.Log(level, text) }

// ready reports whether the first report need not wait any longer.
func (b *Backend) ready() bool {
	for _, s := range b.states {
		if !s.reported && !b.skipLoading && (s.loading || !b.skipSilent) {
			return false
		}
	}
	return b.kernel.reported
}

// firstTimeout makes the first report without those backends that have not
// answered.
func (b *Backend) firstTimeout(without *bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*without = true
	if !b.complete && b.ready() {
		b.reportFirst()
	}
}

// stopFirstTimers avoids wake-ups of a sleeping process after the first report,
// and after the end of Run.
func (b *Backend) stopFirstTimers() {
	for _, t := range b.firstTimers {
		t.Stop()
	}
}

func (b *Backend) reportFirst() {
	b.complete = true
	b.stopFirstTimers()
	changes := newChangeSet()
	b.markAll(changes)
	batch := b.changes(changes)
	batch.Complete = true
	b.sink.Report(batch)
}

func (b *Backend) markAll(changes *changeSet) {
	for _, s := range append([]*backendState{b.kernel}, b.states...) {
		for id := range s.configs {
			changes.id(id)
		}
	}
	for id := range b.reported {
		changes.id(id)
	}
}

// reportChanges reports the configurations in a change set; the engine drops
// unchanged ones.
func (b *Backend) reportChanges(changes *changeSet, why string) {
	for name := range changes.interfaces {
		for _, s := range append([]*backendState{b.kernel}, b.states...) {
			for id := range s.byInterface[name] {
				changes.id(id)
			}
		}
	}
	batch := b.changes(changes)
	if batch.Why == "" {
		batch.Why = why
	}
	if len(batch.Changed) > 0 || len(batch.Gone) > 0 {
		b.sink.Report(batch)
	}
}

// changes compares the configurations in a change set with the last report. For
// a link that disappears because a daemon manages it now, the report says so.
func (b *Backend) changes(changes *changeSet) (batch bearer.Batch) {
	for _, id := range changes.sorted() {
		c, ok := b.visible(id)
		was, known := b.reported[id]
		switch {
		case ok && known && c.Equal(&was):
		case ok:
			b.reported[id] = c
			batch.Changed = append(batch.Changed, c)
		case known:
			delete(b.reported, id)
			batch.Gone = append(batch.Gone, id)
			if i := b.managerOf(b.kernel.configs[id].Interface); i >= 0 {
				batch.Why = b.daemons[i].Name + " manages its link now, and has configurations of its own on it"
			}
		}
	}
	return batch
}
