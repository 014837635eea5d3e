package networkmanager

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// props are properties as they come from the bus.
type props = map[string]dbus.Variant

// values makes properties of alternating names and values.
func values(pairs ...any) props {
	p := make(props)
	for i := 0; i+1 < len(pairs); i += 2 {
		p[pairs[i].(string)] = dbus.MakeVariant(pairs[i+1])
	}
	return p
}

func paths(list ...dbus.ObjectPath) []dbus.ObjectPath { return append([]dbus.ObjectPath{}, list...) }

func settingsPath(n int) dbus.ObjectPath {
	return dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/NetworkManager/Settings/%d", n))
}
func devicePath(n int) dbus.ObjectPath {
	return dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/NetworkManager/Devices/%d", n))
}
func activePath(n int) dbus.ObjectPath {
	return dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/NetworkManager/ActiveConnection/%d", n))
}
func pointPath(n int) dbus.ObjectPath {
	return dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/NetworkManager/AccessPoint/%d", n))
}

const modemPath = dbus.ObjectPath("/org/freedesktop/ModemManager1/Modem/0")

// builder fills a state by hand.
type builder struct{ *daemonState }

func build() builder { return builder{newDaemonState()} }

// device adds a managed device on which profiles can be activated.
func (b builder) device(n int, kind uint32, name string, available ...dbus.ObjectPath) builder {
	b.add(devicePath(n), map[string]props{deviceInterface: values("Interface", name, "IpInterface", "", "DeviceType", kind,
		"State", uint32(30), "Managed", true, "AvailableConnections", paths(available...))})
	return b
}

func (b builder) with(path dbus.ObjectPath, iface string, pairs ...any) builder {
	b.add(path, map[string]props{iface: values(pairs...)})
	return b
}

// profile adds a profile; more are pairs for its connection section, and own are pairs
// for the section of its type.
func (b builder) profile(n int, kind string, more []any, own ...any) builder {
	b.add(settingsPath(n), map[string]props{profileInterface: values("Flags", uint32(0))})
	b.loadSettings(settingsPath(n), profileSettings(n, kind, more, own...))
	return b
}

// loadSettings applies the answer of GetSettings.
func (p *daemonState) loadSettings(path dbus.ObjectPath, sections map[string]map[string]dbus.Variant) {
	s, _, ok := settingsOf([]any{sections})
	p.setSettings(path, s, ok)
}

// configurations is the sum of all changes so far.
func (p *daemonState) configurations() map[string]bearer.Configuration {
	p.changes()
	return p.published
}

func profileSettings(n int, kind string, more []any, own ...any) map[string]map[string]dbus.Variant {
	connection := values(append([]any{"id", fmt.Sprint("profile ", n), "uuid", fmt.Sprint("u", n), "type", kind}, more...)...)
	return map[string]map[string]dbus.Variant{"connection": connection, kind: values(own...)}
}

func (b builder) active(n, profile, device int, state uint32) builder {
	return b.with(activePath(n), activeInterface, "Connection", settingsPath(profile), "State", state,
		"Devices", paths(devicePath(device)), "Vpn", false)
}

// state changes a device's state.
func (b builder) state(n int, state, reason uint32) builder {
	b.setDeviceState(devicePath(n), []any{state, uint32(0), reason})
	return b
}

// external marks a profile as made by NetworkManager for a link that another process set
// up.
func (b builder) external(n int) builder {
	return b.with(settingsPath(n), profileInterface, "Flags", uint32(profileExternal))
}

// manager changes properties of the manager.
func (b builder) manager(pairs ...any) builder {
	return b.with(managerPath, managerInterface, pairs...)
}

// expect compares the configurations, in a few words each.
func (b builder) expect(t *testing.T, what string, want ...string) {
	t.Helper()
	var got []string
	list := b.configurations()
	for _, id := range slices.Sorted(maps.Keys(list)) {
		got = append(got, summary(list[id]))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n\tgot  %q\n\twant %q", what, got, want)
	}
	if text := b.takeProblems(); text != "" {
		t.Errorf("%s: problems: %s", what, text)
	}
	compareAnew(t, b.daemonState)
}

func (b builder) point(n int, ssid string, strength byte) builder {
	return b.with(pointPath(n), pointInterface, "Ssid", []byte(ssid), "Strength", strength)
}

// summary is a configuration in a few words.
func summary(c bearer.Configuration) string {
	words := []string{c.ID, backendtest.Describe(&c), c.Bearer.String()}
	if c.Interface != "" {
		words = append(words, "on "+c.Interface)
	}
	if c.Strength > 0 {
		words = append(words, fmt.Sprint(c.Strength, "%"))
	}
	if c.Priority != 0 {
		words = append(words, fmt.Sprint("priority ", c.Priority))
	}
	if c.Metered != 0 {
		words = append(words, [...]string{"", "free", "metered?", "metered"}[c.Metered])
	}
	if c.Purpose == bearer.PrivatePurpose {
		words = append(words, "private")
	}
	if c.Role != bearer.Uplink {
		words = append(words, [...]string{"", "tunnel", "downlink"}[c.Role])
	}
	if c.Abroad {
		words = append(words, "abroad")
	}
	if c.Denied != "" {
		words = append(words, "denied")
	}
	return strings.Join(words, " ")
}

func TestConfigurations(t *testing.T) {
	wired := "802-3-ethernet"
	wifi := "802-11-wireless"
	on := func(link string) []any { return []any{"interface-name", link} }
	for name, c := range map[string]struct {
		state builder
		want  []string
	}{
		"nothing": {build(), nil},
		"a wired profile bound to its interface, with carrier": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, on("eth0")),
			[]string{"nm:u1 discovered Ethernet on eth0"},
		},
		"without carrier": {
			build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "State", uint32(20)).profile(1, wired, on("eth0")),
			[]string{"nm:u1 defined Ethernet on eth0"},
		},
		"whose interface is not there": {
			build().profile(1, wired, on("eth0")), []string{"nm:u1 defined Ethernet"},
		},
		"a profile for any device, of which there are two": {
			build().device(1, 1, "eth0", settingsPath(1)).device(2, 1, "eth1", settingsPath(1)).profile(1, wired, nil),
			[]string{"nm:u1 discovered Ethernet"},
		},
		"a profile for any device, of which there is one": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil),
			[]string{"nm:u1 discovered Ethernet on eth0"},
		},
		"an unmanaged device": {
			build().device(1, 1, "eth0", settingsPath(1)).with(devicePath(1), deviceInterface, "Managed", false).profile(1, wired, nil),
			[]string{"nm:u1 defined Ethernet"},
		},
		"on the way up": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).active(1, 1, 1, activeActivating),
			[]string{"nm:u1 discovered connecting Ethernet on eth0"},
		},
		"up": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).active(1, 1, 1, activeActivated),
			[]string{"nm:u1 active Ethernet on eth0"},
		},
		"on the way down": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).active(1, 1, 1, activeDeactivating),
			[]string{"nm:u1 discovered closing Ethernet on eth0"},
		},
		"over": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).active(1, 1, 1, activeDeactivated),
			[]string{"nm:u1 discovered Ethernet on eth0"},
		},
		"in an unknown state": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).active(1, 1, 1, 77),
			[]string{"nm:u1 discovered Ethernet on eth0"},
		},
		"on the way up again, while the old one goes down": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).active(1, 1, 1, activeDeactivating).active(2, 1, 1, activeActivating),
			[]string{"nm:u1 discovered connecting Ethernet on eth0"},
		},
		"priority and metered of the profile": {
			build().profile(1, wired, []any{"autoconnect-priority", int32(5), "metered", int32(1)}),
			[]string{"nm:u1 defined Ethernet priority 5 metered"},
		},
		"metered is guessed of the device in use": {
			build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "Metered", uint32(3)).
				profile(1, wired, nil).active(1, 1, 1, activeActivated),
			[]string{"nm:u1 active Ethernet on eth0 metered?"},
		},
		"the device in use knows better than the profile": {
			build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "Metered", uint32(2)).
				profile(1, wired, []any{"metered", int32(1)}).active(1, 1, 1, activeActivated),
			[]string{"nm:u1 active Ethernet on eth0 free"},
		},
		"a port, the loopback and a profile that lasts no longer than its use": {
			build().profile(1, wired, []any{"master", "br0", "slave-type", "bridge"}).
				profile(2, "loopback", nil).
				profile(3, wired, nil).with(settingsPath(3), profileInterface, "Flags", uint32(profileVolatile)),
			nil,
		},
		"a port in newer words, and a member of a VRF": {
			build().profile(1, wired, []any{"controller", "br0", "port-type", "bridge"}).
				profile(2, wired, []any{"master", "vrf0", "slave-type", "vrf"}),
			[]string{"nm:u2 defined Ethernet"},
		},
		"a profile whose settings are not known": {
			build().with(settingsPath(1), profileInterface, "Flags", uint32(0)), nil,
		},
		"a device without a profile": {
			build().device(1, 1, "eth0"), []string{"nm:device:eth0 discovered Ethernet on eth0"},
		},
		"a device without a profile and without carrier": {
			build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "State", uint32(20)),
			[]string{"nm:device:eth0 defined Ethernet on eth0"},
		},
		"a device that another process set up": {
			build().device(1, deviceBridge, "docker0").profile(1, "bridge", nil).
				with(settingsPath(1), profileInterface, "Flags", uint32(profileExternal)).active(1, 1, 1, activeActivated),
			[]string{"nm:device:docker0 active Ethernet on docker0"},
		},
		"a device that is a port of a device that another process set up": {
			build().device(1, 1, "eth0").profile(1, wired, nil).
				with(settingsPath(1), profileInterface, "Flags", uint32(profileExternal)).active(1, 1, 1, activeActivated).
				with(activePath(1), activeInterface, "Master", devicePath(9)),
			nil,
		},
		"a profile for another address than the device's": {
			build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "HwAddress", "02:00:00:00:00:01").
				profile(1, wired, nil, "mac-address", []byte{2, 0, 0, 0, 0, 2}),
			[]string{"nm:device:eth0 discovered Ethernet on eth0", "nm:u1 defined Ethernet"},
		},
		"a profile for the device's address": {
			build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "HwAddress", "02:00:00:00:00:aB", "State", uint32(20)).
				profile(1, wired, nil, "mac-address", []byte{2, 0, 0, 0, 0, 0xab}),
			[]string{"nm:u1 defined Ethernet"},
		},
		"a device that carries no IP": {build().device(1, deviceWiFiP2P, "p2p-dev-wlan0"), nil},
		"a Wi-Fi network in range of two access points": {
			build().device(1, deviceWiFi, "wlan0", settingsPath(1)).point(1, "cafe", 40).point(2, "cafe", 70).point(3, "other", 90).
				with(devicePath(1), wirelessInterface, "AccessPoints", paths(pointPath(1), pointPath(2), pointPath(3))).
				profile(1, wifi, nil, "ssid", []byte("cafe")),
			[]string{"nm:u1 discovered WLAN on wlan0 70%"},
		},
		"a Wi-Fi network in use": {
			build().device(1, deviceWiFi, "wlan0", settingsPath(1)).point(1, "cafe", 40).point(2, "cafe", 70).
				with(devicePath(1), wirelessInterface, "AccessPoints", paths(pointPath(1), pointPath(2)), "ActiveAccessPoint", pointPath(1)).
				profile(1, wifi, nil, "ssid", []byte("cafe")).active(1, 1, 1, activeActivated),
			[]string{"nm:u1 active WLAN on wlan0 40%"},
		},
		"a Wi-Fi network out of range": {
			build().device(1, deviceWiFi, "wlan0").point(1, "other", 40).
				with(devicePath(1), wirelessInterface, "AccessPoints", paths(pointPath(1), pointPath(9))).
				profile(1, wifi, nil, "ssid", []byte("cafe")),
			[]string{"nm:u1 defined WLAN"},
		},
		"a hidden Wi-Fi network": {
			build().device(1, deviceWiFi, "wlan0", settingsPath(1)).profile(1, wifi, nil, "ssid", []byte("secret"), "hidden", true),
			[]string{"nm:u1 discovered WLAN on wlan0"},
		},
		"a modem in use abroad": {
			build().device(1, deviceModem, "cdc-wdm0", settingsPath(1)).
				with(devicePath(1), deviceInterface, "Udi", string(modemPath), "IpInterface", "wwan0", "Metered", uint32(3)).
				with(modemPath, cellularInterface, "AccessTechnologies", uint32(1<<14|1<<5), "SignalQuality", []any{uint32(63), true}).with(modemPath, gppInterface, "RegistrationState", uint32(5)).
				profile(1, "gsm", nil).active(1, 1, 1, activeActivated),
			[]string{"nm:u1 active LTE on wwan0 63% metered? abroad"},
		},
		"a modem without ModemManager": {
			build().device(1, deviceModem, "ttyUSB0", settingsPath(1)).with(devicePath(1), modemInterface, "CurrentCapabilities", uint32(4)).
				profile(1, "gsm", nil),
			[]string{"nm:u1 discovered 3G"},
		},
		"profiles of modems that are not there": {
			build().profile(1, "gsm", nil).profile(2, "cdma", nil),
			[]string{"nm:u1 defined 2G", "nm:u2 defined CDMA2000"},
		},
		"a phone": {
			build().device(1, deviceBluetooth, "00:11:22:33:44:55", settingsPath(1)).profile(1, "bluetooth", nil),
			[]string{"nm:u1 discovered Bluetooth"},
		},
		"a bridge that NetworkManager would make": {
			build().profile(1, "bridge", on("br0")), []string{"nm:u1 discovered Ethernet downlink"},
		},
		"a VPN without and with a network to run over": {
			build().profile(1, "vpn", nil).profile(2, "wireguard", on("wg0")),
			[]string{"nm:u1 defined Unknown private tunnel", "nm:u2 discovered Unknown private tunnel"},
		},
		"a VPN with a network to run over": {
			build().profile(1, "vpn", nil).with(managerPath, managerInterface, "PrimaryConnection", activePath(1)),
			[]string{"nm:u1 discovered Unknown private tunnel"},
		},
		"in use on two devices: the older one counts": {
			build().device(1, 1, "eth0", settingsPath(1)).device(2, 1, "eth1", settingsPath(1)).profile(1, wired, nil).
				active(2, 1, 2, activeActivated).active(1, 1, 1, activeActivated),
			[]string{"nm:u1 active Ethernet on eth0"},
		},
		"a VPN over a device that another process set up": {
			build().device(1, 1, "eth0").profile(1, wired, nil).with(settingsPath(1), profileInterface, "Flags", uint32(profileExternal)).
				profile(2, "vpn", nil).active(1, 1, 1, activeActivated).
				with(activePath(2), activeInterface, "Vpn", true).active(2, 2, 1, activeActivated).with(activePath(2), activeInterface, "Vpn", true),
			[]string{"nm:device:eth0 active Ethernet on eth0", "nm:u2 active Unknown private tunnel"},
		},
		"a VPN in use does not claim the device that it runs over": {
			build().device(1, 1, "eth0", settingsPath(1)).profile(1, wired, nil).profile(2, "vpn", nil).active(1, 1, 1, activeActivated).
				active(2, 2, 1, activeActivated).with(activePath(2), activeInterface, "Vpn", true),
			[]string{"nm:u1 active Ethernet on eth0", "nm:u2 active Unknown private tunnel"},
		},
	} {
		var got []string
		list := c.state.configurations()
		for _, id := range slices.Sorted(maps.Keys(list)) {
			got = append(got, summary(list[id]))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n\tgot  %q\n\twant %q", name, got, c.want)
		}
		if text := c.state.takeProblems(); text != "" {
			t.Errorf("%s: problems: %s", name, text)
		}
	}
}

func TestManagedInterfaces(t *testing.T) {
	p := build()
	if got := p.managedInterfaces(); got == nil || len(got) != 0 {
		t.Errorf("without a device: %#v, want an empty list that is not nil", got)
	}
	p.device(1, deviceModem, "cdc-wdm0").with(devicePath(1), deviceInterface, "IpInterface", "wwan0").
		device(2, 1, "eth0").with(devicePath(2), deviceInterface, "IpInterface", "eth0").
		device(3, 1, "eth1").with(devicePath(3), deviceInterface, "Managed", false)
	if got := backendtest.Names(p.managedInterfaces()); got != "cdc-wdm0 eth0 wwan0" {
		t.Errorf("managed: %s", got)
	}
}

func TestPermissions(t *testing.T) {
	p := build().device(1, 1, "eth0")
	answer := func(word string) []any { return []any{map[string]string{daemonName + ".network-control": word}} }
	for _, word := range []string{"yes", "auth", "", "something new"} {
		if p.setPermissions(answer(word)); p.denied != "" {
			t.Errorf("%q denies: %s", word, p.denied)
		}
	}
	if !p.setPermissions(answer("no")) || p.configurations()["nm:device:eth0"].Denied == "" {
		t.Error("a user without the right gets no reason")
	}
	if p.setPermissions(answer("no")) {
		t.Error("the same answer counts as a change")
	}
	if p.setPermissions([]any{7}) || p.setPermissions(nil) || p.takeProblems() == "" {
		t.Error("a malformed answer is not noticed")
	}
}

func TestModemGenerations(t *testing.T) {
	for bits, want := range map[uint32]bearer.BearerType{
		0: bearer.Bearer2G, 1 << 1: bearer.Bearer2G, 1 << 4: bearer.Bearer2G, 1 << 5: bearer.BearerWCDMA,
		1<<5 | 1<<6: bearer.BearerHSPA, 1 << 9: bearer.BearerHSPA, 1 << 10: bearer.BearerCDMA2000,
		1 << 11: bearer.BearerEVDO, 1 << 14: bearer.BearerLTE, 1 << 17: bearer.BearerLTE,
		1<<14 | 1<<15: bearer.Bearer4G, 1 << 31: bearer.Bearer2G, 1<<31 | 1<<14: bearer.BearerLTE,
	} {
		if got := bearerOf("gsm", deviceSummary{}, &modem{technologies: bits}); got != want {
			t.Errorf("technologies %#x: %v, want %v", bits, got, want)
		}
	}
}

func TestCauses(t *testing.T) {
	for _, c := range []struct {
		reason, device uint32
		name           string
	}{
		{reasonDevice, 5, "ip-config-unavailable"}, {9, 5, "no-secrets"}, {1, 36, "removed"},
		{reasonDevice, 9999, "reason 9999"}, {9999, 40, "carrier"}, {0, 0, "reason 0"},
	} {
		if got := causeOf(c.reason, c.device); got.name != c.name {
			t.Errorf("reason %d, of the device %d: %s, want %s", c.reason, c.device, got.name, c.name)
		}
	}
	for number, c := range deviceCauses {
		if c.name == "" || c.text == "" || strings.HasSuffix(c.text, ".") || c.advice != "" && !strings.HasSuffix(c.advice, ".") {
			t.Errorf("reason %d makes no sentence: %+v", number, c)
		}
	}
}

// If a device is not managed any more, its attempt is aborted, and nothing has failed.
func TestCausesOfNewerVersions(t *testing.T) {
	for number := uint32(69); number <= 78; number++ {
		c := causeOf(reasonDevice, number)
		if c.class != aborted || strings.HasPrefix(c.name, "reason ") {
			t.Errorf("reason %d is %+v", number, c)
		}
		if managed := strings.Contains(c.text, "managed by NetworkManager"); strings.HasPrefix(c.name, "unmanaged-user-") && !managed {
			t.Errorf("reason %d does not say that the device is not managed: %s", number, c.text)
		}
	}
	if c := causeOf(reasonDevice, 79); c.name != "modem-no-operator-code" || c.class != unknown || !strings.Contains(c.advice, "APN") {
		t.Errorf("reason 79 is %+v", c)
	}
}

func TestConnectivityIsThatOfThePrimaryConnection(t *testing.T) {
	for connectivity, want := range map[uint32]struct {
		reach  bearer.Reach
		portal bool
	}{
		0: {bearer.ReachUnknown, false}, 1: {bearer.ReachUnknown, false}, 2: {bearer.ReachSite, true},
		3: {bearer.ReachSite, false}, 4: {bearer.ReachOnline, false}, 99: {bearer.ReachUnknown, false},
	} {
		list := build().device(1, 1, "eth0", settingsPath(1)).device(2, 1, "eth1", settingsPath(2)).
			profile(1, "802-3-ethernet", nil).profile(2, "802-3-ethernet", nil).
			active(1, 1, 1, activeActivated).active(2, 2, 2, activeActivated).
			with(managerPath, managerInterface, "PrimaryConnection", activePath(1)).
			with(managerPath, managerInterface, "Connectivity", connectivity).configurations()
		if c := list["nm:u1"]; c.Reach != want.reach || c.Portal != want.portal {
			t.Errorf("%d: the primary connection has reach %d, portal %v", connectivity, c.Reach, c.Portal)
		}
		if c := list["nm:u2"]; c.Reach != bearer.ReachUnknown || c.Portal {
			t.Errorf("%d: another connection has reach %d, portal %v", connectivity, c.Reach, c.Portal)
		}
	}
}

func TestProfilesThatNeedNoAddress(t *testing.T) {
	for _, c := range []struct {
		ipv4, ipv6 string
		want       bool
	}{
		{"manual", "disabled", false}, {"auto", "auto", false}, {"auto", "ignore", false}, {"disabled", "auto", false},
		{"disabled", "manual", false}, {"shared", "disabled", false}, {"link-local", "disabled", false},
		{"disabled", "disabled", true}, {"disabled", "ignore", true}, {"disabled", "link-local", true},
		{"auto", "link-local", true}, {"", "", true}, {"", "auto", false}, {"auto", "", false},
	} {
		sections := profileSettings(1, "802-3-ethernet", nil)
		for name, method := range map[string]string{"ipv4": c.ipv4, "ipv6": c.ipv6} {
			if method != "" {
				sections[name] = values("method", method)
			}
		}
		b := build().device(1, 1, "eth0").profile(1, "802-3-ethernet", nil).active(1, 1, 1, activeActivated)
		b.loadSettings(settingsPath(1), sections)
		if got := b.configurations()["nm:u1"].AddressOptional; got != c.want {
			t.Errorf("IPv4 %q, IPv6 %q: %v", c.ipv4, c.ipv6, got)
		}
	}
}

// For a link that another process set up, the kernel alone decides.
func TestADeviceThatAnotherProcessSetUpNeedsAnAddress(t *testing.T) {
	b := build().device(1, deviceBridge, "docker0").profile(1, "bridge", nil).active(1, 1, 1, activeActivated)
	if !b.configurations()["nm:u1"].AddressOptional {
		t.Fatal("a profile without IP needs an address")
	}
	b.with(settingsPath(1), profileInterface, "Flags", uint32(profileExternal))
	if c := b.configurations()["nm:device:docker0"]; c.State != bearer.Active || c.AddressOptional {
		t.Errorf("it looks like %+v", c)
	}
}
