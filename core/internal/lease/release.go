package lease

// Claim reports whether the release that follows will stop the link. If so, no
// other process comes before it.
func (c *Counter) Claim(id string) bool {
	h := c.held[id]
	if h == nil || h.holders != 1 {
		return false
	}
	h.claimed = h.claimed || h.slot.alone() && c.last(id, h)
	return h.claimed
}

// last decides for a process that is alone in a slot whether it has to stop the
// link, and says so to others if it has. It leaves the slot, or joins it again.
func (c *Counter) last(id string, h *holding) bool {
	r, err := h.slot.read()
	if err != nil || !(r.byHolders(c.now()) || c.literal) || c.heldElsewhere(id, h) || !(h.halting || h.slot.halt()) {
		h.slot.join()
		return false
	}
	c.stopAlone(id, h, r)
	return true
}

// stopAlone makes the record say that the link is being stopped, and leaves the
// slot, in which this process was alone.
func (c *Counter) stopAlone(id string, h *holding, r record) {
	r.state, r.when = stopping, c.now()
	c.stopped[id] = r.when
	c.must(h.slot.write(r, itsTime, itsState))
	h.slot.leave()
}

// heldElsewhere looks for holders in a slot that could not be used when the
// holders here came.
func (c *Counter) heldElsewhere(id string, h *holding) bool {
	if !h.owned {
		return false
	}
	seen, err := c.shared.look(id)
	return err == nil && seen.held
}

// Release takes one holder away and reports whether the link must be stopped:
// Settled has to follow then.
func (c *Counter) Release(id string) (stop bool) {
	h := c.gone(id)
	switch {
	case h == nil:
		return false
	case h.claimed:
		h.claimed, h.halting = false, true
		return true
	}
	if h.slot.yield() && c.last(id, h) {
		h.halting = true
		return true
	}
	c.vacate(id, h)
	return false
}

// gone takes one holder away, and returns what is left to do for the last one.
func (c *Counter) gone(id string) *holding {
	h := c.held[id]
	if h == nil || h.holders == 0 {
		return nil
	}
	h.holders--
	if h.holders > 0 {
		return nil
	}
	h.counted = false
	return h
}

// Forget takes one holder away whose link did not come up, was lost, or was stopped.
func (c *Counter) Forget(id string) {
	if h := c.gone(id); h != nil {
		c.vacate(id, h)
	}
}

// vacate leaves a slot, in which nothing is left to remember.
func (c *Counter) vacate(id string, h *holding) {
	if h.claimed && !h.halting { // for nothing
		h.slot.resume()
	}
	h.claimed = false
	if h.halting {
		h.slot.leave()
		return // until Settled
	}
	if h.slot.yield() {
		if !h.slot.halted() { // else who stops it will settle it
			h.slot.remove()
		}
	}
	c.drop(id, h)
}

func (c *Counter) drop(id string, h *holding) {
	h.slot.close()
	delete(c.held, id)
}
