// Grace after a loss. Sessions roam at once, but give up late: a configuration that has
// lost its carrier, its address or its default route, and may have it back in a moment,
// is reported as before, with Faltering set for sessions that can move to another one.

package merged

import (
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

// gracePeriods are the times that visible waits for a recovery.
type gracePeriods struct {
	// cable is for links without a radio: a plug that flaps, an address that is
	// replaced. networkd takes 26 ms for the latter, udhcpc some hundred; and
	// the kernel itself reports a restored carrier up to a second late
	// (linkwatch).
	cable time.Duration
	// radio is for links with a radio, which take up to five seconds to
	// associate with another access point of the same network.
	radio time.Duration
	// daemon is for the restart of a daemon.
	daemon time.Duration
}

var defaultGrace = gracePeriods{cable: 1500 * time.Millisecond, radio: 5 * time.Second, daemon: 5 * time.Second}

func (p *gracePeriods) of(c *bearer.Configuration) time.Duration {
	switch b := c.Bearer.Family(); {
	case c.Role == bearer.Tunnel: // may run over a radio
		return p.radio
	case b == bearer.BearerEthernet || b == bearer.BearerUnknown:
		return p.cable
	}
	return p.radio
}

// graceTimer bounds how long a configuration may be held. Backend.mu guards it.
type graceTimer struct {
	timer   *time.Timer
	expired bool
}

// visible returns the configuration with an identifier in the form to report;
// the result is false if it is not. A loss is held back during the grace.
func (b *Backend) visible(id string) (bearer.Configuration, bool) {
	now, ok := b.current(id)
	was, known := b.reported[id]
	if !ok || !known {
		b.stopGrace(id)
		return now.Configuration, ok
	}
	now.Metered = meteredOf(&was, &now.Configuration)
	held, waits := held(&was, &now, b.kernel.preferred > 0)
	if !waits {
		b.stopGrace(id)
		return now.Configuration, true
	}
	if now.outage {
		b.stopGrace(id) // the outage has its own timer
		return held, true
	}
	g := b.graceTimers[id]
	if g == nil {
		g = new(graceTimer)
		g.timer = time.AfterFunc(b.grace.of(&now.Configuration), func() { b.graceExpired(id, g) })
		b.graceTimers[id] = g
	}
	if g.expired {
		return now.Configuration, true
	}
	return held, true
}

// held returns the configuration to report while it may recover; waits reports whether
// it may. It may not if the configuration was removed or set down, or if the daemon itself has
// given it up. elsewhere says that packets
// leave by another link now.
func held(was *bearer.Configuration, now *mergedConfiguration, elsewhere bool) (held bearer.Configuration, waits bool) {
	held = now.Configuration
	switch {
	case now.notUsable && was.Starting():
		held.State, held.Progress = was.State, was.Progress
		return held, true
	case !now.Up && !now.outage || was.Index != 0 && was.Index != now.linkIndex:
		return held, false
	case was.State == bearer.Active && now.State != bearer.Active:
		held.State, held.Progress = was.State, was.Progress
		held.Index, held.Addresses = was.Index, was.Addresses
		held.Reach, held.Portal, held.Strength = was.Reach, was.Portal, was.Strength
		held.Metered, held.Abroad, held.Activation = was.Metered, was.Abroad, was.Activation
	case was.State == bearer.Active && was.DefaultRoute && !now.DefaultRoute:
	case was.State == bearer.Active && was.Preferred && !now.Preferred && !elsewhere:
	case now.noAddress && was.State != now.State:
		held.State, held.Progress = was.State, was.Progress
		return held, true
	default:
		return held, false
	}
	held.DefaultRoute, held.Metric, held.Preferred = was.DefaultRoute, was.Metric, was.Preferred
	held.Faltering = true
	return held, true
}

// meteredOf keeps the earlier value while a restarted daemon does not know it
// yet: a daemon determines it last, after it reports the network as up.
func meteredOf(was, now *bearer.Configuration) bearer.Metered {
	if now.Metered == bearer.MeteredUnknown && now.State == bearer.Active && was.State == bearer.Active {
		return was.Metered
	}
	return now.Metered
}

// graceExpired reports the loss after the grace.
func (b *Backend) graceExpired(id string, g *graceTimer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.graceTimers[id] != g {
		return
	}
	g.expired = true
	changes := newChangeSet()
	changes.id(id)
	b.reportChanges(changes, "")
}

func (b *Backend) stopGrace(id string) {
	if g := b.graceTimers[id]; g != nil {
		g.timer.Stop()
		delete(b.graceTimers, id)
	}
}

// stopTimers stops all timers at the end of Run.
func (b *Backend) stopTimers() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopFirstTimers()
	for id := range b.graceTimers {
		b.stopGrace(id)
	}
	for _, s := range b.states {
		s.cancelOutage()
	}
}
