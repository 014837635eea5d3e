package script

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

// program is a parsed script.
type program struct {
	file  string
	scene []statement // what there is before the first step
	code  []instruction
}

// instruction is a step, or the beginning or the end of a repetition.
type instruction struct {
	kind  instructionKind
	step  *step // of play
	count int   // of repeat; forever where it is negative
	begin int   // of end: where the repetition begins
}

type instructionKind uint8

const (
	play instructionKind = iota
	repeat
	end
)

// forever is the count of a repetition without an end.
const forever = -1

// step is what happens at one moment. It is reported as one change.
type step struct {
	line int
	when trigger
	do   []statement
}

// trigger is what a step waits for, once the step before it was played.
type trigger struct {
	kind triggerKind
	time time.Duration // of at and after
	id   string        // of onStart and onStop
}

type triggerKind uint8

const (
	at        triggerKind = iota // a time since the start
	after                        // a time since the previous step
	onRefresh                    // the next refresh
	onStart                      // the next command to start an access point
	onStop                       // the next command to stop one
)

// takesTime reports whether a repetition of the trigger can never spin.
func (t trigger) takesTime() bool { return t.kind != after || t.time > 0 }

// matches reports whether a command is what the trigger waits for.
func (t trigger) matches(op backend.Op, id string) bool {
	switch t.kind {
	case onRefresh:
		return op == backend.OpRefresh
	case onStart:
		return op == backend.OpStart && t.id == id
	case onStop:
		return op == backend.OpStop && t.id == id
	}
	return false
}

// rule is how a command to start or to stop an access point is answered.
type rule struct {
	takes   time.Duration
	outcome outcome
	refusal *backend.Refusal // of fails
}

type outcome uint8

const (
	succeeds outcome = iota
	fails
	getsNoAddress
	hangs
)

// statement is one thing that a script makes happen.
type statement interface{ apply(*player) }

type (
	// appear makes an access point.
	appear struct {
		id       string
		index    int
		settings []setting
	}
	// change sets attributes of one. moves says that the state is among them.
	change struct {
		id       string
		settings []setting
		moves    bool
	}
	// vanish removes one.
	vanish struct{ id string }
	// answer sets the rule for commands to start or to stop one.
	answer struct {
		id   string
		op   backend.Op
		rule rule
	}
)
