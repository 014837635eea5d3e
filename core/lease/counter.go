package lease

import (
	"errors"
	"fmt"
	"time"
)

// freshness is how long the picture of a process may lag behind a link that was
// stopped by another.
const freshness = 2 * time.Second

// Counter counts the holders of configurations: the sessions of this process by
// itself, and those of all other processes by meeting them in slots. It is not
// safe for concurrent use; the engine's loop owns it.
//
// A link that was up, or on its way, when its first holder came belongs to the
// system and is never taken down by a release. A link that a holder started
// goes down with its last holder.
type Counter struct {
	literal bool
	shared  place   // nil: this process only
	own     *memory // for what cannot be shared
	log     func(string)
	now     func() time.Time
	pause   func(try int) bool // waits a moment for a slot; false: long enough

	held    map[string]*holding
	stopped map[string]time.Time // links that were stopped from here, until Tidy
}

// holding is what this process has to do with a configuration. It lasts while
// there are holders here, or the link is being stopped from here.
type holding struct {
	slot    slot
	owned   bool   // the slot is of own, because the shared one cannot be used
	holders int    // reservations among them
	counted bool   // the record knows of the holders
	stops   uint32 // the record's, as far as the holders here know of it
	halting bool   // this process is stopping the link
	claimed bool   // for the last holder, which has not gone yet
}

// NewCounter returns a counter without holders. Literal restores the rule of Qt's
// documentation: the last release stops the link whoever started it. Without a
// directory only the holders of this process are counted. Log is told what goes
// wrong; it may be nil.
func NewCounter(literal bool, d *Directory, log func(string)) *Counter {
	c := &Counter{
		literal: literal, own: newMemory(), log: log,
		now: time.Now, pause: pause, held: make(map[string]*holding), stopped: make(map[string]time.Time),
	}
	if d != nil {
		c.shared = d
	}
	if log == nil {
		c.log = func(string) {}
	}
	return c
}

// pauses are how long a process waits for another that is alone in a slot, which
// takes microseconds unless that one is not running. The loop waits meanwhile.
const (
	pauses     = 40
	firstPause = 20 * time.Microsecond
	longPause  = time.Millisecond
)

func pause(try int) bool {
	if try >= pauses {
		return false
	}
	d := firstPause << uint(try)
	if try > 5 {
		d = longPause
	}
	time.Sleep(d)
	return true
}

// Close gives everything up, as the end of the process would.
func (c *Counter) Close() {
	for id, h := range c.held {
		h.slot.close()
		delete(c.held, id)
	}
}

// Holders is the number of holders in this process.
func (c *Counter) Holders(id string) int {
	if h := c.held[id]; h != nil {
		return h.holders
	}
	return 0
}

// Reserve adds a holder before it is known whether it will be one: from here to
// the Release of the reservation no other process takes the link down, unless
// Blocked reports it.
func (c *Counter) Reserve(id string) {
	h := c.holding(id)
	h.holders++
	if h.counted {
		return
	}
	for try := 0; !h.slot.join(); try++ {
		if !c.pause(try) {
			c.disown(id, h, errFrozen)
		}
	}
}

var errFrozen = errors.New("another process has it locked, and does not go on")

// Acquire adds a holder. up says whether the link was up or on its way before;
// if not, the holder is about to start it.
func (c *Counter) Acquire(id string, up bool) {
	h := c.holding(id)
	h.holders++
	if h.counted {
		if !up {
			c.startedHere(h)
		}
		return
	}
	if !c.enter(id, h, up) {
		c.disown(id, h, errFrozen)
		c.enter(id, h, up)
	}
	h.counted = true
}

// holding finds or makes the one of a configuration.
func (c *Counter) holding(id string) *holding {
	if h := c.held[id]; h != nil {
		return h
	}
	h := &holding{}
	c.held[id] = h
	if c.shared == nil {
		h.slot, _ = c.own.open(id, true)
		return h
	}
	var err error
	if h.slot, err = c.shared.open(id, true); err != nil {
		c.disown(id, h, err)
	}
	return h
}

// disown leaves it to this process alone to count the holders of a configuration
// whose slot cannot be used.
func (c *Counter) disown(id string, h *holding, why error) {
	c.log(fmt.Sprintf("Sessions of other processes on %s are not counted: %v.", id, why))
	if h.slot != nil {
		h.slot.close()
	}
	h.owned, h.halting = true, false
	h.slot, _ = c.own.open(id, true)
}

// enter makes this process a holder in the slot. It fails if another is alone in
// it for too long.
func (c *Counter) enter(id string, h *holding, up bool) bool {
	for try := 0; ; try++ {
		if h.slot.alone() {
			r, err := c.found(id, h)
			r.state = r.first(up, c.now())
			h.stops = r.stops
			if err == nil {
				err = h.slot.write(r, itsState)
			}
			if err != nil {
				h.slot.remove()
				c.disown(id, h, err)
				return c.enter(id, h, up)
			}
			return h.slot.join()
		}
		if h.slot.join() {
			r, _ := h.slot.read()
			h.stops = r.stops
			if !up {
				c.startedHere(h)
			}
			return true
		}
		if !c.pause(try) {
			return false
		}
	}
}

// found is the record of a slot that this process is alone in, made where there
// is none.
func (c *Counter) found(id string, h *holding) (record, error) {
	r, err := h.slot.read()
	if err == nil {
		return r, nil
	}
	r = record{state: system, id: id}
	return r, h.slot.write(r, whole)
}

// startedHere notes that a holder is about to start the link.
func (c *Counter) startedHere(h *holding) {
	r, err := h.slot.read()
	if err == nil && r.state != started {
		r.state = started
		err = h.slot.write(r, itsState)
	}
	c.must(err)
}

// must tells of an error that changes nothing for the holders here.
func (c *Counter) must(err error) {
	if err != nil {
		c.log(fmt.Sprintf("Other processes may not learn what was done to a link: %v.", err))
	}
}

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
	c.stopAlone(h, r)
	return true
}

// stopAlone makes the record say that the link is being stopped, and leaves the
// slot, in which this process was alone.
func (c *Counter) stopAlone(h *holding, r record) {
	r.state, r.when = stopping, c.now()
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
	c.vacate(id, h, "")
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

// Lose takes one holder away whose link was lost: there is nothing to stop,
// but who started the link is remembered for when it comes back.
func (c *Counter) Lose(id string) {
	if h := c.gone(id); h != nil {
		c.vacate(id, h, lost)
	}
}

// Forget takes one holder away whose link did not come up, or was stopped.
func (c *Counter) Forget(id string) {
	if h := c.gone(id); h != nil {
		c.vacate(id, h, "")
	}
}

// vacate leaves a slot, with a record in it where there is something to remember.
func (c *Counter) vacate(id string, h *holding, remember state) {
	if h.claimed && !h.halting { // for nothing
		h.slot.resume()
	}
	h.claimed = false
	if h.halting {
		h.slot.leave()
		return // until Settled
	}
	if h.slot.yield() {
		r, err := h.slot.read()
		switch {
		case h.slot.halted():
			// Who stops it will settle it.
		case err == nil && remember != "" && r.byHolders(c.now()):
			r.state = remember
			c.must(h.slot.write(r, itsState))
		default:
			h.slot.remove()
		}
	}
	c.drop(id, h)
}

func (c *Counter) drop(id string, h *holding) {
	h.slot.close()
	delete(c.held, id)
}

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
		c.vacate(id, h, "")
	}
}

// announce makes the record tell of a stop.
func (c *Counter) announce(id string, h *holding) error {
	r, err := h.slot.read()
	if err != nil && h.slot.alone() {
		r, err = c.found(id, h)
		h.slot.join()
	}
	if err != nil {
		return err
	}
	r.stops++
	r.when, h.stops = c.now(), r.stops
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

// Blocked looks what other processes do to a link that is up in the picture of
// this one, or is not, since a time. wait: one is stopping it, or has just stopped
// it, which the picture does not show yet. doubt: one has just stopped it, and the
// picture may be behind.
func (c *Counter) Blocked(id string, up bool, since time.Time) (wait, doubt bool) {
	seen, known := c.sight(id)
	if !known {
		return false, false
	}
	age := c.now().Sub(seen.record.when)
	doubt = age >= 0 && age < freshness && !seen.record.when.Equal(c.stopped[id])
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

// Rising reports whether another process holds a link that it has started.
func (c *Counter) Rising(id string) bool {
	if c.held[id] != nil || c.shared == nil {
		return false
	}
	seen, err := c.shared.look(id)
	return err == nil && seen.held && seen.record.state == started
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
	return !s.held && !s.halted && (s.record.state == started || s.record.state == stopping)
}

// Adopt claims an orphaned link, in order to stop it: Settled has to follow. It
// reports false if somebody else was faster.
func (c *Counter) Adopt(id string) bool {
	h := c.vacant(id)
	if h == nil {
		return false
	}
	r, err := h.slot.read()
	if err != nil || r.state != started && r.state != stopping || !h.slot.halt() {
		h.slot.close()
		return false
	}
	c.stopAlone(h, r)
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
