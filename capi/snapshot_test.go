package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/host"
)

// fakeBackend is a backend that reports what a test hands it.
type fakeBackend struct {
	reports chan host.Batch
	handled chan struct{}
}

func (b *fakeBackend) Run(ctx context.Context, sink host.Sink) error {
	sink.Report(host.Batch{Complete: true})
	for {
		select {
		case <-ctx.Done():
			return nil
		case batch := <-b.reports:
			sink.Report(batch)
			b.handled <- struct{}{}
		}
	}
}

func (b *fakeBackend) Start(string)                           {}
func (b *fakeBackend) Stop(string)                            {}
func (b *fakeBackend) Refresh()                               {}
func (b *fakeBackend) Counters(string) (host.Counters, error) { return host.Counters{}, nil }
func (b *fakeBackend) Capabilities() (none host.Capabilities) { return none }
func (b *fakeBackend) report(changed []host.Configuration, gone ...string) {
	b.reports <- host.Batch{Changed: changed, Gone: gone}
	<-b.handled
}

// fixture is an engine with a snapshot in C memory.
type fixture struct {
	*fakeBackend
	engine *host.Engine
}

func newFixture(t *testing.T) *fixture {
	f := &fixture{fakeBackend: &fakeBackend{make(chan host.Batch), make(chan struct{})}}
	m := newSnapshot()
	m.engine = host.New(host.Options{
		NewBackend: func() (host.Backend, error) { return f.fakeBackend, nil },
		Mirror:     m,
	})
	f.engine = m.engine
	if err := f.engine.Acquire(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.engine.Release)
	return f
}

// await waits until a condition is true, which the loop brings about.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (f *fixture) configRef(id string) (r *configRef) {
	f.engine.Find(id, func(e *host.Entry) { r = configRefOf(e) })
	return r
}

func (f *fixture) plug(t *testing.T, id string) *configRef {
	t.Helper()
	f.report([]host.Configuration{{ID: id, Name: id, State: host.Active}})
	await(t, id+" is there", func() bool { return f.configRef(id) != nil })
	return f.configRef(id)
}

func (f *fixture) unplug(t *testing.T, id string) {
	t.Helper()
	f.report(nil, id)
	await(t, id+" is gone", func() bool { return f.configRef(id) == nil })
}

// isFreed reports whether a configuration was freed.
func (f *fixture) isFreed(r *configRef) bool {
	freed := true
	f.engine.Reap(r.entry, func() bool { freed = false; return false })
	return freed
}

func TestRemovedAndUnused(t *testing.T) {
	f := newFixture(t)
	r := f.plug(t, "eth0")
	f.unplug(t, "eth0")
	await(t, "the reference block is freed", func() bool { return f.isFreed(r) })
}

func TestRemovedWhileReferredTo(t *testing.T) {
	f := newFixture(t)
	r := f.plug(t, "eth0")
	r.acquire()
	f.unplug(t, "eth0")
	if f.plug(t, "eth0") != r {
		t.Error("the configuration came back as another one")
	}
	f.unplug(t, "eth0")
	f.plug(t, "eth1") // the loop has handled the removal
	if f.isFreed(r) {
		t.Fatal("the reference block was freed while there is a reference")
	}
	r.release()
	if !f.isFreed(r) {
		t.Error("the last reference did not free the reference block")
	}
}

func TestListedNeedsNoReference(t *testing.T) {
	f := newFixture(t)
	r := f.plug(t, "eth0")
	for i := 0; i < 100; i++ {
		r.acquire()
		r.release()
	}
	if f.configRef("eth0") != r {
		t.Error("the reference block of a listed configuration was freed")
	}
}

// TestReferencesComeAndGo releases references while the configuration goes, so
// that either may be the last.
func TestReferencesComeAndGo(t *testing.T) {
	f := newFixture(t)
	var users sync.WaitGroup
	stop := make(chan struct{})
	for i := 0; i < 2; i++ {
		users.Add(1)
		go func() {
			defer users.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				var r *configRef
				f.engine.Find("eth0", func(e *host.Entry) {
					r = configRefOf(e)
					r.acquire()
				})
				if r != nil {
					r.release()
				}
			}
		}()
	}
	var last *configRef
	for i := 0; i < 100; i++ {
		last = f.plug(t, "eth0")
		f.unplug(t, "eth0")
	}
	close(stop)
	users.Wait()
	await(t, "the last reference block is freed", func() bool { return f.isFreed(last) })
}
