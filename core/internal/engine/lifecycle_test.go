package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// The first snapshot is complete when Attach returns.
func TestSnapshotIsCompleteWhenAttachReturns(t *testing.T) {
	for i := 0; i < 50; i++ {
		r := newRig(t, "eth up, wlan down")
		if got := r.each(0); got != "eth wlan netsession:internet" {
			t.Fatal(got)
		}
	}
}

// Programs make managers as temporaries: the backend runs once for all of them.
func TestTemporaries(t *testing.T) {
	r := parked(t, "eth up", func(_ *rig, o *Options) { o.Linger = bound })
	for i := 0; i < 5000; i++ {
		c, err := r.e.Attach(quiet{})
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			c.Refresh()
		}
		c.Detach()
	}
	if n := r.runs.Load(); n != 1 {
		t.Errorf("the backend ran %d times", n)
	}
}

func TestParkAndRestart(t *testing.T) {
	r := parked(t, "eth up, wlan down", nil)
	if r.each(0) != "netsession:internet" || r.e.NetworkState().Online || r.byDefault() != "none" {
		t.Error("something is known before the start")
	}
	for i := 1; i <= 3; i++ {
		c := r.attach("a")
		var eth *store.Entry
		r.e.Find("eth", func(e *store.Entry) { eth = e })
		c.Detach()
		r.pause()
		if r.each(0) != "eth wlan netsession:internet" {
			t.Error("the snapshot is gone: " + r.each(0))
		}
		r.attach("b").Detach()
		r.e.Find("eth", func(e *store.Entry) {
			if e != eth {
				t.Error("the configuration is another one after the restart")
			}
		})
		r.pause()
		if n := int(r.runs.Load()); n != 2*i {
			t.Errorf("the backend ran %d times, want %d", n, 2*i)
		}
	}
	if got := r.log.take(); strings.Contains(got, "eth") {
		t.Errorf("unchanged configurations were reported: %s", got)
	}
}

// Changes while the engine was parked are reported to listeners that attach before the
// snapshot is complete, and are in the snapshot for all others.
func TestChangesWhileParked(t *testing.T) {
	r := parked(t, "eth up, wlan down", nil)
	r.attach("a").Detach()
	r.pause()
	r.mu.Lock()
	delete(r.snapshot, "eth")
	r.mu.Unlock()
	r.run()
	if got := r.each(0); got != "wlan netsession:internet" {
		t.Error(got)
	}
}

func TestLingering(t *testing.T) {
	r := parked(t, "", func(_ *rig, o *Options) { o.Linger = bound })
	r.attach("a").Detach()
	if r.e.backend() == nil {
		t.Fatal("parked at once")
	}
	stale := r.e.lingerTimer
	b := r.attach("b")
	r.e.parkIfUnused(stale)
	if r.e.backend() == nil {
		t.Fatal("parked while it is used")
	}
	b.Detach()
	if r.e.parkIfUnused(stale); r.e.backend() == nil {
		t.Fatal("parked by an earlier timer")
	}
	if r.e.parkIfUnused(r.e.lingerTimer); r.e.backend() != nil {
		t.Fatal("not parked by its own timer")
	}
}

// Messages that were left in the inbox are handled by the next loop, except messages of
// a backend that does not run any more.
func TestMessagesWhileParked(t *testing.T) {
	r := parked(t, "eth up", nil)
	r.attach("a").Detach()
	r.pause()
	r.mu.Lock()
	stale := r.sink
	r.mu.Unlock()
	stale.Report(bearer.Batch{Complete: true})
	stale.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
	ran := false
	r.e.post(func(*loop) { ran = true })
	r.run()
	r.sync()
	if !ran {
		t.Error("a message was lost")
	}
	stale.Report(bearer.Batch{Complete: true})
	r.sync()
	if got := r.each(0); got != "eth netsession:internet" {
		t.Error("a report of an old backend was accepted: " + got)
	}
}

// The loops of two runs never overlap: the next loop starts when the previous one has
// ended, however long that takes.
func TestARunWaitsForThePreviousRun(t *testing.T) {
	r := parked(t, "eth up", func(_ *rig, o *Options) { o.Linger = bound })
	c := r.attach("a")
	busy, hold := make(chan struct{}), make(chan struct{})
	r.e.post(func(*loop) { close(busy); <-hold })
	r.wait(busy, "the loop does not run")
	c.Detach()
	r.e.parkIfUnused(r.e.lingerTimer)
	attached := make(chan struct{})
	go func() {
		defer close(attached)
		if c, err := r.e.Attach(quiet{}); err == nil {
			c.Detach()
		}
	}()
	select {
	case <-attached:
		t.Error("started while the previous loop was still running")
	case <-time.After(20 * time.Millisecond):
	}
	close(hold)
	r.wait(attached, "Attach does not return")
}

func TestBackendThatCannotBeMade(t *testing.T) {
	no := errors.New("no such script")
	r := parked(t, "", nil)
	made := r.e.opts.NewBackend
	r.e.opts.NewBackend = func() (backend.Backend, error) { return nil, no }
	if _, err := r.e.Attach(quiet{}); err != no {
		t.Errorf("Attach: %v", err)
	}
	if err := r.e.Acquire(); err != no {
		t.Errorf("Acquire: %v", err)
	}
	if _, err := r.e.NewSession("eth", new(probe).bind); err != no {
		t.Errorf("NewSession: %v", err)
	}
	r.e.opts.NewBackend = made
	r.attach("a").Detach()
	r.pause()
}

// A backend that can never work here says why, and leaves an empty snapshot.
func TestBackendThatFails(t *testing.T) {
	for name, err := range map[string]error{"log There is no network here.": errors.New("There is no network here.")} {
		r := parked(t, "eth up", func(r *rig, _ *Options) { r.broken = err })
		r.attach("a")
		r.log.waitFor(t, "a "+name)
		if got := r.each(0); got != "netsession:internet" {
			t.Error(got)
		}
	}
}

// panicking is a backend that panics.
type panicking struct{ fake }

func (panicking) Run(context.Context, backend.Sink) error { panic("boom") }

func TestBackendThatPanics(t *testing.T) {
	r := parked(t, "", nil)
	r.e.opts.NewBackend = func() (backend.Backend, error) { return panicking{fake{r}}, nil }
	r.attach("a")
	r.log.waitFor(t, "a log internal error: boom")
}

// If a backend does not report in time, Attach stops waiting, and later calls do not
// wait at all; the snapshot follows as events.
func TestFrozenBackend(t *testing.T) {
	r := parked(t, "eth up", func(r *rig, o *Options) { r.silent, o.StartTimeout = true, time.Millisecond })
	r.attach("a")
	late := "log The first snapshot of the network is not complete yet; the rest will follow as events."
	r.log.waitFor(t, "a "+late)
	r.e.mu.Lock()
	deadline := r.e.run.deadline
	r.e.mu.Unlock()
	if time.Now().Before(deadline) {
		t.Error("Attach did not wait")
	}
	r.e.opts.StartTimeout = time.Hour
	again := make(chan struct{})
	go func() {
		defer close(again)
		for i := 0; i < 100; i++ {
			r.attach("b").Detach()
		}
	}()
	r.wait(again, "a later Attach waited again")
	if n := r.log.count("a " + late); n != 1 {
		t.Errorf("logged %d times", n)
	}
	r.session("s", "eth")
	r.log.take()
	r.set("eth up online")
	r.want("a +eth, s Connected, a ~netsession:internet, a online true")
}

func TestASessionKeepsTheEngineRunning(t *testing.T) {
	r := parked(t, "eth down", nil)
	s := r.session("s", "eth") // no client is attached
	if s.Snapshot().State != session.Disconnected {
		t.Errorf("made while parked: %v", s.Snapshot().State)
	}
	s.Open()
	r.set("eth up")
	r.want("s Connecting, start eth, s opened, s Connected")
	r.attach("a").Detach()
	r.sync()
	s.Free()
	r.wait(s.done, "not freed")
	r.pause()
	r.want2("a log", "stop eth")
}

// want2 compares what has happened, without lines that begin with skip.
func (r *rig) want2(skip, want string) {
	r.t.Helper()
	var kept []string
	for _, l := range split(r.log.take()) {
		if !strings.HasPrefix(l, skip) {
			kept = append(kept, l)
		}
	}
	if got := strings.Join(kept, ", "); got != want {
		r.t.Errorf("got %s, want %s", got, want)
	}
}

func TestCallsOnAFreedSessionWhileParked(t *testing.T) {
	r := parked(t, "eth up", nil)
	s := r.session("s", "eth")
	s.Free()
	r.wait(s.done, "not freed")
	r.pause()
	s.Open()
	s.Free()
	if s.WaitForOpened(-1) {
		t.Error("opened")
	}
	if s.Counters() != (backend.Counters{}) {
		t.Error("counts")
	}
	if len(r.e.inbox.items) != 0 {
		t.Errorf("%d messages are left in the inbox", len(r.e.inbox.items))
	}
}

// memory is a publisher that keeps entries, or does not.
type memory struct {
	mu    sync.Mutex
	keep  bool
	lines []string
}

func (m *memory) note(what string, e *store.Entry) {
	if e.ID() == bearer.UserChoiceID {
		return // as "Internet", but with more lines
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines = append(m.lines, fmt.Sprintf("%s%s %v", what, e.ID(), e.Datum))
}

func (m *memory) Listed(e *store.Entry) {
	m.note("+", e)
	e.Datum = "known"
}
func (m *memory) Expected(e *store.Entry) { m.note("?", e) }
func (m *memory) Changed(e *store.Entry)  { m.note("~", e) }
func (m *memory) Unlisted(e *store.Entry) bool {
	m.note("-", e)
	return m.keep
}
func (m *memory) Announced() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines = append(m.lines, "announced")
}

func (m *memory) NetworkStateChanged(now store.NetworkState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lines = append(m.lines, fmt.Sprintf("network state %t", now.Online))
}

func (m *memory) Flush() {}

func (m *memory) take() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	text := strings.Join(m.lines, ", ")
	m.lines = nil
	return text
}

// The publisher shows the network state with the configurations that it follows from,
// before any listener is notified.
func TestPublisherOfTheNetworkState(t *testing.T) {
	m := &memory{}
	r := parked(t, "eth down", func(_ *rig, o *Options) { o.Publisher = m })
	r.run()
	r.sync()
	m.take()
	r.set("eth up online")
	if got := m.take(); got != "~eth known, ~netsession:internet known, network state true, announced" {
		t.Errorf("up: %s", got)
	}
	r.set("eth up online, wlan down")
	if got := m.take(); strings.Contains(got, "network state") {
		t.Errorf("nothing about it changed: %s", got)
	}
	r.set("eth gone")
	if got := m.take(); !strings.HasSuffix(got, "network state false, announced") {
		t.Errorf("gone: %s", got)
	}
}

func TestPublisher(t *testing.T) {
	for _, keep := range []bool{false, true} {
		m := &memory{keep: keep}
		r := parked(t, "eth down", func(_ *rig, o *Options) { o.Publisher = m })
		r.run()
		r.sync()
		if got := m.take(); got != "+netsession:internet <nil>, network state false, +eth <nil>, ~netsession:internet known, announced" {
			t.Errorf("start: %s", got)
		}
		var before *store.Entry
		r.e.Find("eth", func(e *store.Entry) { before = e })
		r.set("eth down online")
		r.set("eth gone")
		if got := m.take(); got != "~eth known, announced, -eth known, ~netsession:internet known, announced" {
			t.Errorf("change: %s", got)
		}
		r.set("eth down")
		want := map[bool]string{false: "+eth <nil>", true: "+eth known"}[keep]
		if got := m.take(); got != want+", ~netsession:internet known, announced" {
			t.Errorf("keep %v: %s", keep, got)
		}
		r.e.Find("eth", func(e *store.Entry) {
			if (e == before) != keep {
				t.Errorf("keep %v: the same entry: %v", keep, e == before)
			}
		})
	}
}

func TestReap(t *testing.T) {
	r := parked(t, "eth down", func(_ *rig, o *Options) { o.Publisher = &memory{keep: true} })
	r.run()
	find := func() (entry *store.Entry) {
		r.e.Find("eth", func(e *store.Entry) { entry = e })
		return entry
	}
	listed := find()
	r.e.Reap(listed, func() bool { t.Error("asked about a configuration that exists"); return true })
	r.set("eth gone")
	r.e.Reap(listed, func() bool { return false })
	r.set("eth down")
	if find() != listed {
		t.Error("reaped though it was in use")
	}
	r.set("eth gone")
	r.e.Reap(listed, func() bool { return true })
	r.e.Reap(listed, func() bool { t.Error("asked again about an entry that was reaped"); return true })
	r.set("eth down")
	if find() == listed {
		t.Error("not reaped")
	}
}

// Ghosts live through a rest of the engine.
func TestRemovedEntriesWhileParked(t *testing.T) {
	r := parked(t, "eth down", func(_ *rig, o *Options) { o.Publisher = &memory{keep: true} })
	c := r.attach("a")
	var before *store.Entry
	r.e.Find("eth", func(e *store.Entry) { before = e })
	before.SetConnectTimeout(time.Minute)
	r.set("eth gone")
	c.Detach()
	r.pause()
	r.mu.Lock()
	r.snapshot["eth"] = storetest.AccessPoint("eth up")
	r.mu.Unlock()
	r.run()
	r.e.Find("eth", func(e *store.Entry) {
		if e != before || e.ConnectTimeout() != time.Minute {
			t.Error("another entry after the rest")
		}
	})
}

func TestDefaultsOfOptions(t *testing.T) {
	o := New(Options{}).opts
	if o.StartTimeout != 5*time.Second || o.Linger != 3*time.Second || o.RefreshTimeout != 15*time.Second {
		t.Errorf("%+v", o)
	}
}

func TestInbox(t *testing.T) {
	b := newInbox()
	var got []int
	for round := 0; round < 3; round++ {
		for i := 0; i < 5; i++ {
			b.post(func(*loop) { got = append(got, i) })
		}
		<-b.wakeup
		var spare []task
		for _, task := range b.take(spare) {
			task(nil)
		}
		if len(b.take(nil)) != 0 {
			t.Error("taken, but still there")
		}
	}
	if fmt.Sprint(got) != "[0 1 2 3 4 0 1 2 3 4 0 1 2 3 4]" {
		t.Errorf("out of order: %v", got)
	}
	select {
	case <-b.wakeup:
		t.Error("woken for nothing")
	default:
	}
}

// jealous is a backend that reports with its lock held, and wants the lock for
// each command.
type jealous struct {
	fake
	mu sync.Mutex // held while the backend reports
}

func (j *jealous) Start(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fake.Start(id)
}

func TestABackendIsNotCalledFromWithinItsReport(t *testing.T) {
	var j *jealous
	r := parked(t, "eth up, wlan down", func(r *rig, o *Options) {
		j = &jealous{fake: fake{r}}
		o.NewBackend = func() (backend.Backend, error) { return j, nil }
	})
	r.run()
	s := r.session("n", bearer.InternetID)
	s.Open()
	r.want("n opened")
	reported := make(chan struct{})
	go func() {
		defer close(reported)
		j.mu.Lock()
		defer j.mu.Unlock()
		r.sink.Report(bearer.Batch{Changed: []bearer.Configuration{storetest.AccessPoint("eth unavailable")}})
	}()
	r.wait(reported, "the report does not return")
	r.log.waitFor(t, "start wlan")
}
