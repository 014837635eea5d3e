package lease

import (
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// sharedLink is a link that processes start and stop.
type sharedLink struct {
	up     atomic.Bool
	t      *testing.T
	failed atomic.Bool
}

func (l *sharedLink) fail(text string) {
	if !l.failed.Swap(true) {
		l.t.Error(text)
	}
}

// processes runs one process after the other until over. Each opens and closes
// the link, and ends at a random step.
func (l *sharedLink) processes(seed int64, d *Directory, over *atomic.Bool) {
	r := rand.New(rand.NewSource(seed))
	for !over.Load() {
		k := NewCounter(false, d, l.fail)
		for ends := false; !ends && !over.Load(); ends = r.Intn(10) == 0 {
			l.session(r, k)
		}
		k.Close()
	}
}

// session is one session of a process, which may end during it.
func (l *sharedLink) session(r *rand.Rand, k *Counter) {
	k.Reserve("eth")
	wait, _ := k.Blocked("eth", l.up.Load(), time.Now())
	if !wait {
		k.Acquire("eth", l.up.Load())
		l.up.Store(true)
	}
	l.stop(k, k.Release("eth"))
	if wait {
		return
	}
	time.Sleep(time.Duration(r.Intn(200)) * time.Microsecond)
	if !l.up.Load() {
		l.fail("it is down under a holder")
	}
	if r.Intn(8) == 0 {
		k.Close() // killed
		return
	}
	claimed := k.Claim("eth")
	stop := k.Release("eth")
	if claimed && !stop {
		l.fail("a claim was not true")
	}
	l.stop(k, stop)
}

func (l *sharedLink) stop(k *Counter, stop bool) {
	if stop {
		l.up.Store(false)
		k.EndStop("eth", true)
	}
}

// Many processes on real files: no holder ever sees the link down, and orphans are
// found.
func TestManyProcessesOnRealFiles(t *testing.T) {
	runtime := runtimeDirectory(t)
	l := &sharedLink{t: t}
	var over atomic.Bool
	var all sync.WaitGroup
	for i := int64(0); i < 12; i++ {
		d, i := openTestDirectory(t, runtime), i
		all.Add(1)
		go func() {
			defer all.Done()
			l.processes(i, d, &over)
		}()
	}
	witness := NewCounter(false, openTestDirectory(t, runtime), nil)
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if witness.Orphaned("eth") {
			l.stop(witness, witness.Adopt("eth"))
		}
	}
	over.Store(true)
	all.Wait()
	if witness.Orphaned("eth") {
		l.stop(witness, witness.Adopt("eth"))
	}
	if l.up.Load() {
		t.Error("it is still up after all processes have ended")
	}
}

// Two processes that make reservations before the first holder see each other, and
// the last of them stops the link.
func TestTwoReservationsOfANewFile(t *testing.T) {
	runtime := runtimeDirectory(t)
	a, b := NewCounter(false, openTestDirectory(t, runtime), fatal(t)), NewCounter(false, openTestDirectory(t, runtime), fatal(t))
	both := []*Counter{a, b}
	for _, k := range both {
		k.Reserve("eth")
	}
	for _, k := range both {
		k.Acquire("eth", false)
		k.Release("eth")
	}
	if a.Release("eth") {
		t.Error("the first of two stops the link")
	}
	if !b.Release("eth") {
		t.Error("no process stops the link")
	}
}

func fatal(t *testing.T) func(string) { return func(text string) { t.Fatal(text) } }

func BenchmarkHold(b *testing.B) {
	runtime := b.TempDir()
	d, err := OpenDirectory(sharing(runtime))
	if err != nil {
		b.Skip(err)
	}
	defer d.Close()
	for name, c := range map[string]*Counter{"alone": NewCounter(false, nil, nil), "shared": NewCounter(false, d, nil)} {
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				c.Reserve("eth")
				c.Blocked("eth", true, time.Now())
				c.Acquire("eth", true)
				c.Release("eth")
				c.Claim("eth")
				c.Release("eth")
			}
		})
	}
}
