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

// fixture is an engine with a snapshot in C memory. Its network is played from a script:
// each update of the configurations plays one step. It is the listener of its client, too.
type fixture struct {
	engine  *host.Engine
	client  *host.Client
	updated chan struct{} // gets a token when an update is complete
}

// newFixture plays steps, each of which is one statement of a script.
func newFixture(t *testing.T, steps ...string) *fixture {
	t.Helper()
	script := "access-point other\n"
	for _, step := range steps {
		script += "on refresh\n" + step + "\n"
	}
	path := filepath.Join(t.TempDir(), "net.play")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &fixture{updated: make(chan struct{}, 1)}
	pool := host.Pool{NewPublisher: newSnapshot}
	var err error
	if f.engine, err = pool.Engine(netsession.Options{Backend: "script", Script: path}, host.Environment{}); err != nil {
		t.Fatal(err)
	}
	if f.client, err = f.engine.Attach(f); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.client.Detach)
	return f
}

func (f *fixture) Added(host.Entry)                                 {}
func (f *fixture) Changed(host.Entry)                               {}
func (f *fixture) Removed(host.Entry)                               {}
func (f *fixture) NetworkStateChanged(_, _ netsession.NetworkState) {}
func (f *fixture) Updated()                                         { f.updated <- struct{}{} }
func (f *fixture) Log(netsession.LogLevel, string)                  {}

// play plays the next step. When it returns, the loop has reported the step.
func (f *fixture) play() {
	f.client.Refresh()
	<-f.updated
}

// await waits until a condition is true, which the loop brings about.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (f *fixture) configRef(id string) (r *configRef) {
	f.engine.Find(id, func(e host.Entry) { r = configRefOf(e) })
	return r
}

// Steps of the scripts.
const (
	plugged   = "access-point eth0 state=active"
	unplugged = "remove eth0"
)

// plug plays a step that adds a configuration, and returns the reference block.
func (f *fixture) plug(t *testing.T, id string) *configRef {
	t.Helper()
	f.play()
	await(t, id+" exists", func() bool { return f.configRef(id) != nil })
	return f.configRef(id)
}

// unplug plays a step that removes a configuration.
func (f *fixture) unplug(t *testing.T, id string) {
	t.Helper()
	f.play()
	await(t, id+" is gone", func() bool { return f.configRef(id) == nil })
}

// isFreed reports whether a configuration was freed.
func (f *fixture) isFreed(r *configRef) bool {
	freed := true
	f.engine.Reap(r.entry, func() bool { freed = false; return false })
	return freed
}

func TestRemovedAndUnused(t *testing.T) {
	f := newFixture(t, plugged, unplugged)
	r := f.plug(t, "eth0")
	f.unplug(t, "eth0")
	await(t, "the reference block is freed", func() bool { return f.isFreed(r) })
}

func TestRemovedWhileReferredTo(t *testing.T) {
	f := newFixture(t, plugged, unplugged, plugged, unplugged, "access-point eth1 state=active")
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
	f := newFixture(t, plugged)
	r := f.plug(t, "eth0")
	for i := 0; i < 100; i++ {
		r.acquire()
		r.release()
	}
	if f.configRef("eth0") != r {
		t.Error("the reference block of a listed configuration was freed")
	}
}

// TestReferencesComeAndGo releases references while the configuration is removed, so
// that either may be the last.
func TestReferencesComeAndGo(t *testing.T) {
	var steps []string
	for i := 0; i < 100; i++ {
		steps = append(steps, plugged, unplugged)
	}
	f := newFixture(t, steps...)
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
				f.engine.Find("eth0", func(e host.Entry) {
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
