package rtnetlink

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// bound is how long a test waits for what must come.
const bound = 2 * time.Minute

// recorder is a sink that remembers everything, and keeps the picture that the
// reports add up to.
type recorder struct {
	mu      sync.Mutex // guards what follows
	known   map[string]bearer.Configuration
	batches []bearer.Batch
	answers []answer
	story   []string // reports and answers in their order
	logs    []string
	changed chan struct{} // closed by the next call, and made anew
}

type answer struct {
	op     backend.Op
	id     string
	err    error
	joined bool
}

func newRecorder() *recorder {
	return &recorder{known: make(map[string]bearer.Configuration), changed: make(chan struct{})}
}

func (r *recorder) Report(b bearer.Batch) {
	r.record(func() {
		r.batches = append(r.batches, b)
		if b.Complete {
			r.known = make(map[string]bearer.Configuration, len(b.Changed))
			r.story = append(r.story, "complete")
		}
		for _, c := range b.Changed {
			r.known[c.ID] = c
			if !b.Complete {
				r.story = append(r.story, fmt.Sprintf("%s %v", c.ID, c.State))
			}
		}
		for _, id := range b.Gone {
			delete(r.known, id)
			r.story = append(r.story, id+" gone")
		}
	})
}

func (r *recorder) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	r.record(func() {
		r.answers = append(r.answers, answer{op, id, err, a.Joined})
		word := ""
		if a.Undone {
			word = " undone"
		}
		r.story = append(r.story, fmt.Sprintf("done %d %s%s", op, id, word))
	})
}

func (r *recorder) Loading() {}

func (r *recorder) Log(level backend.Level, text string) {
	r.record(func() { r.logs = append(r.logs, text) })
}

func (r *recorder) record(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// await waits until a condition holds, which is looked at after every call.
func (r *recorder) await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(bound)
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
		case <-limit.C:
			t.Fatalf("waited in vain until %s\n%s", what, r)
		}
	}
}

// eventually waits until a condition holds that no report tells of.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(bound); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// awaitState waits until a configuration has the state.
func (r *recorder) awaitState(t testing.TB, id string, s bearer.State) {
	t.Helper()
	r.await(t, fmt.Sprintf("%s is %v", id, s), func() bool { return r.known[id].State == s })
}

// awaitComplete waits for the n-th complete picture.
func (r *recorder) awaitComplete(t testing.TB, n int) {
	t.Helper()
	r.await(t, fmt.Sprintf("%d pictures are complete", n), func() bool {
		complete := 0
		for _, b := range r.batches {
			if b.Complete {
				complete++
			}
		}
		return complete >= n
	})
}

func (r *recorder) awaitAnswers(t testing.TB, n int) []answer {
	t.Helper()
	r.await(t, fmt.Sprintf("%d answers", n), func() bool { return len(r.answers) >= n })
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]answer(nil), r.answers...)
}

// get is a configuration as it is known now.
func (r *recorder) get(id string) (bearer.Configuration, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.known[id]
	return c, ok
}

// all is the picture that the reports add up to.
func (r *recorder) all() map[string]bearer.Configuration {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make(map[string]bearer.Configuration, len(r.known))
	for id, c := range r.known {
		all[id] = c
	}
	return all
}

// reports are the batches so far.
func (r *recorder) reports() []bearer.Batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bearer.Batch(nil), r.batches...)
}

// forget drops the story so far.
func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.batches, r.answers, r.story = nil, nil, nil
}

func (r *recorder) told() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.story...)
}

func (r *recorder) String() string {
	return "story:\n  " + strings.Join(r.story, "\n  ") + "\nlog:\n  " + strings.Join(r.logs, "\n  ") +
		fmt.Sprintf("\nknown: %+v", r.known)
}

// running is a backend that runs until the test is over, or stop is called.
type running struct {
	*Backend
	*recorder
	stop func() error
}

func run(t testing.TB, b *Backend) *running {
	t.Helper()
	r := &running{Backend: b, recorder: newRecorder()}
	r.stop = start(t, b, r.recorder)
	return r
}

// start runs a backend until the function that it returns is called, or the
// test is over. The function returns what Run did.
func start(t testing.TB, b *Backend, sink backend.Sink) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, sink) }()
	var once sync.Once
	var result error
	stop = func() error {
		once.Do(func() {
			cancel()
			select {
			case result = <-ended:
			case <-time.After(bound):
				t.Error("Run did not end with its context")
			}
		})
		return result
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}
