// Parsing of statements.

package script

import (
	"errors"
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

// The commands that a rule can answer.
const (
	startCommand = backend.OpStart
	stopCommand  = backend.OpStop
)

func (p *parser) accessPoint(l *line) error {
	id, err := l.bare("the identifier of an access point")
	if err == nil {
		err = identifier(id)
	}
	if err != nil {
		return err
	}
	if p.exists[id] {
		return fmt.Errorf("there is an access point %s already; expected another identifier, or set to change it", quote(id))
	}
	settings, _, err := p.settings(l)
	if err != nil {
		return err
	}
	p.mark(id, true)
	p.created++
	return p.add(addStatement{id: id, index: p.created + 1, settings: settings})
}

func (p *parser) set(l *line) error {
	id, err := p.existing(l)
	if err != nil {
		return err
	}
	settings, moves, err := p.settings(l)
	if err != nil {
		return err
	}
	if len(settings) == 0 {
		return errors.New("the line ends too early; expected at least one attribute, such as state=active")
	}
	return p.add(setStatement{id: id, settings: settings, moves: moves})
}

func (p *parser) remove(l *line) error {
	id, err := p.existing(l)
	if err != nil {
		return err
	}
	p.mark(id, false)
	return p.add(removeStatement{id: id})
}

// existing parses the identifier of an access point that exists at this point
// of the script.
func (p *parser) existing(l *line) (string, error) {
	id, err := l.bare("the identifier of an access point")
	if err == nil && !p.exists[id] {
		err = fmt.Errorf("there is no access point %s here; expected one that an access-point line before this one made", quote(id))
	}
	return id, err
}

// mark records whether an access point exists from here on.
func (p *parser) mark(id string, exists bool) {
	for _, loop := range p.loops {
		if _, known := loop.before[id]; !known {
			loop.before[id] = p.exists[id]
		}
	}
	p.exists[id] = exists
}

// settings parses the attributes up to the end of the line. The state comes
// first in the list, because setting it resets the progress. moves says that
// the state is among them.
func (p *parser) settings(l *line) (list []setting, moves bool, err error) {
	seen := make(map[string]bool)
	for len(l.words) > 0 {
		w := l.words[0]
		l.words = l.words[1:]
		s, err := parseSetting(w)
		if err != nil {
			return nil, false, err
		}
		if seen[w.key] {
			return nil, false, fmt.Errorf("%s is there twice", quote(w.key))
		}
		seen[w.key] = true
		if w.key == "state" {
			list = append([]setting{s}, list...)
			continue
		}
		list = append(list, s)
	}
	return list, seen["state"], nil
}

func parseSetting(w word) (setting, error) {
	if !w.assigned {
		return nil, fmt.Errorf("found %v; expected an attribute with its value, such as state=active", w)
	}
	a, known := attributesByName[w.key]
	if !known {
		return nil, fmt.Errorf("there is no attribute %s; expected %s", quote(w.key), attributeNames())
	}
	s, err := a.parse(w.text)
	if err != nil {
		return nil, fmt.Errorf("in %s: %w", w.key, err)
	}
	return s, nil
}

// answer parses the rule for commands on an access point.
func (p *parser) answer(op backend.Op, l *line) error {
	id, err := p.existing(l)
	if err != nil {
		return err
	}
	r, err := parseRule(op, l)
	if err != nil {
		return err
	}
	return p.add(ruleStatement{id: id, op: op, rule: r})
}

func parseRule(op backend.Op, l *line) (r rule, err error) {
	timed := l.is("takes")
	if timed {
		if r.takes, err = takes(l); err != nil {
			return r, err
		}
		if len(l.words) == 0 {
			return r, nil
		}
	}
	switch {
	case l.is("succeeds"):
	case l.is("fails"):
		r.outcome = fails
		r.refusal, err = refusal(l)
	case op == startCommand && l.is("gets") && l.is("no") && l.is("address"):
		r.outcome = getsNoAddress
	case !timed && l.is("hangs"):
		r.outcome = hangs
	default:
		err = unknownOutcome(op, l)
	}
	return r, err
}

func takes(l *line) (d time.Duration, err error) {
	s, err := l.bare("a duration, such as 100ms")
	if err != nil {
		return 0, err
	}
	return duration(s)
}

func unknownOutcome(op backend.Op, l *line) error {
	expected := "takes, succeeds, fails or hangs"
	if op == startCommand {
		expected = "takes, succeeds, fails, hangs or gets no address"
	}
	if len(l.words) == 0 {
		return fmt.Errorf("the line ends too early; expected %s", expected)
	}
	return fmt.Errorf("found %v; expected %s", l.words[0], expected)
}

var reasons = []choice{
	{"unknown", uint8(backend.ReasonUnknown)}, {"not-supported", uint8(backend.ReasonNotSupported)},
	{"aborted", uint8(backend.ReasonAborted)}, {"no-configuration", uint8(backend.ReasonNoConfiguration)},
}

// refusal parses the reason of a failure.
func refusal(l *line) (*backend.Refusal, error) {
	s, err := l.bare("a reason: unknown, not-supported, aborted or no-configuration")
	if err != nil {
		return nil, err
	}
	reason, err := choose(s, reasons)
	if err != nil {
		return nil, err
	}
	why, err := l.quoted("a sentence in quotes that says why")
	if err != nil {
		return nil, err
	}
	if why == "" || len(why) > maxTextBytes {
		return nil, fmt.Errorf("the sentence %s has %d bytes; expected from 1 to %d", quote(why), len(why), maxTextBytes)
	}
	return &backend.Refusal{Reason: backend.Reason(reason), Text: why}, nil
}
