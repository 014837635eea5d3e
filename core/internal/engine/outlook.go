package engine

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
)

// Outlook is what can be said of the machine's networks as a whole.
type Outlook struct {
	// Online: something Active carries a default route.
	Online bool
	// Reach is that of the access point that gets furthest.
	Reach bearer.Reach
	// Portal: the default access point leads to a captive portal. Of a tunnel it
	// is the link under it that counts, as for what follows.
	Portal bool
	// Transport and Metered are those of the default access point, if it is up.
	Transport bearer.Transport
	Metered   bool
}

// Outlook is as it is now.
func (e *Engine) Outlook() Outlook {
	e.board.mu.RLock()
	defer e.board.mu.RUnlock()
	return e.board.outlook()
}

// prospects counts access points by what they contribute to the outlook.
type prospects struct {
	online int
	reach  [bearer.Reaches]int
}

// count takes an access point in (by +1) or out (by -1).
func (p *prospects) count(c *bearer.Configuration, by int) {
	if c == nil {
		return
	}
	if c.Online() {
		p.online += by
	}
	p.reach[c.Reachable()] += by
}

func (p *prospects) furthest() bearer.Reach {
	for r := bearer.ReachOnline; r > bearer.ReachNone; r-- {
		if p.reach[r] > 0 {
			return r
		}
	}
	return bearer.ReachNone
}

// outlook follows from the counts and the best-ranked access point. The board
// is locked.
func (b *board) outlook() Outlook {
	o := Outlook{Online: b.prospects.online > 0, Reach: b.prospects.furthest()}
	best := b.presentable()
	if best == nil || !best.Active {
		return o
	}
	c := b.registry.Get(best.ID)
	if under := b.base(c); under != nil {
		c = under
	}
	o.Portal, o.Transport = c.Portal, c.Bearer.Transport()
	o.Metered = policiesOf(c)&session.NoBackgroundTraffic != 0
	return o
}
