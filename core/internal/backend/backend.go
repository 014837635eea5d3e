// Package backend says what the engine expects of a source of configurations:
// the kernel's links, a network daemon, or a script.
package backend

import (
	"context"
	"errors"
	"fmt"

	"github.com/netsession/netsession/core/internal/bearer"
)

// Backend keeps a picture of one part of the system's network up to date and
// carries out commands on it.
//
// Run is called once, on a goroutine of its own, which is the backend's
// reader: it reports to the sink until ctx ends, and returns nil then. It
// survives whatever happens to its source; an error return means that the
// backend can never work here, and says why.
//
// All other methods return at once and may be called on any goroutine while
// Run runs. Commands are carried out in the order they were given, and each is
// answered by exactly one Sink.Done, after the picture that shows its outcome
// was reported.
type Backend interface {
	Run(ctx context.Context, sink Sink) error
	// Start brings the configuration's link up.
	Start(id string)
	// Stop takes the configuration's link down, or withdraws an attempt.
	Stop(id string)
	// Refresh looks again, scanning where there is something to scan.
	Refresh()
	// Counters reads the byte counters of the configuration's link now. It may
	// take one system call, and is called on the host's own thread.
	Counters(id string) (Counters, error)
	// Capabilities says what this process may do here now.
	Capabilities() Capabilities
}

// Sink receives a backend's reports. Its methods may be called on any
// goroutine, but the order of calls is the order of events, so that a backend
// calls it from one place. They never block.
type Sink interface {
	// Report tells what changed. The first report is a complete one.
	Report(bearer.Batch)
	// Done answers one command.
	Done(Answer)
	// Loading says that the source answers and is being read, so that the first
	// report is sure to come, if only to say that there is nothing.
	Loading()
	// Log passes on what a developer may want to know; nobody has to read it.
	Log(level Level, text string)
}

// Answer is what came of one command.
type Answer struct {
	Op Op
	ID string // of the configuration; empty for OpRefresh
	// Err is nil for success; else it is, or wraps, a *Refusal where the reason is
	// known.
	Err error
	// Joined says of a start that it has changed nothing, because somebody else had
	// brought the link up, or was about to.
	Joined bool
	// Undone says of a start that somebody has set the link down again, before
	// the answer could be given.
	Undone bool
}

// Counters are the bytes that crossed a link since it came into being.
type Counters struct{ Received, Written uint64 }

// Capabilities is a set of the things that a backend can do.
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

// Level is the weight of a log line.
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
	// ReasonUnknown: the system gave no reason that can be classed.
	ReasonUnknown Reason = iota
	// ReasonNotSupported: this can never work here, or not for this user.
	ReasonNotSupported
	// ReasonAborted: the user or the system broke it off.
	ReasonAborted
	// ReasonNoConfiguration: the configuration does not exist any more.
	ReasonNoConfiguration
)

// Refusal is why a command was not carried out. Text is a whole sentence for
// people: what failed, on which configuration, why, and what can be done.
type Refusal struct {
	Reason Reason
	Text   string
}

func (r *Refusal) Error() string { return r.Text }

// Refuse makes a Refusal.
func Refuse(reason Reason, format string, args ...any) error {
	return &Refusal{Reason: reason, Text: fmt.Sprintf(format, args...)}
}

// ReasonOf classes err.
func ReasonOf(err error) Reason {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ReasonUnknown
}
