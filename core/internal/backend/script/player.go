package script

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// player plays a program in virtual time: time since the start, as far as it
// was told. It belongs to one goroutine, and reports from it.
type player struct {
	program  *program
	sink     backend.Sink
	readings *readings

	now    time.Duration
	last   time.Duration // when the previous step was played
	pc     int           // the instruction that is awaited; past the end when all is played
	loops  []int         // repetitions left of those that are open, outermost first
	points map[string]*accessPoint

	attempts []*attempt // under way with a time at which they end, oldest first
	touched  []string   // access points to be reported, in order
	marked   map[string]bool
	done     []outcomeOf
}

// outcomeOf is an answer that waits until the picture was reported.
type outcomeOf struct {
	op  backend.Op
	id  string
	err error
}

func newPlayer(p *program, sink backend.Sink, r *readings) *player {
	return &player{
		program: p, sink: sink, readings: r,
		points: make(map[string]*accessPoint), marked: make(map[string]bool),
	}
}

// begin reports the first picture.
func (p *player) begin() {
	for _, s := range p.program.scene {
		s.apply(p)
	}
	b := p.batch()
	b.Complete = true
	p.sink.Report(b)
	p.await()
}

// next is when something happens by itself.
func (p *player) next() (due time.Duration, ok bool) {
	due, ok = p.stepDue()
	if t := p.firstAttempt(); t != nil && (!ok || t.due < due) {
		return t.due, true
	}
	return due, ok
}

// advance makes the next thing happen that is due by now, and reports whether
// there was one. An attempt ends before a step of the same moment.
func (p *player) advance(now time.Duration) bool {
	due, ok := p.next()
	if !ok || due > now {
		p.pass(now)
		return false
	}
	p.pass(due)
	if t := p.firstAttempt(); t != nil && t.due <= due {
		p.end(t)
		return true
	}
	p.play()
	return true
}

// pass moves the time, which never goes back.
func (p *player) pass(to time.Duration) {
	if to > p.now {
		p.now = to
	}
}

// awaited is the step to be played next, or nil.
func (p *player) awaited() *step {
	if p.pc < len(p.program.code) {
		return p.program.code[p.pc].step
	}
	return nil
}

func (p *player) stepDue() (due time.Duration, ok bool) {
	s := p.awaited()
	switch {
	case s == nil:
		return 0, false
	case s.when.kind == after:
		return p.last + s.when.time, true
	case s.when.kind == at:
		return s.when.time, true
	}
	return 0, false
}

// play carries the awaited step out.
func (p *player) play() {
	s := p.awaited()
	p.sink.Log(backend.LevelDebug, fmt.Sprintf("The script plays the step of %s:%d.", p.program.file, s.line))
	p.last = p.now
	for _, statement := range s.do {
		statement.apply(p)
	}
	p.pc++
	p.flush()
	p.await()
}

// await goes on to the next step. Each repetition has one.
func (p *player) await() {
	for p.pc < len(p.program.code) {
		i := p.program.code[p.pc]
		switch i.kind {
		case play:
			return
		case repeat:
			p.loops = append(p.loops, i.count)
			p.pc++
		case end:
			p.turn(i.begin)
		}
	}
}

// turn is at the end of a repetition: back to its first step, or out of it.
func (p *player) turn(begin int) {
	left := &p.loops[len(p.loops)-1]
	if *left != forever {
		*left--
	}
	if *left != 0 {
		p.pc = begin + 1
		return
	}
	p.loops = p.loops[:len(p.loops)-1]
	p.pc++
}

// touch is called before an access point is changed.
func (p *player) touch(id string) *accessPoint {
	a := p.points[id]
	if p.marked[id] {
		return a
	}
	p.marked[id] = true
	p.touched = append(p.touched, id)
	if a != nil {
		a.tick(p.now)
	}
	return a
}

// flush reports what was touched, then answers the commands that ended.
func (p *player) flush() {
	if len(p.touched) > 0 {
		p.sink.Report(p.batch())
	}
	for len(p.done) > 0 {
		d := p.done[0]
		p.done = p.done[1:]
		p.sink.Done(backend.Answer{Op: d.op, ID: d.id, Err: d.err})
	}
}

func (p *player) batch() (b bearer.Batch) {
	for _, id := range p.touched {
		delete(p.marked, id)
		a := p.points[id]
		if a == nil {
			p.readings.drop(id)
			b.Gone = append(b.Gone, id)
			continue
		}
		p.readings.put(a)
		b.Changed = append(b.Changed, a.visible())
	}
	p.touched = p.touched[:0]
	return b
}

func (s appear) apply(p *player) {
	p.touch(s.id)
	a := newAccessPoint(s.id, s.index, p.now)
	a.apply(s.settings)
	p.points[s.id] = a
}

func (s change) apply(p *player) {
	a := p.touch(s.id)
	a.apply(s.settings)
	if s.moves && a.current != nil {
		p.interrupt(a)
	}
}

func (s vanish) apply(p *player) {
	a := p.touch(s.id)
	delete(p.points, s.id)
	p.forget(a)
}

func (s answer) apply(p *player) {
	a := p.points[s.id]
	if s.op == backend.OpStart {
		a.onStart = s.rule
	} else {
		a.onStop = s.rule
	}
	if a.under(s.op) && a.current.rule.outcome == hangs {
		p.resume(a)
	}
}
