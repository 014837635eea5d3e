// Package backendtest checks that a backend keeps the contract of backend.Backend.
package backendtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// Wait bounds every wait of a test.
const Wait = 2 * time.Minute

// Check runs the checks as subtests, each on a new backend. link is the
// identifier of a configuration that is Discovered at first, and that may be
// started and stopped; empty if there is none.
func Check(t *testing.T, make func() backend.Backend, link string) {
	t.Run("the first report is complete", func(t *testing.T) { checkFirst(t, run(t, make())) })
	t.Run("every refresh is answered once", func(t *testing.T) { checkRefresh(t, run(t, make())) })
	t.Run("what does not exist is refused", func(t *testing.T) { checkUnknown(t, run(t, make())) })
	t.Run("the end of the context is the end", func(t *testing.T) { checkEnd(t, run(t, make())) })
	t.Run("many goroutines may ask", func(t *testing.T) { checkGoroutines(t, run(t, make())) })
	if link != "" {
		t.Run("start and stop", func(t *testing.T) { checkCommands(t, run(t, make()), link) })
		t.Run("an attempt is withdrawn", func(t *testing.T) { checkWithdrawal(t, run(t, make()), link) })
	}
}

// rig is a running backend, and the sink that it reports to.
type rig struct {
	backend.Backend
	cancel context.CancelFunc
	result chan error

	mu         sync.Mutex // guards the fields below
	first      *bearer.Batch
	known      map[string]bearer.Configuration
	answers    []answer
	violations []string      // of the contract
	ended      bool          // Run has returned
	changed    chan struct{} // closed and replaced by each call of the sink
}

type answer struct {
	op    backend.Op
	id    string
	err   error
	state bearer.State // in the reports before the answer
}

// run starts a backend until the test ends, and waits for its first report.
func run(t *testing.T, b backend.Backend) *rig {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &rig{
		Backend: b, cancel: cancel, result: make(chan error, 1),
		known: make(map[string]bearer.Configuration), changed: make(chan struct{}),
	}
	go func() {
		err := b.Run(ctx, r)
		r.record(func() { r.ended = true })
		r.result <- err
		close(r.result)
	}()
	t.Cleanup(func() {
		r.end(t)
		for _, w := range r.violations {
			t.Error(w)
		}
	})
	r.until(t, "the first report", func() bool { return r.first != nil })
	return r
}

// end cancels the context, and waits for Run.
func (r *rig) end(t *testing.T) {
	t.Helper()
	r.cancel()
	select {
	case err := <-r.result:
		if err != nil {
			t.Errorf("Run returned %v when its context had ended", err)
		}
	case <-time.After(Wait):
		t.Error("Run does not end with its context")
	}
}

func (r *rig) record(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		r.violations = append(r.violations, "the sink was called after Run had returned")
	}
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// Report implements backend.Sink.
func (r *rig) Report(b bearer.Batch) {
	r.record(func() {
		if r.first == nil {
			r.first = &b
		}
		if b.Complete {
			r.known = make(map[string]bearer.Configuration)
		}
		for _, c := range b.Changed {
			if why := invalid(&c); why != "" {
				r.violations = append(r.violations, fmt.Sprintf("%q was reported: %s", c.ID, why))
			}
			r.known[c.ID] = c
		}
		for _, id := range b.Gone {
			delete(r.known, id)
		}
	})
}

// Done implements backend.Sink. It records the answer, and the reported state
// by then.
func (r *rig) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	r.record(func() { r.answers = append(r.answers, answer{op, id, err, r.known[id].State}) })
}

// Loading implements backend.Sink.
func (r *rig) Loading() {}

// Log implements backend.Sink.
func (r *rig) Log(backend.Level, string) {}

// invalid says why no backend may report a configuration; empty if any may.
func invalid(c *bearer.Configuration) string {
	switch c.State {
	case bearer.Undefined, bearer.Defined, bearer.Discovered, bearer.Active:
	default:
		return fmt.Sprintf("its state is %#x", uint8(c.State))
	}
	switch {
	case c.ID == "":
		return "it has no identifier"
	case bearer.Reserved(c.ID):
		return "its identifier is the library's own"
	case c.Type != bearer.InternetAccessPoint:
		return "it is no access point"
	case c.Name == "":
		return "it has no name for people"
	}
	return ""
}

// until waits for a condition, and checks it after each call of the sink.
func (r *rig) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(Wait)
	defer limit.Stop()
	for {
		r.mu.Lock()
		ok, changed := holds(), r.changed
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case err := <-r.result:
			t.Fatalf("Run ended before %s: %v", what, err)
		case <-limit.C:
			t.Fatalf("timeout while waiting for %s", what)
		}
	}
}

// answered waits until every command of a test has been answered, and returns
// the answers. A refresh at the end makes surplus answers visible.
func (r *rig) answered(t *testing.T, commands int) []answer {
	t.Helper()
	r.until(t, "the answers", func() bool { return len(r.answers) >= commands })
	r.Refresh()
	r.until(t, "the refresh", func() bool {
		return len(r.answers) > commands && r.answers[len(r.answers)-1].op == backend.OpRefresh
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.answers) - 1; n != commands {
		t.Errorf("%d commands got %d answers: %v", commands, n, r.answers)
	}
	return slices.Clone(r.answers)
}

func checkFirst(t *testing.T, r *rig) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.first.Complete {
		t.Error("the first report is not a complete one")
	}
}

func checkRefresh(t *testing.T, r *rig) {
	const times = 3
	for i := 0; i < times; i++ {
		r.Refresh()
	}
	for _, a := range r.answered(t, times) {
		if a.op != backend.OpRefresh {
			t.Errorf("a refresh was answered as %v", a)
		}
	}
}

const missing = "backendtest:nowhere"

func checkUnknown(t *testing.T, r *rig) {
	r.Start(missing)
	r.Stop(missing)
	for i, a := range r.answered(t, 2)[:2] {
		var refusal *backend.Refusal
		switch {
		case a.op != []backend.Op{backend.OpStart, backend.OpStop}[i] || a.id != missing:
			t.Errorf("command %d was answered as %v", i, a)
		case !errors.As(a.err, &refusal):
			t.Errorf("a command on a missing configuration: %v, which is no Refusal", a.err)
		case refusal.Reason != backend.ReasonNoConfiguration:
			t.Errorf("a command on a missing configuration: the reason is %d", refusal.Reason)
		case !strings.Contains(refusal.Text, missing) || !strings.HasSuffix(refusal.Text, "."):
			t.Errorf("a command on a missing configuration: %q is no sentence that names it", refusal.Text)
		}
	}
	if _, err := r.Counters(missing); err == nil {
		t.Error("a missing configuration has counters")
	}
}

func checkEnd(t *testing.T, r *rig) {
	r.Refresh()
	r.end(t) // later calls of the sink are violations
}

func checkGoroutines(t *testing.T, r *rig) {
	const goroutines = 8
	var group sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			r.Capabilities()
			_, _ = r.Counters(missing)
			r.Start(missing)
			r.Stop(missing)
		}()
	}
	group.Wait()
	r.answered(t, 2*goroutines)
}

func checkCommands(t *testing.T, r *rig, link string) {
	r.Start(link)
	r.until(t, "the start", func() bool { return len(r.answers) == 1 })
	r.Stop(link)
	answers := r.answered(t, 2)
	if a := answers[0]; a.op != backend.OpStart || a.id != link || a.err != nil || a.state != bearer.Active {
		t.Errorf("a start was answered as %v, while the reported state was %v", a, a.state)
	}
	if a := answers[1]; a.op != backend.OpStop || a.id != link || a.err != nil || a.state == bearer.Active {
		t.Errorf("a stop was answered as %v, while the reported state was %v", a, a.state)
	}
}

func checkWithdrawal(t *testing.T, r *rig, link string) {
	r.Start(link)
	r.Stop(link)
	for _, a := range r.answered(t, 2)[:2] {
		if a.op == backend.OpStop && (a.err != nil || a.state == bearer.Active) {
			t.Errorf("the stop was answered as %v, while the reported state was %v", a, a.state)
		}
		if a.op == backend.OpStart && a.err != nil && backend.ReasonOf(a.err) != backend.ReasonAborted {
			t.Errorf("the withdrawn start: %v, which is not aborted", a.err)
		}
	}
}
