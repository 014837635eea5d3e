package merged

import "github.com/netsession/netsession/core/internal/bearer"

// view is a configuration as it is, with nothing held back.
type view struct {
	bearer.Configuration
	// bare: a daemon's word that it is Active stands against the kernel's that its
	// link has no address. Somebody may have taken it away, and a daemon that was
	// started again may take over what it was about to do.
	bare bool
	// early: a daemon's word that it is Active stands against the kernel's that its
	// link is not usable. It may be the faster of the two: a tunnel has its carrier
	// most of a second after ConnMan calls it ready.
	early bool
	// away: the daemon is being started again, and may be what has set its link down.
	away bool
	// index is that of the link behind it, 0 where there is none.
	index int
}

// look is the configuration with an identifier, if it is to be shown.
func (b *Backend) look(id string) (v view, ok bool) {
	for i, s := range b.sources {
		if c, known := s.configs[id]; known && b.speaks(i, c.Interface) {
			v := join(c, b.linkOf(c.Interface))
			v.away = s.absence != nil && b.daemons[i].Resets
			if s.absence != nil {
				v.Activation = "" // it counts anew when it is back
			}
			return v, true
		}
	}
	c, known := b.kernel.configs[id]
	if !known || b.speaker(c.Interface) >= 0 {
		return view{}, false
	}
	c.Unmanaged = b.presence() != 0
	return view{Configuration: c, index: c.Index}, true
}

// linkOf is the kernel's configuration of an interface, or nil.
func (b *Backend) linkOf(name string) *bearer.Configuration {
	if c, ok := b.kernel.configs[b.kernel.only(name)]; ok {
		return &c
	}
	return nil
}

// join puts the kernel's facts about a link into the configuration that a
// daemon has on it. The kernel knows first when a carrier is lost, and that
// somebody else has set the link down: daemons do not set it up again.
func join(c bearer.Configuration, link *bearer.Configuration) view {
	v := view{}
	optional := c.AddressOptional
	if c.WholeLink && c.State == bearer.Defined && link != nil && link.State == bearer.Active {
		// The daemon has not noticed what others have set up: NetworkManager does not
		// where a tunnel gets its address before it is up.
		c.State, c.Progress, c.Obstacle = bearer.Active, bearer.Settled, ""
	}
	c.AddressOptional, c.WholeLink = false, false
	if link != nil {
		v.index = link.Index
		c.Lower = link.Lower
		if link.Role == bearer.Tunnel {
			c.Role, c.Purpose = link.Role, link.Purpose
		}
	}
	switch {
	case c.State != bearer.Active:
		c = idle(c, link)
	case c.Interface == "":
	case link == nil || !link.Up:
		c.State, c.Progress = bearer.Defined, bearer.Settled
		v.early = true
	case link.State == bearer.Defined:
		c.State, c.Progress, c.Up = bearer.Defined, bearer.Settled, true
		v.early = true
	case link.State == bearer.Discovered && !optional:
		c.State, c.Progress, c.Up = bearer.Discovered, bearer.Settled, true
		v.bare, v.early = true, true
	default:
		c.Index, c.Addresses, c.Up = link.Index, link.Addresses, true
		c.DefaultRoute, c.Metric, c.Preferred = link.DefaultRoute, link.Metric, link.Preferred
	}
	v.Configuration = c
	return v
}

// idle is join for a configuration that is not in use. One that a daemon would open
// may need a cable first, and one that it takes down may have lost it; other
// technologies have a carrier only once they are open. One that is on its way has not
// been given up: a daemon takes it over that was started again, or starts it anew.
func idle(c bearer.Configuration, link *bearer.Configuration) bearer.Configuration {
	switch {
	case link == nil || !link.Up || c.State != bearer.Discovered:
	case c.Progress == bearer.Connecting:
		c.Up = true
	case c.Bearer == bearer.BearerEthernet && link.State == bearer.Defined:
		c.State, c.Progress = bearer.Defined, bearer.Settled
	}
	return c
}
