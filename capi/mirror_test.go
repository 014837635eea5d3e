package main

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// world is an engine with a mirror, on a network that is played from a script: each
// update of the configurations plays a step.
type world struct {
	engine *host.Engine
	client *host.Client
	// updates has a token for each update that is over.
	updates chan struct{}
}

// newWorld plays steps, each of which is one statement of a script.
func newWorld(t *testing.T, steps ...string) *world {
	t.Helper()
	script := "access-point other\n"
	for _, step := range steps {
		script += "on refresh\n" + step + "\n"
	}
	path := filepath.Join(t.TempDir(), "net.play")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &world{updates: make(chan struct{}, 1)}
	pool := host.Pool{NewMirror: newMirror}
	var err error
	if w.engine, err = pool.Engine(netsession.Options{Backend: "script", Script: path}, host.Environment{}); err != nil {
		t.Fatal(err)
	}
	if w.client, err = w.engine.Attach(w); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Detach)
	return w
}

// The world is the listener of its client.
func (w *world) Added(host.Entry)                                 {}
func (w *world) Changed(host.Entry)                               {}
func (w *world) Removed(host.Entry)                               {}
func (w *world) NetworkStateChanged(_, _ netsession.NetworkState) {}
func (w *world) Updated()                                         { w.updates <- struct{}{} }
func (w *world) Log(netsession.LogLevel, string)                  {}

// play plays the next step. When it returns, the loop has reported the step.
func (w *world) play() {
	w.client.Refresh()
	<-w.updates
}

// await waits until a condition is true; the loop is under way to it.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (w *world) record(id string) (r *record) {
	w.engine.Find(id, func(e host.Entry) { r = recordOf(e) })
	return r
}

// plug plays a step that adds a configuration, and returns its record.
func (w *world) plug(t *testing.T, id string) *record {
	t.Helper()
	w.play()
	await(t, id+" is there", func() bool { return w.record(id) != nil })
	return w.record(id)
}

// unplug plays a step that removes a configuration.
func (w *world) unplug(t *testing.T, id string) {
	t.Helper()
	w.play()
	await(t, id+" is gone", func() bool { return w.record(id) == nil })
}

// Steps of the scripts.
const (
	plugged   = "access-point eth0 state=active"
	unplugged = "remove eth0"
)

// gone reports whether a record was given up.
func (w *world) gone(r *record) bool {
	gone := true
	w.engine.Reap(r.entry, func() bool { gone = false; return false })
	return gone
}

func TestRemovedAndUnused(t *testing.T) {
	w := newWorld(t, plugged, unplugged)
	r := w.plug(t, "eth0")
	w.unplug(t, "eth0")
	await(t, "the record is given up", func() bool { return w.gone(r) })
}

func TestRemovedWhileReferredTo(t *testing.T) {
	w := newWorld(t, plugged, unplugged, plugged, unplugged, "access-point eth1 state=active")
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
	w := newWorld(t, plugged)
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
	var steps []string
	for i := 0; i < 100; i++ {
		steps = append(steps, plugged, unplugged)
	}
	w := newWorld(t, steps...)
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
				w.engine.Find("eth0", func(e host.Entry) {
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
