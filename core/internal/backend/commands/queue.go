package commands

import (
	"iter"
	"slices"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Command is a start, stop or refresh that is not answered yet. Backends embed it in a
// type of their own. Only the goroutine of the bus uses it.
type Command struct {
	Op backend.Op
	ID string // of the configuration; empty for a refresh

	timer    *bus.Timer // nil: the command has no timeout
	answered bool
}

func (c *Command) base() *Command { return c }

// Answered reports whether the command was answered: what the daemon says about it from
// then on does not count.
func (c *Command) Answered() bool { return c.answered }

// Entry is a pointer to a type that embeds Command.
type Entry interface {
	comparable
	base() *Command
}

// Queue holds the commands that are not answered, in the order of their arrival. Only
// the goroutine of the bus uses it.
type Queue[E Entry] struct {
	after func(time.Duration, func()) *bus.Timer
	done  func(backend.Answer)

	open []E // under way, or waiting for an earlier one
	held []E // not to be carried out before Release
}

// New returns an empty queue. after starts a timer, as bus.Bus.After does; done gets the
// answers.
func New[E Entry](after func(time.Duration, func()) *bus.Timer, done func(backend.Answer)) *Queue[E] {
	return &Queue[E]{after: after, done: done}
}

// Add appends a command.
func (q *Queue[E]) Add(e E) { q.open = append(q.open, e) }

// Hold keeps a command back: the queue lists it after Release and Add only.
func (q *Queue[E]) Hold(e E) { q.held = append(q.held, e) }

// Release returns the commands that were kept back, without their timeouts, and forgets
// them. The caller adds them.
func (q *Queue[E]) Release() []E {
	held := q.held
	q.held = nil
	for _, e := range held {
		e.base().timer.Stop()
	}
	return held
}

// SetTimeout calls expired after d, unless the command is answered before. It replaces
// an earlier timeout.
func (q *Queue[E]) SetTimeout(e E, d time.Duration, expired func()) {
	c := e.base()
	c.timer.Stop()
	c.timer = q.after(d, expired)
}

// Answer answers a command and removes it; a command that was answered before stays as
// it is. err is nil for success. joined says that a start succeeded because another
// process had started the network.
func (q *Queue[E]) Answer(e E, err error, joined bool) {
	c := e.base()
	if c.answered {
		return
	}
	c.answered = true
	c.timer.Stop()
	q.open, q.held = without(q.open, e), without(q.held, e)
	q.done(backend.Answer{Op: c.Op, ID: c.ID, Err: err, Joined: joined && err == nil})
}

// Len returns the number of commands, without the commands that are kept back.
func (q *Queue[E]) Len() int { return len(q.open) }

// All iterates over the commands that are in the queue now. It skips commands that are
// answered meanwhile.
func (q *Queue[E]) All() iter.Seq[E] {
	return func(yield func(E) bool) {
		for _, e := range slices.Clone(q.open) {
			if !e.base().answered && !yield(e) {
				return
			}
		}
	}
}

// Of is All for the commands on one configuration.
func (q *Queue[E]) Of(id string) iter.Seq[E] {
	return func(yield func(E) bool) {
		for e := range q.All() {
			if e.base().ID == id && !yield(e) {
				return
			}
		}
	}
}

// First returns the oldest command on a configuration, if there is any.
func (q *Queue[E]) First(id string) (first E, found bool) {
	for e := range q.Of(id) {
		return e, true
	}
	return first, false
}

// Behind returns the later commands on the same configuration.
func (q *Queue[E]) Behind(e E) []E {
	same := slices.Collect(q.Of(e.base().ID))
	return same[slices.Index(same, e)+1:]
}

// without returns a new list without e.
func without[E comparable](list []E, e E) []E {
	return slices.DeleteFunc(slices.Clone(list), func(other E) bool { return other == e })
}
