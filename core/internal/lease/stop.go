package lease

// Halt says that the link is about to be stopped, whoever holds it: Settled has
// to follow. Holders in other processes learn of it.
func (c *Counter) Halt(id string) {
	c.Reserve(id) // so that nobody removes the record meanwhile
	h := c.held[id]
	if !h.halting && h.slot.halt() {
		h.halting = true
		c.must(c.announce(id, h))
	}
	if h.holders--; h.holders == 0 {
		c.vacate(id, h)
	}
}

// announce makes the record tell of a stop.
func (c *Counter) announce(id string, h *holding) error {
	r, err := h.slot.read()
	if err != nil {
		return err
	}
	r.stops++
	r.when, h.stops = c.now(), r.stops
	c.stopped[id] = r.when
	err = h.slot.write(r, itsStops, itsTime)
	h.slot.signal()
	return err
}

// Settled says that the stop which Release, Halt or Adopt was followed by is
// over, carried out or not.
func (c *Counter) Settled(id string, done bool) {
	h := c.held[id]
	if h == nil || !h.halting {
		return
	}
	h.halting = false
	r, err := h.slot.read()
	if err == nil && done {
		r.when = c.now()
		c.stopped[id] = r.when
		c.must(h.slot.write(r, itsTime))
	}
	if h.holders > 0 {
		h.slot.resume()
		return
	}
	if h.slot.alone() {
		if err == nil && done {
			r.state = stopped
			c.must(h.slot.write(r, itsState))
		} else {
			h.slot.remove() // it stays up, and is the system's
		}
	}
	c.drop(id, h)
}
