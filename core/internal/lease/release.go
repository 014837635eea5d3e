// The end of a lease: holders leave, and the last one stops the link.

package lease

// Claim reports whether the Release that follows will stop the link. If so, no
// other process can become a holder before it.
func (c *Counter) Claim(id string) bool {
	e := c.entries[id]
	if e == nil || e.holders != 1 {
		return false
	}
	e.claimed = e.claimed || e.file.lockExclusive() && c.decideStop(id, e)
	return e.claimed
}

// decideStop decides whether this process, which has the exclusive lock, has to
// stop the link, and writes that to the record. It releases the lock if the
// link has to be stopped, and converts it to a shared lock otherwise.
func (c *Counter) decideStop(id string, e *entry) bool {
	r, err := e.file.read()
	if err != nil || !(r.upByHolders(c.now()) || c.literal) || c.heldElsewhere(id, e) || !(e.stopping || e.file.lockStop()) {
		e.file.lockShared()
		return false
	}
	c.markStopping(id, e, r)
	return true
}

// markStopping writes to the record that the link is being stopped, and
// releases the exclusive lock.
func (c *Counter) markStopping(id string, e *entry, r record) {
	r.state, r.when = stopping, c.now()
	c.stopped[id] = r.when
	c.logError(e.file.write(r, timeField, stateField))
	e.file.unlock()
}

// heldElsewhere reports whether other processes hold a file that this process
// could not use when its own holders were added.
func (c *Counter) heldElsewhere(id string, e *entry) bool {
	if !e.local {
		return false
	}
	status, err := c.shared.inspect(id)
	return err == nil && status.held
}

// Release removes one holder and reports whether the caller must stop the link.
// If so, EndStop has to follow.
func (c *Counter) Release(id string) (stop bool) {
	e := c.removeHolder(id)
	switch {
	case e == nil:
		return false
	case e.claimed:
		e.claimed, e.stopping = false, true
		return true
	}
	if e.file.upgrade() && c.decideStop(id, e) {
		e.stopping = true
		return true
	}
	c.leave(id, e)
	return false
}

// removeHolder removes one holder, and returns the entry if it was the last
// one.
func (c *Counter) removeHolder(id string) *entry {
	e := c.entries[id]
	if e == nil || e.holders == 0 {
		return nil
	}
	if e.holders == 1 && e.startsLink {
		c.abandonStart(id)
	}
	e.holders--
	if e.holders > 0 {
		return nil
	}
	e.counted = false
	return e
}

// Forget removes one holder whose link did not come up, was lost, or was
// stopped.
func (c *Counter) Forget(id string) {
	if e := c.removeHolder(id); e != nil {
		c.leave(id, e)
	}
}

// leave releases the file after the last holder, if nothing is left to record.
func (c *Counter) leave(id string, e *entry) {
	if e.claimed && !e.stopping { // the claim was not used
		e.file.unlockStop()
	}
	e.claimed = false
	if e.stopping {
		e.file.unlock()
		return // until EndStop
	}
	if e.file.upgrade() {
		if !e.file.stopLocked() { // otherwise EndStop of the stopping process does it
			e.file.remove()
		}
	}
	c.closeEntry(id, e)
}

func (c *Counter) closeEntry(id string, e *entry) {
	e.file.close()
	delete(c.entries, id)
}
