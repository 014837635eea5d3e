// Parsing of scripts: lines, steps and repetitions.

package script

import (
	"errors"
	"fmt"
	"strings"
)

// maxDepth bounds the nesting of repetitions.
const maxDepth = 8

// parser parses a script line by line.
type parser struct {
	program *program
	step    *step           // that statements belong to; nil: none, or the scene
	scene   bool            // no step has begun
	exists  map[string]bool // the access points at this point of the script
	created int             // number of access-point statements so far
	loops   []*loop         // open repetitions, outermost first
}

// loop is a repetition whose end has not been parsed.
type loop struct {
	line      int
	begin     int             // index of its instruction
	before    map[string]bool // whether the access points that it adds or removes existed before it
	takesTime bool
}

// parse parses a script. The error is a *SyntaxError.
func parse(file, text string) (*program, error) {
	p := &parser{program: &program{file: file}, scene: true, exists: make(map[string]bool)}
	text = strings.TrimPrefix(text, "\uFEFF")
	number := 0
	for text != "" {
		number++
		var source string
		source, text = cutLine(text)
		if err := p.line(number, source); err != nil {
			return nil, &SyntaxError{file, number, sentence(err)}
		}
	}
	if n := len(p.loops); n > 0 {
		return nil, &SyntaxError{file, p.loops[n-1].line, "This repeat has no end; expected a line with the word end."}
	}
	return p.program, nil
}

func cutLine(s string) (first, rest string) {
	first, rest, _ = strings.Cut(s, "\n")
	return strings.TrimSuffix(first, "\r"), rest
}

// sentence converts an error to a sentence.
func sentence(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (p *parser) line(number int, source string) error {
	words, err := split(source)
	if err != nil || len(words) == 0 {
		return err
	}
	l := &line{number: number, words: words}
	keyword, err := l.bare("a keyword")
	if err != nil {
		return err
	}
	if err := p.keyword(keyword, l); err != nil {
		return err
	}
	return l.done()
}

func (p *parser) keyword(keyword string, l *line) error {
	switch keyword {
	case "access-point":
		return p.accessPoint(l)
	case "set":
		return p.set(l)
	case "remove":
		return p.remove(l)
	case "start":
		return p.answer(startCommand, l)
	case "stop":
		return p.answer(stopCommand, l)
	case "at", "after", "on":
		return p.begin(keyword, l)
	case "repeat":
		return p.repeat(l)
	case "end":
		return p.end()
	case "open", "close":
		return errSessionWord
	}
	return fmt.Errorf("%s is not known; expected access-point, set, remove, start, stop, at, after, on, repeat or end", quote(keyword))
}

// errSessionWord explains that links are started and stopped, not opened and
// closed.
var errSessionWord = errors.New("sessions are opened and closed, but links are started and stopped; expected start or stop")

// begin parses the line that begins a step.
func (p *parser) begin(keyword string, l *line) error {
	when, err := p.trigger(keyword, l)
	if err != nil {
		return err
	}
	p.scene = false
	p.step = &step{line: l.number, when: when}
	p.program.code = append(p.program.code, instruction{kind: play, step: p.step})
	for _, loop := range p.loops {
		loop.takesTime = loop.takesTime || when.takesTime()
	}
	return nil
}

func (p *parser) trigger(keyword string, l *line) (trigger, error) {
	if keyword == "on" {
		return p.event(l)
	}
	s, err := l.bare("a duration, such as 100ms")
	if err != nil {
		return trigger{}, err
	}
	d, err := duration(s)
	if keyword == "after" {
		return trigger{kind: after, time: d}, err
	}
	if err == nil && len(p.loops) > 0 {
		err = errors.New("a repetition has no fixed time; expected after or on")
	}
	return trigger{kind: at, time: d}, err
}

func (p *parser) event(l *line) (trigger, error) {
	what, err := l.bare("refresh, start or stop")
	if err != nil {
		return trigger{}, err
	}
	kind := onStart
	switch what {
	case "refresh":
		return trigger{kind: onRefresh}, nil
	case "start":
	case "stop":
		kind = onStop
	case "open", "close":
		return trigger{}, errSessionWord
	default:
		return trigger{}, fmt.Errorf("%s is not known; expected refresh, start or stop", quote(what))
	}
	id, err := p.existing(l)
	return trigger{kind: kind, id: id}, err
}

// add adds a statement to the scene or the current step.
func (p *parser) add(s statement) error {
	switch {
	case p.scene:
		p.program.scene = append(p.program.scene, s)
	case p.step == nil:
		return errors.New("this belongs to no step; expected at, after or on before it")
	default:
		p.step.do = append(p.step.do, s)
	}
	return nil
}

func (p *parser) repeat(l *line) error {
	count, err := repetitions(l)
	if err != nil {
		return err
	}
	if len(p.loops) == maxDepth {
		return fmt.Errorf("repeat is nested too deep; expected at most %d levels", maxDepth)
	}
	p.loops = append(p.loops, &loop{line: l.number, begin: len(p.program.code), before: make(map[string]bool)})
	p.program.code = append(p.program.code, instruction{kind: repeat, count: count})
	p.scene, p.step = false, nil
	return nil
}

func repetitions(l *line) (int, error) {
	s, err := l.bare("a number of times, or forever")
	if err != nil || s == "forever" {
		return forever, err
	}
	n, err := number(s, maxCount)
	if err != nil {
		return 0, fmt.Errorf("%w, or forever", err)
	}
	if !l.is("times") {
		return 0, errors.New("expected times after the number of a repeat")
	}
	if n == 0 {
		return 0, fmt.Errorf("a repeat of 0 times does nothing; expected a number from 1 to %d, or forever", maxCount)
	}
	return int(n), nil
}

func (p *parser) end() error {
	if len(p.loops) == 0 {
		return errors.New("this end has no repeat before it")
	}
	loop := p.loops[len(p.loops)-1]
	p.loops = p.loops[:len(p.loops)-1]
	if !loop.takesTime {
		return fmt.Errorf("nothing between this end and its repeat in line %d takes time; expected at least one step with on, or with after and a time above 0", loop.line)
	}
	for id, before := range loop.before {
		if p.exists[id] != before {
			return fmt.Errorf("%s is made or removed since the repeat in line %d, so that it could not be played twice; expected the same access points at both ends", quote(id), loop.line)
		}
	}
	p.program.code = append(p.program.code, instruction{kind: end, begin: loop.begin})
	p.step = nil
	return nil
}
