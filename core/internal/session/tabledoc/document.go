package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netsession/netsession/core/internal/session"
)

const introduction = `# The session machine

This page is generated from the table that the library runs, ` + "`core/internal/session/table.go`" + `,
by ` + "`go run ./core/internal/session/tabledoc`" + `; a test fails if the two differ.

A session is in one of the phases below. For each event, the first row of the
phase that names the event, and whose conditions all hold, is taken: its actions
are carried out in their order, and the session enters the row's next phase. An
event without a row changes nothing.

The events are the calls of the application (open, close, stop, migrate, accept,
reject, ignore), and the events of the engine:

| event | meaning |
|---|---|
| moved | the state of the configuration or of an access point of the session has changed |
| preferred | another access point should be preferred now, or none any more |
| not started, stopped, not stopped | the answer to a command |
| expired | the timer, which is the configuration's connect timeout, ran out |
| aborted | another session stopped an access point |
| renewed | an access point that was passed over has changed |
| chosen | the user chose what to open, or it was chosen because the user cannot be asked |
| declined | the user chose to open nothing |
| asked | the application started or stopped deciding about roaming |
| restricted | the usage policies are different |
| freed | the session's handle was freed; nothing is emitted any more |

Names such as opened and stateChanged are events for the application.
`

const diagrams = `
## The states

What an application sees. If the application has not caused a change, an error is
emitted too.

![The states of a session](session-states.svg)

## Roaming

A session on a service network whose application listens to
preferredConfigurationChanged. The phases are the library's own; the state below
each is what the application sees. close(), stop() and the loss of the last link
lead out of every phase.

![Roaming, where the application decides](session-roaming.svg)

## The phases

All phases, and the events by their names in the table:

`

// document is the whole page.
func document() string {
	var b strings.Builder
	b.WriteString(introduction)
	b.WriteString(diagrams)
	b.WriteString(drawing())
	for _, p := range phases() {
		fmt.Fprintf(&b, "\n## %v\n\n%s\n\n%s", p, meanings[p], rowsOf(p))
	}
	return b.String()
}

var meanings = map[session.Phase]string{
	session.Idle:        "Not open. The state follows the configuration.",
	session.Choosing:    "Open was called on the user choice, and the user is being asked what to open. The state is Connecting.",
	session.Opening:     "Open was called, and the link is not up yet. The state is Connecting.",
	session.Opened:      "Open, on the access point in use. The state is Connected.",
	session.Offered:     "Open. A better access point was offered to the application. The state is Connected.",
	session.Migrating:   "Open. The offered access point is being brought up. The state is Roaming.",
	session.Trying:      "Open on the new access point; accept or reject is awaited. The state is Connected.",
	session.Stranded:    "Open, but the access point in use was lost; the application was offered another one. The state is Roaming.",
	session.Withdrawing: "Opening took too long, and the link that was on its way is being taken down. The state is Disconnected.",
	session.Stopping:    "Closed, withdrawn or stopped, and the link is being taken down. The state is Closing.",
}

// phases are all phases of the table, in their order.
func phases() []session.Phase {
	seen := map[session.Phase]bool{}
	var all []session.Phase
	for _, r := range session.Table {
		for _, p := range r.From {
			if !seen[p] {
				seen[p] = true
				all = append(all, p)
			}
		}
	}
	slices.Sort(all)
	return all
}

// rowsOf is the table of one phase.
func rowsOf(p session.Phase) string {
	var b strings.Builder
	b.WriteString("| event | when | then, in order | next phase |\n|---|---|---|---|\n")
	for i := range session.Table {
		r := &session.Table[i]
		if !starts(r, p) {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", events(r.On), conditions(r.If), actions(r.Then), next(r, p))
	}
	return b.String()
}

func starts(r *session.Row, p session.Phase) bool {
	return slices.Contains(r.From, p)
}

// to is the phase that a row leads to from p.
func to(r *session.Row, p session.Phase) session.Phase {
	if r.To == session.Same {
		return p
	}
	return r.To
}

func next(r *session.Row, p session.Phase) string {
	if to(r, p) == p {
		return "the same"
	}
	return to(r, p).String()
}

func events(kinds []session.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return strings.Join(names, ", ")
}

func conditions(list []session.Condition) string {
	if len(list) == 0 {
		return "always"
	}
	var texts []string
	for _, c := range list {
		texts = append(texts, c.Text)
	}
	return strings.Join(texts, "; ")
}

func actions(list []session.Action) string {
	if len(list) == 0 {
		return "nothing"
	}
	var texts []string
	for _, a := range list {
		texts = append(texts, a.Text)
	}
	return strings.Join(texts, "; ")
}
