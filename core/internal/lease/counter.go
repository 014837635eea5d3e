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
	claims  bool   // the record says "starting" because of a holder here
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
	c.enter(id, h, func(r record) state { return r.state })
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
	first := c.enter(id, h, func(r record) state { return r.first(up, c.now()) })
	if !first && !up {
		c.startedHere(h)
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

// enter makes this process a holder in the slot, and reports whether it is the
// first: then the record is in the state that revise makes of what it was. No
// process is in a slot without a record.
func (c *Counter) enter(id string, h *holding, revise func(record) state) (first bool) {
	for try := 0; ; try++ {
		if h.slot.alone() {
			if err := c.begin(id, h, revise); err != nil {
				h.slot.remove()
				c.disown(id, h, err)
				continue
			}
			h.slot.join()
			return true
		}
		if h.slot.join() {
			r, _ := h.slot.read()
			h.stops = r.stops
			return false
		}
		if !c.pause(try) {
			c.disown(id, h, errFrozen)
		}
	}
}

// begin makes or revises the record of a slot that this process is alone in.
func (c *Counter) begin(id string, h *holding, revise func(record) state) error {
	r, err := c.found(id, h)
	h.stops = r.stops
	if now := revise(r); err == nil && now != r.state {
		h.claims = now == starting
		r.state = now
		err = h.slot.write(r, itsState)
	}
	return err
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
	if err == nil && !r.state.begun() {
		h.claims = true
		r.state = starting
		err = h.slot.write(r, itsState)
	}
	c.must(err)
}

// Started reports whether holders have started a link that is held here.
func (c *Counter) Started(id string) bool {
	h := c.held[id]
	if h == nil || h.holders == 0 {
		return false
	}
	r, err := h.slot.read()
	return err == nil && r.state.begun()
}

// Disown notes that a link which is held here is not up because of a holder any more:
// somebody else has brought it up anew.
func (c *Counter) Disown(id string) {
	c.revise(id, func(now state) state {
		if now.begun() {
			return system
		}
		return now
	})
}

// Answered is the end of a start that a holder here was about. One that has joined
// has changed nothing, because somebody else had brought the link up before: unless
// that was another holder, whose own claim or answer says so, it is the system's.
func (c *Counter) Answered(id string, joined bool) {
	claims := false
	if h := c.held[id]; h != nil {
		claims, h.claims = h.claims, false
	}
	c.revise(id, func(now state) state {
		switch {
		case !joined:
			return started
		case claims && now == starting:
			return system
		}
		return now
	})
}

// revise changes the state of a link that is held here.
func (c *Counter) revise(id string, next func(state) state) {
	h := c.held[id]
	if h == nil || h.holders == 0 {
		return
	}
	r, err := h.slot.read()
	if now := next(r.state); err == nil && now != r.state {
		r.state = now
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
