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
func (m *manager) connected() bool { return m.primary != "" && m.primary != noObject }

// asleep reports whether it manages nothing now, but will again.
func (m *manager) asleep() bool { return m.disabled || m.sleeping }

// checks reports whether connectivity is checked. Where it is not, the states of
// connectivity only repeat whether there is a default route.
func (m *manager) checks() bool { return m.unchecked == unchecked{} }

// device is a network device as NetworkManager sees it.
type device struct {
	deviceProperties
	available []dbus.ObjectPath // profiles that can be activated on it now
	points    []dbus.ObjectPath // access points in range
	lastScan  int64
}

// deviceProperties are what a configuration on the device may show.
type deviceProperties struct {
	path              dbus.ObjectPath
	name              string // of the device, which for a modem is not that of its link
	ipInterface       string // the link that carries IP, while there is one
	kind              uint32
	state             uint32
	reason            uint32 // of the last change of state
	managed           bool
	excluded          bool // it was not managed when NetworkManager could have
	placeholder       bool // it will be made when a profile is activated
	hasPorts          bool // it has ports
	metered           uint32
	hardware          string          // its address
	permanent         string          // that of the hardware itself, where it is known
	udi               string          // for a modem, ModemManager's path
	point             dbus.ObjectPath // the access point in use
	modemCapabilities uint32          // the generations that a modem can use now
	connectivity      [2]uint32       // how far a check got with IPv4, and with IPv6
}

// deviceSummary is as much of a device as shows in a configuration that would use it.
// That of no device is empty.
type deviceSummary struct {
	iface        string // that carries IP
	hardware     string // of the link, in lower case
	kind         uint32
	hasPorts     bool
	modem        dbus.ObjectPath
	capabilities uint32 // of the modem
}

func (d *deviceProperties) summary() deviceSummary {
	o := deviceSummary{iface: d.interfaceName(), kind: d.kind, hasPorts: d.hasPorts, capabilities: d.modemCapabilities}
	if o.iface == d.name {
		o.hardware = d.linkAddress()
	}
	if d.kind == deviceModem {
		o.modem = dbus.ObjectPath(d.udi)
	}
	return o
}

// interfaceName is the link that carries IP. A modem's or a phone's own name is
// not that of a link.
func (d *deviceProperties) interfaceName() string {
	switch {
	case d.placeholder:
		return ""
	case d.ipInterface != "" || d.kind == deviceModem || d.kind == deviceBluetooth || d.kind == deviceADSL:
		return d.ipInterface
	}
	return d.name
}

// linkAddress is the link's address as the kernel's backend writes it. A bridge has
// none before it has a port.
func (d *deviceProperties) linkAddress() string {
	if strings.Trim(d.hardware, "0:") == "" {
		return ""
	}
	return strings.ToLower(d.hardware)
}

// profileAddress is the address that profiles are bound to: that of the hardware itself,
// because others come and go.
func (d *deviceProperties) profileAddress() string {
	if d.permanent != "" {
		return strings.ToUpper(d.permanent)
	}
	return strings.ToUpper(d.hardware)
}

// id is the identifier of the device's own configuration.
func (d *deviceProperties) id() string { return devicePrefix + d.name }

// isPaused reports whether NetworkManager lets go of the device for as long as it
// sleeps only.
func (d *deviceProperties) isPaused() bool { return !d.managed && pauseReasons[d.reason] }

// foreignInterface is the link that carries the device's IP in its place, if any.
func (d *deviceProperties) foreignInterface() string {
	if d.ipInterface == d.name {
		return ""
	}
	return d.ipInterface
}

// availableProfiles are the profiles that can be activated on the device.
func (d *device) availableProfiles() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.available
}

// visiblePoints are the access points that count.
func (d *device) visiblePoints() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.points
}

// active is a profile on its way up, in use, or on its way down.
type active struct {
	activeProperties
	devices []dbus.ObjectPath
}

type activeProperties struct {
	path       dbus.ObjectPath
	number     int // that of the path
	profile    dbus.ObjectPath
	kind       string // the type of the profile
	state      uint32
	vpn        bool
	controller dbus.ObjectPath // the device that it serves as a port, if any
	base       dbus.ObjectPath // for a VPN, the active connection that it runs over
	// The default route of IPv4 or of IPv6 is on it. Either comes before it is up.
	default4, default6 bool
}

// occupiedDevices are the devices that are in use by it; a VPN only borrows them.
func (a *active) occupiedDevices() []dbus.ObjectPath {
	if a.vpn {
		return nil
	}
	return a.devices
}

// isTunnel reports whether it runs over another one.
func (a *activeProperties) isTunnel() bool { return a.vpn || tunnels[a.kind] }

// hasDefaultRoute reports whether a default route is on it.
func (a *activeProperties) hasDefaultRoute() bool { return a.default4 || a.default6 }

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
