package lease

import "time"

// Blocked looks what other processes do to a link that is up in the picture of
// this one, or is not, since a time. wait: one is stopping it, or has just stopped
// it, which the picture does not show yet. doubt: one has just stopped it, and the
// picture may be behind.
func (c *Counter) Blocked(id string, up bool, since time.Time) (wait, doubt bool) {
	seen, known := c.sight(id)
	if !known {
		return false, false
	}
	doubt = c.fresh(id, &seen.record)
	return seen.halted || doubt && up && since.Before(seen.record.when), doubt
}

// sight is what is to be seen of a slot, by the access to it that is open.
func (c *Counter) sight(id string) (sight, bool) {
	h := c.held[id]
	switch {
	case h != nil && h.halting:
		return sight{}, false
	case h != nil:
		r, _ := h.slot.read()
		return sight{record: r, halted: h.slot.halted()}, true
	case c.shared == nil:
		return sight{}, false
	}
	seen, err := c.shared.look(id)
	return seen, err == nil
}

// Aborted reports, once, that another process has stopped a link that this one
// holds.
func (c *Counter) Aborted(id string) bool {
	h := c.held[id]
	if h == nil || h.holders == 0 {
		return false
	}
	r, err := h.slot.read()
	if err != nil || r.stops == h.stops {
		return false
	}
	h.stops = r.stops
	return true
}

// Moving reports whether another process holds a link that it has started, or is
// stopping one, or has just stopped it: either way its being out of reach is a
// matter of a moment.
func (c *Counter) Moving(id string) bool {
	if c.held[id] != nil || c.shared == nil {
		return false
	}
	seen, err := c.shared.look(id)
	return err == nil && (seen.halted || seen.held && seen.record.state.begun() || c.fresh(id, &seen.record))
}

// fresh reports whether another process has just stopped a link, so that the picture
// of this one may be behind.
func (c *Counter) fresh(id string, r *record) bool {
	age := c.now().Sub(r.when)
	return age >= 0 && age < freshness && !r.when.Equal(c.stopped[id])
}

// Orphaned reports whether a link was left behind by holders that are gone: they
// started it, and did not stop it.
func (c *Counter) Orphaned(id string) bool {
	if c.held[id] != nil || c.shared == nil {
		return false
	}
	seen, err := c.shared.look(id)
	return err == nil && seen.orphan()
}

func (s *sight) orphan() bool {
	return !s.held && !s.halted && (s.record.state.begun() || s.record.state == stopping)
}

// Adopt claims an orphaned link, in order to stop it: Settled has to follow. It
// reports false if somebody else was faster.
func (c *Counter) Adopt(id string) bool {
	h := c.vacant(id)
	if h == nil {
		return false
	}
	r, err := h.slot.read()
	if err != nil || !r.state.begun() && r.state != stopping || !h.slot.halt() {
		h.slot.close()
		return false
	}
	c.stopAlone(id, h, r)
	h.halting = true
	c.held[id] = h
	return true
}

// vacant opens a shared slot that nobody is in, and is alone in it.
func (c *Counter) vacant(id string) *holding {
	if c.held[id] != nil || c.shared == nil {
		return nil
	}
	s, err := c.shared.open(id, false)
	if err != nil {
		return nil
	}
	if s.alone() && !s.halted() {
		return &holding{slot: s}
	}
	s.close()
	return nil
}

// Remove forgets what is remembered of a configuration that nobody holds: it does
// not exist any more, or what was remembered has lost its meaning.
func (c *Counter) Remove(id string) {
	if s, err := c.own.open(id, false); err == nil && c.held[id] == nil {
		s.remove()
	}
	if h := c.vacant(id); h != nil {
		h.slot.remove()
		h.slot.close()
	}
}

// Tidy removes what Settled has left for a while, unless it is of use again.
func (c *Counter) Tidy(id string) {
	delete(c.stopped, id)
	h := c.vacant(id)
	if h == nil {
		return
	}
	if r, err := h.slot.read(); err != nil || r.spent(c.now()) {
		h.slot.remove()
	}
	h.slot.close()
}

// spent reports whether a record means nothing for a link that nobody holds.
func (r *record) spent(now time.Time) bool {
	age := now.Sub(r.when)
	return r.state == system || r.state == stopped && (age < 0 || age >= freshness)
}
