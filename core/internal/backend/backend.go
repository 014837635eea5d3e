// Package backend defines what the engine expects of a source of
// configurations: the kernel's links, a network daemon, or a script.
package backend

import (
	"context"
	"errors"
	"fmt"

	"github.com/netsession/netsession/core/internal/bearer"
)

// Backend keeps the state of one part of the system's network up to date, and
// executes commands on it.
//
// Run is called once, on its own goroutine: it reports to the sink until ctx
// ends, and then returns nil. It survives any failure of its source. An error
// means that the backend can never work here, and says why.
//
// All other methods return at once, and may be called on any goroutine while
// Run runs. Commands are executed in the order of the calls. Each command is
// answered by exactly one Sink.Done, after the report that shows its outcome.
type Backend interface {
	Run(ctx context.Context, sink Sink) error
	// Start brings the configuration's link up.
	Start(id string)
	// Stop takes the configuration's link down, or withdraws an attempt.
	Stop(id string)
	// Refresh reads everything again, and scans if there is something to scan
	// for.
	Refresh()
	// Counters reads the byte counters of the configuration's link now. It may
	// make one system call, and is called on the host's own thread.
	Counters(id string) (Counters, error)
	// Capabilities says what this process may do here now.
	Capabilities() Capabilities
}

// Sink receives the reports of a backend. Its methods may be called on any
// goroutine, but their order is the order of events, so that a backend should
// call them from one goroutine. They never block.
type Sink interface {
	// Report reports changes. The first report is a complete one.
	Report(bearer.Batch)
	// Done answers one command.
	Done(Answer)
	// Loading says that the source answers and is being read, so that a first report
	// will follow, even if it is empty.
	Loading()
	// Log passes on a line for developers. The engine may drop it.
	Log(level Level, text string)
}

// Answer is the result of one command.
type Answer struct {
	Op Op
	ID string // of the configuration; empty for OpRefresh
	// Err is nil for success. Otherwise it is, or wraps, a *Refusal if the
	// reason is known.
	Err error
	// Joined says that a start changed nothing, because another process had
	// brought the link up, or was about to.
	Joined bool
	// Undone says that another process has set the link down again after a
	// start, before the answer.
	Undone bool
}

// Counters are the bytes that crossed a link since it was created.
type Counters struct{ Received, Written uint64 }

// Capabilities is a set of things that a backend can do.
type Capabilities uint32

const (
	// CanStartAndStop: links can be started and stopped by this process.
	CanStartAndStop Capabilities = 1 << iota
	// HasStatistics: byte counters can be read.
	HasStatistics
	// HasLinks: the configurations' links are the kernel's own.
	HasLinks
)

// Op names a command.
type Op uint8

// The commands.
const (
	OpStart Op = iota
	OpStop
	OpRefresh
)

// Level is the severity of a log line.
type Level uint8

// The levels, from most to least important.
const (
	LevelWarning Level = iota
	LevelInfo
	LevelDebug
)

// Reason is the class of a refusal.
type Reason uint8

const (
	// ReasonUnknown: the system gave no reason, or a reason without a class.
	ReasonUnknown Reason = iota
	// ReasonNotSupported: this can never work here, or not for this user.
	ReasonNotSupported
	// ReasonAborted: the user or the system interrupted it.
	ReasonAborted
	// ReasonNoConfiguration: the configuration does not exist any more.
	ReasonNoConfiguration
)

// Refusal is the reason why a command was not executed. Text is a sentence for
// people: what failed, on which configuration, why, and what can be done.
type Refusal struct {
	Reason Reason
	Text   string
}

func (r *Refusal) Error() string { return r.Text }

// Refuse returns a *Refusal.
func Refuse(reason Reason, format string, args ...any) error {
	return &Refusal{Reason: reason, Text: fmt.Sprintf(format, args...)}
}

// ReasonOf is the Reason in err.
func ReasonOf(err error) Reason {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ReasonUnknown
}
