package bearer

import (
	"net/netip"
	"slices"
	"time"
)

// DefaultConnectTimeout bounds an attempt to open a configuration without its
// own timeout. Qt had the same default.
const DefaultConnectTimeout = 30 * time.Second

// Configuration is everything that is known about one configuration at one
// time. It is a value: the receiver may keep it, and its slices never change.
type Configuration struct {
	ID      string // stable over reboots, such as "link:eth0"
	Alias   string // another identifier that finds it; empty: none
	Name    string // for people
	Type    Type
	State   State
	Purpose Purpose
	Role    Role
	Bearer  BearerType

	// Progress is set while the link moves between Discovered and Active; in
	// any other state it has no meaning.
	Progress Progress

	// ConnectTimeout bounds an attempt to open; 0 means DefaultConnectTimeout.
	ConnectTimeout time.Duration

	// RoamingAvailable is set for a service network with more than one access
	// point that can be opened.
	RoamingAvailable bool

	// Properties of the link, from the kernel. Interface is the link's name,
	// empty while there is no link.
	Interface string
	Index     int
	Addresses []netip.Prefix // sorted
	// Hardware is the link-layer address, such as "02:00:00:00:00:01"; empty:
	// none. It shows whether an interface that a daemon names is this link.
	Hardware string
	// Up is set while the link is administratively up, whether or not it is usable:
	// it is set up in the kernel, and the daemon that manages it has not given
	// it up. A start changes nothing then, and a lost connection may come back.
	Up bool
	// Lower are the names of the interfaces that the link runs over, as far as
	// the kernel knows them, sorted.
	Lower []string
	// DefaultRoute is set if the kernel finds a route to the internet for
	// packets that are bound to the link. Metric is the lowest metric of such
	// routes.
	DefaultRoute bool
	Metric       uint32
	// Preferred is set if the kernel sends unbound packets by the link.
	Preferred bool
	// Faltering is set while the link has lost its carrier or its address and
	// may have it back in a moment: all other fields are as before.
	Faltering bool

	// Activation identifies one activation by a daemon; empty while the
	// configuration is neither up nor connecting, and if it is not known.
	Activation string
	// Unmanaged is set for a link that no daemon manages although there are
	// daemons: it may never get an address.
	Unmanaged bool
	// Priority is the backend's own preference; higher is better.
	Priority int
	// Strength is the strength of the radio signal in percent; 0: no radio.
	Strength uint8
	Metered  Metered
	// Reach is how far traffic gets according to a daemon; ReachUnknown: it did
	// not say.
	Reach Reach
	// Portal is set while a daemon sees a captive portal.
	Portal bool
	// Abroad is set while a cellular link uses a foreign network (cellular
	// roaming).
	Abroad bool
	// Missing says why a configuration does not exist, if known. Only the
	// engine sets it, for type Invalid.
	Missing string
	// Denied says why this process may not start or stop the link; empty: it
	// may, or only an attempt can show it.
	Denied string
	// Obstacle completes a sentence that says why the configuration cannot be
	// opened now, if known. If it is Denied, both texts are the same.
	Obstacle string
	// AddressOptional is set by a daemon's backend if the configuration may be
	// in use without an address. The engine does not use it.
	AddressOptional bool
	// WholeLink is set by a daemon's backend if the configuration represents
	// the link itself, however it was set up. The engine does not use it.
	WholeLink bool
}

// Equal reports whether the configurations agree in everything that the library
// shows or acts on.
func (c *Configuration) Equal(o *Configuration) bool {
	return c.ID == o.ID && c.Alias == o.Alias && c.Name == o.Name && c.Type == o.Type &&
		c.State == o.State && c.Purpose == o.Purpose && c.Bearer == o.Bearer &&
		c.Progress == o.Progress && c.ConnectTimeout == o.ConnectTimeout &&
		c.RoamingAvailable == o.RoamingAvailable && c.Interface == o.Interface && c.Index == o.Index &&
		c.Hardware == o.Hardware && c.Up == o.Up && c.Faltering == o.Faltering &&
		c.DefaultRoute == o.DefaultRoute && c.Metric == o.Metric && c.Preferred == o.Preferred && c.Role == o.Role &&
		c.Unmanaged == o.Unmanaged && c.Activation == o.Activation && c.Priority == o.Priority && c.Strength == o.Strength &&
		c.Metered == o.Metered && c.Reach == o.Reach && c.Portal == o.Portal && c.Abroad == o.Abroad && c.Denied == o.Denied && c.Obstacle == o.Obstacle && c.Missing == o.Missing &&
		c.AddressOptional == o.AddressOptional && c.WholeLink == o.WholeLink && slices.Equal(c.Addresses, o.Addresses) && slices.Equal(c.Lower, o.Lower)
}

// Valid reports whether c describes an existing configuration.
func (c *Configuration) Valid() bool { return c.Type != Invalid && c.ID != "" }

// BearerName is the name of an access point's bearer, and empty for other
// types.
func (c *Configuration) BearerName() string {
	if c.Type != InternetAccessPoint {
		return ""
	}
	return c.Bearer.String()
}

// Online reports whether c is Active and carries the machine's unbound packets
// to the internet.
func (c *Configuration) Online() bool { return c.State == Active && c.DefaultRoute && c.Preferred }

// Starting reports whether c's link is on its way up.
func (c *Configuration) Starting() bool {
	return c.State == Discovered && c.Progress == Connecting
}

// Stopping reports whether c's link is on its way down.
func (c *Configuration) Stopping() bool {
	return c.State.Has(Discovered) && c.Progress == Closing
}

// Timeout bounds an attempt to open c.
func (c *Configuration) Timeout() time.Duration {
	if c.ConnectTimeout > 0 {
		return c.ConnectTimeout
	}
	return DefaultConnectTimeout
}
