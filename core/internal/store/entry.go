package store

import (
	"sync/atomic"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

// Entry is one configuration over time: the same Entry while the configuration
// changes, and again when it was removed and came back while a handle, a session or
// an event still referred to it. All methods are safe on any goroutine.
type Entry struct {
	// Datum belongs to the Publisher that the store was made with, which sets it in
	// Listed and Expected.
	Datum any

	id      string
	value   atomic.Pointer[bearer.Configuration]
	since   atomic.Pointer[time.Time]
	timeout atomic.Int64 // set by the host; 0 where it did not
}

// ID is the identifier of the configuration.
func (e *Entry) ID() string { return e.id }

// Value is the configuration as it is now. It must not be written. A removed
// one is of type bearer.Invalid.
func (e *Entry) Value() *bearer.Configuration { return e.value.Load() }

// ActiveSince is when the configuration became Active, or was first seen so;
// the zero time while it is not.
func (e *Entry) ActiveSince() time.Time { return *e.since.Load() }

// ConnectTimeout bounds an attempt to open the configuration.
func (e *Entry) ConnectTimeout() time.Duration {
	if t := e.timeout.Load(); t > 0 {
		return time.Duration(t)
	}
	return e.Value().Timeout()
}

// SetConnectTimeout changes this bound for every user of the configuration. A
// value of 0 or below restores the default.
func (e *Entry) SetConnectTimeout(d time.Duration) { e.timeout.Store(int64(d)) }

// set stores a new value.
func (e *Entry) set(c *bearer.Configuration, now time.Time) {
	old := e.value.Load()
	wasActive := old != nil && old.State == bearer.Active
	switch active := c.State == bearer.Active; {
	case active && !wasActive:
		e.since.Store(&now)
	case !active:
		e.since.Store(&time.Time{})
	}
	e.value.Store(c)
}
