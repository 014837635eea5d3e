package session

import (
	"slices"
	"strings"
	"testing"
)

func allStories() []story {
	return slices.Concat(stories, roamingStories, choosingStories)
}

// runStory plays a story and returns its world.
func runStory(t *testing.T, s story) *world {
	t.Helper()
	w := newWorld(s.config, s.links)
	for _, l := range strings.Split(strings.TrimSpace(s.lines), "\n") {
		what, want := line(l)
		if got := w.say(what); got != want {
			t.Errorf("%s: %s\n got %s\nwant %s", s.name, what, got, want)
		}
	}
	for _, b := range w.broken {
		t.Errorf("%s: %s", s.name, b)
	}
	return w
}

func TestStories(t *testing.T) {
	for _, s := range allStories() {
		t.Run(s.name, func(t *testing.T) { runStory(t, s) })
	}
}

// One row cannot be reached through the world of the stories, which reports each link
// to the session at once: here another link is up and not yet reported.
func TestRefusedWhileAnotherCameUp(t *testing.T) {
	w := newWorld("net", "eth down, wlan down")
	w.say("open")
	w.links["wlan"] = LinkUp
	if got := w.say("refused eth: No."); got != "disarm, forget eth, hold wlan, opened, stateChanged(Connected)" {
		t.Errorf("got %s", got)
	}
}

// TestEveryRowIsTaken fails if no story reaches a row: an unreachable row is wrong or
// not needed.
func TestEveryRowIsTaken(t *testing.T) {
	taken := map[int]bool{}
	for _, s := range allStories() {
		w := newWorld(s.config, s.links)
		for _, l := range strings.Split(strings.TrimSpace(s.lines), "\n") {
			what, _ := line(l)
			w.say(what)
		}
		for i := range w.taken {
			taken[i] = true
		}
	}
	for i := range Table {
		if !taken[i] && !refusedAlone(&Table[i]) {
			t.Errorf("row %d is never taken: %v on %v to %v", i, Table[i].From, Table[i].On, Table[i].To)
		}
	}
}

// refusedAlone picks out the row of TestRefusedWhileAnotherCameUp.
func refusedAlone(r *Row) bool {
	return r.From[0] == Opening && r.On[0] == NotStarted && r.To == Opened
}

// ignored are the events without an effect in a phase. Every other event has a row in
// every phase.
var ignored = map[Phase][]Kind{
	Idle:        {Stalled, Close, Migrate, Accept, Reject, Ignore, Preferred, NotStarted, Stopped, NotStopped, Expired, Aborted, Chosen, Declined, Asked},
	Choosing:    {Stalled, Open, Migrate, Accept, Reject, Ignore, Preferred, NotStarted, Stopped, NotStopped, Aborted, Asked},
	Opening:     {Open, Migrate, Accept, Reject, Ignore, Preferred, Stopped, NotStopped, Chosen, Declined, Asked},
	Opened:      {Stalled, Open, Migrate, Accept, Reject, Ignore, NotStarted, Stopped, NotStopped, Expired, Chosen, Declined, Asked},
	Offered:     {Stalled, Open, Accept, Reject, NotStarted, Stopped, NotStopped, Expired, Chosen, Declined},
	Migrating:   {Stalled, Open, Migrate, Accept, Reject, Ignore, Preferred, Stopped, NotStopped, Chosen, Declined, Asked},
	Trying:      {Stalled, Open, Migrate, Ignore, Preferred, NotStarted, Stopped, NotStopped, Expired, Chosen, Declined},
	Stranded:    {Stalled, Open, Accept, Reject, Preferred, NotStarted, Stopped, NotStopped, Chosen, Declined},
	Withdrawing: {Stalled, Close, Stop, Migrate, Accept, Reject, Ignore, Preferred, NotStarted, Aborted, Chosen, Declined, Asked},
	Stopping:    {Stalled, Close, Stop, Migrate, Accept, Reject, Ignore, Preferred, NotStarted, Aborted, Chosen, Declined, Asked},
}

func TestEveryEventHasARowOrIsIgnoredOnPurpose(t *testing.T) {
	for p := Phase(0); p < phases; p++ {
		skip := map[Kind]bool{}
		for _, k := range ignored[p] {
			skip[k] = true
		}
		for k := Kind(0); k < kinds; k++ {
			if has := len(index[p][k]) > 0; has == skip[k] {
				t.Errorf("%v on %v: has a row: %v, is said to be ignored: %v", p, k, has, skip[k])
			}
		}
	}
}

// Every event that can end a timed phase has to stop the timer, and only that:
// the timer is armed on entering one, and disarmed on leaving it.
func TestRowsKeepTheTimer(t *testing.T) {
	for i, r := range Table {
		for _, from := range r.From {
			to := r.To
			if to == Same {
				to = from
			}
			armed := from.Timed()
			if r.On[0] == Expired && len(r.On) == 1 {
				armed = false
			}
			for _, a := range r.Then {
				switch a.Text {
				case arm.Text:
					armed = true
				case disarm.Text:
					armed = false
				}
			}
			if armed != to.Timed() {
				t.Errorf("row %d from %v to %v leaves the timer armed: %v", i, from, to, armed)
			}
		}
	}
}

func TestRowsHaveNames(t *testing.T) {
	for i, r := range Table {
		for _, c := range r.If {
			if c.Text == "" || c.holds == nil {
				t.Errorf("row %d has a condition without a text or a meaning", i)
			}
		}
		for _, a := range r.Then {
			if a.Text == "" || a.do == nil {
				t.Errorf("row %d has an action without a text or a meaning", i)
			}
		}
		if len(r.From) == 0 || len(r.On) == 0 {
			t.Errorf("row %d is for no phase or no event", i)
		}
	}
}
