// Package lease counts the sessions that are open on each configuration, and
// knows which links were started by sessions and which the system held before.
package lease

// Counter counts the holders of configurations. It is not safe for concurrent
// use; the engine's loop owns it.
//
// A link that was up, or on its way, when its first holder came belongs to the
// system and is never taken down by a release. A link that a holder started
// goes down with its last holder.
type Counter struct {
	// Literal restores the rule of Qt's documentation: the last release stops
	// the link whoever started it.
	Literal bool

	held map[string]*holding
}

type holding struct {
	holders int
	started bool // by a holder, not by the system
}

// NewCounter returns a counter without holders.
func NewCounter(literal bool) *Counter {
	return &Counter{Literal: literal, held: make(map[string]*holding)}
}

// Acquire adds a holder. up says whether the link was up or on its way before.
func (c *Counter) Acquire(id string, up bool) {
	h := c.held[id]
	if h == nil {
		h = &holding{started: !up}
		c.held[id] = h
	}
	h.holders++
}

// Release takes one holder away and reports whether the link must be stopped.
func (c *Counter) Release(id string) (stop bool) {
	stop = c.Last(id)
	c.leave(id, false)
	return stop
}

// Lose takes one holder away whose link was lost: there is nothing to stop,
// but who started the link is remembered for when it comes back.
func (c *Counter) Lose(id string) { c.leave(id, true) }

// Forget takes one holder away whose link did not come up, or was stopped.
func (c *Counter) Forget(id string) { c.leave(id, false) }

// Last reports whether Release would now stop the link.
func (c *Counter) Last(id string) bool {
	h := c.held[id]
	return h != nil && h.holders == 1 && (h.started || c.Literal)
}

// Holders is the number of holders.
func (c *Counter) Holders(id string) int {
	if h := c.held[id]; h != nil {
		return h.holders
	}
	return 0
}

// Remove forgets a configuration that does not exist any more.
func (c *Counter) Remove(id string) {
	if h := c.held[id]; h != nil && h.holders == 0 {
		delete(c.held, id)
	}
}

func (c *Counter) leave(id string, remember bool) {
	h := c.held[id]
	if h == nil || h.holders == 0 {
		return
	}
	h.holders--
	if h.holders == 0 && !(remember && h.started) {
		delete(c.held, id)
	}
}
