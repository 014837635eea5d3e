package main

import (
	"fmt"
	"html"
	"strings"
)

// A diagram is a drawing of states and the ways between them. The positions are chosen
// by hand; the ways and their labels come from the table.
type diagram struct {
	title, description string
	width, height      int
	nodes              []node
	ways               []way
}

// node is a box with a name, and lines below the name.
type node struct {
	name       string
	x, y, w, h int      // the middle, and the size
	lines      []string // "one thing: another" has two columns
	state      string   // below the lines
	quiet      bool     // not one of the states that the diagram is about
}

// way leads along points from one node to another, and is labelled at a point of
// the line.
type way struct {
	from, to string
	points   []at
	label    at
	side     side // of the line that the label is on
	text     []line
}

type side int

const (
	above side = iota
	below
	left
	right
)

type at struct{ x, y int }

// line is one line of a label: what happens, or which events the application gets.
type line struct {
	text    string
	emitted bool
}

const lineHeight = 17

// A diagram has its own colours for light and for dark pages, and its own background,
// so that it is legible on any page.
const style = `
  .ground { fill: #ffffff; }
  .node { fill: #eef3fa; stroke: #2f5d9b; stroke-width: 1.5; }
  .quiet { fill: #f6f6f4; stroke: #8a8a85; stroke-width: 1.2; }
  .way { fill: none; stroke: #55606e; stroke-width: 1.4; }
  .head { fill: #55606e; }
  text { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
  .name { font-size: 17px; font-weight: bold; fill: #16304f; }
  .lines { font-size: 13px; fill: #3c4650; }
  .strong { font-weight: bold; }
  .label { font-size: 13px; fill: #1f262e; stroke: #ffffff; stroke-width: 5px; stroke-linejoin: round; paint-order: stroke; }
  .emitted { fill: #9a4a00; font-style: italic; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #14181d; }
    .node { fill: #1d2c40; stroke: #7fb0ee; }
    .quiet { fill: #23272c; stroke: #8e959c; }
    .way { stroke: #a8b2bd; }
    .head { fill: #a8b2bd; }
    .name { fill: #d6e6fb; }
    .lines { fill: #c3cad1; }
    .label { fill: #e6eaee; stroke: #14181d; }
    .emitted { fill: #f2ab63; }
  }
`

// svg is the diagram as a file.
func (p *diagram) svg() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n",
		p.width, p.height, p.width, p.height)
	fmt.Fprintf(&b, "<title>%s</title>\n<desc>%s</desc>\n", html.EscapeString(p.title), html.EscapeString(p.description))
	fmt.Fprintf(&b, "<!-- Made by core/internal/session/tabledoc from the table of the session machine. -->\n<style>%s</style>\n", style)
	b.WriteString(`<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">` +
		`<path class="head" d="M0,1 L10,5 L0,9 Z"/></marker></defs>` + "\n")
	fmt.Fprintf(&b, `<rect class="ground" width="%d" height="%d" rx="10"/>`+"\n", p.width, p.height)
	for i := range p.ways {
		p.ways[i].draw(&b)
	}
	for i := range p.nodes {
		p.nodes[i].draw(&b)
	}
	for i := range p.ways {
		p.ways[i].caption(&b)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (n *node) draw(b *strings.Builder) {
	class := "node"
	if n.quiet {
		class = "quiet"
	}
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="9"/>`+"\n", class, n.x-n.w/2, n.y-n.h/2, n.w, n.h)
	rows := len(n.lines)
	if n.state != "" {
		rows++
	}
	y := n.y + 6 - rows*lineHeight/2
	write(b, "name", "middle", at{n.x, y}, n.name)
	y += 3
	for _, l := range n.lines {
		y += lineHeight
		if before, after, ok := strings.Cut(l, ": "); ok {
			write(b, "lines", "start", at{n.x - n.w/2 + 16, y}, before)
			write(b, "lines strong", "end", at{n.x + n.w/2 - 16, y}, after)
			continue
		}
		write(b, "lines", "middle", at{n.x, y}, l)
	}
	if n.state != "" {
		write(b, "lines strong", "middle", at{n.x, y + lineHeight}, n.state)
	}
}

// draw draws the line, with rounded corners.
func (w *way) draw(b *strings.Builder) {
	const radius = 10
	d := fmt.Sprintf("M%d,%d", w.points[0].x, w.points[0].y)
	for i := 1; i < len(w.points)-1; i++ {
		before, corner, after := w.points[i-1], w.points[i], w.points[i+1]
		from, to := corner.towards(before, radius), corner.towards(after, radius)
		d += fmt.Sprintf(" L%d,%d Q%d,%d %d,%d", from.x, from.y, corner.x, corner.y, to.x, to.y)
	}
	last := w.points[len(w.points)-1]
	fmt.Fprintf(b, `<path class="way" d="%s L%d,%d" marker-end="url(#head)"/>`+"\n", d, last.x, last.y)
}

// towards is the point some way along a horizontal or vertical line.
func (a at) towards(b at, distance int) at {
	return at{a.x + distance*sign(b.x-a.x), a.y + distance*sign(b.y-a.y)}
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// caption writes the label beside the line.
func (w *way) caption(b *strings.Builder) {
	p, anchor := w.label, "middle"
	switch w.side {
	case above:
		p.y -= 8 + (len(w.text)-1)*lineHeight
	case below:
		p.y += 19
	case left:
		p.x, anchor = p.x-9, "end"
	case right:
		p.x, anchor = p.x+9, "start"
	}
	for i, l := range w.text {
		class := "label"
		if l.emitted {
			class = "label emitted"
		}
		write(b, class, anchor, at{p.x, p.y + i*lineHeight}, l.text)
	}
}

func write(b *strings.Builder, class, anchor string, p at, text string) {
	fmt.Fprintf(b, `<text class="%s" text-anchor="%s" x="%d" y="%d">%s</text>`+"\n", class, anchor, p.x, p.y, html.EscapeString(text))
}
