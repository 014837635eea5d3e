package main

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/session"
)

// Every way through the table is in a diagram, and nothing else is.
func TestEveryWayIsDrawn(t *testing.T) {
	drawn := func(p *diagram) map[string]bool {
		ways := map[string]bool{}
		for _, w := range p.ways {
			ways[w.from+" "+w.to] = true
			if len(w.text) == 0 {
				t.Errorf("%s: nothing leads from %s to %s", p.title, w.from, w.to)
			}
		}
		return ways
	}
	states, roams := drawn(stateDiagram()), drawn(roamingDiagram())
	for _, s := range stateSteps() {
		if !states[s.from+" "+s.to] {
			t.Errorf("%v leads from %s to %s, which is not drawn", s.why, s.from, s.to)
		}
	}
	for _, s := range roamingSteps() {
		leaves := s.to == shut && s.from != stranded // that is in the diagram of states
		if !leaves && !roams[s.from+" "+s.to] {
			t.Errorf("%v leads from %s to %s, which is not drawn", s.why, s.from, s.to)
		}
	}
}

func TestEveryPhaseShowsAState(t *testing.T) {
	for _, p := range phases() {
		if s := shown[p]; s == "" {
			t.Errorf("it is not known what %v shows", p)
		} else if s != closed && !strings.HasSuffix(meanings[p], "The state is "+s+".") {
			t.Errorf("%v: %s, but: %s", p, s, meanings[p])
		}
	}
}

func TestEveryEventHasWords(t *testing.T) {
	for _, s := range append(stateSteps(), roamingSteps()...) {
		if stateWords(s) == "" || roamingWords(s) == "" {
			t.Errorf("there is no word for %v from %s to %s", s.why, s.from, s.to)
		}
	}
}

func TestRowsThatCountWhileTheApplicationDecides(t *testing.T) {
	for _, s := range roamingSteps() {
		if s.from == opened && s.to == migrating {
			t.Errorf("%v leads from Opened to Migrating without a question", s.why)
		}
	}
	for i := range session.Table {
		if r := &session.Table[i]; isRemoval(r) && !whileAsked(r, r.From[0], session.Moved) {
			t.Error("the configuration can be removed at any time")
		}
	}
}

func TestDiagramsAreWellFormed(t *testing.T) {
	for _, p := range []*diagram{stateDiagram(), roamingDiagram()} {
		d := xml.NewDecoder(strings.NewReader(p.svg()))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", p.title, err)
			}
		}
	}
}

// box is the space that something takes up.
type box struct {
	what       string
	x, y, w, h int
}

func (a box) meets(b box) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

// space is what a label takes up, as wide as in the widest of the usual fonts.
func (w *way) space() box {
	const perCharacter = 7
	width := 0
	for _, l := range w.text {
		if n := len([]rune(l.text)) * perCharacter; n > width {
			width = n
		}
	}
	height := len(w.text) * lineHeight
	b := box{strings.Join([]string{"the label from", w.from, "to", w.to}, " "), 0, 0, width, height}
	switch w.side {
	case above:
		b.x, b.y = w.label.x-width/2, w.label.y-5-height
	case below:
		b.x, b.y = w.label.x-width/2, w.label.y+5
	case left:
		b.x, b.y = w.label.x-5-width, w.label.y-13
	case right:
		b.x, b.y = w.label.x+5, w.label.y-13
	}
	return b
}

func (n *node) space() box { return box{n.name, n.x - n.w/2, n.y - n.h/2, n.w, n.h} }

// lines are the parts of a way, a little thicker than they are.
func (w *way) lines() (list []box) {
	for i := 1; i < len(w.points); i++ {
		a, b := w.points[i-1], w.points[i]
		x, y := smaller(a.x, b.x), smaller(a.y, b.y)
		list = append(list, box{"the way from " + w.from + " to " + w.to, x - 1, y - 1, a.x + b.x - 2*x + 2, a.y + b.y - 2*y + 2})
	}
	return list
}

func smaller(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// Nothing covers anything: labels that the table has made longer need more room.
func TestNothingOverlaps(t *testing.T) {
	for _, p := range []*diagram{stateDiagram(), roamingDiagram()} {
		var things, lines []box
		for i := range p.nodes {
			things = append(things, p.nodes[i].space())
		}
		for i := range p.ways {
			things = append(things, p.ways[i].space())
			lines = append(lines, p.ways[i].lines()...)
		}
		for i, a := range things {
			if a.x < 0 || a.y < 0 || a.x+a.w > p.width || a.y+a.h > p.height {
				t.Errorf("%s: %s is not all in the diagram", p.title, a.what)
			}
			for _, b := range things[:i] {
				if a.meets(b) {
					t.Errorf("%s: %s lies over %s", p.title, a.what, b.what)
				}
			}
			for _, b := range lines {
				if i >= len(p.nodes) && a.meets(b) {
					t.Errorf("%s: %s lies over %s", p.title, a.what, b.what)
				}
			}
		}
	}
}

// Ways begin and end at the nodes that they connect.
func TestWaysConnect(t *testing.T) {
	for _, p := range []*diagram{stateDiagram(), roamingDiagram()} {
		nodes := map[string]box{}
		for i := range p.nodes {
			nodes[p.nodes[i].name] = p.nodes[i].space()
		}
		for _, w := range p.ways {
			touches := func(a at, name string) bool {
				n := nodes[name]
				return box{"", a.x - 3, a.y - 3, 6, 6}.meets(n)
			}
			if !touches(w.points[0], w.from) || !touches(w.points[len(w.points)-1], w.to) {
				t.Errorf("%s: the way from %s to %s does not reach them", p.title, w.from, w.to)
			}
		}
	}
}
