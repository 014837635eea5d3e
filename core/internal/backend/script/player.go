// The player: executes the steps of a program in virtual time.

package script

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// player executes a program in virtual time, the time since the start that was passed
// to advance. One goroutine owns it and makes all reports.
type player struct {
	program *program
	sink    backend.Sink
	stats   *statsTable

	now    time.Duration
	last   time.Duration // when the previous step was executed
	pc     int           // index of the next instruction; len(code) after the last one
	loops  []int         // repetitions left of the open loops, outermost first
	points map[string]*accessPoint

	attempts []*attempt // in progress with an end time, oldest first
	touched  []string   // access points to report, in order
	marked   map[string]bool
	answers  []pendingAnswer
}

// pendingAnswer is an answer that waits for the next report.
type pendingAnswer struct {
	op  backend.Op
	id  string
	err error
}

func newPlayer(p *program, sink backend.Sink, r *statsTable) *player {
	return &player{
		program: p, sink: sink, stats: r,
		points: make(map[string]*accessPoint), marked: make(map[string]bool),
	}
}

// begin makes the first report.
func (p *player) begin() {
	for _, s := range p.program.scene {
		s.apply(p)
	}
	b := p.batch()
	b.Complete = true
	p.sink.Report(b)
	p.advanceToStep()
}

// next is the time of the next event that needs no command.
func (p *player) next() (due time.Duration, ok bool) {
	due, ok = p.stepDue()
	if t := p.firstAttempt(); t != nil && (!ok || t.due < due) {
		return t.due, true
	}
	return due, ok
}

// advance executes the next event that is due by now, and reports whether there
// was one. An attempt ends before a step at the same time.
func (p *player) advance(now time.Duration) bool {
	due, ok := p.next()
	if !ok || due > now {
		p.setTime(now)
		return false
	}
	p.setTime(due)
	if t := p.firstAttempt(); t != nil && t.due <= due {
		p.endAttempt(t)
		return true
	}
	p.playStep()
	return true
}

// setTime advances the time. It never goes back.
func (p *player) setTime(to time.Duration) {
	if to > p.now {
		p.now = to
	}
}

// nextStep is the step to execute next, or nil.
func (p *player) nextStep() *step {
	if p.pc < len(p.program.code) {
		return p.program.code[p.pc].step
	}
	return nil
}

func (p *player) stepDue() (due time.Duration, ok bool) {
	s := p.nextStep()
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

// playStep executes the next step.
func (p *player) playStep() {
	s := p.nextStep()
	p.sink.Log(backend.LevelDebug, fmt.Sprintf("The script plays the step of %s:%d.", p.program.file, s.line))
	p.last = p.now
	for _, statement := range s.do {
		statement.apply(p)
	}
	p.pc++
	p.flush()
	p.advanceToStep()
}

// advanceToStep moves pc to the next step. Each repetition has one.
func (p *player) advanceToStep() {
	for p.pc < len(p.program.code) {
		i := p.program.code[p.pc]
		switch i.kind {
		case play:
			return
		case repeat:
			p.loops = append(p.loops, i.count)
			p.pc++
		case end:
			p.endRepetition(i.begin)
		}
	}
}

// endRepetition jumps back to the first step of a repetition, or leaves it.
func (p *player) endRepetition(begin int) {
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

// touch marks an access point for the next report. Callers touch it before they
// change it.
func (p *player) touch(id string) *accessPoint {
	a := p.points[id]
	if p.marked[id] {
		return a
	}
	p.marked[id] = true
	p.touched = append(p.touched, id)
	if a != nil {
		a.updateMeters(p.now)
	}
	return a
}

// flush reports the touched access points, then answers the commands that
// ended.
func (p *player) flush() {
	if len(p.touched) > 0 {
		p.sink.Report(p.batch())
	}
	for len(p.answers) > 0 {
		d := p.answers[0]
		p.answers = p.answers[1:]
		p.sink.Done(backend.Answer{Op: d.op, ID: d.id, Err: d.err})
	}
}

func (p *player) batch() (b bearer.Batch) {
	for _, id := range p.touched {
		delete(p.marked, id)
		a := p.points[id]
		if a == nil {
			p.stats.drop(id)
			b.Gone = append(b.Gone, id)
			continue
		}
		p.stats.put(a)
		b.Changed = append(b.Changed, a.visible())
	}
	p.touched = p.touched[:0]
	return b
}

func (s addStatement) apply(p *player) {
	p.touch(s.id)
	a := newAccessPoint(s.id, s.index, p.now)
	a.apply(s.settings)
	p.points[s.id] = a
}

func (s setStatement) apply(p *player) {
	a := p.touch(s.id)
	a.apply(s.settings)
	if s.moves && a.current != nil {
		p.interruptAttempt(a)
	}
}

func (s removeStatement) apply(p *player) {
	a := p.touch(s.id)
	delete(p.points, s.id)
	p.cancelAll(a)
}

func (s ruleStatement) apply(p *player) {
	a := p.points[s.id]
	if s.op == backend.OpStart {
		a.onStart = s.rule
	} else {
		a.onStop = s.rule
	}
	if a.isRunning(s.op) && a.current.rule.outcome == hangs {
		p.applyRule(a)
	}
}
