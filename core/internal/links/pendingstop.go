package links

import (
	"time"

	"github.com/netsession/netsession/core/internal/session"
)

const (
	// stopTimeout is how long a start waits for another process to stop the link:
	// a process that freezes during the stop must not keep others from the network.
	stopTimeout = 5 * time.Second
	// A pending stop usually ends with a change of the snapshot. It is polled too,
	// because no event reports the end of a stop: soon at first, then less often.
	shortPoll, longPoll = 2 * time.Millisecond, 50 * time.Millisecond
)

// pendingStop is an access point that another process is stopping, or has just
// stopped. Commands of this process on the link wait until the stop is over. Until the
// start that follows is answered, the snapshot may be stale.
type pendingStop struct {
	waiting        bool     // the stop is not over
	restarted      bool     // a start was commanded after it
	deferred       []func() // calls of the backend that wait for its end
	deferredStarts int      // among deferred
	deadline       time.Time
	poll           time.Duration // until the next check
}

// state is the state of the access point for sessions.
func (o *pendingStop) state() session.Link {
	if o.restarted {
		return session.LinkStarting
	}
	return session.LinkStopping
}

// WithReservation calls use with the access point that pick returns. The snapshot may
// not show yet what another process does to it; no process can stop it while it is
// reserved. pick is called again if a reservation reveals a change by another process.
func (t *Table) WithReservation(pick func() session.AccessPoint, use func(session.AccessPoint)) {
	reserved := make(map[string]bool)
	for news := true; news; {
		next := pick()
		if reserved[next.ID] || !t.reservable(next) {
			break
		}
		reserved[next.ID] = true
		news = t.reserve(next)
	}
	use(pick())
	for id := range reserved {
		t.endPendingStop(id)
		if t.counter.Release(id) {
			t.Stop(id)
		}
	}
}

// reservable reports whether an access point can be opened. A link that another
// process has started is without a carrier for a moment; that process may even
// stop it before it has one here.
func (t *Table) reservable(a session.AccessPoint) bool {
	return a.Link > session.LinkUnavailable || a.Link == session.LinkUnavailable && t.counter.InTransition(a.ID)
}

// reserve reserves an access point, and reports whether this has revealed a change by
// another process.
func (t *Table) reserve(a session.AccessPoint) (news bool) {
	t.counter.Reserve(a.ID)
	if t.checkStopped(a.ID) {
		return true
	}
	if a.Link == session.LinkUnavailable && t.others[a.ID] == nil {
		t.others[a.ID] = &pendingStop{}
		return true
	}
	return false
}

// checkStopped checks whether another process is stopping an access point, or has just
// stopped it, and reports whether this is new.
func (t *Table) checkStopped(id string) bool {
	if t.others[id] != nil {
		return false
	}
	wait, stale := t.blocked(id)
	if !wait && !stale {
		return false
	}
	t.others[id] = &pendingStop{waiting: wait, deadline: time.Now().Add(stopTimeout), poll: shortPoll}
	if wait {
		t.pollStop(id)
	}
	return true
}

func (t *Table) blocked(id string) (wait, stale bool) {
	return t.counter.Blocked(id, t.Snapshot(id) == session.LinkUp, t.store.ActiveSince(id))
}

func (t *Table) pollStop(id string) {
	o := t.others[id]
	t.after(o.poll, func() {
		if t.others[id] == o && o.waiting && !t.resume(id) {
			t.pollStop(id)
		}
	})
	if o.poll *= 2; o.poll > longPoll {
		o.poll = longPoll
	}
}

// resume makes the calls that wait for the end of another process's stop, if the stop is
// over, and reports whether it is.
func (t *Table) resume(id string) bool {
	o := t.others[id]
	if wait, _ := t.blocked(id); wait && time.Now().Before(o.deadline) {
		return false
	}
	o.waiting = false
	for _, call := range o.deferred {
		t.command(id, call)
	}
	o.deferred = nil
	t.endPendingStop(id)
	t.host.Resumed(id)
	return true
}

// endPendingStop forgets another process's stop when nothing waits for its end, and
// no start is under way.
func (t *Table) endPendingStop(id string) {
	if o := t.others[id]; o != nil && !o.waiting && (!o.restarted || t.pending[id].starts == 0) {
		delete(t.others, id)
	}
}

// cancelDeferred withdraws the starts that wait for the end of another process's stop,
// if no session wants the link any more.
func (t *Table) cancelDeferred(id string) {
	o := t.others[id]
	if o == nil || !o.waiting || len(o.deferred) > o.deferredStarts || t.counter.Holders(id) > 0 {
		return
	}
	p := t.pending[id]
	p.starts -= o.deferredStarts
	t.setPending(id, p)
	delete(t.others, id)
	t.host.Moved(id)
}

// OnChange checks what other processes did to an access point that has changed, before
// the sessions see the change.
func (t *Table) OnChange(id string) {
	if o := t.others[id]; o != nil && o.waiting {
		t.resume(id)
	}
	if t.counter.Holders(id) > 0 && !t.Up(id) {
		t.checkAborted(id)
	}
}

// checkAborted notifies the sessions on an access point if another process has stopped it.
func (t *Table) checkAborted(id string) {
	if t.counter.StoppedElsewhere(id) {
		t.host.Aborted(id)
	}
}
