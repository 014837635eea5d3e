package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// The functions of this file read properties into objects.

func (m *manager) take(v *bus.Values) {
	v.Path("PrimaryConnection", &m.primary)
	v.Uint32("Connectivity", &m.connectivity)
	takeNot(v, "ConnectivityCheckEnabled", &m.unchecked.disabled)
	takeNot(v, "ConnectivityCheckAvailable", &m.unchecked.unavailable)
	takeNot(v, "NetworkingEnabled", &m.disabled)
	takeNot(v, "WirelessEnabled", &m.wifi.software)
	takeNot(v, "WirelessHardwareEnabled", &m.wifi.hardware)
	takeNot(v, "WwanEnabled", &m.wwan.software)
	takeNot(v, "WwanHardwareEnabled", &m.wwan.hardware)
	var state uint32
	if v.Uint32("State", &state) {
		// The other states say nothing about a connection: they decrease while one comes up.
		m.sleeping = state == managerAsleep
	}
}

// takeNot stores the negation of a boolean whose default is true.
func takeNot(v *bus.Values, key string, to *bool) {
	var is bool
	if v.Bool(key, &is) {
		*to = !is
	}
}

// takeOf reads the properties of an interface of a device.
func (d *device) takeOf(name string, v *bus.Values) {
	switch name {
	case wiredInterface:
		v.String("PermHwAddress", &d.permanent)
	case wirelessInterface:
		v.String("PermHwAddress", &d.permanent)
		v.Int64("LastScan", &d.lastScan)
		v.Paths("AccessPoints", &d.points)
		v.Path("ActiveAccessPoint", &d.point)
	case modemInterface:
		v.Uint32("CurrentCapabilities", &d.modemCapabilities)
	default:
		d.take(v)
	}
}

func (d *device) take(v *bus.Values) {
	v.String("Interface", &d.name)
	v.String("IpInterface", &d.ipInterface)
	v.Uint32("DeviceType", &d.kind)
	v.Uint32("State", &d.state)
	v.Bool("Managed", &d.managed)
	v.Uint32("Metered", &d.metered)
	v.String("HwAddress", &d.hardware)
	v.String("Udi", &d.udi)
	v.Paths("AvailableConnections", &d.available)
	v.Uint32("Ip4Connectivity", &d.connectivity[0])
	v.Uint32("Ip6Connectivity", &d.connectivity[1])
	takeNot(v, "Real", &d.placeholder)
	var ports []dbus.ObjectPath
	if v.Paths("Ports", &ports) {
		d.hasPorts = len(ports) > 0
	}
	var reason []any
	if v.Tuple("StateReason", &reason) {
		if number, ok := bus.Arg(reason, 1).(uint32); ok {
			d.reason = number
		}
	}
}

func (a *active) take(v *bus.Values) {
	v.Path("Connection", &a.profile)
	v.Paths("Devices", &a.devices)
	v.Uint32("State", &a.state)
	v.Bool("Vpn", &a.vpn)
	// Master was renamed to Controller in 1.44; newer daemons have both.
	v.Path("Master", &a.controller)
	v.Path("Controller", &a.controller)
	v.String("Type", &a.kind)
	v.Path("SpecificObject", &a.base)
	v.Bool("Default", &a.default4)
	v.Bool("Default6", &a.default6)
}

func (o *profile) take(v *bus.Values) { v.Uint32("Flags", &o.flags) }

func (o *accessPoint) take(v *bus.Values) {
	var ssid []byte
	if v.Bytes("Ssid", &ssid) {
		o.ssid = string(ssid)
	}
	v.Byte("Strength", &o.strength)
}

// takeOf reads the properties of an interface of a modem.
func (m *modem) takeOf(name string, v *bus.Values) {
	if name == gppInterface {
		v.Uint32("RegistrationState", &m.registration)
		return
	}
	v.Uint32("AccessTechnologies", &m.technologies)
	var quality []any
	if v.Tuple("SignalQuality", &quality) {
		if percent, ok := bus.Arg(quality, 0).(uint32); ok && percent <= 100 {
			m.quality = byte(percent)
		}
	}
}
