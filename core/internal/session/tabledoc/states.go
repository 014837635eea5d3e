package main

import "github.com/netsession/netsession/core/internal/session"

// The nodes of the diagram of states.
const (
	closed     = "not open"
	connecting = "Connecting"
	connected  = "Connected"
	roaming    = "Roaming"
	closing    = "Closing"
)

// shown is the state that a session in a phase shows. A session that is not open
// shows the state of its configuration.
var shown = map[session.Phase]string{
	session.Idle: closed, session.Withdrawing: closed,
	session.Choosing: connecting, session.Opening: connecting,
	session.Opened: connected, session.Offered: connected, session.Trying: connected,
	session.Migrating: roaming, session.Stranded: roaming,
	session.Stopping: closing,
}

// stateSteps are all ways between states. Removing the configuration and
// freeing the session lead back from everywhere, and are left out.
func stateSteps() (steps []step) {
	eachStep(func(r *session.Row, p session.Phase, why session.Kind) {
		from, to := shown[p], shown[to(r, p)]
		if passesRoaming(r) && from == connected {
			steps = append(steps, step{from, roaming, why, nil})
			from = roaming
		}
		if from != to {
			steps = append(steps, step{from, to, why, emitted(r)})
		}
	})
	return steps
}

// eachStep calls f for each row, phase and event, except for rows that apply in every
// phase.
func eachStep(f func(*session.Row, session.Phase, session.Kind)) {
	for i := range session.Table {
		r := &session.Table[i]
		if isRemoval(r) {
			continue
		}
		for _, p := range r.From {
			for _, k := range r.On {
				if k != session.Freed {
					f(r, p, k)
				}
			}
		}
	}
}

// stateWords says for people what an event is on the way between two states:
// the same event may have another meaning on another way.
func stateWords(s step) string {
	if w := particular[s.from+" "+s.to][s.why]; w != "" {
		return w
	}
	return words[s.why]
}

var words = map[session.Kind]string{
	session.Open: "open()", session.Close: "close()", session.Stop: "stop()", session.Migrate: "migrate()",
	session.Accept: "accept()", session.Reject: "reject()", session.Ignore: "ignore()",
	session.Moved: "the link is lost", session.Preferred: "a better one, automatic",
	session.NotStarted: "refused", session.Stopped: "the link is down", session.NotStopped: "refused",
	session.Expired: "too long", session.Stalled: "another is up", session.Aborted: "stopped by another",
	session.Chosen: "the user chose", session.Declined: "the user declined", session.Asked: "the library decides",
}

const (
	lastClose = "close() by the last"
	linkIsUp  = "open(), the link is up"
	fails     = "the new one fails"
	nothing   = "no link is left"
)

var particular = map[string]map[session.Kind]string{
	closed + " " + connected:     {session.Open: linkIsUp},
	closed + " " + connecting:    {session.Open: "open(), the link is down"},
	connecting + " " + connected: {session.Moved: "the link is up", session.NotStarted: "the link is up"},
	connecting + " " + closed:    {session.Moved: "out of reach", session.Chosen: "out of reach"},
	connecting + " " + closing:   {session.Close: lastClose},
	connected + " " + closing:    {session.Close: lastClose},
	closing + " " + connected:    {session.Open: linkIsUp},
	closing + " " + closed:       {session.Moved: "the link is down"},
	roaming + " " + connected: {
		session.Moved: "a link is up", session.NotStarted: fails, session.Aborted: fails, session.Expired: fails,
	},
	roaming + " " + closed:  {session.Moved: nothing, session.NotStarted: nothing, session.Aborted: nothing, session.Expired: "no answer"},
	roaming + " " + closing: {session.Close: lastClose},
}

// stateDiagram is the diagram for authors of applications.
func stateDiagram() *diagram {
	p := &diagram{
		title:       "The states of a session",
		description: "Which state follows which, what leads there, and which events the application gets.",
		width:       1370, height: 630,
		nodes: []node{
			{closed, 150, 250, 250, 460, []string{
				"", "The state follows", "the configuration:", "",
				"removed: Invalid", "out of reach: NotAvailable", "can be opened: Disconnected",
				"on its way up: Connecting", "up: Connected", "on its way down: Closing"}, "", true},
			{connecting, 620, 230, 170, 54, nil, "", false},
			{connected, 1030, 70, 350, 60, []string{"open"}, "", false},
			{roaming, 1165, 330, 170, 60, []string{"open"}, "", false},
			{closing, 620, 440, 170, 54, nil, "", false},
		},
		ways: []way{
			{from: closed, to: connected, points: []at{{275, 60}, {853, 60}}, label: at{540, 60}, side: above},
			{from: connected, to: closed, points: []at{{855, 82}, {277, 82}}, label: at{540, 82}, side: below},
			{from: closed, to: connecting, points: []at{{275, 219}, {533, 219}}, label: at{405, 219}, side: above},
			{from: connecting, to: closed, points: []at{{535, 241}, {277, 241}}, label: at{405, 241}, side: below},
			{from: connecting, to: connected, points: []at{{705, 230}, {875, 230}, {875, 102}}, label: at{875, 150}, side: left},
			{from: connecting, to: closing, points: []at{{605, 257}, {605, 411}}, label: at{605, 372}, side: left},
			{from: closing, to: connecting, points: []at{{635, 413}, {635, 259}}, label: at{635, 340}, side: right},
			{from: closed, to: closing, points: []at{{275, 429}, {533, 429}}, label: at{405, 429}, side: above},
			{from: closing, to: closed, points: []at{{535, 451}, {277, 451}}, label: at{405, 451}, side: below},
			{from: connected, to: closing, points: []at{{905, 100}, {905, 429}, {707, 429}}, label: at{805, 429}, side: above},
			{from: closing, to: connected, points: []at{{705, 451}, {935, 451}, {935, 102}}, label: at{815, 451}, side: below},
			{from: connected, to: roaming, points: []at{{1135, 100}, {1135, 298}}, label: at{1135, 180}, side: left},
			{from: roaming, to: connected, points: []at{{1165, 300}, {1165, 102}}, label: at{1165, 180}, side: right},
			{from: roaming, to: closing, points: []at{{1140, 360}, {1140, 520}, {640, 520}, {640, 469}}, label: at{1025, 520}, side: above},
			{from: roaming, to: closed, points: []at{{1185, 360}, {1185, 560}, {150, 560}, {150, 482}}, label: at{640, 560}, side: below},
		},
	}
	p.write(stateSteps(), stateWords)
	return p
}

// write writes the labels.
func (p *diagram) write(steps []step, words func(step) string) {
	for i := range p.ways {
		w := &p.ways[i]
		w.text = label(steps, w.from, w.to, words)
	}
}
