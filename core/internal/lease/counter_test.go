package lease

import (
	"testing"
	"time"
)

// Each story is a sequence of steps on one link, and whether each release stopped the
// link.
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
		{"brought up anew by another process", false, "asdr", "n", 0},
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

// act executes one step of a story. A link that has to be stopped is down at
// once.
func act(k *Counter, id string, what rune) string {
	switch what {
	case 'a', 'A':
		k.Acquire(id, what == 'A')
	case 's', 'j':
		k.StartAnswered(id, what == 'j')
	case 'd':
		k.AssignToSystem(id)
	case 'f':
		k.Forget(id)
	case 'r':
		if k.Release(id) {
			k.EndStop(id, true)
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

func TestConfigurationsAreCountedSeparately(t *testing.T) {
	k := NewCounter(false, nil, nil)
	k.Acquire("eth", false)
	k.Acquire("wlan", true)
	if k.Claim("wlan") || !k.Claim("eth") || k.Claim("lte") {
		t.Error("the count of one link affects another link")
	}
	k.Release("eth")
	if k.Holders("eth") != 0 || k.Holders("wlan") != 1 || k.Holders("lte") != 0 {
		t.Error("the release of one link affects another link")
	}
}

// Two processes start a link at once, and one start changes nothing: the other process
// has started the link, whichever is answered first.
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
		{"a third process did", true, true, false, false},
	} {
		a, b, _ := twoCounters()
		a.Acquire("eth", false)
		b.Acquire("eth", false)
		answers := []func(){func() { a.StartAnswered("eth", c.first) }, func() { b.StartAnswered("eth", c.second) }}
		if c.firstIsB {
			answers[0], answers[1] = answers[1], answers[0]
		}
		answers[0]()
		answers[1]()
		if a.Release("eth") {
			t.Errorf("%s: it is stopped under a holder", c.name)
		}
		if stop := b.Release("eth"); stop != c.stop {
			t.Errorf("%s: the last holder stops it: %v", c.name, stop)
		}
	}
}

// A process that starts a link may be killed before the answer. Another holder,
// whose own start changed nothing, must not treat the link as the system's.
func TestAStarterIsKilled(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	b.Acquire("eth", false)
	a.Close()
	b.StartAnswered("eth", true)
	if !b.Release("eth") {
		t.Error("a link that a killed holder has started stays up")
	}
}

// Two holders may start a link at the same time, and the one whose start has brought it
// up be killed. The other then finds the link up, and does not assign it to the system.
func TestOneOfTwoStartersIsKilled(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	b.Acquire("eth", false)
	b.Close()
	a.StartAnswered("eth", true)
	if !a.Release("eth") {
		t.Error("a link that a killed holder has started stays up")
	}
}

// A holder may leave before its start is answered. The start of another holder that
// finds the link up does not assign the link to the system.
func TestAStarterLeavesBeforeTheAnswer(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	b.Acquire("eth", false)
	if b.Release("eth") {
		t.Error("a link with a holder is stopped")
	}
	a.StartAnswered("eth", true)
	if !a.Release("eth") {
		t.Error("a link that a holder has started stays up")
	}
}

// A start that has failed brings no link up.
func TestAStarterLeavesAfterAFailure(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	b.Acquire("eth", false)
	b.StartFailed("eth")
	b.Forget("eth")
	a.StartAnswered("eth", true)
	if a.Release("eth") {
		t.Error("a link that no holder has started is stopped")
	}
}

// A process may take a link over that it does not believe to be up, because another
// process has stopped it a moment ago and has started it again since.
func TestAStartedLinkIsTakenOver(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	a.StartAnswered("eth", false)
	b.Reserve("eth")
	if a.Release("eth") {
		t.Error("a reserved link is stopped")
	}
	b.Acquire("eth", false)
	b.Release("eth")
	b.StartAnswered("eth", true)
	if !b.Release("eth") {
		t.Error("a link that a holder has started stays up")
	}
}

// A claim without a release leaves everything as it was.
func TestAClaimWithoutARelease(t *testing.T) {
	a, b, clock := twoCounters()
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
		t.Error("the next release stops a lost link")
	}
}

func TestAClaimAgainstAnotherProcess(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	b.Acquire("eth", true)
	if a.Claim("eth") || b.Claim("eth") {
		t.Fatal("a claim on a link that another process holds")
	}
	if a.Release("eth") {
		t.Fatal("stopped under another process")
	}
	if !b.Claim("eth") || !b.Release("eth") {
		t.Fatal("the last holder does not stop it")
	}
	if wait, _ := a.Blocked("eth", true, time.Now()); !wait {
		t.Error("another process does not see that it is being stopped")
	}
	a.Acquire("eth", false)
	b.EndStop("eth", true)
	if wait, stale := a.Blocked("eth", false, time.Now()); wait || !stale {
		t.Errorf("after the stop: wait %v, stale %v", wait, stale)
	}
	if !a.Release("eth") {
		t.Error("a link that was started again after the stop is not stopped")
	}
}

// Another process does not stop a link with a reservation.
func TestAReservation(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	b.Reserve("eth")
	if a.Claim("eth") || a.Release("eth") {
		t.Error("the last holder stopped it in spite of the reservation")
	}
	if !b.Release("eth") {
		t.Error("the reservation does not take over the link that it has kept up")
	}
	b.EndStop("eth", true)
	b.Reserve("eth")
	if b.Release("eth") || len(b.entries) != 0 {
		t.Error("the end of a reservation stops a link that no holder started")
	}
}

func TestBeginStopReachesHolders(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", true)
	if a.StoppedElsewhere("eth") || b.StoppedElsewhere("eth") {
		t.Error("aborted before anything happened")
	}
	b.BeginStop("eth")
	if !a.StoppedElsewhere("eth") || a.StoppedElsewhere("eth") {
		t.Error("the stop is not reported to the holder exactly once")
	}
	a.Forget("eth")
	a.Acquire("eth", false) // again, while it is being stopped
	b.EndStop("eth", true)
	if a.StoppedElsewhere("eth") {
		t.Error("the stop was reported to a holder that came after it")
	}
	if !a.Release("eth") {
		t.Error("a link that was started again is not stopped")
	}
}

// A stop that the system refused leaves the link to the system.
func TestARefusedStop(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	a.Release("eth")
	a.EndStop("eth", false)
	b.Acquire("eth", true)
	if b.Release("eth") {
		t.Error("the next holder tries the stop again")
	}
}

func TestOrphans(t *testing.T) {
	a, b, _ := twoCounters()
	a.Acquire("eth", false)
	if b.Orphaned("eth") || b.Adopt("eth") {
		t.Fatal("treated as an orphan while it is held")
	}
	a.Close() // as the end of the process does
	if !b.Orphaned("eth") || !b.Adopt("eth") || b.Adopt("eth") {
		t.Fatal("not treated as an orphan")
	}
	b.Close() // the process that adopted it ends too
	c := NewCounter(false, nil, nil)
	c.shared = a.shared
	if !c.Orphaned("eth") || !c.Adopt("eth") {
		t.Fatal("not treated as an orphan a second time")
	}
	c.EndStop("eth", true)
	if c.Orphaned("eth") {
		t.Error("an orphan that was taken down is still an orphan")
	}
	a.Acquire("eth", true)
	a.Close()
	if c.Orphaned("eth") {
		t.Error("a link of the system is treated as an orphan")
	}
}

// An orphan with an old record, because no process watched, does not belong to
// the system unless it was being stopped.
func TestAnOrphanIsTakenOver(t *testing.T) {
	a, b, clock := twoCounters()
	a.Acquire("eth", false)
	a.Close()
	*clock = clock.Add(time.Hour)
	b.Acquire("eth", true)
	if !b.Release("eth") {
		t.Error("it stays up for ever")
	}
	b.Close() // before EndStop
	*clock = clock.Add(time.Hour)
	a.Acquire("eth", true)
	if a.Release("eth") {
		t.Error("after a stop that was never answered the link belongs to the sessions for ever")
	}
}

// Another process has the exclusive lock and is suspended.
func TestAStoppedProcess(t *testing.T) {
	a, b, _ := twoCounters()
	s, _ := a.shared.open("eth", true)
	s.lockExclusive()
	logged := ""
	b.log = func(text string) { logged += text }
	b.Acquire("eth", false)
	if logged == "" || b.Holders("eth") != 1 {
		t.Errorf("nothing was logged: %q", logged)
	}
	if b.Release("eth") {
		t.Error("it is stopped although another process holds it")
	}
	s.close()
	b.Acquire("eth", false)
	if !b.Release("eth") {
		t.Error("counting does not continue")
	}
}

// twoCounters returns the counters of two processes that share a clock.
func twoCounters() (a, b *Counter, clock *time.Time) {
	shared := newMemoryDirectory()
	now := time.Unix(1e9, 0)
	all := make([]*Counter, 2)
	for i := range all {
		all[i] = newTestCounter(shared, &now)
	}
	return all[0], all[1], &now
}

func newTestCounter(shared directory, now *time.Time) *Counter {
	c := NewCounter(false, nil, nil)
	c.shared = shared
	c.now = func() time.Time { return *now }
	c.wait = func(int) bool { return false }
	return c
}
