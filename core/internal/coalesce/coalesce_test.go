package coalesce

import (
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"strings"
	"testing"
)

// event is one of a vector.
type event struct {
	kind   Kind
	target string
	number int
}

func classify(e event) (Kind, any) { return e.kind, e.target }

// vector is a case of testdata/vectors.
type vector struct {
	name   string
	events []event
	left   string
}

func vectors(t *testing.T) (all []vector) {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors")
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	for _, line := range strings.Split(string(text), "\n") {
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "", "#":
		case "case":
			v = vector{name: rest}
		case "left":
			v.left = rest
			all = append(all, v)
		default:
			v.events = append(v.events, repeated(t, word, rest, len(v.events))...)
		}
	}
	if len(all) < 20 {
		t.Fatalf("found only %d vectors", len(all))
	}
	return all
}

func repeated(t *testing.T, count, group string, before int) (events []event) {
	t.Helper()
	n := 0
	if _, err := fmt.Sscan(count, &n); err != nil {
		t.Fatalf("%q: %v", count, err)
	}
	for ; n > 0; n-- {
		for _, word := range strings.Fields(group) {
			kind, target, _ := strings.Cut(word, ":")
			events = append(events, event{Kind(kind), target, before + len(events) + 1})
		}
	}
	return events
}

// expand returns the numbers of a list of ranges.
func expand(t *testing.T, ranges string, count int) (numbers []int) {
	t.Helper()
	switch ranges {
	case "none":
		return nil
	case "all":
		ranges = fmt.Sprintf("1-%d", count)
	}
	for _, r := range strings.Fields(ranges) {
		first, last := 0, 0
		if n, _ := fmt.Sscanf(r, "%d-%d", &first, &last); n == 1 {
			last = first
		} else if n == 0 {
			t.Fatalf("%q is no range", r)
		}
		for i := first; i <= last; i++ {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

func TestVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.name, func(t *testing.T) {
			var left []int
			for _, e := range Coalesce(v.events, classify) {
				left = append(left, e.number)
			}
			if want := expand(t, v.left, len(v.events)); !reflect.DeepEqual(left, want) {
				t.Errorf("left are %v, not %v", left, want)
			}
		})
	}
}

func TestTheTableIsComplete(t *testing.T) {
	kinds := []Kind{
		Added, Changed, Removed, Online, Reachability, Portal, Transport, Metered, Updated,
		Opened, Closed, State, Error, Preferred, Activated, Policies, "LOG", "CHOOSE",
	}
	if len(rules) != len(kinds) {
		t.Errorf("the table has %d kinds, not %d", len(rules), len(kinds))
	}
	known := map[rule]bool{keep: true, newest: true, add: true, change: true, remove: true}
	for _, kind := range kinds {
		if !known[rules[kind]] {
			t.Errorf("%s has the rule %q", kind, rules[kind])
		}
	}
	if Keep != 32 || Start != 4096 {
		t.Errorf("the limits are %d and %d", Keep, Start)
	}
}

// readerState is what a reader of events knows: the latest of each kind and target, and
// which configurations there are.
func readerState(events []event, is map[string]bool) map[group]int {
	known := map[group]int{}
	for _, e := range events {
		switch rules[e.kind] {
		case newest:
			known[group{e.kind, e.target}] = e.number
		case add:
			is[e.target] = true
		case remove:
			delete(is, e.target)
		}
	}
	return known
}

// The reader ends up with the same state, however often the queue is coalesced.
func TestCoalescingKeepsTheReadersState(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	kinds := []Kind{State, Online, Opened}
	for round := 0; round < 50; round++ {
		var all, queue []event
		present := map[string]bool{"0": true, "1": true}
		for i := 0; i < 3000; i++ {
			e := event{kinds[random.Intn(len(kinds))], fmt.Sprint(random.Intn(2)), i}
			if random.Intn(2) == 0 { // a configuration is added, changed or removed
				e.target = fmt.Sprint(random.Intn(4))
				switch {
				case !present[e.target]:
					e.kind, present[e.target] = Added, true
				case random.Intn(2) == 0:
					e.kind = Changed
				default:
					e.kind, present[e.target] = Removed, false
				}
			}
			all, queue = append(all, e), append(queue, e)
			if random.Intn(500) == 0 {
				queue = Coalesce(queue, classify)
			}
		}
		before, after := map[string]bool{"0": true, "1": true}, map[string]bool{"0": true, "1": true}
		if want, got := readerState(all, before), readerState(Coalesce(queue, classify), after); !reflect.DeepEqual(want, got) || !reflect.DeepEqual(before, after) {
			t.Fatalf("round %d: the reader knows %v and %v, not %v and %v", round, got, after, want, before)
		}
	}
}
