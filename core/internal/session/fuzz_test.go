package session

import (
	"fmt"
	"math/rand"
	"testing"
)

var (
	fuzzConfigs = []string{"eth", "net", "choice"}
	fuzzLinks   = []string{"eth", "lte", "wlan"}
	fuzzCalls   = []string{"open", "close", "stop", "migrate", "accept", "reject", "ignore", "asks", "decides", "metered", "free", "chooser", "nobody", "declined", "cancelled"}
)

// sentence converts a byte to one step of a story. It is empty for steps that a driver
// never takes: a timer that is not armed does not expire, and a preferred access point
// is up, and is neither in use nor passed over.
func (w *world) sentence(b byte) string {
	id := fuzzLinks[int(b>>3)%len(fuzzLinks)]
	pick := int(b >> 3)
	switch b & 7 {
	case 0, 1:
		return fuzzCalls[pick%len(fuzzCalls)]
	case 2, 3, 4:
		return id + " " + linkNames[pick/len(fuzzLinks)%len(linkNames)]
	case 5:
		return []string{"refused ", "stopped ", "kept ", "aborted ", "renewed ", "others ", "choose "}[pick/len(fuzzLinks)%7] + id
	case 6:
		if w.armed {
			return "expired"
		}
	case 7:
		if w.s.Phase == Choosing {
			return "choose net"
		}
		if w.s.Roams() && w.links[id] == LinkUp && id != w.s.Using.ID && !w.s.Passed(id) {
			return "prefer " + id
		}
	}
	return ""
}

// play takes the steps that the bytes stand for, and then checks that no state lasts
// for ever and nothing is held in the end.
func play(config string, data []byte) (steps []string, broken []string) {
	w := newWorld(config, "eth down, lte up, wlan unavailable")
	say := func(s string) {
		steps = append(steps, fmt.Sprintf("%s -> %s [%v]", s, w.say(s), w.s.Phase))
	}
	for _, b := range data {
		if s := w.sentence(b); s != "" {
			say(s)
		}
		if len(w.broken) > 0 {
			return steps, w.broken
		}
	}
	for i := 0; w.s.Phase.Timed(); i++ {
		if say("expired"); i > len(fuzzLinks)+1 {
			return steps, []string{"a timed state does not end"}
		}
	}
	say("freed")
	return steps, w.broken
}

func FuzzSession(f *testing.F) {
	for _, s := range []string{"", "\x00\x12\x06", "\x00\x62\x08\x10", "\x38\x00\x0f\x18\x20\x30", "\x00\x1a\x05\x06\x02"} {
		for scope := range fuzzConfigs {
			f.Add(byte(scope), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, scope byte, data []byte) {
		if steps, broken := play(fuzzConfigs[int(scope)%len(fuzzConfigs)], data); len(broken) > 0 {
			t.Fatalf("%q\nafter %q", broken, steps)
		}
	})
}

// TestRandomLives is the fuzz target with a fixed seed, for every test run.
func TestRandomLives(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	reached := map[Phase]bool{}
	for i := 0; i < 6000; i++ {
		data := make([]byte, 60)
		r.Read(data)
		config := fuzzConfigs[i%len(fuzzConfigs)]
		if steps, broken := play(config, data); len(broken) > 0 {
			t.Fatalf("life %d: %q\nafter %q", i, broken, steps)
		}
		w := newWorld(config, "eth down, lte up, wlan unavailable")
		for _, b := range data {
			if s := w.sentence(b); s != "" {
				w.say(s)
			}
			reached[w.s.Phase] = true
		}
	}
	for p := Phase(0); p < phases; p++ {
		if !reached[p] {
			t.Errorf("no life went through %v", p)
		}
	}
}

// An application that ignores every offer gets no more offers in the end, and
// candidates that all refuse are each tried once.
func TestNoOfferAndNoAttemptIsRepeated(t *testing.T) {
	links := ""
	for i := 0; i < 20; i++ {
		links += fmt.Sprintf("ap%02d down, ", i)
	}
	w := newWorld("net", links+"eth up")
	w.say("open")
	w.say("eth unavailable")
	tried := map[string]bool{}
	for w.s.Phase == Migrating {
		id := w.s.Offer.ID
		if tried[id] {
			t.Fatalf("%s is tried again", id)
		}
		tried[id] = true
		w.say("refused " + id + ": No.")
	}
	if len(tried) != 20 || w.s.Phase != Idle {
		t.Errorf("tried %d access points, ended in %v", len(tried), w.s.Phase)
	}
}
