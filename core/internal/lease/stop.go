// Stops: netsession_stop of a link, even with other holders, and the end of every stop.

package lease

// BeginStop records that the link is about to be stopped, even if it has other
// holders. EndStop has to follow. Holders in other processes are notified.
func (c *Counter) BeginStop(id string) {
	c.Reserve(id) // so that no process removes the record meanwhile
	e := c.entries[id]
	if !e.stopping && e.file.lockStop() {
		e.stopping = true
		c.logError(c.recordStop(id, e))
	}
	if e.holders--; e.holders == 0 {
		c.leave(id, e)
	}
}

// recordStop writes a stop to the record.
func (c *Counter) recordStop(id string, e *entry) error {
	r, err := e.file.read()
	if err != nil {
		return err
	}
	r.stops++
	r.when, e.stops = c.now(), r.stops
	c.stopped[id] = r.when
	err = e.file.write(r, stopsField, timeField)
	e.file.notify()
	return err
}

// EndStop ends the stop that followed Release, BeginStop or Adopt. done says
// whether the link was stopped.
func (c *Counter) EndStop(id string, done bool) {
	e := c.entries[id]
	if e == nil || !e.stopping {
		return
	}
	e.stopping = false
	r, err := e.file.read()
	if err == nil && done {
		r.when = c.now()
		c.stopped[id] = r.when
		c.logError(e.file.write(r, timeField))
	}
	if e.holders > 0 {
		e.file.unlockStop()
		return
	}
	if e.file.lockExclusive() {
		if err == nil && done {
			r.state = stopped
			c.logError(e.file.write(r, stateField))
		} else {
			e.file.remove() // the link stays up and belongs to the system
		}
	}
	c.closeEntry(id, e)
}
