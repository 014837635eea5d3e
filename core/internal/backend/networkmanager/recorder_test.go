package networkmanager

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// recorder is a sink that writes down what it is told, as lines of text:
//
//	nm:1 discovered connecting    a configuration moved to another state
//	gone nm:1: why                it is gone
//	managed eth0 eth1             the interfaces changed
//	done start nm:1               a command was answered with success
//	refused start nm:1: why       or with a refusal
//	warning text
type recorder struct {
	t       *testing.T
	backend *Backend
	cancel  context.CancelFunc
	ended   chan struct{}

	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	lines   []string
	read    int // lines that await has passed
	reports int
	why     string // the last complete picture lacks what was there before
	picture map[string]bearer.Configuration
	reasons map[string]backend.Reason // of the last refusal, by "start nm:1"
	joined  map[string]bool           // whether the last one joined others, by the same
	loading []int                     // how many reports there were when each reading began
}

// record runs a backend on the bus with an address until the test ends.
func record(t *testing.T, address string) *recorder {
	t.Helper()
	r := &recorder{
		t: t, backend: New(address), ended: make(chan struct{}),
		picture: make(map[string]bearer.Configuration), reasons: make(map[string]backend.Reason),
		joined: make(map[string]bool),
	}
	r.changed = sync.NewCond(&r.mu)
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() {
		defer close(r.ended)
		if err := r.backend.Run(ctx, r); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	t.Cleanup(r.stop)
	return r
}

func (r *recorder) stop() {
	r.cancel()
	select {
	case <-r.ended:
	case <-time.After(bustest.Wait):
		r.t.Error("Run does not end")
	}
}

func (r *recorder) Report(b bearer.Batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.changed.Broadcast()
	r.reports++
	if b.Complete {
		r.why = b.Why
		r.picture = make(map[string]bearer.Configuration)
		r.note("complete")
	}
	for _, c := range b.Changed {
		old, known := r.picture[c.ID]
		r.picture[c.ID] = c
		if !known || describe(&old) != describe(&c) {
			r.note("%s %s", c.ID, describe(&c))
		}
	}
	for _, id := range b.Gone {
		delete(r.picture, id)
		r.note("gone %s%s", id, because(b.Why))
	}
	if b.Managed != nil {
		r.note("managed %s", names(b.Managed))
	}
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

func names(interfaces []bearer.Interface) string {
	var list []string
	for _, i := range interfaces {
		list = append(list, i.Name)
	}
	return strings.Join(list, " ")
}

func describe(c *bearer.Configuration) string {
	return c.State.String() + [...]string{"", " connecting", " closing"}[c.Progress]
}

func (r *recorder) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	r.mu.Lock()
	defer r.mu.Unlock()
	command := strings.TrimSpace([...]string{"start", "stop", "refresh"}[op] + " " + id)
	r.joined[command] = a.Joined
	if err == nil {
		r.note("done %s", command)
		return
	}
	r.reasons[command] = backend.ReasonOf(err)
	r.note("refused %s: %v", command, err)
}

func (r *recorder) Loading() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.loading = append(r.loading, r.reports)
	r.changed.Broadcast()
}

func (r *recorder) Log(level backend.Level, text string) {
	if level == backend.LevelWarning {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.note("warning %s", text)
	}
}

func (r *recorder) note(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
	r.changed.Broadcast()
}

// await waits for a line that begins with a text, beyond those that it has
// passed before, and returns it.
func (r *recorder) await(text string) string {
	r.t.Helper()
	late := time.AfterFunc(bustest.Wait, func() { r.changed.Broadcast() })
	defer late.Stop()
	end := time.Now().Add(bustest.Wait)
	r.mu.Lock()
	defer r.mu.Unlock()
	from := r.read
	for {
		for r.read < len(r.lines) {
			r.read++
			if strings.HasPrefix(r.lines[r.read-1], text) {
				return r.lines[r.read-1]
			}
		}
		if !time.Now().Before(end) {
			r.t.Fatalf("waited in vain for %q; what came:\n%s", text, strings.Join(r.lines[from:], "\n"))
		}
		r.changed.Wait()
	}
}

// mark passes everything that was told so far.
func (r *recorder) mark() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read = len(r.lines)
	return r.read
}

// since are the lines after a mark that contain a text.
func (r *recorder) since(mark int, text string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []string
	for _, line := range r.lines[mark:] {
		if strings.Contains(line, text) {
			list = append(list, line)
		}
	}
	return list
}

// expectSince compares the lines after a mark that contain a text.
func (r *recorder) expectSince(mark int, text string, want ...string) {
	r.t.Helper()
	if got := r.since(mark, text); strings.Join(got, "\n") != strings.Join(want, "\n") {
		r.t.Errorf("about %q came\n\t%s\nwant\n\t%s", text, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func (r *recorder) get(id string) bearer.Configuration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.picture[id]
}

func (r *recorder) ids() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(identifiers(r.picture), " ")
}

// identifiers are the keys of a table, sorted.
func identifiers(list map[string]bearer.Configuration) []string {
	ids := make([]string, 0, len(list))
	for id := range list {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// wantJoined waits for the answer to a start, and checks whether it joined others.
func (r *recorder) wantJoined(id string, want bool) {
	r.t.Helper()
	r.await("done start " + id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := r.joined["start "+id]; got != want {
		r.t.Errorf("the start of %s joined others: %v, want %v", id, got, want)
	}
}

func (r *recorder) reason(command string) backend.Reason {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reasons[command]
}
