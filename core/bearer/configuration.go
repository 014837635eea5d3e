package bearer

import (
	"net/netip"
	"time"
)

// DefaultConnectTimeout bounds an attempt to open a configuration that has no
// bound of its own. Qt's default was the same.
const DefaultConnectTimeout = 30 * time.Second

// Configuration is everything that is known about one configuration at one
// moment. It is a value: whoever receives one may keep it, and nobody changes
// the slices that it carries.
type Configuration struct {
	ID      string // stable over reboots, such as "link:eth0"
	Alias   string // another identifier by which it can be found, if any
	Name    string // for people
	Type    Type
	State   State
	Purpose Purpose
	Bearer  BearerType

	// Progress is set while the link moves between Discovered and Active; in
	// any other state it says nothing.
	Progress Progress

	// ConnectTimeout bounds an attempt to open; 0 means DefaultConnectTimeout.
	ConnectTimeout time.Duration

	// RoamingAvailable is set for a service network with more than one access
	// point that can be opened.
	RoamingAvailable bool

	// Link facts, as the kernel reports them. Interface is the link's name,
	// empty where no link stands behind the configuration now.
	Interface string
	Index     int
	Addresses []netip.Prefix // sorted
	// Down is set while the link is administratively down. That shows in State
	// only, and is no change by itself.
	Down bool
	// DefaultRoute is set when a default route leaves by the link; Metric is
	// then the lowest metric among them.
	DefaultRoute bool
	Metric       uint32

	// Priority is the backend's own preference; higher is better.
	Priority int
	// Strength of the radio signal in percent, 0 where there is no radio.
	Strength uint8
	Metered  Metered
	// Reach is how far a daemon found that traffic gets, where it did.
	Reach Reach
	// Portal is set while a daemon sees a captive portal in the way.
	Portal bool
	// Abroad is set while a cellular link is roaming in a foreign network.
	Abroad bool
	// Missing says why a configuration does not exist, where that is known. Only
	// the engine sets it, for type Invalid.
	Missing string
	// Denied says why this process may not start or stop the link; empty
	// where it may, or where only trying tells.
	Denied string
	// AddressOptional is set by a daemon's backend where the configuration may be in
	// use without an address. The engine does not see it.
	AddressOptional bool
}

// Equal reports whether nothing that the library shows or acts on differs.
func (c *Configuration) Equal(o *Configuration) bool {
	return c.ID == o.ID && c.Alias == o.Alias && c.Name == o.Name && c.Type == o.Type &&
		c.State == o.State && c.Purpose == o.Purpose && c.Bearer == o.Bearer &&
		c.Progress == o.Progress && c.ConnectTimeout == o.ConnectTimeout &&
		c.RoamingAvailable == o.RoamingAvailable && c.Interface == o.Interface && c.Index == o.Index &&
		c.DefaultRoute == o.DefaultRoute && c.Metric == o.Metric &&
		c.Priority == o.Priority && c.Strength == o.Strength &&
		c.Metered == o.Metered && c.Reach == o.Reach && c.Portal == o.Portal && c.Abroad == o.Abroad && c.Denied == o.Denied && c.Missing == o.Missing &&
		c.AddressOptional == o.AddressOptional && equalPrefixes(c.Addresses, o.Addresses)
}

// Valid reports whether c stands for an existing configuration.
func (c *Configuration) Valid() bool { return c.Type != Invalid && c.ID != "" }

// BearerName is the bearer's name for an access point, and empty otherwise.
func (c *Configuration) BearerName() string {
	if c.Type != InternetAccessPoint {
		return ""
	}
	return c.Bearer.String()
}

// Online reports whether c is Active and carries a default route.
func (c *Configuration) Online() bool { return c.State == Active && c.DefaultRoute }

// Starting reports whether c's link is on its way up.
func (c *Configuration) Starting() bool {
	return c.State == Discovered && c.Progress == Connecting
}

// Stopping reports whether c's link is on its way down.
func (c *Configuration) Stopping() bool {
	return c.State.Has(Discovered) && c.Progress == Closing
}

// Timeout is the time that an attempt to open c may take.
func (c *Configuration) Timeout() time.Duration {
	if c.ConnectTimeout > 0 {
		return c.ConnectTimeout
	}
	return DefaultConnectTimeout
}

func equalPrefixes(a, b []netip.Prefix) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
