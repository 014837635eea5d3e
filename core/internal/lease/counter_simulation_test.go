package lease

import (
	"fmt"
	"math/rand"
	"testing"
	"time"
)

// simulation is a simple model of several processes on one link.
type simulation struct {
	t         *testing.T
	counters  []*Counter
	shared    *memoryDirectory
	now       time.Time
	up        bool
	bySystem  bool  // it was up before the first holder
	holders   []int // of each process
	stopping  []bool
	story     string
	abandoned bool // by holders that were killed
}

func (sim *simulation) sum() (n int) {
	for _, h := range sim.holders {
		n += h
	}
	return n
}

func (sim *simulation) stopped() bool {
	for _, s := range sim.stopping {
		if s {
			return true
		}
	}
	return false
}

// do executes one step of a process.
func (sim *simulation) do(p int, what rune) {
	c := sim.counters[p]
	sim.story += fmt.Sprintf("%c%d ", what, p)
	sim.now = sim.now.Add(time.Millisecond)
	switch what {
	case 'o':
		sim.open(p, c)
	case 'c':
		sim.close(p, c)
	case 'd': // the stop is done
		if sim.stopping[p] {
			sim.stopping[p], sim.up, sim.abandoned = false, false, false
			c.EndStop("eth", true)
		}
	case 'k':
		sim.kill(p)
	case 'w':
		if c.Orphaned("eth") && c.Adopt("eth") {
			sim.check(sim.sum() == 0 && sim.abandoned, "an orphan was adopted that is none")
			sim.stopping[p] = true
		}
	case 's': // the system brings it up
		if sim.sum() == 0 && !sim.stopped() && !sim.abandoned && !sim.up {
			sim.up, sim.bySystem = true, true
		}
	}
}

func (sim *simulation) open(p int, c *Counter) {
	c.Reserve("eth")
	wait, _ := c.Blocked("eth", sim.up, sim.now.Add(-time.Hour))
	others := false
	for q, s := range sim.stopping {
		others = others || s && q != p
	}
	sim.check(wait == others || sim.up, "blocked %v, stopped by others %v", wait, others)
	if !wait && !sim.stopping[p] {
		up := sim.up
		c.Acquire("eth", up)
		sim.holders[p]++
		sim.up = true
		sim.abandoned = sim.abandoned && sim.sum() == 0
		if !up {
			sim.bySystem = false
		}
	}
	if c.Release("eth") {
		sim.check(sim.sum() == 0 && !sim.bySystem, "a reservation stopped what it must not")
		sim.stopping[p] = true
	}
}

func (sim *simulation) close(p int, c *Counter) {
	if sim.holders[p] == 0 {
		return
	}
	sim.holders[p]--
	want := sim.sum() == 0 && !sim.bySystem
	if sim.now.UnixNano()%2 == 0 {
		sim.check(c.Claim("eth") == want, "the claim is not %v", want)
	}
	stop := c.Release("eth")
	sim.check(stop == want, "stops %v, want %v", stop, want)
	sim.stopping[p] = sim.stopping[p] || stop
}

// kill ends a process, and starts another in its place.
func (sim *simulation) kill(p int) {
	sim.counters[p].Close()
	held := sim.holders[p] > 0 || sim.stopping[p]
	sim.holders[p], sim.stopping[p] = 0, false
	sim.counters[p] = newTestCounter(sim.shared, &sim.now)
	sim.abandoned = sim.abandoned || held && sim.sum() == 0 && !sim.bySystem
}

func (sim *simulation) check(ok bool, format string, args ...any) {
	sim.t.Helper()
	if !ok {
		sim.t.Fatalf("%s: "+format, append([]any{sim.story}, args...)...)
	}
}

// TestRandomProcesses simulates four processes with random steps. At the end a
// witness stops the links that were left behind.
func TestRandomProcesses(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for life := 0; life < 3000; life++ {
		sim := &simulation{t: t, shared: newMemoryDirectory(), now: time.Unix(1e9, 0), holders: make([]int, 4), stopping: make([]bool, 4)}
		for range sim.holders {
			sim.counters = append(sim.counters, newTestCounter(sim.shared, &sim.now))
		}
		for i := 0; i < 60; i++ {
			sim.do(r.Intn(4), rune("ooocccddkws"[r.Intn(11)]))
		}
		for p := range sim.counters {
			sim.do(p, 'd')
		}
		sim.do(0, 'w')
		sim.do(0, 'd')
		sim.check(sim.up == (sim.sum() > 0 || sim.bySystem), "in the end it is up: %v", sim.up)
	}
}
