package commands

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

type entry struct {
	Command
	name string
}

// fixture is a queue without a bus: the test fires the timers.
type fixture struct {
	*Queue[*entry]
	answers []string
	expired []func()
}

func newFixture(t *testing.T) *fixture {
	f := &fixture{}
	b := bus.New("unix:path=/none")
	f.Queue = New[*entry](
		func(d time.Duration, expired func()) *bus.Timer {
			timer := b.After(time.Hour, func() {})
			t.Cleanup(timer.Stop)
			f.expired = append(f.expired, expired)
			return timer
		},
		func(a backend.Answer) {
			f.answers = append(f.answers, fmt.Sprint(a.Op, " ", a.ID, " ", a.Err, " ", a.Joined))
		})
	return f
}

func (f *fixture) add(name, id string) *entry {
	e := &entry{Command: Command{Op: backend.OpStart, ID: id}, name: name}
	f.Add(e)
	return e
}

func names(list []*entry) (names []string) {
	for _, e := range list {
		names = append(names, e.name)
	}
	return names
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestOrder(t *testing.T) {
	f := newFixture(t)
	a1, _, a2, a3 := f.add("a1", "a"), f.add("b1", "b"), f.add("a2", "a"), f.add("a3", "a")
	expect(t, "all", names(slices.Collect(f.All())), "a1", "b1", "a2", "a3")
	expect(t, "of a", names(slices.Collect(f.Of("a"))), "a1", "a2", "a3")
	expect(t, "behind a1", names(f.Behind(a1)), "a2", "a3")
	expect(t, "behind the last", names(f.Behind(a3)))
	if first, found := f.First("a"); first != a1 || !found {
		t.Errorf("First: %v, %v", first, found)
	}
	f.Answer(a1, nil, false)
	f.Answer(a3, nil, false)
	if first, found := f.First("a"); first != a2 || !found {
		t.Errorf("First: %v, %v", first, found)
	}
	if first, found := f.First("c"); first != nil || found {
		t.Errorf("First of none: %v, %v", first, found)
	}
	if f.Len() != 2 {
		t.Errorf("Len: %d", f.Len())
	}
}

func TestEveryCommandIsAnsweredOnce(t *testing.T) {
	f := newFixture(t)
	a, b, c := f.add("a1", "a"), f.add("b1", "b"), f.add("c1", "c")
	f.Answer(a, nil, true)
	f.Answer(a, errors.New("too late"), false)
	f.Answer(b, errors.New("refused"), true)
	f.Answer(c, nil, false)
	expect(t, "answers", f.answers, "0 a <nil> true", "0 b refused false", "0 c <nil> false")
	if !a.Answered() || f.Len() != 0 {
		t.Errorf("answered %v, %d left", a.Answered(), f.Len())
	}
}

func TestIterationSkipsWhatIsAnsweredMeanwhile(t *testing.T) {
	f := newFixture(t)
	f.add("a1", "a")
	second := f.add("a2", "a")
	f.add("a3", "a")
	var seen []string
	for e := range f.All() {
		seen = append(seen, e.name)
		f.Answer(second, nil, false)
		f.add("new", "a")
	}
	expect(t, "seen", seen, "a1", "a3")
}

func TestHeldCommands(t *testing.T) {
	f := newFixture(t)
	held := &entry{Command: Command{ID: "a"}, name: "held"}
	refused := &entry{Command: Command{ID: "a"}, name: "refused"}
	f.Hold(held)
	f.Hold(refused)
	f.SetTimeout(refused, time.Second, func() { f.Answer(refused, errors.New("late"), false) })
	f.add("a1", "a")
	f.expired[0]()
	expect(t, "answers", f.answers, "0 a late false")
	expect(t, "all", names(slices.Collect(f.All())), "a1")
	expect(t, "released", names(f.Release()), "held")
	expect(t, "released again", names(f.Release()))
}

// Only the bus runs what is posted, so that a timer that was stopped is a timer whose
// function is never called.
func TestTimeoutIsReplaced(t *testing.T) {
	f := newFixture(t)
	e := f.add("a1", "a")
	f.SetTimeout(e, time.Second, func() {})
	first := e.timer
	f.SetTimeout(e, time.Minute, func() {})
	if len(f.expired) != 2 || first == e.timer {
		t.Error("the timeout was not replaced")
	}
}
