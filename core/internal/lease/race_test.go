package lease

import (
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// cable is a link that processes start and stop.
type cable struct {
	up     atomic.Bool
	t      *testing.T
	failed atomic.Bool
}

func (c *cable) fail(text string) {
	if !c.failed.Swap(true) {
		c.t.Error(text)
	}
}

// life lets one process after the other open and close the link, and end at any
// step, until over.
func (c *cable) life(seed int64, d *Directory, over *atomic.Bool) {
	r := rand.New(rand.NewSource(seed))
	for !over.Load() {
		k := NewCounter(false, d, c.fail)
		for ends := false; !ends && !over.Load(); ends = r.Intn(10) == 0 {
			c.session(r, k)
		}
		k.Close()
	}
}

// session is one of a process, which may end in the midst of it.
func (c *cable) session(r *rand.Rand, k *Counter) {
	k.Reserve("eth")
	wait, _ := k.Blocked("eth", c.up.Load(), time.Now())
	if !wait {
		k.Acquire("eth", c.up.Load())
		c.up.Store(true)
	}
	c.stop(k, k.Release("eth"))
	if wait {
		return
	}
	time.Sleep(time.Duration(r.Intn(200)) * time.Microsecond)
	if !c.up.Load() {
		c.fail("it is down under a holder")
	}
	if r.Intn(8) == 0 {
		k.Close() // killed
		return
	}
	claimed := k.Claim("eth")
	stop := k.Release("eth")
	if claimed && !stop {
		c.fail("a claim was not true")
	}
	c.stop(k, stop)
}

func (c *cable) stop(k *Counter, stop bool) {
	if stop {
		c.up.Store(false)
		k.Settled("eth", true)
	}
}

// Many processes on real files: no holder ever sees the link down, and what was
// left behind is found.
func TestManyProcessesOnRealFiles(t *testing.T) {
	runtime := folder(t)
	c := &cable{t: t}
	var over atomic.Bool
	var all sync.WaitGroup
	for i := int64(0); i < 12; i++ {
		d, i := enter(t, runtime), i
		all.Add(1)
		go func() {
			defer all.Done()
			c.life(i, d, &over)
		}()
	}
	witness := NewCounter(false, enter(t, runtime), nil)
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if witness.Orphaned("eth") {
			c.stop(witness, witness.Adopt("eth"))
		}
	}
	over.Store(true)
	all.Wait()
	if witness.Orphaned("eth") {
		c.stop(witness, witness.Adopt("eth"))
	}
	if c.up.Load() {
		t.Error("it is still up when all have gone")
	}
}

// Two that reserve before anybody has held the link know of each other, and the
// last of them stops it.
func TestTwoReservationsOfANewSlot(t *testing.T) {
	runtime := folder(t)
	a, b := NewCounter(false, enter(t, runtime), fatal(t)), NewCounter(false, enter(t, runtime), fatal(t))
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
		t.Error("nobody stops the link")
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
