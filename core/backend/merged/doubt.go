package merged

import (
	"time"

	"github.com/netsession/netsession/core/bearer"
)

// Grace is how long a daemon is believed that calls a configuration Active whose
// link has no address. Addresses are replaced, and daemons take them away before
// they say so; the kernel and a daemon are heard on two ways, of which either may
// be the faster.
const Grace = 500 * time.Millisecond

// phase is how far a configuration is.
type phase struct {
	state    bearer.State
	progress bearer.Progress
}

func phaseOf(c *bearer.Configuration) phase { return phase{c.State, c.Progress} }

// bare reports whether a daemon's word that a configuration is Active stands
// against the kernel's that its link has no address. Somebody may have taken it
// away, and a daemon that was started again may take over what it was about to do.
func bare(c, link *bearer.Configuration) bool {
	return c.State == bearer.Active && !c.AddressOptional &&
		link != nil && link.State == bearer.Discovered && link.Up
}

// doubt is about a configuration that is bare.
type doubt struct {
	timer  *time.Timer
	denied bool // the grace is over
}

// judge makes of a daemon's configuration on a link what is to be shown of it: one
// that is bare looks as before until the grace is over, and then as one that can
// be opened.
func (b *Backend) judge(c, link *bearer.Configuration) {
	isBare := bare(c, link)
	c.AddressOptional = false
	if !isBare {
		b.trust(c.ID)
		return
	}
	before, shown := b.shown[c.ID]
	if !shown {
		before.state = bearer.Discovered
	}
	c.State, c.Progress = before.state, before.progress
	if b.doubts[c.ID] == nil {
		b.doubt(c.ID)
	}
}

func (b *Backend) doubt(id string) {
	d := new(doubt)
	d.timer = time.AfterFunc(Grace, func() { b.deny(id, d) })
	b.doubts[id] = d
}

func (b *Backend) deny(id string, d *doubt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.doubts[id] == d {
		d.denied = true
		b.shown[id] = phase{state: bearer.Discovered}
		b.tell(&marks{ids: []string{id}}, "")
	}
}

// trust ends the doubt about a configuration.
func (b *Backend) trust(id string) {
	if d := b.doubts[id]; d != nil {
		d.timer.Stop()
		delete(b.doubts, id)
	}
}

func (b *Backend) trustAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.doubts {
		b.trust(id)
	}
}

// repair reports whether a daemon has to stop a configuration before it can start
// it, because it takes it for Active; it notes the stop.
func (b *Backend) repair(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.doubts[id]
	if d == nil || !d.denied {
		return false
	}
	b.repairing[id]++
	return true
}

// repaired reports whether an answer is that to a stop which nobody asked for.
func (b *Backend) repaired(id string) bool {
	n := b.repairing[id]
	switch {
	case n > 1:
		b.repairing[id]--
	case n == 1:
		delete(b.repairing, id)
	}
	return n > 0
}
