package lease

import (
	"math/rand"
	"testing"
)

// model is a simple model of the count.
type model struct {
	claimed bool // by a holder whose start was not answered
	holders int
	started bool
}

// TestRandomSequences compares the counter with the model over many random
// sequences.
func TestRandomSequences(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for life := 0; life < 500; life++ {
		literal := life%2 == 1
		k, m := NewCounter(literal, nil, nil), model{}
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

func (m *model) act(what rune, literal bool) (stop string) {
	switch what {
	case 'a', 'A':
		m.claimed = m.claimed || what == 'a' && !m.started
		m.started = m.started || what == 'a'
		m.holders++
		return ""
	case 's', 'j':
		m.started = m.holders > 0 && (what == 's' || m.started && !m.claimed)
		m.claimed = false
		return ""
	case 'r':
		stop = "n"
		if m.holders == 1 && (m.started || literal) {
			stop = "y"
		}
	}
	if m.holders > 0 {
		if m.holders--; m.holders == 0 {
			m.started, m.claimed = false, false
		}
	}
	return stop
}
