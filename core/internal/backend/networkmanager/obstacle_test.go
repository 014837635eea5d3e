package networkmanager

import (
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// expectObstacle checks how far a configuration is, and that its obstacle begins with a
// text.
func (b builder) expectObstacle(t *testing.T, what, id, state, begin string) {
	t.Helper()
	c := b.configurations()[id]
	if backendtest.Describe(&c) != state || !strings.HasPrefix(c.Obstacle, begin) || (begin == "") != (c.Obstacle == "") || strings.HasSuffix(c.Obstacle, ".") {
		t.Errorf("%s: %s is %s, because %q; want %s, because %q", what, id, backendtest.Describe(&c), c.Obstacle, state, begin)
	}
	compareAnew(t, b.daemonState)
}

func TestProfilesThatMakeTheirOwnDevice(t *testing.T) {
	const here, lost = "discovered", "defined"
	for name, c := range map[string]struct {
		kind   string
		own    []any
		state  string
		reason string
	}{
		"ipvlan":                           {"ipvlan", []any{"parent", "eth0"}, here, ""},
		"ipvlan without its parent":        {"ipvlan", []any{"parent", "eth9"}, lost, "the interface eth9 that it runs over is not there"},
		"macvlan without its parent":       {"macvlan", []any{"parent", "eth9"}, lost, "the interface eth9"},
		"macsec without its parent":        {"macsec", []any{"parent", "eth9"}, lost, "the interface eth9"},
		"vxlan without its parent":         {"vxlan", []any{"parent", "eth9"}, lost, "the interface eth9"},
		"vxlan that needs none":            {"vxlan", nil, here, ""},
		"an IP tunnel without a parent":    {"ip-tunnel", nil, here, ""},
		"one whose parent is lost":         {"ip-tunnel", []any{"parent", "eth9"}, lost, "the interface eth9"},
		"hsr":                              {"hsr", []any{"port1", "eth0", "port2", "eth1"}, here, ""},
		"hsr without its second port":      {"hsr", []any{"port1", "eth0", "port2", "eth9"}, lost, "the interface eth9"},
		"geneve":                           {"geneve", nil, here, ""},
		"link":                             {"link", nil, here, ""},
		"vrf":                              {"vrf", nil, here, ""},
		"PPPoE with a parent":              {"pppoe", []any{"parent", "eth0"}, here, ""},
		"PPPoE with a parent that is lost": {"pppoe", []any{"parent", "eth9"}, lost, "the interface eth9"},
		"PPPoE without a parent":           {"pppoe", nil, lost, ""},
		"generic with a handler":           {"generic", []any{"device-handler", "make-it"}, here, ""},
		"generic without a handler":        {"generic", nil, lost, ""},
		"vlan on an address":               {"vlan", []any{"parent", "02:00:00:00:00:0a"}, here, ""},
		"vlan on an unknown address":       {"vlan", []any{"parent", "02:00:00:00:00:ff"}, lost, "the interface 02:00:00:00:00:ff"},
		"vlan on a profile":                {"vlan", []any{"parent", "u2"}, here, ""},
		"vlan on a profile that is lost":   {"vlan", []any{"parent", "u3"}, lost, "the interface of profile 3"},
		"vlan on a bridge to be made":      {"vlan", []any{"parent", "u4"}, here, ""},
		"vlan on that bridge's name":       {"vlan", []any{"parent", "br0"}, here, ""},
		"vlan on a vlan that is lost":      {"vlan", []any{"parent", "u5"}, lost, "the interface of profile 5"},
		"vlan on itself":                   {"vlan", []any{"parent", "u1"}, lost, "the interface of profile 1"},
		"vlan on what is not made yet":     {"vlan", []any{"parent", "unreal0"}, lost, "the interface unreal0"},
	} {
		b := build().device(1, 1, "eth0").hardware(1, "02:00:00:00:00:0a", "").device(2, 1, "eth1").
			device(3, deviceBridge, "unreal0").with(devicePath(3), deviceInterface, "Real", false, "Managed", false).
			profile(2, wiredKind, []any{"interface-name", "eth1"}).profile(3, wiredKind, []any{"interface-name", "eth9"}).
			profile(4, "bridge", []any{"interface-name", "br0"}).profile(5, "vlan", nil, "parent", "eth9").
			profile(1, c.kind, nil, c.own...)
		b.expectObstacle(t, name, "nm:u1", c.state, c.reason)
	}
}

// A parent may be added and removed, and so may the parent's own parent.
func TestAParentComesAndGoes(t *testing.T) {
	b := build().profile(1, "vlan", []any{"interface-name", "lan"}, "parent", "u2").profile(2, "vlan", []any{"interface-name", "outer"}, "parent", "eth0")
	b.expectObstacle(t, "without eth0", "nm:u1", "defined", "the interface of profile 2")
	b.device(1, 1, "eth0")
	b.expectObstacle(t, "with eth0", "nm:u1", "discovered", "")
	b.remove(devicePath(1), []string{deviceInterface})
	b.expectObstacle(t, "without it again", "nm:u1", "defined", "the interface of profile 2")
	b.device(2, deviceVLAN, "outer").active(2, 2, 2, activeActivated)
	b.expectObstacle(t, "what that is made on is up", "nm:u1", "discovered", "")
}

// Such a profile names the hardware by a section of another type.
func TestAVLANOnTheAddressOfACard(t *testing.T) {
	b := build().device(1, 1, "eth0").hardware(1, "02:00:00:00:00:0A", "").profile(1, "vlan", []any{"interface-name", "lan"})
	all := profileSettings(1, "vlan", nil)
	all[wiredKind] = values("mac-address", []byte{2, 0, 0, 0, 0, 11})
	b.loadSettings(settingsPath(1), all)
	b.expectObstacle(t, "of another card", "nm:u1", "defined", "the interface 02:00:00:00:00:0B")
	b.hardware(1, "02:00:00:00:00:0B", "")
	b.expectObstacle(t, "of the card", "nm:u1", "discovered", "")
}

// The kernel's link of a VRF has no address, and is not listed.
func TestAVRFIsInUseWithoutAnAddress(t *testing.T) {
	b := build().device(1, deviceVRF, "vrf0").profile(1, "vrf", []any{"interface-name", "vrf0"}).active(1, 1, 1, activeActivated)
	all := profileSettings(1, "vrf", []any{"interface-name", "vrf0"})
	all["ipv4"], all["ipv6"] = values("method", "auto"), values("method", "auto")
	b.loadSettings(settingsPath(1), all)
	if c := b.configurations()["nm:u1"]; c.State != bearer.Active || !c.AddressOptional || c.Interface != "" {
		t.Errorf("it looks like %+v", c)
	}
}

func TestObstaclesOfAProfile(t *testing.T) {
	b := build().profile(1, wiredKind, []any{"interface-name", "eth0"}).profile(2, "vpn", nil)
	b.expectObstacle(t, "no device", "nm:u1", "defined", "its interface eth0 is not there")
	b.expectObstacle(t, "no network", "nm:u2", "defined", "there is no network for the VPN to run over")
	b.device(1, 1, "eth0").with(devicePath(1), deviceInterface, "Managed", false)
	b.expectObstacle(t, "not managed", "nm:u1", "defined", "NetworkManager does not manage its interface eth0")
	b.with(devicePath(1), deviceInterface, "Managed", true).state(1, 20, 40)
	b.expectObstacle(t, "no carrier", "nm:u1", "defined", "")
	b.state(1, 30, 0).available(1, 1).primary(1, wiredKind)
	b.expectObstacle(t, "all exist", "nm:u1", "discovered", "")
	b.expectObstacle(t, "and a network", "nm:u2", "discovered", "")
}

func TestRadiosThatAreSwitchedOff(t *testing.T) {
	b := build().device(1, deviceWiFi, "wlan0", settingsPath(1)).profile(1, "802-11-wireless", nil, "ssid", []byte("cafe")).
		device(2, deviceModem, "cdc-wdm0", settingsPath(2)).profile(2, "gsm", nil).device(3, deviceWiFi, "wlan1")
	const wifi, modem, radio = "nm:u1", "nm:u2", "its radio is switched off (rfkill); nmcli radio "
	b.expectObstacle(t, "on", wifi, "discovered", "")
	b.manager("WirelessEnabled", false)
	b.expectObstacle(t, "off", wifi, "defined", radio+"wifi on")
	b.expectObstacle(t, "off for Wi-Fi only", modem, "discovered", "")
	b.manager("WirelessHardwareEnabled", false)
	b.expectObstacle(t, "by a switch", wifi, "defined", "its radio is switched off by a switch of the machine")
	b.manager("WirelessEnabled", true, "WirelessHardwareEnabled", true, "WwanEnabled", false)
	b.expectObstacle(t, "on again", wifi, "discovered", "")
	b.expectObstacle(t, "the modem is off", modem, "defined", radio+"wwan on")
	b.manager("WwanEnabled", true, "WwanHardwareEnabled", false)
	b.expectObstacle(t, "by a switch, too", modem, "defined", "its radio is switched off by a switch")
	b.manager("WwanHardwareEnabled", true)
	b.expectObstacle(t, "on again", modem, "discovered", "")
}

func TestNetworkingIsSwitchedOff(t *testing.T) {
	b := build().device(1, 1, "eth0", settingsPath(1)).profile(1, wiredKind, []any{"interface-name", "eth0"}).
		device(2, 1, "eth1").profile(3, "bridge", []any{"interface-name", "br0"}).
		device(4, 1, "free0").with(devicePath(4), deviceInterface, "Managed", false).profile(5, wiredKind, []any{"interface-name", "free0"})
	b.changes()
	if got := backendtest.Names(b.managedInterfaces()); got != "eth0 eth1" {
		t.Fatalf("managed: %q", got)
	}
	sleep := func(reason uint32) {
		for _, n := range []int{1, 2} {
			b.state(n, 10, reason).with(devicePath(n), deviceInterface, "Managed", false)
		}
	}
	for reason, signal := range map[uint32]func(){
		37: func() { b.manager("NetworkingEnabled", false, "State", uint32(10)) },
		78: func() { b.manager("State", uint32(10), "NetworkingEnabled", false) },
	} {
		sleep(reason)
		signal()
		const off = "networking is switched off; nmcli networking on"
		for _, id := range []string{"nm:u1", "nm:device:eth1", "nm:u3", "nm:u5"} {
			b.expectObstacle(t, "off", id, "defined", off)
		}
		if got := backendtest.Names(b.managedInterfaces()); got != "eth0 eth1" {
			t.Errorf("reason %d: while networking is off, managed: %q", reason, got)
		}
		b.manager("NetworkingEnabled", true, "State", uint32(20))
		for _, n := range []int{1, 2} {
			b.with(devicePath(n), deviceInterface, "Managed", true).state(n, 30, 0)
		}
		b.expectObstacle(t, "on", "nm:u1", "discovered", "")
		b.expectObstacle(t, "on", "nm:device:eth1", "discovered", "")
		b.expectObstacle(t, "on", "nm:u3", "discovered", "")
	}
	sleep(73)
	b.manager("State", uint32(10))
	b.expectObstacle(t, "suspended", "nm:u1", "defined", "the system sleeps")
}

// NetworkManager reports nothing about a device that was plugged in meanwhile, or existed
// before NetworkManager was started with networking off.
func TestDevicesThatAppearWhileNetworkingIsOff(t *testing.T) {
	b := build().manager("NetworkingEnabled", false, "State", uint32(10))
	for n, name := range []string{"eth0", "eth1", "eth2"} {
		b.device(n, 1, name).with(devicePath(n), deviceInterface, "Managed", false).state(n, 10, 0)
	}
	if got := backendtest.Names(b.managedInterfaces()); got != "" {
		t.Errorf("managed: %q", got)
	}
	b.interfacesDirty = false
	b.profile(1, wiredKind, []any{"interface-name", "eth1"}).state(2, 10, 74)
	if got := backendtest.Names(b.managedInterfaces()); got != "eth1" {
		t.Errorf("with a profile, managed: %q", got)
	}
	b.interfacesDirty = false
	if b.manager("NetworkingEnabled", true, "State", uint32(20)); !b.interfacesDirty || len(b.managedInterfaces()) != 0 {
		t.Errorf("networking is on, managed: %q", backendtest.Names(b.managedInterfaces()))
	}
}

func TestSharedNetworksAreDownlinks(t *testing.T) {
	method := func(section, method string) map[string]map[string]dbus.Variant {
		all := profileSettings(1, wiredKind, nil)
		all[section] = values("method", method)
		return all
	}
	mode := func(mode string) map[string]map[string]dbus.Variant {
		return profileSettings(1, "802-11-wireless", nil, "ssid", []byte("cafe"), "mode", mode)
	}
	for name, c := range map[string]struct {
		settings map[string]map[string]dbus.Variant
		want     bearer.Role
	}{
		"shared":               {method("ipv4", "shared"), bearer.Downlink},
		"shared with IPv6":     {method("ipv6", "shared"), bearer.Downlink},
		"an address by itself": {method("ipv4", "auto"), bearer.Uplink},
		"a hotspot":            {mode("ap"), bearer.Downlink},
		"ad hoc":               {mode("adhoc"), bearer.Downlink},
		"a mesh":               {mode("mesh"), bearer.Downlink},
		"a station":            {mode("infrastructure"), bearer.Uplink},
	} {
		b := build().profile(1, wiredKind, nil)
		b.loadSettings(settingsPath(1), c.settings)
		if got := b.configurations()["nm:u1"].Role; got != c.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestBridgesWithoutPortsLeadNowhere(t *testing.T) {
	for _, kind := range []string{"bridge", "bond", "team"} {
		const nowhereElse, uplink = "nm:u1 discovered Ethernet downlink", "nm:u1 discovered Ethernet"
		b := build().profile(1, kind, []any{"interface-name", "x0"})
		b.expect(t, kind+" without a port", nowhereElse)
		b.profile(2, wiredKind, []any{"master", "x0", "slave-type", kind})
		b.expect(t, kind+" with a port by its name", uplink)
		b.profile(2, wiredKind, []any{"controller", "u1", "port-type", kind})
		b.expect(t, kind+" with a port by its uuid", uplink)
		b.profile(2, wiredKind, []any{"controller", "u7", "port-type", kind})
		b.expect(t, kind+" whose port is another's", nowhereElse)
		b.device(1, deviceBridge, "x0").active(1, 1, 1, activeActivated)
		b.expect(t, kind+" in use", "nm:u1 active Ethernet on x0 downlink")
		b.with(devicePath(1), deviceInterface, "Ports", paths(devicePath(5)))
		b.expect(t, kind+" with a port that another process added", "nm:u1 active Ethernet on x0")
		b.with(devicePath(1), deviceInterface, "Ports", paths()).with(activePath(1), activeInterface, "Default6", true)
		b.expect(t, kind+" that has the default route", "nm:u1 active Ethernet on x0")
	}
}

func TestStoredSecrets(t *testing.T) {
	for name, c := range map[string]struct {
		section string
		values  props
		want    bool
	}{
		"none needed":               {"ipv4", values("method", "auto"), false},
		"stored, without a word":    {"802-11-wireless-security", values("key-mgmt", "wpa-psk"), true},
		"stored":                    {"802-11-wireless-security", values("psk-flags", uint32(0)), true},
		"with an agent":             {"802-11-wireless-security", values("psk-flags", uint32(1)), false},
		"not saved":                 {"802-11-wireless-security", values("psk-flags", uint32(2)), false},
		"not required":              {"802-11-wireless-security", values("leap-password-flags", uint32(4|1)), true},
		"WEP, with an agent":        {"802-11-wireless-security", values("wep-key-flags", uint32(1)), false},
		"802.1X, with an agent":     {"802-1x", values("password-flags", uint32(1)), false},
		"a modem's, not saved":      {"gsm", values("pin-flags", uint32(2)), false},
		"a VPN's, stored":           {"vpn", values("data", map[string]string{"password-flags": "0"}), true},
		"a VPN's, with an agent":    {"vpn", values("data", map[string]string{"password-flags": "1"}), false},
		"a VPN's, of another shape": {"vpn", values("data", "all"), true},
		"flags that are none":       {"pppoe", values("password-flags", "1"), true},
	} {
		if got := secretsStored(sections{"connection": values("id", "x"), c.section: c.values}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
