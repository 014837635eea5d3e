package session

import "sync"

// Step returns the machine after the event, and what has to be done, in order.
// An event that no row of Table matches changes nothing but the facts. A
// session that is neither open nor opening has no passed-over access points and no
// choice.
func Step(m Machine, ev Event) (Machine, []Effect) {
	effects := m.Step(&ev, nil)
	return m, effects
}

// Step is the function Step in place: the machine becomes that after the event, and what has
// to be done is appended to effects.
func (m *Machine) Step(ev *Event, effects []Effect) []Effect {
	t := transitions.Get().(*transition)
	t.m, t.ev, t.effects = m, *ev, effects
	t.run()
	effects = t.effects
	t.m, t.effects = nil, nil
	transitions.Put(t)
	return effects
}

// transition is one step in the making.
type transition struct {
	m       *Machine
	ev      Event
	effects []Effect
}

// transitions are used again: thousands of sessions may step at once, and memory
// for each step would cost more than the steps.
var transitions = sync.Pool{New: func() any { return new(transition) }}

func (t *transition) run() {
	t.absorb()
	if row := find(t.m, &t.ev); row != nil {
		if row.To != Same {
			t.m.Phase = row.To
		}
		for _, a := range row.Then {
			a.do(t)
		}
	}
	if !t.m.Phase.pending() && !t.m.Phase.open() {
		t.m.passed, t.m.Choice = nil, Choice{}
	}
}

func (t *transition) emit(e Effect) { t.effects = append(t.effects, e) }

// absorb stores the facts, even if no row matches.
func (t *transition) absorb() {
	if t.ev.Kind == Asked {
		t.m.Asks = t.ev.Asks
	}
	if t.ev.Kind == Moved {
		t.m.absorb(&t.ev.Facts)
	}
}

func find(m *Machine, ev *Event) *Row {
	for _, i := range index[m.Phase][ev.Kind] {
		if row := &Table[i]; row.matches(m, ev) {
			return row
		}
	}
	return nil
}

func (r *Row) matches(m *Machine, ev *Event) bool {
	for _, g := range r.If {
		if !g.holds(m, ev) {
			return false
		}
	}
	return true
}

// index holds the numbers of the rows for each phase and event, in order.
var index = buildIndex()

func buildIndex() (x [phases][kinds][]int) {
	for i := range Table {
		for _, p := range Table[i].From {
			for _, k := range Table[i].On {
				x[p][k] = append(x[p][k], i)
			}
		}
	}
	return x
}
