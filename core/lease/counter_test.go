package lease

import (
	"math/rand"
	"testing"
)

// Each story is the life of one link: what happens to its count, and whether
// each release stopped the link.
func TestCounter(t *testing.T) {
	for _, c := range []struct {
		name    string
		literal bool
		story   string // a acquire while down, A acquire while up, r release, l lose, f forget
		stops   string // for each r: y or n
		holders int
	}{
		{"the system had it up", false, "Ar", "n", 0},
		{"a session started it", false, "ar", "y", 0},
		{"the last of two", false, "aArr", "ny", 0},
		{"the system's, two holders", false, "AArr", "nn", 0},
		{"the one who started it goes first", false, "aAr", "n", 1},
		{"never came up", false, "afAr", "n", 0},
		{"lost and back: still what a session started", false, "alAr", "y", 0},
		{"lost by two and back", false, "aAllAr", "y", 0},
		{"the system's, lost and back", false, "AlAr", "n", 0},
		{"the system's, lost, then started", false, "Alar", "y", 0},
		{"stopped, then up by the system", false, "afAr", "n", 0},
		{"lost by one, released by the other", false, "aAlr", "y", 0},
		{"released without being held", false, "r", "n", 0},
		{"released once too often", false, "arr", "yn", 0},
		{"lost without being held", false, "lAr", "n", 0},
		{"forgotten without being held", false, "fAr", "n", 0},
		{"literal: the last close stops what the system had up", true, "Ar", "y", 0},
		{"literal: others still hold it", true, "AAr", "n", 1},
		{"literal: without a holder there is nothing to stop", true, "r", "n", 0},
	} {
		k := NewCounter(c.literal)
		stops := ""
		for _, what := range c.story {
			stops += act(k, "eth", what)
		}
		if stops != c.stops || k.Holders("eth") != c.holders {
			t.Errorf("%s: stops %q, want %q; %d holders, want %d", c.name, stops, c.stops, k.Holders("eth"), c.holders)
		}
	}
}

func act(k *Counter, id string, what rune) string {
	switch what {
	case 'a', 'A':
		k.Acquire(id, what == 'A')
	case 'l':
		k.Lose(id)
	case 'f':
		k.Forget(id)
	case 'r':
		if k.Release(id) {
			return "y"
		}
		return "n"
	}
	return ""
}

func TestRemoveForgetsWhoStartedIt(t *testing.T) {
	k := NewCounter(false)
	k.Acquire("eth", false)
	k.Lose("eth")
	k.Remove("eth")
	k.Acquire("eth", true)
	if k.Release("eth") {
		t.Error("another configuration of that name is taken for what a session started")
	}
}

func TestRemoveLeavesHoldersAlone(t *testing.T) {
	k := NewCounter(false)
	k.Acquire("eth", false)
	k.Remove("eth")
	k.Remove("wlan")
	if k.Holders("eth") != 1 || !k.Release("eth") {
		t.Error("a holder was removed")
	}
}

func TestConfigurationsAreCountedApart(t *testing.T) {
	k := NewCounter(false)
	k.Acquire("eth", false)
	k.Acquire("wlan", true)
	if k.Last("wlan") || !k.Last("eth") || k.Last("lte") {
		t.Error("one link's count is taken for another's")
	}
	k.Release("eth")
	if k.Holders("eth") != 0 || k.Holders("wlan") != 1 || k.Holders("lte") != 0 {
		t.Error("one link's release is taken for another's")
	}
}

// plain is the count written down as plainly as can be.
type plain struct {
	holders int
	started bool
}

// TestRandomLives compares with a plain model over many random lives.
func TestRandomLives(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for life := 0; life < 500; life++ {
		literal := life%2 == 1
		k, m := NewCounter(literal), plain{}
		story := ""
		for i := 0; i < 40; i++ {
			what := rune("aAlfr"[r.Intn(5)])
			story += string(what)
			want := m.act(what, literal)
			if last := k.Last("eth"); what == 'r' && (last != (want == "y")) {
				t.Fatalf("literal %v, %s: Last says %v before a release that stops: %q", literal, story, last, want)
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
		m.started = m.started || (m.holders == 0 && what == 'a')
		m.holders++
		return ""
	case 'r':
		stop = "n"
		if m.holders == 1 && (m.started || literal) {
			stop = "y"
		}
	}
	if m.holders > 0 {
		if m.holders--; m.holders == 0 && what != 'l' {
			m.started = false
		}
	}
	return stop
}
