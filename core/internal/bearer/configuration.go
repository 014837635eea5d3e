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
	Role    Role
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
	// Hardware is the link's address, as "02:00:00:00:00:01"; empty where there is
	// none. A daemon's word for the interface that it means can be compared with it.
	Hardware string
	// Up is set while somebody wants the link up, usable or not: it is set so in the
	// kernel, and a daemon that manages it has not given it up. A start then changes
	// nothing, and what was lost may come back.
	Up bool
	// Lower are the names of the interfaces that the link runs over, as far as the
	// kernel knows them, sorted.
	Lower []string
	// DefaultRoute is set when the kernel finds a way out by the link: packets
	// for the internet that are bound to it are sent. Metric is that of the route,
	// the lowest where there are several.
	DefaultRoute bool
	Metric       uint32
	// Preferred is set when the kernel sends packets by the link that are not
	// bound to any.
	Preferred bool
	// Faltering is set while the link has lost its carrier or its address, and may
	// have them back in a moment: all other fields are those of before.
	Faltering bool

	// Activation tells one time that a daemon brought the configuration up from
	// another; empty while it is neither up nor on its way, and where that is not known.
	Activation string
	// Unmanaged is set for a link that no network daemon manages where there is one:
	// nobody who would give it an address is known.
	Unmanaged bool
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
	// Obstacle says, as the end of a sentence, why the configuration cannot be opened
	// now, where that is known. That it is Denied is one, and then the same text.
	Obstacle string
	// AddressOptional is set by a daemon's backend where the configuration may be in
	// use without an address. The engine does not see it.
	AddressOptional bool
	// WholeLink is set by a daemon's backend where the configuration stands for the
	// link itself, whoever has set something up on it. The engine does not see it.
	WholeLink bool
}

// Equal reports whether nothing that the library shows or acts on differs.
func (c *Configuration) Equal(o *Configuration) bool {
	return c.ID == o.ID && c.Alias == o.Alias && c.Name == o.Name && c.Type == o.Type &&
		c.State == o.State && c.Purpose == o.Purpose && c.Bearer == o.Bearer &&
		c.Progress == o.Progress && c.ConnectTimeout == o.ConnectTimeout &&
		c.RoamingAvailable == o.RoamingAvailable && c.Interface == o.Interface && c.Index == o.Index &&
		c.Hardware == o.Hardware && c.Up == o.Up && c.Faltering == o.Faltering &&
		c.DefaultRoute == o.DefaultRoute && c.Metric == o.Metric && c.Preferred == o.Preferred && c.Role == o.Role &&
		c.Unmanaged == o.Unmanaged && c.Activation == o.Activation && c.Priority == o.Priority && c.Strength == o.Strength &&
		c.Metered == o.Metered && c.Reach == o.Reach && c.Portal == o.Portal && c.Abroad == o.Abroad && c.Denied == o.Denied && c.Obstacle == o.Obstacle && c.Missing == o.Missing &&
		c.AddressOptional == o.AddressOptional && c.WholeLink == o.WholeLink && equal(c.Addresses, o.Addresses) && equal(c.Lower, o.Lower)
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

// Online reports whether c is Active and carries the machine's packets to the internet.
func (c *Configuration) Online() bool { return c.State == Active && c.DefaultRoute && c.Preferred }

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

func equal[T comparable](a, b []T) bool {
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
