package links

import (
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

// tidyDelay is how long other processes need the record of a stopped link.
const tidyDelay = 3 * time.Second

// pending counts the commands on one access point that the backend has not answered
// yet.
type pending struct{ starts, stops int }

// Start commands the backend to bring an access point up.
func (t *Table) Start(id string) {
	p := t.pending[id]
	p.starts++
	t.pending[id] = p
	if o := t.others[id]; o != nil && o.waiting {
		o.deferredStarts++
	}
	t.command(id, func() { t.commands.Start(id) })
}

// Stop commands the backend to take an access point down.
func (t *Table) Stop(id string) {
	t.stopping++
	p := t.pending[id]
	p.stops++
	t.pending[id] = p
	t.command(id, func() { t.commands.Stop(id) })
}

// command calls the backend for an access point, once no other process is stopping it.
func (t *Table) command(id string, call func()) {
	o := t.others[id]
	if o != nil && o.waiting {
		o.deferred = append(o.deferred, call)
		return
	}
	if o != nil {
		o.restarted = true
	}
	t.host.CallBackend(call)
}

// answered counts one answer and reports whether it is valid for the sessions: the
// answer to a withdrawn start must not fail a later start, and a stop that was
// repeated meanwhile is not over.
func (t *Table) answered(a backend.Answer) bool {
	p, known := t.pending[a.ID]
	last := false
	switch {
	case a.Op == backend.OpStart && p.starts > 0:
		p.starts--
		last = p.starts == 0 && p.stops == 0
	case a.Op == backend.OpStop && p.stops > 0:
		p.stops--
		last = p.stops == 0
		if last {
			t.stopAnswered(a.ID, a.Err)
		}
		t.stopping--
		t.releaseWaiters()
	}
	t.setPending(a.ID, p)
	return known && last
}

func (t *Table) setPending(id string, p pending) {
	if p == (pending{}) {
		delete(t.pending, id)
	} else {
		t.pending[id] = p
	}
}

// stopAnswered follows the last of the stops that were commanded.
func (t *Table) stopAnswered(id string, err error) {
	t.counter.EndStop(id, err == nil)
	if t.Shared() && err == nil {
		t.after(tidyDelay, func() { t.counter.RemoveExpired(id) })
	}
}

// NotifyStopped closes a channel when no stop command is unanswered.
func (t *Table) NotifyStopped(over chan struct{}) {
	t.waiters = append(t.waiters, over)
	t.releaseWaiters()
}

func (t *Table) releaseWaiters() {
	if t.stopping > 0 {
		return
	}
	for _, over := range t.waiters {
		close(over)
	}
	t.waiters = nil
}

// Pending is the number of access points with commands that are not answered yet.
func (t *Table) Pending() int { return len(t.pending) }
