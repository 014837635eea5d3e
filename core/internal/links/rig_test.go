package links

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/lease"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// rig is a table with a loop and a backend that record their calls.
// The test's goroutine is the loop.
type rig struct {
	*Table
	t     *testing.T
	store *store.Store
	lines []string
	posts chan func()
	gone  bool // the table is closed
}

func (r *rig) add(line string)      { r.lines = append(r.lines, line) }
func (r *rig) CallBackend(f func()) { f() }
func (r *rig) Post(f func())        { r.posts <- f }
func (r *rig) Moved(id string)      { r.add("moved " + id) }
func (r *rig) Resumed(id string)    { r.add("resumed " + id) }
func (r *rig) Aborted(id string)    { r.add("aborted " + id) }

// commands is the backend of a rig.
type commands struct{ r *rig }

func (c commands) Start(id string) { c.r.add("start " + id) }
func (c commands) Stop(id string)  { c.r.add("stop " + id) }

// newRig makes a table on links such as "eth up, wlan down". Tables with the same
// directory act as processes that share it.
func newRig(t *testing.T, links string, directory *lease.Directory) *rig {
	r := &rig{t: t, store: store.New(nil), posts: make(chan func(), 100)}
	r.Table = New(r.store, commands{r}, r, Options{Directory: directory, Log: func(text string) { t.Log(text) }})
	t.Cleanup(r.end)
	r.set(links)
	return r
}

// set applies a report to the store and to the table.
func (r *rig) set(links string) {
	r.t.Helper()
	var batch bearer.Batch
	for _, words := range strings.Split(links, ", ") {
		batch.Changed = append(batch.Changed, storetest.AccessPoint(words))
	}
	u := r.store.Apply(batch, time.Now())
	r.Apply(&u)
	for _, e := range u.Changed {
		r.OnChange(e.ID())
	}
	r.Forgotten(u.Removed)
}

// end closes the table, as the end of its process would.
func (r *rig) end() {
	if !r.gone {
		r.gone = true
		r.Close()
	}
}

// want compares what the table has asked for since the last want.
func (r *rig) want(lines string) {
	r.t.Helper()
	if got := strings.Join(r.lines, ", "); got != lines {
		r.t.Errorf("\n got %s\nwant %s", got, lines)
	}
	r.lines = nil
}

// runUntil runs posts until the condition holds.
func (r *rig) runUntil(holds func() bool) {
	r.t.Helper()
	late := time.After(2 * time.Minute)
	for !holds() {
		select {
		case f := <-r.posts:
			f()
		case <-late:
			r.t.Fatalf("it did not happen; so far: %v", r.lines)
		}
	}
}

func (r *rig) answer(op backend.Op, id string) bool {
	return r.Answered(backend.Answer{Op: op, ID: id})
}

// directories opens the shared directory n times, once for each process.
func directories(t *testing.T, n int) []*lease.Directory {
	t.Helper()
	runtime := filepath.Join(t.TempDir(), "runtime")
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	var all []*lease.Directory
	for i := 0; i < n; i++ {
		d, err := lease.OpenDirectory(lease.Sharing{Runtime: runtime, Network: func(string) string { return "of the rigs" }})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}
