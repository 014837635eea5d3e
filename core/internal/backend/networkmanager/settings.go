package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// The functions of this file decode the settings of a profile.

// sections are settings as they come from the bus.
type sections = map[string]map[string]dbus.Variant

// settingsOf decodes the reply of GetSettings. ok is false if the settings are not
// complete.
func settingsOf(body []any) (s settings, problems []string, ok bool) {
	all, ok := bus.Arg(body, 0).(sections)
	if !ok {
		return s, []string{"the settings are not a table of tables"}, false
	}
	connection := bus.NewValues(all["connection"])
	connection.String("uuid", &s.uuid)
	connection.String("id", &s.name)
	connection.String("type", &s.kind)
	connection.String("interface-name", &s.interfaceName)
	connection.Int32("autoconnect-priority", &s.priority)
	connection.Int32("metered", &s.metered)
	s.takePort(connection)
	own, wired := bus.NewValues(all[s.kind]), bus.NewValues(all["802-3-ethernet"])
	s.takeOwn(own)
	s.takeParents(own, wired)
	ipv4, ipv6 := bus.NewValues(all["ipv4"]), bus.NewValues(all["ipv6"])
	s.takeMethods(ipv4, ipv6)
	s.conditional = s.conditional || len(all["match"]) > 0
	s.secretsStored = secretsStored(all)
	for _, v := range []*bus.Values{connection, own, wired, ipv4, ipv6} {
		problems = append(problems, v.Problems()...)
	}
	if s.uuid == "" || s.kind == "" {
		return s, append(problems, "the settings lack a uuid or a type"), false
	}
	return s, problems, true
}

// takeOwn reads the section of the profile's own type.
func (s *settings) takeOwn(v *bus.Values) {
	var address, ssid []byte
	var barred []string
	var mode, handler string
	v.Bytes("mac-address", &address)
	v.Bytes("ssid", &ssid)
	v.Strings("mac-address-blacklist", &barred)
	v.Strings("mac-address-denylist", &barred) // the newer name of the same setting
	if s.kind == "802-11-wireless" {
		v.String("mode", &mode)
	}
	if s.kind == "generic" {
		v.String("device-handler", &handler)
	}
	s.hardware = hardwareAddress(address)
	s.ssid = string(ssid)
	s.conditional = len(barred) > 0
	s.shared = mode == "ap" || mode == "adhoc" || mode == "mesh" || s.kind == "802-11-olpc-mesh"
	s.ownDevice = virtual[s.kind] || handler != ""
}

// takeParents reads the parents of the profile's interface: names, uuids of profiles, or
// hardware addresses.
func (s *settings) takeParents(own, wired *bus.Values) {
	if s.kind == "hsr" {
		own.String("port1", &s.parents[0])
		own.String("port2", &s.parents[1])
		return
	}
	var address []byte
	if s.kind == "802-3-ethernet" || s.kind == "vpn" {
		return
	}
	own.String("parent", &s.parents[0])
	s.ownDevice = s.ownDevice || s.parents[0] != "" && needsParent[s.kind]
	if s.ownDevice && s.parents[0] == "" && needsParent[s.kind] {
		wired.Bytes("mac-address", &address)
		s.parents[0] = hardwareAddress(address)
	}
}

// takeMethods reads how the profile gets addresses. It needs none if IP is disabled, if
// NetworkManager is content with a link-local address, or if its device only groups others.
func (s *settings) takeMethods(ipv4, ipv6 *bus.Values) {
	four, six := "disabled", "disabled"
	ipv4.String("method", &four)
	ipv6.String("method", &six)
	s.addressOptional = six == "link-local" || four == "disabled" && (six == "disabled" || six == "ignore") || s.kind == "vrf"
	s.shared = s.shared || four == "shared" || six == "shared"
}

// takePort reads whether the profile makes its device a port, which cannot carry IP by
// itself. A member of a VRF can.
func (s *settings) takePort(v *bus.Values) {
	var kind string
	for _, key := range []string{"master", "controller"} {
		v.String(key, &s.controller)
	}
	for _, key := range []string{"slave-type", "port-type"} {
		v.String(key, &kind)
	}
	s.isPort = s.controller != "" && kind != "vrf"
}

// The flags of a secret, from NMSettingSecretFlags.
const (
	secretOfAgent     = 0x1
	secretNotSaved    = 0x2
	secretNotRequired = 0x4
)

// secretsStored reports whether the profile needs secrets, and contains all of them. The
// flags beside a secret say where it is stored, and are mostly absent if it is in the
// profile.
func secretsStored(all sections) bool {
	needs := false
	for _, name := range []string{"802-11-wireless-security", "802-1x", "gsm", "cdma", "pppoe", "adsl", "vpn", "wireguard", "macsec"} {
		section, ok := all[name]
		needs = needs || ok
		for key, value := range section {
			flags, isNumber := value.Value().(uint32)
			if isNumber && strings.HasSuffix(key, "-flags") && needsAgent(flags) {
				return false
			}
		}
	}
	data, _ := all["vpn"]["data"].Value().(map[string]string)
	for key, flags := range data {
		if strings.HasSuffix(key, "-flags") && (flags == "1" || flags == "2" || flags == "3") {
			return false
		}
	}
	return needs
}

// needsAgent reports whether the flags of a secret say that an agent has to be asked.
func needsAgent(flags uint32) bool {
	return flags&(secretOfAgent|secretNotSaved) != 0 && flags&secretNotRequired == 0
}

func hardwareAddress(b []byte) string {
	const digits = "0123456789ABCDEF"
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = string([]byte{digits[c>>4], digits[c&15]})
	}
	return strings.Join(parts, ":")
}
