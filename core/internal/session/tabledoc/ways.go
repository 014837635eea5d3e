package main

import (
	"strings"

	"github.com/netsession/netsession/core/internal/session"
)

// step is a way through the table: from one node of a diagram to another, by
// one event. Several rows may take it, and emit different events.
type step struct {
	from, to string
	why      session.Kind
	emitted  []string
}

// signals are the events for the application that a label names. The nodes of the
// diagram show the states.
var signals = []string{"opened", "closed", "newConfigurationActivated", "preferredConfigurationChanged"}

// emitted returns the events that a row emits to the application.
func emitted(r *session.Row) (names []string) {
	for _, a := range r.Then {
		for _, s := range signals {
			if a.Text == s {
				names = append(names, s)
			}
		}
		if strings.HasPrefix(a.Text, "error(") {
			names = append(names, "error")
		}
	}
	return names
}

// passesRoaming reports whether a row shows Roaming for a moment.
func passesRoaming(r *session.Row) bool {
	for _, a := range r.Then {
		if a.Text == "stateChanged("+session.Roaming.String()+")" {
			return true
		}
	}
	return false
}

// label is the text on a way: the events that lead along it, in their order, and the
// events that the application gets in every case.
func label(steps []step, from, to string, words func(step) string) (text []line) {
	var happens, always []string
	first := true
	for kind := session.Open; kind <= session.Freed; kind++ {
		for _, s := range steps {
			if s.from != from || s.to != to || s.why != kind {
				continue
			}
			if w := words(s); len(without([]string{w}, happens)) > 0 {
				happens = append(happens, w)
			}
			if first {
				always = s.emitted
			}
			first = false
			always = without(always, without(always, s.emitted))
		}
	}
	for _, l := range wrap(happens) {
		text = append(text, line{l, false})
	}
	if len(always) > 0 {
		text = append(text, line{"→ " + strings.Join(always, ", "), true})
	}
	return text
}

// wrap puts short words on a line together.
func wrap(words []string) (lines []string) {
	const width = 30
	for _, w := range words {
		if n := len(lines) - 1; n >= 0 && len(lines[n])+len(w)+2 <= width {
			lines[n] += ", " + w
			continue
		} else if n >= 0 {
			lines[n] += ","
		}
		lines = append(lines, w)
	}
	return lines
}
