package lease

import (
	"fmt"
	"math/rand"
	"testing"
	"time"
)

// Each story is the life of one link: what happens to its count, and whether
// each release stopped the link.
func TestCounter(t *testing.T) {
	for _, c := range []struct {
		name    string
		literal bool
		story   string // a acquire while down, A acquire while up, s answered: started, j answered: joined, d brought up anew, r release, f forget
		stops   string // for each r: y or n
		holders int
	}{
		{"the system had it up", false, "Ar", "n", 0},
		{"a session started it", false, "ar", "y", 0},
		{"the last of two", false, "aArr", "ny", 0},
		{"the system's, two holders", false, "AArr", "nn", 0},
		{"the one who started it goes first", false, "aAr", "n", 1},
		{"never came up", false, "afAr", "n", 0},
		{"the start changed nothing", false, "ajr", "n", 0},
		{"brought up anew by somebody else", false, "asdr", "n", 0},
		{"brought up anew, two holders", false, "asAdrr", "nn", 0},
		{"brought up anew without being held", false, "dar", "y", 0},
		{"the start changed nothing, two holders", false, "ajAjrr", "nn", 0},
		{"started by one, the other's start changed nothing", false, "asajrr", "ny", 0},
		{"the system's, and an answer that is not about it", false, "Ajr", "n", 0},
		{"joined without being held", false, "jAr", "n", 0},
		{"the system's, lost, then started", false, "Afar", "y", 0},
		{"the system's, lost, then started before all knew", false, "Aarr", "ny", 0},
		{"stopped, then up by the system", false, "afAr", "n", 0},
		{"stopped by a release, then up by the system", false, "arAr", "yn", 0},
		{"lost by one, released by the other", false, "aAfr", "y", 0},
		{"released without being held", false, "r", "n", 0},
		{"released once too often", false, "arr", "yn", 0},
		{"forgotten without being held", false, "fAr", "n", 0},
		{"literal: the last close stops what the system had up", true, "Ar", "y", 0},
		{"literal: others still hold it", true, "AAr", "n", 1},
		{"literal: without a holder there is nothing to stop", true, "r", "n", 0},
	} {
		k := NewCounter(c.literal, nil, nil)
		stops := ""
		for _, what := range c.story {
			stops += act(k, "eth", what)
		}
		if stops != c.stops || k.Holders("eth") != c.holders {
			t.Errorf("%s: stops %q, want %q; %d holders, want %d", c.name, stops, c.stops, k.Holders("eth"), c.holders)
		}
	}
}

// act does one thing; a link that has to be stopped is down at once.
func act(k *Counter, id string, what rune) string {
	switch what {
	case 'a', 'A':
		k.Acquire(id, what == 'A')
	case 's', 'j':
		k.Answered(id, what == 'j')
	case 'd':
		k.Disown(id)
	case 'f':
		k.Forget(id)
	case 'r':
		if k.Release(id) {
			k.Settled(id, true)
			return "y"
		}
		return "n"
	}
	return ""
}

func TestRemoveLeavesHoldersAlone(t *testing.T) {
	k := NewCounter(false, nil, nil)
	k.Acquire("eth", false)
	k.Remove("eth")
	k.Remove("wlan")
	if k.Holders("eth") != 1 || !k.Release("eth") {
		t.Error("a holder was removed")
	}
}

func TestConfigurationsAreCountedApart(t *testing.T) {
	k := NewCounter(false, nil, nil)
	k.Acquire("eth", false)
	k.Acquire("wlan", true)
	if k.Claim("wlan") || !k.Claim("eth") || k.Claim("lte") {
		t.Error("one link's count is taken for another's")
	}
	k.Release("eth")
	if k.Holders("eth") != 0 || k.Holders("wlan") != 1 || k.Holders("lte") != 0 {
		t.Error("one link's release is taken for another's")
	}
}

// Two processes start a link at once, and one of them changes nothing: it was the
// other, whichever is answered first.
func TestTwoStartsAtOnce(t *testing.T) {
	for _, c := range []struct {
		name           string
		first, second  bool // joined
		firstIsB, stop bool
	}{
		{"the first started it", false, true, false, true},
		{"the second started it", true, false, false, true},
		{"the first started it, and is answered last", false, true, true, true},
		{"the second started it, and is answered first", true, false, true, true},
		{"somebody else did", true, true, false, false},
	} {
		a, b, _ := two()
		a.Acquire("eth", false)
		b.Acquire("eth", false)
		answers := []func(){func() { a.Answered("eth", c.first) }, func() { b.Answered("eth", c.second) }}
		if c.firstIsB {
			answers[0], answers[1] = answers[1], answers[0]
		}
		answers[0]()
		answers[1]()
		if a.Release("eth") {
			t.Errorf("%s: it is stopped under a holder", c.name)
		}
		if stop := b.Release("eth"); stop != c.stop {
			t.Errorf("%s: the last one stops it: %v", c.name, stop)
		}
	}
}

// Who has started a link may be killed before it is answered: another holder that has
// joined does not take that for the system's.
func TestAStarterIsKilled(t *testing.T) {
	a, b, _ := two()
	a.Acquire("eth", false)
	b.Acquire("eth", false)
	a.Close()
	b.Answered("eth", true)
	if !b.Release("eth") {
		t.Error("what a killed holder has started stays up")
	}
}

// A claim that no release follows leaves everything as it was.
func TestAClaimForNothing(t *testing.T) {
	a, b, clock := two()
	a.Acquire("eth", false)
	if !a.Claim("eth") || !a.Claim("eth") {
		t.Fatal("the only holder has no claim")
	}
	a.Forget("eth")
	b.Acquire("eth", true)
	if wait, _ := b.Blocked("eth", true, *clock); wait {
		t.Error("the claim lasts")
	}
	if b.Release("eth") {
		t.Error("the next release stops what was lost")
	}
}

func TestAClaimAgainstAnotherProcess(t *testing.T) {
	a, b, _ := two()
	a.Acquire("eth", false)
	b.Acquire("eth", true)
	if a.Claim("eth") || b.Claim("eth") {
		t.Fatal("a claim on what another process holds")
	}
	if a.Release("eth") {
		t.Fatal("stopped under another process")
	}
	if !b.Claim("eth") || !b.Release("eth") {
		t.Fatal("the last one does not stop it")
	}
	if wait, _ := a.Blocked("eth", true, time.Now()); !wait {
		t.Error("another process does not see that it is being stopped")
	}
	a.Acquire("eth", false)
	b.Settled("eth", true)
	if wait, doubt := a.Blocked("eth", false, time.Now()); wait || !doubt {
		t.Errorf("after the stop: wait %v, doubt %v", wait, doubt)
	}
	if !a.Release("eth") {
		t.Error("what was started again after the stop is not stopped")
	}
}

// What is reserved is not stopped by another process.
func TestAReservation(t *testing.T) {
	a, b, _ := two()
	a.Acquire("eth", false)
	b.Reserve("eth")
	if a.Claim("eth") || a.Release("eth") {
		t.Error("it was stopped by the last holder all the same")
	}
	if !b.Release("eth") {
		t.Error("a reservation does not take over what it has kept up")
	}
	b.Settled("eth", true)
	b.Reserve("eth")
	if b.Release("eth") || len(b.held) != 0 {
		t.Error("a reservation of what nobody started stops it")
	}
}

func TestHaltReachesHolders(t *testing.T) {
	a, b, _ := two()
	a.Acquire("eth", true)
	if a.Aborted("eth") || b.Aborted("eth") {
		t.Error("aborted before anything happened")
	}
	b.Halt("eth")
	if !a.Aborted("eth") || a.Aborted("eth") {
		t.Error("the holder does not learn of it once")
	}
	a.Forget("eth")
	a.Acquire("eth", false) // again, while it is being stopped
	b.Settled("eth", true)
	if a.Aborted("eth") {
		t.Error("who came after the stop was told of it")
	}
	if !a.Release("eth") {
		t.Error("what was started again is not stopped")
	}
}

// A stop that the system refused leaves the link to the system.
func TestARefusedStop(t *testing.T) {
	a, b, _ := two()
	a.Acquire("eth", false)
	a.Release("eth")
	a.Settled("eth", false)
	b.Acquire("eth", true)
	if b.Release("eth") {
		t.Error("it is tried again by whoever comes next")
	}
}

func TestOrphans(t *testing.T) {
	a, b, _ := two()
	a.Acquire("eth", false)
	if b.Orphaned("eth") || b.Adopt("eth") {
		t.Fatal("taken for an orphan while it is held")
	}
	a.Close() // as the end of the process does
	if !b.Orphaned("eth") || !b.Adopt("eth") || b.Adopt("eth") {
		t.Fatal("not taken for an orphan")
	}
	b.Close() // who adopted it ends as well
	c := NewCounter(false, nil, nil)
	c.shared = a.shared
	if !c.Orphaned("eth") || !c.Adopt("eth") {
		t.Fatal("not taken for an orphan a second time")
	}
	c.Settled("eth", true)
	if c.Orphaned("eth") {
		t.Error("an orphan that was taken down is one still")
	}
	a.Acquire("eth", true)
	a.Close()
	if c.Orphaned("eth") {
		t.Error("what the system had up is taken for an orphan")
	}
}

// An orphan whose record is old, because nobody was there, is not the system's
// for as long as it was not being stopped.
func TestAnOrphanIsTakenOver(t *testing.T) {
	a, b, clock := two()
	a.Acquire("eth", false)
	a.Close()
	*clock = clock.Add(time.Hour)
	b.Acquire("eth", true)
	if !b.Release("eth") {
		t.Error("it stays up for ever")
	}
	b.Close() // before it was settled
	*clock = clock.Add(time.Hour)
	a.Acquire("eth", true)
	if a.Release("eth") {
		t.Error("a stop that was never answered makes it the sessions' for ever")
	}
}

// Somebody is alone and does not go on.
func TestAFrozenProcess(t *testing.T) {
	a, b, _ := two()
	s, _ := a.shared.open("eth", true)
	s.alone()
	told := ""
	b.log = func(text string) { told += text }
	b.Acquire("eth", false)
	if told == "" || b.Holders("eth") != 1 {
		t.Errorf("nothing was said: %q", told)
	}
	if b.Release("eth") {
		t.Error("it is stopped although another process is there")
	}
	s.close()
	b.Acquire("eth", false)
	if !b.Release("eth") {
		t.Error("counting does not go on")
	}
}

// plain is the count written down as plainly as can be.
type plain struct {
	said    bool // by a holder whose start was not answered
	holders int
	started bool
}

// TestRandomLives compares with a plain model over many random lives.
func TestRandomLives(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for life := 0; life < 500; life++ {
		literal := life%2 == 1
		k, m := NewCounter(literal, nil, nil), plain{}
		story := ""
		for i := 0; i < 40; i++ {
			what := rune("aAsjfr"[r.Intn(6)])
			story += string(what)
			want := m.act(what, literal)
			if what == 'r' && k.Claim("eth") != (want == "y") {
				t.Fatalf("literal %v, %s: Claim does not say what the release does: %q", literal, story, want)
			}
			if got := act(k, "eth", what); got != want || k.Holders("eth") != m.holders {
				t.Fatalf("literal %v, %s: stop %q, want %q; %d holders, want %d", literal, story, got, want, k.Holders("eth"), m.holders)
			}
		}
	}
}

func (m *plain) act(what rune, literal bool) (stop string) {
	switch what {
	case 'a', 'A':
		m.said = m.said || what == 'a' && !m.started
		m.started = m.started || what == 'a'
		m.holders++
		return ""
	case 's', 'j':
		m.started = m.holders > 0 && (what == 's' || m.started && !m.said)
		m.said = false
		return ""
	case 'r':
		stop = "n"
		if m.holders == 1 && (m.started || literal) {
			stop = "y"
		}
	}
	if m.holders > 0 {
		if m.holders--; m.holders == 0 {
			m.started, m.said = false, false
		}
	}
	return stop
}

// two makes the counters of two processes, with the clock that both look at.
func two() (a, b *Counter, clock *time.Time) {
	shared := newMemory()
	now := time.Unix(1e9, 0)
	all := make([]*Counter, 2)
	for i := range all {
		all[i] = simulated(shared, &now)
	}
	return all[0], all[1], &now
}

func simulated(shared place, now *time.Time) *Counter {
	c := NewCounter(false, nil, nil)
	c.shared = shared
	c.now = func() time.Time { return *now }
	c.pause = func(int) bool { return false }
	return c
}

// world is some processes on one link, written down as plainly as can be.
type world struct {
	t         *testing.T
	counters  []*Counter
	shared    *memory
	now       time.Time
	up        bool
	bySystem  bool  // the system had it up before the first holder
	holders   []int // of each process
	stopping  []bool
	story     string
	abandoned bool // by holders that were killed
}

func (w *world) sum() (n int) {
	for _, h := range w.holders {
		n += h
	}
	return n
}

func (w *world) stopped() bool {
	for _, s := range w.stopping {
		if s {
			return true
		}
	}
	return false
}

// do lets one process do one thing.
func (w *world) do(p int, what rune) {
	c := w.counters[p]
	w.story += fmt.Sprintf("%c%d ", what, p)
	w.now = w.now.Add(time.Millisecond)
	switch what {
	case 'o':
		w.open(p, c)
	case 'c':
		w.close(p, c)
	case 'd': // the stop is carried out
		if w.stopping[p] {
			w.stopping[p], w.up, w.abandoned = false, false, false
			c.Settled("eth", true)
		}
	case 'k':
		w.kill(p)
	case 'w':
		if c.Orphaned("eth") && c.Adopt("eth") {
			w.check(w.sum() == 0 && w.abandoned, "an orphan was adopted that is none")
			w.stopping[p] = true
		}
	case 's': // the system brings it up
		if w.sum() == 0 && !w.stopped() && !w.abandoned && !w.up {
			w.up, w.bySystem = true, true
		}
	}
}

func (w *world) open(p int, c *Counter) {
	c.Reserve("eth")
	wait, _ := c.Blocked("eth", w.up, w.now.Add(-time.Hour))
	others := false
	for q, s := range w.stopping {
		others = others || s && q != p
	}
	w.check(wait == others || w.up, "blocked %v, stopped by others %v", wait, others)
	if !wait && !w.stopping[p] {
		up := w.up
		c.Acquire("eth", up)
		w.holders[p]++
		w.up = true
		w.abandoned = w.abandoned && w.sum() == 0
		if !up {
			w.bySystem = false
		}
	}
	if c.Release("eth") {
		w.check(w.sum() == 0 && !w.bySystem, "a reservation stopped what it must not")
		w.stopping[p] = true
	}
}

func (w *world) close(p int, c *Counter) {
	if w.holders[p] == 0 {
		return
	}
	w.holders[p]--
	want := w.sum() == 0 && !w.bySystem
	if w.now.UnixNano()%2 == 0 {
		w.check(c.Claim("eth") == want, "the claim is not %v", want)
	}
	stop := c.Release("eth")
	w.check(stop == want, "stops %v, want %v", stop, want)
	w.stopping[p] = w.stopping[p] || stop
}

// kill ends a process, and puts another in its place.
func (w *world) kill(p int) {
	w.counters[p].Close()
	held := w.holders[p] > 0 || w.stopping[p]
	w.holders[p], w.stopping[p] = 0, false
	w.counters[p] = simulated(w.shared, &w.now)
	w.abandoned = w.abandoned || held && w.sum() == 0 && !w.bySystem
}

func (w *world) check(ok bool, format string, args ...any) {
	w.t.Helper()
	if !ok {
		w.t.Fatalf("%s: "+format, append([]any{w.story}, args...)...)
	}
}

// TestRandomProcesses lets four processes live at random, and at the end asks a
// witness to take down what was left behind.
func TestRandomProcesses(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for life := 0; life < 3000; life++ {
		w := &world{t: t, shared: newMemory(), now: time.Unix(1e9, 0), holders: make([]int, 4), stopping: make([]bool, 4)}
		for range w.holders {
			w.counters = append(w.counters, simulated(w.shared, &w.now))
		}
		for i := 0; i < 60; i++ {
			w.do(r.Intn(4), rune("ooocccddkws"[r.Intn(11)]))
		}
		for p := range w.counters {
			w.do(p, 'd')
		}
		w.do(0, 'w')
		w.do(0, 'd')
		w.check(w.up == (w.sum() > 0 || w.bySystem), "in the end it is up: %v", w.up)
	}
}
