// Starts: which holder is about to bring a link up, and whether the link is theirs.

package lease

// markStarting records that a holder is about to start the link.
func (c *Counter) markStarting(e *entry) {
	r, err := e.file.read()
	if err == nil && !r.state.startedByHolder() {
		e.claimsStart = true
		r.state = starting
		err = e.file.write(r, stateField)
	}
	c.logError(err)
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
	c.updateState(id, func(now state) state {
		if now.startedByHolder() {
			return system
		}
		return now
	})
}

// StartAnswered ends the start of a link by a holder here. joined means that the
// start changed nothing, because another process had brought the link up
// before. The link then belongs to the system, unless that process was another
// holder, whose own record of the start stays.
func (c *Counter) StartAnswered(id string, joined bool) {
	claims := c.endStart(id)
	c.updateState(id, func(now state) state {
		switch {
		case !joined:
			return started
		case claims && now == starting:
			return system
		}
		return now
	})
}

// StartFailed is the end of a start that has changed nothing.
func (c *Counter) StartFailed(id string) { c.endStart(id) }

// abandonStart assigns the link to the holders before the last holder here leaves,
// because the answer to the start will come too late for the record.
func (c *Counter) abandonStart(id string) {
	c.endStart(id)
	c.updateState(id, func(now state) state {
		if now == starting {
			return started
		}
		return now
	})
}

// endStart ends the start by a holder here, and reports whether the record says
// "starting" because of that holder.
func (c *Counter) endStart(id string) (claims bool) {
	if e := c.entries[id]; e != nil {
		claims, e.claimsStart, e.startsLink = e.claimsStart, false, false
	}
	return claims
}

// updateState changes the state of a link that is held here.
func (c *Counter) updateState(id string, next func(state) state) {
	e := c.entries[id]
	if e == nil || e.holders == 0 {
		return
	}
	r, err := e.file.read()
	if now := next(r.state); err == nil && now != r.state {
		r.state = now
		err = e.file.write(r, stateField)
	}
	c.logError(err)
}
