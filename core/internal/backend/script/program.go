// The parsed form of a script.

package script

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

// program is a parsed script.
type program struct {
	file  string
	scene []statement // state before the first step
	code  []instruction
}

// instruction is a step, or the beginning or the end of a repetition.
type instruction struct {
	kind  instructionKind
	step  *step // of play
	count int   // of repeat; negative: forever
	begin int   // of end: index of the repeat instruction
}

type instructionKind uint8

const (
	play instructionKind = iota
	repeat
	end
)

// forever is the count of a repetition without an end.
const forever = -1

// step is what happens at one time. It makes one report.
type step struct {
	line int
	when trigger
	do   []statement
}

// trigger is what a step waits for after the step before it.
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

// takesTime reports whether repetitions of the trigger cannot loop without time
// passing.
func (t trigger) takesTime() bool { return t.kind != after || t.time > 0 }

// matches reports whether the trigger waits for a command.
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

// rule says how a command to start or stop an access point is answered.
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

// statement is one change that a script makes.
type statement interface{ apply(*player) }

type (
	// addStatement adds an access point.
	addStatement struct {
		id       string
		index    int
		settings []setting
	}
	// setStatement sets attributes of an access point. moves says that the
	// state is among them.
	setStatement struct {
		id       string
		settings []setting
		moves    bool
	}
	// removeStatement removes an access point.
	removeStatement struct{ id string }
	// ruleStatement sets the rule for commands to start or stop an access
	// point.
	ruleStatement struct {
		id   string
		op   backend.Op
		rule rule
	}
)
