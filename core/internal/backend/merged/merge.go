// Merging of a daemon's and the kernel's values for a configuration.
package merged

import "github.com/netsession/netsession/core/internal/bearer"

// mergedConfiguration is the current configuration, before any grace. Its flags say
// where the daemon and the kernel disagree.
type mergedConfiguration struct {
	bearer.Configuration
	// noAddress: the daemon says that the configuration is Active, the kernel
	// that its link has no address. Another process may have removed the
	// address, or a restarted daemon may have taken over an unfinished
	// activation.
	noAddress bool
	// notUsable: the daemon says that the configuration is Active, the kernel
	// that its link is not usable. The daemon may be faster: a tunnel gets its
	// carrier most of a second after ConnMan calls it ready.
	notUsable bool
	// outage: the daemon is restarting, and may be what has set its link down.
	outage bool
	// linkIndex is the index of the link; 0: none.
	linkIndex int
}

// current returns the configuration with an identifier; ok is false if it is
// not to be reported.
func (b *Backend) current(id string) (v mergedConfiguration, ok bool) {
	for i, s := range b.states {
		if c, known := s.configs[id]; known && b.isAuthoritative(i, c.Interface) {
			v := merge(c, b.linkOf(c.Interface))
			v.outage = s.outage != nil && b.daemons[i].Resets
			if s.outage != nil {
				v.Activation = "" // a restarted daemon numbers activations from the start
			}
			return v, true
		}
	}
	c, known := b.kernel.configs[id]
	if !known || b.managerOf(c.Interface) >= 0 {
		return mergedConfiguration{}, false
	}
	c.Unmanaged = b.presence() != 0
	return mergedConfiguration{Configuration: c, linkIndex: c.Index}, true
}

// linkOf is the kernel's configuration of an interface, or nil.
func (b *Backend) linkOf(name string) *bearer.Configuration {
	if c, ok := b.kernel.configs[b.kernel.single(name)]; ok {
		return &c
	}
	return nil
}

// merge adds the kernel's properties of a link to the configuration that a
// daemon has on it. The kernel is the first to know that a carrier is lost, and
// that another process has set the link down: daemons do not set it up again.
func merge(c bearer.Configuration, link *bearer.Configuration) mergedConfiguration {
	v := mergedConfiguration{}
	optional := c.AddressOptional
	if c.WholeLink && c.State == bearer.Defined && link != nil && link.State == bearer.Active {
		// The daemon has not noticed what other processes have set up: NetworkManager
		// does not if a tunnel gets its address before it is up.
		c.State, c.Progress, c.Obstacle = bearer.Active, bearer.Settled, ""
	}
	c.AddressOptional, c.WholeLink = false, false
	if link != nil {
		v.linkIndex = link.Index
		c.Lower = link.Lower
		if link.Role == bearer.Tunnel {
			c.Role, c.Purpose = link.Role, link.Purpose
		}
	}
	switch {
	case c.State != bearer.Active:
		c = mergeInactive(c, link)
	case c.Interface == "":
	case link == nil || !link.Up:
		c.State, c.Progress = bearer.Defined, bearer.Settled
		v.notUsable = true
	case link.State == bearer.Defined:
		c.State, c.Progress, c.Up = bearer.Defined, bearer.Settled, true
		v.notUsable = true
	case link.State == bearer.Discovered && !optional:
		c.State, c.Progress, c.Up = bearer.Discovered, bearer.Settled, true
		v.noAddress, v.notUsable = true, true
	default:
		c.Index, c.Addresses, c.Up = link.Index, link.Addresses, true
		c.DefaultRoute, c.Metric, c.Preferred = link.DefaultRoute, link.Metric, link.Preferred
	}
	v.Configuration = c
	return v
}

// mergeInactive is merge for a configuration that is not in use. A
// configuration that a daemon can open may need a cable first, and a configuration that
// it takes down may have lost its cable; other technologies have a carrier only
// after they are opened. A configuration that is connecting has not been given
// up: a restarted daemon takes it over, or starts it again.
func mergeInactive(c bearer.Configuration, link *bearer.Configuration) bearer.Configuration {
	switch {
	case link == nil || !link.Up || c.State != bearer.Discovered:
	case c.Progress == bearer.Connecting:
		c.Up = true
	case c.Bearer == bearer.BearerEthernet && link.State == bearer.Defined:
		c.State, c.Progress = bearer.Defined, bearer.Settled
	}
	return c
}
