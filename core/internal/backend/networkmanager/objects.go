package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// manager holds the properties of NetworkManager itself.
type manager struct {
	primary      dbus.ObjectPath // the active connection with the default route
	connectivity uint32          // of the primary connection
	unchecked    unchecked
	disabled     bool // networking is switched off
	sleeping     bool // it manages nothing now: networking is off, or the system sleeps
	wifi, wwan   radio
}

// unchecked are the reasons for which connectivity is not checked.
type unchecked struct{ disabled, unavailable bool }

// radio is whether the radios of a technology are switched off, and how.
type radio struct{ software, hardware bool }

// connected reports whether there is a connection for a VPN to run over.
func (m *manager) connected() bool { return m.primary != "" && m.primary != noObject }

// asleep reports whether NetworkManager manages nothing for the time being.
func (m *manager) asleep() bool { return m.disabled || m.sleeping }

// checks reports whether connectivity is checked. If it is not, the states of connectivity
// only repeat whether there is a default route.
func (m *manager) checks() bool { return m.unchecked == unchecked{} }

// device is a network device as NetworkManager sees it.
type device struct {
	deviceProperties
	available []dbus.ObjectPath // profiles that can be activated on it now
	points    []dbus.ObjectPath // access points in range
	lastScan  int64
}

// deviceProperties are the properties of a device that its configuration may show.
type deviceProperties struct {
	path              dbus.ObjectPath
	name              string // of the device, which for a modem is not the name of an interface
	ipInterface       string // the interface that carries IP, while there is one
	kind              uint32
	state             uint32
	reason            uint32 // of the last change of state
	managed           bool
	excluded          bool // it is not managed although NetworkManager was awake
	placeholder       bool // NetworkManager creates it when a profile is activated
	hasPorts          bool // it has ports
	metered           uint32
	hardware          string          // its hardware address
	permanent         string          // the permanent hardware address, if known
	udi               string          // for a modem, ModemManager's path
	point             dbus.ObjectPath // the access point in use
	modemCapabilities uint32          // bits of the generations that a modem can use now
	connectivity      [2]uint32       // of IPv4 and of IPv6
}

// deviceSummary is the part of a device that shows in a configuration that would use it.
// The zero value means no device.
type deviceSummary struct {
	iface        string // the interface that carries IP
	hardware     string // of the interface, in lower case
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

// interfaceName returns the interface that carries IP. The name of a modem or a phone is
// not the name of an interface.
func (d *deviceProperties) interfaceName() string {
	switch {
	case d.placeholder:
		return ""
	case d.ipInterface != "" || d.kind == deviceModem || d.kind == deviceBluetooth || d.kind == deviceADSL:
		return d.ipInterface
	}
	return d.name
}

// linkAddress returns the hardware address as the kernel's backend writes it. A bridge has
// none before it has a port.
func (d *deviceProperties) linkAddress() string {
	if strings.Trim(d.hardware, "0:") == "" {
		return ""
	}
	return strings.ToLower(d.hardware)
}

// profileAddress returns the address that profiles are bound to: the permanent address,
// because others may change.
func (d *deviceProperties) profileAddress() string {
	if d.permanent != "" {
		return strings.ToUpper(d.permanent)
	}
	return strings.ToUpper(d.hardware)
}

// id returns the identifier of the device's own configuration.
func (d *deviceProperties) id() string { return devicePrefix + d.name }

// isPaused reports whether NetworkManager does not manage the device only because it
// sleeps.
func (d *deviceProperties) isPaused() bool { return !d.managed && pauseReasons[d.reason] }

// foreignInterface returns the interface that carries IP for the device, if it is another
// than its own.
func (d *deviceProperties) foreignInterface() string {
	if d.ipInterface == d.name {
		return ""
	}
	return d.ipInterface
}

// availableProfiles returns the profiles that can be activated on the device.
func (d *device) availableProfiles() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.available
}

// visiblePoints returns the access points in range of a managed device.
func (d *device) visiblePoints() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.points
}

// active is an active connection: a profile that is activating, activated or deactivating.
type active struct {
	activeProperties
	devices []dbus.ObjectPath
}

type activeProperties struct {
	path       dbus.ObjectPath
	number     int // at the end of the path
	profile    dbus.ObjectPath
	kind       string // the type of the profile
	state      uint32
	vpn        bool
	controller dbus.ObjectPath // the device of which it is a port; noObject or empty: none
	base       dbus.ObjectPath // of a VPN, the active connection under it
	// It has the default route of IPv4, or of IPv6; it may have them before it is up.
	default4, default6 bool
}

// occupiedDevices returns the devices that it occupies; a VPN shares the devices of its base.
func (a *active) occupiedDevices() []dbus.ObjectPath {
	if a.vpn {
		return nil
	}
	return a.devices
}

// isTunnel reports whether it runs over another active connection.
func (a *activeProperties) isTunnel() bool { return a.vpn || tunnels[a.kind] }

// hasDefaultRoute reports whether it has a default route.
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
