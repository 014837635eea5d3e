// The effects of other processes: their stops, and the links that they left behind.

package lease

import "time"

// Blocked reports what other processes are doing to a link that this process
// has seen up or down since a time. wait: one is stopping it, or has just
// stopped it, which this process has not seen yet. stale: one has just stopped
// it, and what this process has seen may be out of date.
func (c *Counter) Blocked(id string, up bool, since time.Time) (wait, stale bool) {
	status, known := c.inspect(id)
	if !known {
		return false, false
	}
	stale = c.justStopped(id, &status.record)
	return status.stopLocked || stale && up && since.Before(status.record.when), stale
}

// inspect returns the status of a file, through the open one if there is one.
func (c *Counter) inspect(id string) (status, bool) {
	e := c.entries[id]
	switch {
	case e != nil && e.stopping:
		return status{}, false
	case e != nil:
		r, _ := e.file.read()
		return status{record: r, stopLocked: e.file.stopLocked()}, true
	case c.shared == nil:
		return status{}, false
	}
	status, err := c.shared.inspect(id)
	return status, err == nil
}

// StoppedElsewhere reports, once for each stop, that another process has
// stopped a link that is held here.
func (c *Counter) StoppedElsewhere(id string) bool {
	e := c.entries[id]
	if e == nil || e.holders == 0 {
		return false
	}
	r, err := e.file.read()
	if err != nil || r.stops == e.stops {
		return false
	}
	e.stops = r.stops
	return true
}

// InTransition reports whether another process holds a link that it has started, or
// is stopping one, or has just stopped it. In each case the link will become
// available in a moment.
func (c *Counter) InTransition(id string) bool {
	if c.entries[id] != nil || c.shared == nil {
		return false
	}
	status, err := c.shared.inspect(id)
	return err == nil && (status.stopLocked || status.held && status.record.state.startedByHolder() || c.justStopped(id, &status.record))
}

// justStopped reports whether another process has just stopped a link, which
// this process may not have seen yet.
func (c *Counter) justStopped(id string, r *record) bool {
	age := c.now().Sub(r.when)
	return age >= 0 && age < snapshotLag && !r.when.Equal(c.stopped[id])
}

// Orphaned reports whether a link was left behind: its holders ended without
// stopping the link that they had started.
func (c *Counter) Orphaned(id string) bool {
	if c.entries[id] != nil || c.shared == nil {
		return false
	}
	status, err := c.shared.inspect(id)
	return err == nil && status.orphan()
}

func (status *status) orphan() bool {
	return !status.held && !status.stopLocked && (status.record.state.startedByHolder() || status.record.state == stopping)
}

// Adopt takes over an orphaned link in order to stop it: EndStop has to follow.
// It reports false if another process was faster.
func (c *Counter) Adopt(id string) bool {
	e := c.openUnheld(id)
	if e == nil {
		return false
	}
	r, err := e.file.read()
	if err != nil || !r.state.startedByHolder() && r.state != stopping || !e.file.lockStop() {
		e.file.close()
		return false
	}
	c.markStopping(id, e, r)
	e.stopping = true
	c.entries[id] = e
	return true
}

// openUnheld opens a shared file that no process holds, and takes the exclusive
// lock.
func (c *Counter) openUnheld(id string) *entry {
	if c.entries[id] != nil || c.shared == nil {
		return nil
	}
	s, err := c.shared.open(id, false)
	if err != nil {
		return nil
	}
	if s.lockExclusive() && !s.stopLocked() {
		return &entry{file: s}
	}
	s.close()
	return nil
}

// Remove removes the record of a configuration without holders, because the
// configuration does not exist any more or the record has lost its meaning.
func (c *Counter) Remove(id string) {
	if s, err := c.local.open(id, false); err == nil && c.entries[id] == nil {
		s.remove()
	}
	if e := c.openUnheld(id); e != nil {
		e.file.remove()
		e.file.close()
	}
}

// RemoveExpired removes the record that EndStop has left for a while, unless it
// is in use again.
func (c *Counter) RemoveExpired(id string) {
	delete(c.stopped, id)
	e := c.openUnheld(id)
	if e == nil {
		return
	}
	if r, err := e.file.read(); err != nil || r.expired(c.now()) {
		e.file.remove()
	}
	e.file.close()
}

// expired reports whether a record has no meaning for a link without holders.
func (r *record) expired(now time.Time) bool {
	age := now.Sub(r.when)
	return r.state == system || r.state == stopped && (age < 0 || age >= snapshotLag)
}
