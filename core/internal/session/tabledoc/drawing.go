package main

import (
	"fmt"
	"strings"

	"github.com/netsession/netsession/core/internal/session"
)

// drawing is a state diagram in Mermaid, which code hosts draw in Markdown. What
// holds for every open phase is drawn once.
func drawing() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> Idle\n    state open {\n")
	for _, from := range phases() {
		for _, target := range phases() {
			if isOpen(from) && isOpen(target) {
				arrow(&b, "        ", from.String(), target, leading(from, target))
			}
		}
	}
	b.WriteString("    }\n")
	for _, target := range phases() {
		if isOpen(target) {
			continue
		}
		shared := common(target)
		arrow(&b, "    ", "open", target, shared)
		for _, from := range phases() {
			if isOpen(from) {
				arrow(&b, "    ", from.String(), target, without(leading(from, target), shared))
			}
		}
	}
	for _, from := range phases() {
		for _, target := range phases() {
			if !isOpen(from) {
				arrow(&b, "    ", from.String(), target, leading(from, target))
			}
		}
	}
	b.WriteString("```\n\nRemoving the configuration and freeing the session lead to Idle from everywhere, and are not drawn.\n")
	return b.String()
}

func isOpen(p session.Phase) bool { return (&session.Machine{Phase: p}).IsOpen() }

func arrow(b *strings.Builder, indent, from string, target session.Phase, events []string) {
	if len(events) > 0 {
		fmt.Fprintf(b, "%s%s --> %v: %s\n", indent, from, target, strings.Join(events, ", "))
	}
}

// leading names the events that lead from one phase to another, each once.
func leading(from, target session.Phase) (names []string) {
	if from == target {
		return nil
	}
	for i := range session.Table {
		r := &session.Table[i]
		if !starts(r, from) || to(r, from) != target || isRemoval(r) {
			continue
		}
		for _, k := range r.On {
			if k != session.Freed {
				names = append(without(names, []string{k.String()}), k.String())
			}
		}
	}
	return names
}

// common names the events that lead from every open phase to target.
func common(target session.Phase) []string {
	names := leading(session.Opened, target)
	for _, from := range phases() {
		if isOpen(from) {
			names = without(names, without(names, leading(from, target)))
		}
	}
	return names
}

// without is the list less what is in the other one.
func without(list, other []string) (kept []string) {
	for _, s := range list {
		found := false
		for _, o := range other {
			found = found || s == o
		}
		if !found {
			kept = append(kept, s)
		}
	}
	return kept
}

// isRemoval reports whether the row is for a configuration that was removed,
// as the first row of the table is.
func isRemoval(r *session.Row) bool {
	return len(r.If) == 1 && r.If[0].Text == session.Table[0].If[0].Text
}
