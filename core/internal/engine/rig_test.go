package engine

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// bound is how long a test waits for an event. Only a failing test reaches it.
const bound = 2 * time.Minute

// record is everything that happened, in order, as text.
type record struct {
	mu    sync.Mutex // guards lines
	lines []string
	more  chan struct{} // holds a token after a line was added
}

func newRecord() *record { return &record{more: make(chan struct{}, 1)} }

func (r *record) add(format string, args ...any) {
	r.mu.Lock()
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
	r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// take returns what happened since the last take.
func (r *record) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := strings.Join(r.lines, ", ")
	r.lines = nil
	return text
}

func (r *record) count(line string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.lines {
		if l == line {
			n++
		}
	}
	return n
}

// waitFor waits until the line was recorded.
func (r *record) waitFor(t *testing.T, line string) {
	t.Helper()
	late := time.After(bound)
	for r.count(line) == 0 {
		select {
		case <-r.more:
		case <-late:
			t.Fatalf("%q did not happen, but: %s", line, r.take())
		}
	}
}

// rig is an engine on a network in memory.
type rig struct {
	t      *testing.T
	e      *Engine
	log    *record
	client *Client

	mu       sync.Mutex // guards what follows; the backend's goroutine reads it
	snapshot map[string]bearer.Configuration
	sink     backend.Sink // of the newest run
	counters map[string]backend.Counters
	caps     backend.Capabilities

	runs   atomic.Int32
	silent bool // no first report
	broken error
}

// fake is the rig's backend in one run.
type fake struct{ r *rig }

func (f fake) Run(ctx context.Context, sink backend.Sink) error {
	r := f.r
	r.runs.Add(1)
	if r.broken != nil {
		return r.broken
	}
	r.mu.Lock()
	r.sink = sink
	if !r.silent {
		sink.Report(bearer.Batch{Changed: r.all(), Complete: true})
	}
	r.mu.Unlock()
	<-ctx.Done()
	return nil
}

func (f fake) Start(id string) { f.r.log.add("start %s", id) }
func (f fake) Stop(id string)  { f.r.log.add("stop %s", id) }
func (f fake) Refresh()        { f.r.log.add("refresh") }

func (f fake) Counters(id string) (backend.Counters, error) {
	f.r.mu.Lock()
	defer f.r.mu.Unlock()
	c, ok := f.r.counters[id]
	if !ok {
		return c, fmt.Errorf("no counters of %s", id)
	}
	return c, nil
}

func (f fake) Capabilities() backend.Capabilities {
	f.r.mu.Lock()
	defer f.r.mu.Unlock()
	return f.r.caps
}

// all is the snapshot as a list. The rig's lock is held.
func (r *rig) all() (list []bearer.Configuration) {
	for _, c := range r.snapshot {
		list = append(list, c)
	}
	return list
}

// parked makes a rig whose engine does not run yet.
func parked(t *testing.T, links string, change func(*rig, *Options)) *rig {
	r := &rig{
		t: t, log: newRecord(), snapshot: map[string]bearer.Configuration{},
		counters: map[string]backend.Counters{}, caps: backend.CanStartAndStop | backend.HasStatistics,
	}
	for _, l := range split(links) {
		c := storetest.AccessPoint(l)
		r.snapshot[c.ID] = c
	}
	opts := Options{
		NewBackend:   func() (backend.Backend, error) { return fake{r}, nil },
		StartTimeout: bound, Linger: time.Millisecond,
	}
	if change != nil {
		change(r, &opts)
	}
	r.e = New(opts)
	return r
}

// newRig makes a rig whose engine runs until the end of the test, with links
// such as "eth up, wlan down".
func newRig(t *testing.T, links string) *rig {
	r := parked(t, links, nil)
	r.run()
	return r
}

func (r *rig) run() {
	r.t.Helper()
	c, err := r.e.Attach(quiet{})
	if err != nil {
		r.t.Fatal(err)
	}
	r.client = c
	r.t.Cleanup(c.Detach)
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ", ")
}

// set reports the new state of links; "eth gone" removes one.
func (r *rig) set(links string) {
	r.t.Helper()
	var b bearer.Batch
	r.mu.Lock()
	for _, l := range split(links) {
		if f := strings.Fields(l); f[1] == "gone" {
			b.Gone = append(b.Gone, f[0])
			delete(r.snapshot, f[0])
			continue
		}
		c := storetest.AccessPoint(l)
		r.snapshot[c.ID] = c
		b.Changed = append(b.Changed, c)
	}
	sink := r.sink
	r.mu.Unlock()
	sink.Report(b)
	r.sync()
}

// lose reports that a link is gone, and why.
func (r *rig) lose(id, why string) {
	r.t.Helper()
	r.mu.Lock()
	delete(r.snapshot, id)
	sink := r.sink
	r.mu.Unlock()
	sink.Report(bearer.Batch{Gone: []string{id}, Why: why})
	r.sync()
}

// answer answers a command.
func (r *rig) answer(op backend.Op, id string, err error) {
	r.done(backend.Answer{Op: op, ID: id, Err: err})
}

func (r *rig) done(a backend.Answer) {
	r.mu.Lock()
	sink := r.sink
	r.mu.Unlock()
	sink.Done(a)
	r.sync()
}

func (r *rig) started(id string) { r.answer(backend.OpStart, id, nil) }
func (r *rig) stopped(id string) { r.answer(backend.OpStop, id, nil) }

// sync returns when the loop has run all earlier tasks.
func (r *rig) sync() {
	r.t.Helper()
	done := make(chan struct{})
	r.e.post(func(*loop) { close(done) })
	r.wait(done, "the loop does not answer")
}

func (r *rig) wait(done <-chan struct{}, complaint string) {
	r.t.Helper()
	select {
	case <-done:
	case <-time.After(bound):
		r.t.Fatal(complaint)
	}
}

// onLoop runs f on the loop.
func (r *rig) onLoop(f func(*loop)) {
	r.t.Helper()
	r.e.post(f)
	r.sync()
}

// want compares what has happened since the last want.
func (r *rig) want(lines string) {
	r.t.Helper()
	r.sync()
	if got := r.log.take(); got != lines {
		r.t.Errorf("\n got %s\nwant %s", got, lines)
	}
}

// pause waits until the engine is parked.
func (r *rig) pause() {
	r.t.Helper()
	for late := time.Now().Add(bound); r.e.backend() != nil; time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			r.t.Fatal("the engine does not park")
		}
	}
}

// quiet is a listener that ignores all events.
type quiet struct{}

func (quiet) Added(*store.Entry)                          {}
func (quiet) Changed(*store.Entry)                        {}
func (quiet) Removed(*store.Entry)                        {}
func (quiet) NetworkStateChanged(_, _ store.NetworkState) {}
func (quiet) Updated()                                    {}
func (quiet) Log(backend.Level, string)                   {}

// ear is a listener that records its events under its name.
type ear struct {
	name         string
	log          *record
	networkState bool // record all members, not only online
}

func (l ear) Added(e *store.Entry)   { l.log.add("%s +%s", l.name, e.ID()) }
func (l ear) Changed(e *store.Entry) { l.log.add("%s ~%s", l.name, e.ID()) }
func (l ear) Removed(e *store.Entry) { l.log.add("%s -%s", l.name, e.ID()) }

func (l ear) NetworkStateChanged(before, after store.NetworkState) {
	if before.Online != after.Online {
		l.log.add("%s online %v", l.name, after.Online)
	}
	before.Online = after.Online
	if before != after && l.networkState {
		l.log.add("%s reach %d portal %v transport %d metered %v", l.name, after.Reach, after.Portal, after.Transport, after.Metered)
	}
}

func (l ear) Updated() { l.log.add("%s updated", l.name) }
func (l ear) Log(_ backend.Level, text string) {
	l.log.add("%s log %s", l.name, text)
}

// probe is a session that records its events under its name.
type probe struct {
	*Session
	name string
	log  *record

	mu   sync.Mutex      // guards what follows
	seen SessionSnapshot // as published last
	gone bool
	bad  []string
	open bool

	onOffer func(session.Effect) // set before the first offer
	chooses atomic.Bool          // the user can be asked
}

func (p *probe) bind(s *Session) SessionListener {
	p.Session = s
	return p
}

// session makes a session on a configuration.
func (r *rig) session(name, id string) *probe {
	r.t.Helper()
	p := &probe{name: name, log: r.log}
	s, err := r.e.NewSession(id, p.bind)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		s.Free()
		r.wait(s.done, "the session is not freed")
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, b := range p.bad {
			r.t.Error(b)
		}
	})
	r.sync()
	return p
}

func (p *probe) Publish(v SessionSnapshot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = v
	if p.gone {
		p.bad = append(p.bad, p.name+" published after it was freed")
	}
}

func (p *probe) Chooses() bool { return p.chooses.Load() }

func (p *probe) Freed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		p.bad = append(p.bad, p.name+" freed twice")
	}
	p.gone = true
}

func (p *probe) Event(e session.Effect) {
	p.mu.Lock()
	p.check(e)
	p.mu.Unlock()
	switch e.Kind {
	case session.EmitState:
		p.log.add("%s %v", p.name, e.State)
	case session.EmitError:
		p.log.add("%s error(%v)", p.name, e.Err)
	case session.EmitPreferred:
		if p.onOffer != nil {
			p.onOffer(e)
		}
		p.log.add("%s preferred(%s)", p.name, e.ID)
	case session.EmitPolicies:
		p.log.add("%s policies(%d)", p.name, e.Policies)
	default:
		p.log.add("%s %v", p.name, e.Kind)
	}
}

// check checks the conditions that must hold at every event.
func (p *probe) check(e session.Effect) {
	require := func(ok bool, what string) {
		if !ok {
			p.bad = append(p.bad, fmt.Sprintf("%s: at %+v: %s", p.name, e, what))
		}
	}
	require(!p.gone, "an event after it was freed")
	switch e.Kind {
	case session.EmitOpened:
		require(!p.open, "opened twice")
		p.open = true
		require(p.seen.Open, "not published as open")
	case session.EmitClosed:
		require(p.open, "closed twice")
		p.open = false
		require(!p.seen.Open, "still published as open")
	case session.EmitError:
		require(e.Text != "" && p.seen.Err == e.Err && p.seen.ErrText == e.Text, "not published, or without a text")
	}
}
