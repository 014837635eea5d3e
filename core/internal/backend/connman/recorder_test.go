package connman

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// recorder is a sink that keeps the picture that the reports add up to.
type recorder struct {
	*Backend
	t testing.TB

	mu        sync.Mutex // guards what follows
	world     *bearer.Registry
	managed   []bearer.Interface
	completes int
	why       string              // the last complete picture lacks what was there before
	states    map[string][]string // those that each configuration went through
	answers   []answer
	logs      []string
	changed   chan struct{} // closed and made anew at every event
}

type answer struct {
	op     backend.Op
	id     string
	err    error
	joined bool
	before bearer.State // of the configuration as reported when the answer came
}

func (a answer) String() string {
	return fmt.Sprintf("%s of %s while %v: %v", [...]string{"start", "stop", "refresh"}[a.op], a.id, a.before, a.err)
}

func newRecorder(t testing.TB, address string) *recorder {
	return &recorder{
		Backend: New(address), t: t, world: bearer.NewRegistry(),
		states: make(map[string][]string), changed: make(chan struct{}),
	}
}

// watch runs a backend until the test ends.
func watch(t testing.TB, address string) *recorder {
	t.Helper()
	r := newRecorder(t, address)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx, r) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(bustest.Wait):
			t.Error("Run does not end")
		}
	})
	return r
}

func (r *recorder) event(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *recorder) Report(b bearer.Batch) {
	r.event(func() {
		r.world.Apply(b)
		if b.Complete {
			r.why = b.Why
			r.completes++
		}
		if b.Managed != nil {
			r.managed = b.Managed
		}
		for i := range b.Changed {
			r.pass(&b.Changed[i])
		}
	})
}

// pass notes a state, unless it is the last one.
func (r *recorder) pass(c *bearer.Configuration) {
	now := stateOf(c)
	seen := r.states[c.ID]
	if len(seen) == 0 || seen[len(seen)-1] != now {
		r.states[c.ID] = append(seen, now)
	}
}

// stateOf is a configuration's state in one word.
func stateOf(c *bearer.Configuration) string {
	switch {
	case c.Starting():
		return "connecting"
	case c.Stopping():
		return "closing"
	}
	return c.State.String()
}

func (r *recorder) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	r.event(func() {
		a := answer{op: op, id: id, err: err, joined: a.Joined}
		if c := r.world.Get(id); c != nil {
			a.before = c.State
		}
		r.answers = append(r.answers, a)
	})
}

func (r *recorder) Loading() {}

func (r *recorder) Log(level backend.Level, text string) {
	r.event(func() { r.logs = append(r.logs, fmt.Sprint(level, " ", text)) })
}

// await waits until f, which is called with the lock held, is true.
func (r *recorder) await(what string, f func() bool) {
	r.t.Helper()
	late := time.After(bustest.Wait)
	for {
		r.mu.Lock()
		done, changed := f(), r.changed
		r.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-late:
			r.mu.Lock()
			defer r.mu.Unlock()
			r.t.Fatalf("waited in vain for %s\nstates: %v\nanswers: %v\nlogs: %q", what, r.states, r.answers, r.logs)
		}
	}
}

// awaitState waits until a configuration is in a state, or gone if that is "".
func (r *recorder) awaitState(id, state string) {
	r.t.Helper()
	r.await(id+" "+state, func() bool {
		c := r.world.Get(id)
		return c == nil && state == "" || c != nil && stateOf(c) == state
	})
}

// awaitComplete waits for the n-th complete picture.
func (r *recorder) awaitComplete(n int) {
	r.t.Helper()
	r.await(fmt.Sprintf("picture %d", n), func() bool { return r.completes >= n })
}

func (r *recorder) awaitLog(part string) {
	r.t.Helper()
	r.await("a log about "+part, func() bool { return strings.Contains(strings.Join(r.logs, "\n"), part) })
}

// answer waits for the n-th answer, counted from 1.
func (r *recorder) answer(n int) (a answer) {
	r.t.Helper()
	r.await(fmt.Sprintf("answer %d", n), func() bool { return len(r.answers) >= n })
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answers[n-1]
}

// get is a configuration as it was reported last.
func (r *recorder) get(id string) bearer.Configuration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.world.Get(id); c != nil {
		return *c
	}
	return bearer.Configuration{}
}

// path are the states that a configuration went through so far.
func (r *recorder) path(id string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.states[id], " ")
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.world.Len()
}

// speaksFor are the managed interfaces in words.
func (r *recorder) speaksFor() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.managed == nil:
		return "unknown"
	case len(r.managed) == 0:
		return "nothing"
	}
	var names []string
	for _, i := range r.managed {
		names = append(names, i.Name)
	}
	return strings.Join(names, " ")
}

func (r *recorder) warnings() (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, text := range r.logs {
		if strings.HasPrefix(text, fmt.Sprint(backend.LevelWarning)) {
			list = append(list, text)
		}
	}
	return list
}
