package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// manager is what is known about NetworkManager as a whole.
type manager struct {
	primary      dbus.ObjectPath // the active connection that has the default route
	connectivity uint32          // how far that one gets
	unchecked    unchecked
	disabled     bool // networking is switched off
	sleeping     bool // it manages nothing now: it is switched off, or the system sleeps
	wifi, wwan   radio
}

// unchecked are the reasons for which connectivity is not checked.
type unchecked struct{ disabled, unavailable bool }

// radio is whether the radios of a technology are switched off, and how.
type radio struct{ software, hardware bool }

// connected reports whether there is something for a VPN to run over.
func (m *manager) connected() bool { return m.primary != "" && m.primary != nowhere }

// asleep reports whether it manages nothing now, but will again.
func (m *manager) asleep() bool { return m.disabled || m.sleeping }

// checks reports whether connectivity is checked. Where it is not, the states of
// connectivity only repeat whether there is a default route.
func (m *manager) checks() bool { return m.unchecked == unchecked{} }

// device is a network device as NetworkManager sees it.
type device struct {
	deviceFacts
	available []dbus.ObjectPath // profiles that can be activated on it now
	points    []dbus.ObjectPath // access points in range
	lastScan  int64
}

// deviceFacts are what a configuration on the device may show.
type deviceFacts struct {
	path      dbus.ObjectPath
	name      string // of the device, which for a modem is not that of its link
	link      string // the link that carries IP, while there is one
	kind      uint32
	state     uint32
	reason    uint32 // of the last change of state
	managed   bool
	shunned   bool // it was not managed when NetworkManager could have
	unreal    bool // it will be made when a profile is activated
	ported    bool // it has ports
	metered   uint32
	hardware  string          // its address
	permanent string          // that of the hardware itself, where it is known
	udi       string          // for a modem, ModemManager's path
	point     dbus.ObjectPath // the access point in use
	modem     uint32          // the generations that a modem can use now
	reach     [2]uint32       // how far a check got with IPv4, and with IPv6
}

// outline is as much of a device as shows in a configuration that would use it.
// That of no device is empty.
type outline struct {
	link         string // that carries IP
	hardware     string // of the link, in lower case
	kind         uint32
	ported       bool
	modem        dbus.ObjectPath
	capabilities uint32 // of the modem
}

func (d *deviceFacts) outline() outline {
	o := outline{link: d.interfaceName(), kind: d.kind, ported: d.ported, capabilities: d.modem}
	if o.link == d.name {
		o.hardware = d.linkAddress()
	}
	if d.kind == deviceModem {
		o.modem = dbus.ObjectPath(d.udi)
	}
	return o
}

// interfaceName is the link that carries IP. A modem's or a phone's own name is
// not that of a link.
func (d *deviceFacts) interfaceName() string {
	switch {
	case d.unreal:
		return ""
	case d.link != "" || d.kind == deviceModem || d.kind == deviceBluetooth || d.kind == deviceADSL:
		return d.link
	}
	return d.name
}

// linkAddress is the link's address as the kernel's backend writes it. A bridge has
// none before it has a port.
func (d *deviceFacts) linkAddress() string {
	if strings.Trim(d.hardware, "0:") == "" {
		return ""
	}
	return strings.ToLower(d.hardware)
}

// identity is the address that profiles are bound to: that of the hardware itself,
// because others come and go.
func (d *deviceFacts) identity() string {
	if d.permanent != "" {
		return strings.ToUpper(d.permanent)
	}
	return strings.ToUpper(d.hardware)
}

// id is the identifier of the device's own configuration.
func (d *deviceFacts) id() string { return devicePrefix + d.name }

// paused reports whether NetworkManager lets go of the device for as long as it
// sleeps only.
func (d *deviceFacts) paused() bool { return !d.managed && pauses[d.reason] }

// borrows is the link that carries the device's IP in its place, if any.
func (d *deviceFacts) borrows() string {
	if d.link == d.name {
		return ""
	}
	return d.link
}

// offers are the profiles that can be activated on the device.
func (d *device) offers() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.available
}

// sees are the access points that count.
func (d *device) sees() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.points
}

// active is a profile on its way up, in use, or on its way down.
type active struct {
	activeFacts
	devices []dbus.ObjectPath
}

type activeFacts struct {
	path    dbus.ObjectPath
	number  int // that of the path
	profile dbus.ObjectPath
	kind    string // the type of the profile
	state   uint32
	vpn     bool
	port    dbus.ObjectPath // the device that it serves as a port, if any
	over    dbus.ObjectPath // for a VPN, the active connection that it runs over
	// The default route of IPv4 or of IPv6 is on it. Either comes before it is up.
	default4, default6 bool
}

// occupies are the devices that are in use by it; a VPN only borrows them.
func (a *active) occupies() []dbus.ObjectPath {
	if a.vpn {
		return nil
	}
	return a.devices
}

// tunnel reports whether it runs over another one.
func (a *activeFacts) tunnel() bool { return a.vpn || tunnels[a.kind] }

// leads reports whether a default route is on it.
func (a *activeFacts) leads() bool { return a.default4 || a.default6 }

// accessPoint is a Wi-Fi access point in range.
type accessPoint struct {
	path     dbus.ObjectPath
	ssid     string
	strength byte
}

// modem is a modem as ModemManager sees it.
type modem struct {
	path         dbus.ObjectPath
	technologies uint32
	quality      byte
	registration uint32
}
