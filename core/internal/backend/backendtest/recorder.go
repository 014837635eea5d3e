// The recorder: the sink that records the reports of a backend for its tests.

package backendtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// Recorder is a sink that records everything. Its methods may be called on any
// goroutine.
type Recorder struct {
	t testing.TB

	mu      sync.Mutex // guards the fields below
	record  Record
	read    int           // lines that AwaitLine has returned or skipped
	changed chan struct{} // closed and replaced by each call of the backend
}

// Record has everything that a backend has reported so far.
type Record struct {
	Known     map[string]bearer.Configuration // by identifier
	Managed   []bearer.Interface              // nil: not reported
	Why       string                          // of the last complete report
	Completes int                             // how many reports were complete
	Batches   []bearer.Batch
	Answers   []Answer
	Calls     []any               // each bearer.Batch and Answer, in their order
	States    map[string][]string // of each configuration, in order, as StateName has them
	Loading   []int               // how many batches there were at each call of Loading
	Logs      []string            // "level text"

	// Lines are all of it as lines of text:
	//
	//	complete                      a complete report
	//	nm:1 discovered connecting    a configuration changed its state
	//	gone nm:1: why                a configuration is gone
	//	managed eth0 eth1             the interfaces changed
	//	done start nm:1               a command succeeded
	//	undone start nm:1             a start succeeded, and something else ended it since
	//	refused start nm:1: why       a command failed
	//	warning text
	Lines []string
}

// Answer is an answer, and the state of its configuration at that time.
type Answer struct {
	backend.Answer
	Before bearer.State
}

// command names the command that was answered, such as "start nm:1".
func (a Answer) command() string {
	return strings.TrimSpace([...]string{"start", "stop", "refresh"}[a.Op] + " " + a.ID)
}

// NewRecorder returns a recorder. Its methods that wait fail the test after Wait.
func NewRecorder(t testing.TB) *Recorder {
	return &Recorder{t: t, changed: make(chan struct{}), record: Record{
		Known: make(map[string]bearer.Configuration), States: make(map[string][]string),
	}}
}

// Start runs a backend with a sink until stop is called, or the test is over. stop waits
// for Run, and may be called again.
func Start(t testing.TB, b interface {
	Run(context.Context, backend.Sink) error
}, sink backend.Sink) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, sink) }()
	stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(Wait):
			t.Error("Run does not end")
		}
	})
	t.Cleanup(stop)
	return stop
}

// update changes the record, and wakes up all waiters.
func (r *Recorder) update(f func(*Record)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.record)
	close(r.changed)
	r.changed = make(chan struct{})
}

func (rec *Record) note(format string, args ...any) {
	rec.Lines = append(rec.Lines, fmt.Sprintf(format, args...))
}

// Report implements backend.Sink.
func (r *Recorder) Report(b bearer.Batch) { r.update(func(rec *Record) { rec.apply(b) }) }

func (rec *Record) apply(b bearer.Batch) {
	rec.Batches = append(rec.Batches, b)
	rec.Calls = append(rec.Calls, b)
	if b.Complete {
		rec.Why = b.Why
		rec.Completes++
		clear(rec.Known)
		rec.note("complete")
	}
	for _, c := range b.Changed {
		old, known := rec.Known[c.ID]
		rec.Known[c.ID] = c
		if !known || Describe(&old) != Describe(&c) {
			rec.note("%s %s", c.ID, Describe(&c))
		}
		if seen := rec.States[c.ID]; len(seen) == 0 || seen[len(seen)-1] != StateName(&c) {
			rec.States[c.ID] = append(seen, StateName(&c))
		}
	}
	for _, id := range b.Gone {
		delete(rec.Known, id)
		if b.Why == "" {
			rec.note("gone %s", id)
		} else {
			rec.note("gone %s: %s", id, b.Why)
		}
	}
	if b.Managed != nil {
		rec.Managed = b.Managed
		rec.note("managed %s", Names(b.Managed))
	}
}

// Done implements backend.Sink.
func (r *Recorder) Done(answer backend.Answer) {
	r.update(func(rec *Record) {
		a := Answer{Answer: answer, Before: rec.Known[answer.ID].State}
		rec.Answers = append(rec.Answers, a)
		rec.Calls = append(rec.Calls, a)
		switch {
		case a.Err != nil:
			rec.note("refused %s: %v", a.command(), a.Err)
		case a.Undone:
			rec.note("undone %s", a.command())
		default:
			rec.note("done %s", a.command())
		}
	})
}

// Loading implements backend.Sink.
func (r *Recorder) Loading() {
	r.update(func(rec *Record) { rec.Loading = append(rec.Loading, len(rec.Batches)) })
}

// Log implements backend.Sink.
func (r *Recorder) Log(level backend.Level, text string) {
	r.update(func(rec *Record) {
		rec.Logs = append(rec.Logs, fmt.Sprint(level, " ", text))
		if level == backend.LevelWarning {
			rec.note("warning %s", text)
		}
	})
}

// Describe returns a configuration's state and progress, such as "discovered connecting".
func Describe(c *bearer.Configuration) string {
	return c.State.String() + [...]string{"", " connecting", " closing"}[c.Progress]
}

// StateName returns a configuration's progress, or its state if that is settled.
func StateName(c *bearer.Configuration) string {
	switch {
	case c.Starting():
		return "connecting"
	case c.Stopping():
		return "closing"
	}
	return c.State.String()
}

// Names returns the names of interfaces, joined.
func Names(interfaces []bearer.Interface) string {
	var list []string
	for _, i := range interfaces {
		list = append(list, i.Name)
	}
	return strings.Join(list, " ")
}

// String returns the lines, the log and what is known, for the message of a failed test.
func (r *Recorder) String() (text string) {
	r.View(func(rec *Record) {
		text = fmt.Sprintf("lines:\n%s\nlogs: %q\nknown: %+v", strings.Join(rec.Lines, "\n"), rec.Logs, rec.Known)
	})
	return text
}

// View calls f with the record, which f must not keep.
func (r *Recorder) View(f func(*Record)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.record)
}

// Configuration returns a configuration as it was reported last; empty if there is none.
func (r *Recorder) Configuration(id string) (c bearer.Configuration) {
	r.View(func(rec *Record) { c = rec.Known[id] })
	return c
}

// Configurations returns all configurations as they were reported last, by identifier.
func (r *Recorder) Configurations() (all map[string]bearer.Configuration) {
	r.View(func(rec *Record) { all = maps.Clone(rec.Known) })
	return all
}

// Batches returns the reports so far.
func (r *Recorder) Batches() (list []bearer.Batch) {
	r.View(func(rec *Record) { list = slices.Clone(rec.Batches) })
	return list
}

// Lines returns the lines so far.
func (r *Recorder) Lines() []string { return r.LinesSince(0, "") }

// Logs returns what was logged so far, as "level text".
func (r *Recorder) Logs() (list []string) {
	r.View(func(rec *Record) { list = slices.Clone(rec.Logs) })
	return list
}

// IDs returns the identifiers of the configurations, sorted and joined.
func (r *Recorder) IDs() (ids string) {
	r.View(func(rec *Record) { ids = strings.Join(slices.Sorted(maps.Keys(rec.Known)), " ") })
	return ids
}

// States returns the states that a configuration went through, joined.
func (r *Recorder) States(id string) (states string) {
	r.View(func(rec *Record) { states = strings.Join(rec.States[id], " ") })
	return states
}

// ManagedNames returns the names of the managed interfaces, joined; "unknown" if none
// were reported, and "nothing" if there are none.
func (r *Recorder) ManagedNames() (managed string) {
	r.View(func(rec *Record) {
		switch {
		case rec.Managed == nil:
			managed = "unknown"
		case len(rec.Managed) == 0:
			managed = "nothing"
		default:
			managed = Names(rec.Managed)
		}
	})
	return managed
}

// Warnings returns the warnings that were logged, as "level text".
func (r *Recorder) Warnings() (list []string) {
	r.View(func(rec *Record) {
		for _, text := range rec.Logs {
			if strings.HasPrefix(text, fmt.Sprint(backend.LevelWarning)) {
				list = append(list, text)
			}
		}
	})
	return list
}

// LastAnswer returns the last answer to a command such as "start nm:1".
func (r *Recorder) LastAnswer(command string) (last Answer) {
	r.View(func(rec *Record) {
		for _, a := range rec.Answers {
			if a.command() == command {
				last = a
			}
		}
	})
	return last
}

// Len returns how many configurations there are.
func (r *Recorder) Len() (n int) {
	r.View(func(rec *Record) { n = len(rec.Known) })
	return n
}
