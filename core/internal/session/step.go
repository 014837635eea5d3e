package session

import "sync"

// Step returns the session after the event, and what has to be done, in order.
// An event that no row of Table matches changes nothing but the facts. A
// session that is neither open nor on its way there has passed nothing over, and
// is about nothing that was chosen.
func Step(s Session, ev Event) (Session, []Effect) {
	effects := s.Take(&ev, nil)
	return s, effects
}

// Take is Step in place: the session becomes that after the event, and what has
// to be done is appended to effects.
func (s *Session) Take(ev *Event, effects []Effect) []Effect {
	t := transitions.Get().(*transition)
	t.s, t.ev, t.effects = s, *ev, effects
	t.take()
	effects = t.effects
	t.s, t.effects = nil, nil
	transitions.Put(t)
	return effects
}

// transition is one step in the making.
type transition struct {
	s       *Session
	ev      Event
	effects []Effect
}

// transitions are used again: thousands of sessions may step at once, and memory
// for each step would cost more than the steps.
var transitions = sync.Pool{New: func() any { return new(transition) }}

func (t *transition) take() {
	t.absorb()
	if row := find(t.s, &t.ev); row != nil {
		if row.To != Same {
			t.s.Phase = row.To
		}
		for _, a := range row.Then {
			a.do(t)
		}
	}
	if !t.s.Phase.pending() && !t.s.Phase.open() {
		t.s.passed, t.s.Choice = nil, Choice{}
	}
}

func (t *transition) emit(e Effect) { t.effects = append(t.effects, e) }

// absorb takes the facts in, whether or not a row cares.
func (t *transition) absorb() {
	if t.ev.Kind == Asked {
		t.s.Asks = t.ev.Asks
	}
	if t.ev.Kind == Moved {
		t.s.absorb(&t.ev.Facts)
	}
}

func find(s *Session, ev *Event) *Row {
	for _, i := range index[s.Phase][ev.Kind] {
		if row := &Table[i]; row.matches(s, ev) {
			return row
		}
	}
	return nil
}

func (r *Row) matches(s *Session, ev *Event) bool {
	for _, g := range r.If {
		if !g.holds(s, ev) {
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
