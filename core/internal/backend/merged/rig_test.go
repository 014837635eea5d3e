package merged

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// fake is a backend that a test controls.
type fake struct {
	name     string
	sink     backend.Sink
	started  chan struct{} // closed when sink is set
	commands chan string
	fail     error // returned by Run at once
	refuses  bool  // this process may not do anything
}

func newFake(name string) *fake {
	return &fake{name: name, started: make(chan struct{}), commands: make(chan string, 16)}
}

func (f *fake) Run(ctx context.Context, sink backend.Sink) error {
	f.sink = sink
	close(f.started)
	if f.fail != nil {
		return f.fail
	}
	<-ctx.Done()
	return nil
}

func (f *fake) Start(id string) { f.commands <- f.name + " start " + id }

func (f *fake) Stop(id string) { f.commands <- f.name + " stop " + id }

func (f *fake) Refresh() { f.commands <- f.name + " refresh" }

func (f *fake) Counters(id string) (backend.Counters, error) {
	return backend.Counters{Received: uint64(len(id))}, nil
}

func (f *fake) Capabilities() backend.Capabilities {
	if f.name == "links" {
		return backend.HasStatistics | backend.HasLinks
	}
	if f.refuses {
		return 0
	}
	return backend.CanStartAndStop
}

// rig is a merged backend with its fakes, and the configurations that its
// reports add up to.
type rig struct {
	t              *testing.T
	merged         *Backend
	links, nm, cm  *fake
	mu             sync.Mutex // guards the fields below
	known          map[string]bearer.Configuration
	why            string   // of the last report that removed something
	reportedIDs    []string // removed ones begin with -
	reports        int
	firstComplete  bool
	done           []string
	logged         []string
	reportedSignal chan struct{}
}

func newRig(t *testing.T) *rig {
	r := &rig{
		t: t, links: newFake("links"), nm: newFake("nm"), cm: newFake("cm"),
		known: make(map[string]bearer.Configuration), reportedSignal: make(chan struct{}, 100),
	}
	r.merged = New(r.links, Daemon{Name: "nm", Backend: r.nm}, Daemon{Name: "cm", Backend: r.cm, Resets: true})
	r.merged.grace = gracePeriods{time.Hour, time.Hour, time.Hour}
	return r
}

func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := r.merged.Run(ctx, r); err != nil {
			r.t.Errorf("Run: %v", err)
		}
	}()
	r.t.Cleanup(func() {
		cancel()
		<-ended
	})
	for _, f := range []*fake{r.links, r.nm, r.cm} {
		<-f.started
	}
}

// begin runs with the given links and no daemon.
func (r *rig) begin(links ...bearer.Configuration) {
	r.run()
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: links})
	absent(r.nm)
	absent(r.cm)
}

func absent(f *fake) { f.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces()}) }

func (r *rig) Report(b bearer.Batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reports == 0 {
		r.firstComplete = b.Complete
	}
	r.reports++
	if b.Complete {
		r.known = make(map[string]bearer.Configuration)
	}
	for _, c := range b.Changed {
		r.known[c.ID] = c
		r.reportedIDs = append(r.reportedIDs, c.ID)
	}
	for _, id := range b.Gone {
		delete(r.known, id)
		r.reportedIDs = append(r.reportedIDs, "-"+id)
		r.why = b.Why
	}
	r.reportedSignal <- struct{}{}
}

func (r *rig) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = append(r.done, fmt.Sprint(op, " ", id, " ", err))
}

func (r *rig) Loading() {}

func (r *rig) Log(_ backend.Level, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logged = append(r.logged, text)
}

func (r *rig) ids() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ids []string
	for id := range r.known {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func (r *rig) get(id string) bearer.Configuration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[id]
}

func (r *rig) expect(ids string) {
	r.t.Helper()
	if got := r.ids(); got != ids {
		r.t.Fatalf("shown: %q, want %q", got, ids)
	}
}

// wantWhy checks the reason for the last removal.
func (r *rig) wantWhy(begin string) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !strings.HasPrefix(r.why, begin) || (begin == "") != (r.why == "") {
		r.t.Errorf("gone: %q, want %q", r.why, begin)
	}
}

func (r *rig) wantCapabilities(want backend.Capabilities) {
	r.t.Helper()
	if got := r.merged.Capabilities(); got != want {
		r.t.Errorf("capabilities %b, want %b", got, want)
	}
}

func link(name string, state bearer.State) bearer.Configuration {
	c := bearer.Configuration{ID: "link:" + name, Name: name, State: state, Interface: name, Index: 7, Up: true}
	if state == bearer.Active {
		c.DefaultRoute, c.Preferred, c.Metric = true, true, 100
		c.Addresses = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	}
	return c
}

func profile(name, on string, state bearer.State) bearer.Configuration {
	return bearer.Configuration{ID: "nm:" + name, Name: name, State: state, Interface: on}
}
