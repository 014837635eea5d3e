package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/backend/internal/bus"
)

// The functions of this file take properties in.

func (m *manager) take(v *bus.Values) {
	v.Path("PrimaryConnection", &m.primary)
	v.Uint32("Connectivity", &m.connectivity)
}

// takeOf takes properties of one of a device's interfaces.
func (d *device) takeOf(name string, v *bus.Values) {
	switch name {
	case wirelessInterface:
		v.Int64("LastScan", &d.lastScan)
		v.Paths("AccessPoints", &d.points)
		v.Path("ActiveAccessPoint", &d.point)
	case modemInterface:
		v.Uint32("CurrentCapabilities", &d.modem)
	default:
		d.take(v)
	}
}

func (d *device) take(v *bus.Values) {
	v.String("Interface", &d.name)
	v.String("IpInterface", &d.link)
	v.Uint32("DeviceType", &d.kind)
	v.Uint32("State", &d.state)
	v.Bool("Managed", &d.managed)
	v.Uint32("Metered", &d.metered)
	v.String("HwAddress", &d.hardware)
	v.String("Udi", &d.udi)
	v.Paths("AvailableConnections", &d.available)
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
	v.Path("Master", &a.port)
	v.Path("Controller", &a.port)
}

func (o *profile) take(v *bus.Values) { v.Uint32("Flags", &o.flags) }

func (o *accessPoint) take(v *bus.Values) {
	var ssid []byte
	if v.Bytes("Ssid", &ssid) {
		o.ssid = string(ssid)
	}
	v.Byte("Strength", &o.strength)
}

// takeOf takes properties of one of a modem's interfaces.
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

// settingsOf takes the answer of GetSettings apart. It fails for one that
// cannot stand for a profile.
func settingsOf(body []any) (s settings, problems []string, ok bool) {
	sections, ok := bus.Arg(body, 0).(map[string]map[string]dbus.Variant)
	if !ok {
		return s, []string{"the settings are not a table of tables"}, false
	}
	connection := bus.NewValues(sections["connection"])
	connection.String("uuid", &s.uuid)
	connection.String("id", &s.name)
	connection.String("type", &s.kind)
	connection.String("interface-name", &s.link)
	connection.Int32("autoconnect-priority", &s.priority)
	connection.Int32("metered", &s.metered)
	s.port = isPort(connection)
	own := bus.NewValues(sections[s.kind])
	s.takeOwn(own)
	ipv4, ipv6 := bus.NewValues(sections["ipv4"]), bus.NewValues(sections["ipv6"])
	s.takeMethods(ipv4, ipv6)
	for _, v := range []*bus.Values{connection, own, ipv4, ipv6} {
		problems = append(problems, v.Problems()...)
	}
	if s.uuid == "" || s.kind == "" {
		return s, append(problems, "the settings lack a uuid or a type"), false
	}
	return s, problems, true
}

// takeOwn takes what the section of the profile's own type has.
func (s *settings) takeOwn(v *bus.Values) {
	var address, ssid []byte
	v.Bytes("mac-address", &address)
	s.hardware = hardwareAddress(address)
	v.Bytes("ssid", &ssid)
	s.ssid = string(ssid)
	s.cellular = s.kind == "gsm" || s.kind == "cdma"
	s.ownDevice = software[s.kind]
}

// takeMethods takes how the profile comes by addresses. It needs none where IP is
// switched off, or where NetworkManager is content with an address of the link's own.
func (s *settings) takeMethods(ipv4, ipv6 *bus.Values) {
	four, six := "disabled", "disabled"
	ipv4.String("method", &four)
	ipv6.String("method", &six)
	s.addressOptional = six == "link-local" || four == "disabled" && (six == "disabled" || six == "ignore")
}

// isPort reports whether a profile makes its device a part of another one, so
// that it cannot carry IP by itself. A member of a VRF can.
func isPort(v *bus.Values) bool {
	var controller, kind string
	for _, key := range []string{"master", "controller"} {
		v.String(key, &controller)
	}
	for _, key := range []string{"slave-type", "port-type"} {
		v.String(key, &kind)
	}
	return controller != "" && kind != "vrf"
}

func hardwareAddress(b []byte) string {
	const digits = "0123456789ABCDEF"
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = string([]byte{digits[c>>4], digits[c&15]})
	}
	return strings.Join(parts, ":")
}
