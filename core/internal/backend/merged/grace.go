package merged

import (
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

// Moving is immediate, giving up is patient: what has lost its carrier, its address
// or its way out, and may have it back in a moment, is shown as it was, and marked
// as faltering for sessions that have somewhere else to go.

// patience says how long what may come back is waited for.
type patience struct {
	// cable is for links without a radio: a plug that flaps, an address that is
	// replaced. networkd takes 26 ms for that, udhcpc some hundred; and the kernel
	// itself tells of a carrier that is back up to a second late (linkwatch).
	cable time.Duration
	// radio is for those with one, which take up to five seconds to associate with
	// another access point of the same network.
	radio time.Duration
	// daemon is for a daemon that is started again.
	daemon time.Duration
}

var usual = patience{cable: 1500 * time.Millisecond, radio: 5 * time.Second, daemon: 5 * time.Second}

func (p *patience) of(c *bearer.Configuration) time.Duration {
	switch b := c.Bearer.Family(); {
	case c.Role == bearer.Tunnel: // over what, may change
		return p.radio
	case b == bearer.BearerEthernet || b == bearer.BearerUnknown:
		return p.cable
	}
	return p.radio
}

// grace is the time that a configuration has to come back.
type grace struct {
	timer *time.Timer
	over  bool
}

// show is the configuration with an identifier as it is to be shown, if it is.
func (b *Backend) show(id string) (bearer.Configuration, bool) {
	now, ok := b.look(id)
	was, known := b.shown[id]
	if !ok || !known {
		b.endGrace(id)
		return now.Configuration, ok
	}
	now.Metered = cost(&was, &now.Configuration)
	held, waits := hold(&was, &now, b.kernel.preferred > 0)
	if !waits {
		b.endGrace(id)
		return now.Configuration, true
	}
	if now.away {
		b.endGrace(id) // the daemon has its own
		return held, true
	}
	g := b.graces[id]
	if g == nil {
		g = new(grace)
		g.timer = time.AfterFunc(b.patience.of(&now.Configuration), func() { b.giveUp(id, g) })
		b.graces[id] = g
	}
	if g.over {
		return now.Configuration, true
	}
	return held, true
}

// hold is what is to be shown while a configuration may come back; waits reports
// whether it may. It may not where it is gone, was set down, or where the daemon
// itself has given it up. Packets that leave elsewhere now have another way.
func hold(was *bearer.Configuration, now *view, elsewhere bool) (held bearer.Configuration, waits bool) {
	held = now.Configuration
	switch {
	case now.early && was.Starting():
		held.State, held.Progress = was.State, was.Progress
		return held, true
	case !now.Up && !now.away || was.Index != 0 && was.Index != now.index:
		return held, false
	case was.State == bearer.Active && now.State != bearer.Active:
		held.State, held.Progress = was.State, was.Progress
		held.Index, held.Addresses = was.Index, was.Addresses
		held.Reach, held.Portal, held.Strength = was.Reach, was.Portal, was.Strength
		held.Metered, held.Abroad, held.Activation = was.Metered, was.Abroad, was.Activation
	case was.State == bearer.Active && was.DefaultRoute && !now.DefaultRoute:
	case was.State == bearer.Active && was.Preferred && !now.Preferred && !elsewhere:
	case now.bare && was.State != now.State:
		held.State, held.Progress = was.State, was.Progress
		return held, true
	default:
		return held, false
	}
	held.DefaultRoute, held.Metric, held.Preferred = was.DefaultRoute, was.Metric, was.Preferred
	held.Faltering = true
	return held, true
}

// cost is what traffic over a configuration costs. A daemon that was started again
// finds that out last, after it has called the network up.
func cost(was, now *bearer.Configuration) bearer.Metered {
	if now.Metered == bearer.MeteredUnknown && now.State == bearer.Active && was.State == bearer.Active {
		return was.Metered
	}
	return now.Metered
}

// giveUp is the end of a grace.
func (b *Backend) giveUp(id string, g *grace) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.graces[id] != g {
		return
	}
	g.over = true
	m := newMarks()
	m.id(id)
	b.tell(m, "")
}

func (b *Backend) endGrace(id string) {
	if g := b.graces[id]; g != nil {
		g.timer.Stop()
		delete(b.graces, id)
	}
}

// endGraces is for the end of Run.
func (b *Backend) endGraces() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopWaiting()
	for id := range b.graces {
		b.endGrace(id)
	}
	for _, s := range b.sources {
		s.stay()
	}
}
