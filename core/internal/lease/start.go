// Starts: which holder is about to bring a link up, and whether the link is theirs.

package lease

// countStart records that a holder here is about to start the link.
func (c *Counter) countStart(e *entry) {
	r, err := e.file.read()
	if err != nil || r.state == started || e.startsLink {
		c.logError(err)
		return
	}
	if r.state != starting {
		r.state, r.starts = starting, 0
	}
	r.starts++
	e.startsLink = true
	c.logError(e.file.write(r, startsField, stateField))
}

// Started reports whether a holder has started a link that is held here.
func (c *Counter) Started(id string) bool {
	e := c.entries[id]
	if e == nil || e.holders == 0 {
		return false
	}
	r, err := e.file.read()
	return err == nil && r.state.startedByHolder()
}

// AssignToSystem records that a link which is held here is not up because of a
// holder any more: another process has brought it up again.
func (c *Counter) AssignToSystem(id string) {
	c.updateRecord(id, func(r *record) {
		if r.state.startedByHolder() {
			r.state = system
		}
	})
}

// StartAnswered ends the start of a link by a holder here. joined means that the
// start changed nothing, because the link was up already: it belongs to the system,
// unless another holder has started it, who has not been answered yet or was killed.
func (c *Counter) StartAnswered(id string, joined bool) {
	counted := c.endStart(id)
	c.updateRecord(id, func(r *record) {
		switch {
		case !joined:
			r.state = started
		case counted && r.state == starting:
			if r.starts -= min(r.starts, 1); r.starts == 0 {
				r.state = system
			}
		}
	})
}

// StartFailed is the end of a start that has changed nothing.
func (c *Counter) StartFailed(id string) {
	if c.endStart(id) {
		c.updateRecord(id, func(r *record) { r.starts -= min(r.starts, 1) })
	}
}

// abandonStart assigns the link to the holders before the last holder here leaves,
// because the answer to the start will come too late for the record.
func (c *Counter) abandonStart(id string) {
	c.endStart(id)
	c.updateRecord(id, func(r *record) {
		if r.state == starting {
			r.state = started
		}
	})
}

// endStart reports whether a start by a holder here was counted, which it is no more.
func (c *Counter) endStart(id string) (counted bool) {
	if e := c.entries[id]; e != nil {
		counted, e.startsLink = e.startsLink, false
	}
	return counted
}

// updateRecord changes the state and the starts of a link that is held here.
func (c *Counter) updateRecord(id string, change func(*record)) {
	e := c.entries[id]
	if e == nil || e.holders == 0 {
		return
	}
	r, err := e.file.read()
	before := r
	if change(&r); err == nil && r != before {
		err = e.file.write(r, startsField, stateField)
	}
	c.logError(err)
}
