package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/host"
)

// source is a backend that reports what a test tells it to.
type source struct {
	reports chan host.Batch
	told    chan struct{}
}

func (s *source) Run(ctx context.Context, sink host.Sink) error {
	sink.Report(host.Batch{Complete: true})
	for {
		select {
		case <-ctx.Done():
			return nil
		case b := <-s.reports:
			sink.Report(b)
			s.told <- struct{}{}
		}
	}
}

func (s *source) Start(string)                           {}
func (s *source) Stop(string)                            {}
func (s *source) Refresh()                               {}
func (s *source) Counters(string) (host.Counters, error) { return host.Counters{}, nil }
func (s *source) Capabilities() (none host.Capabilities) { return none }
func (s *source) tell(changed []host.Configuration, gone ...string) {
	s.reports <- host.Batch{Changed: changed, Gone: gone}
	<-s.told
}

// world is an engine with a mirror, and with one session by which a test waits
// for the loop.
type world struct {
	*source
	engine *host.Engine
}

func newWorld(t *testing.T) *world {
	w := &world{source: &source{make(chan host.Batch), make(chan struct{})}}
	m := newMirror()
	m.engine = host.New(host.Options{
		NewBackend: func() (host.Backend, error) { return w.source, nil },
		Mirror:     m,
	})
	w.engine = m.engine
	if err := w.engine.Acquire(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.engine.Release)
	return w
}

// await waits until a condition is true; the loop is under way to it.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (w *world) record(id string) (r *record) {
	w.engine.Find(id, func(e *host.Entry) { r = recordOf(e) })
	return r
}

func (w *world) plug(t *testing.T, id string) *record {
	t.Helper()
	w.tell([]host.Configuration{{ID: id, Name: id, State: host.Active}})
	await(t, id+" is there", func() bool { return w.record(id) != nil })
	return w.record(id)
}

func (w *world) unplug(t *testing.T, id string) {
	t.Helper()
	w.tell(nil, id)
	await(t, id+" is gone", func() bool { return w.record(id) == nil })
}

// gone reports whether a record was given up.
func (w *world) gone(r *record) bool {
	gone := true
	w.engine.Reap(r.entry, func() bool { gone = false; return false })
	return gone
}

func TestRemovedAndUnused(t *testing.T) {
	w := newWorld(t)
	r := w.plug(t, "eth0")
	w.unplug(t, "eth0")
	await(t, "the record is given up", func() bool { return w.gone(r) })
}

func TestRemovedWhileReferredTo(t *testing.T) {
	w := newWorld(t)
	r := w.plug(t, "eth0")
	r.ref()
	w.unplug(t, "eth0")
	if w.plug(t, "eth0") != r {
		t.Error("the configuration came back as another one")
	}
	w.unplug(t, "eth0")
	w.plug(t, "eth1") // the loop has got beyond it
	if w.gone(r) {
		t.Fatal("the record was given up while it is referred to")
	}
	r.drop()
	if !w.gone(r) {
		t.Error("the record was not given up with its last reference")
	}
}

func TestListedNeedsNoReference(t *testing.T) {
	w := newWorld(t)
	r := w.plug(t, "eth0")
	for i := 0; i < 100; i++ {
		r.ref()
		r.drop()
	}
	if w.record("eth0") != r {
		t.Error("the record of a listed configuration was given up")
	}
}

// TestReferencesComeAndGo lets references go while the configuration does, so
// that the last of either can be the one that gives the record up.
func TestReferencesComeAndGo(t *testing.T) {
	w := newWorld(t)
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
				var r *record
				w.engine.Find("eth0", func(e *host.Entry) {
					r = recordOf(e)
					r.ref()
				})
				if r != nil {
					r.drop()
				}
			}
		}()
	}
	var last *record
	for i := 0; i < 100; i++ {
		last = w.plug(t, "eth0")
		w.unplug(t, "eth0")
	}
	close(stop)
	users.Wait()
	await(t, "the last record is given up", func() bool { return w.gone(last) })
}
