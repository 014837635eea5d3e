package networkmanager

import (
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

const wiredKind = "802-3-ethernet"

// hardware gives a device an address, and a permanent address.
func (b builder) hardware(n int, current, permanent string) builder {
	return b.with(devicePath(n), deviceInterface, "HwAddress", current).
		with(devicePath(n), wiredInterface, "PermHwAddress", permanent)
}

// available are the profiles that can be activated on a device.
func (b builder) available(n int, profiles ...int) builder {
	list := paths()
	for _, p := range profiles {
		list = append(list, settingsPath(p))
	}
	return b.with(devicePath(n), deviceInterface, "AvailableConnections", list)
}

// The profile that runs on a device decides, whatever other profiles fit.
func TestAProfileThatCouldFitHidesNothingThatRuns(t *testing.T) {
	const up = "nm:device:aa active Ethernet on aa"
	b := build().device(1, 1, "aa").profile(9, wiredKind, nil).with(settingsPath(9), profileInterface, "Flags", uint32(profileVolatile)).
		active(1, 9, 1, activeActivated)
	b.expect(t, "a volatile profile runs", up)
	b.profile(1, wiredKind, []any{"interface-name", "aa"}).available(1, 1)
	b.expect(t, "another one could", up, "nm:u1 discovered Ethernet on aa")
	b.external(9)
	b.expect(t, "a link that another process set up, and a profile that could be activated", up, "nm:u1 discovered Ethernet on aa")
	b.with(activePath(1), activeInterface, "State", uint32(activeDeactivating))
	b.expect(t, "on its way down", "nm:device:aa discovered closing Ethernet on aa", "nm:u1 discovered Ethernet on aa")
	b.remove(activePath(1), []string{activeInterface})
	b.expect(t, "nothing runs", "nm:u1 discovered Ethernet on aa")
	b.available(1)
	b.expect(t, "nothing can", "nm:device:aa discovered Ethernet on aa", "nm:u1 defined Ethernet on aa")
	for _, state := range []uint32{20, 110, 120} {
		b.state(1, state, 40)
		b.expect(t, "without a carrier, or on its way", "nm:u1 defined Ethernet on aa")
	}
	b.state(1, 30, 0).manager("State", uint32(10))
	b.expect(t, "going to sleep", "nm:u1 defined Ethernet on aa")
}

// NetworkManager decides whether a profile's conditions are met.
func TestProfilesWithConditions(t *testing.T) {
	for name, own := range map[string]struct {
		match []any
		own   []any
	}{
		"the name of the interface": {[]any{"interface-name", []string{"zz*"}}, nil},
		"the driver":                {[]any{"driver", []string{"!veth"}}, nil},
		"addresses that are barred": {nil, []any{"mac-address-blacklist", []string{"02:00:00:00:00:01"}}},
		"the same in newer words":   {nil, []any{"mac-address-denylist", []string{"02:00:00:00:00:01"}}},
	} {
		b := build().device(1, 1, "aa").hardware(1, "02:00:00:00:00:01", "")
		b.profile(1, wiredKind, nil)
		all := profileSettings(1, wiredKind, nil, own.own...)
		if own.match != nil {
			all["match"] = values(own.match...)
		}
		b.loadSettings(settingsPath(1), all)
		b.expect(t, name+" does not match", "nm:device:aa discovered Ethernet on aa", "nm:u1 defined Ethernet")
		b.state(1, 20, 40)
		b.expect(t, name+": not known", "nm:device:aa defined Ethernet on aa", "nm:u1 defined Ethernet")
		b.state(1, 30, 0).available(1, 1)
		b.expect(t, name+" matches", "nm:u1 discovered Ethernet on aa")
	}
}

// A card with a random address still belongs to the profile of its permanent address.
func TestProfilesGoByThePermanentAddress(t *testing.T) {
	own := []any{"mac-address", []byte{2, 0, 0, 0, 0, 1}}
	for name, c := range map[string]struct {
		current, permanent string
		want               []string
	}{
		"made up":              {"02:00:00:00:00:09", "02:00:00:00:00:01", []string{"nm:u1 defined Ethernet"}},
		"of another one":       {"02:00:00:00:00:01", "02:00:00:00:00:09", []string{"nm:device:aa defined Ethernet on aa", "nm:u1 defined Ethernet"}},
		"where there is none":  {"02:00:00:00:00:01", "", []string{"nm:u1 defined Ethernet"}},
		"and neither is known": {"", "", []string{"nm:device:aa defined Ethernet on aa", "nm:u1 defined Ethernet"}},
	} {
		build().device(1, 1, "aa").hardware(1, c.current, c.permanent).state(1, 20, 40).profile(1, wiredKind, nil, own...).expect(t, name, c.want...)
	}
	b := build().device(1, deviceWiFi, "wlan0").with(devicePath(1), wirelessInterface, "PermHwAddress", "02:00:00:00:00:01")
	if got := b.devices[devicePath(1)].profileAddress(); got != "02:00:00:00:00:01" {
		t.Errorf("a radio is bound by %q", got)
	}
}

// A device must not be hidden by a profile that is not shown.
func TestAProfileThatMayNotBeReadHidesNothing(t *testing.T) {
	b := build().device(1, 1, "aa", settingsPath(1)).with(settingsPath(1), profileInterface, "Flags", uint32(0)).active(1, 1, 1, activeActivated)
	b.expect(t, "its settings are on their way")
	b.closeSettings(settingsPath(1))
	b.expect(t, "they are not for this user", "nm:device:aa active Ethernet on aa")
	b.loadSettings(settingsPath(1), profileSettings(1, wiredKind, nil))
	b.expect(t, "they are now", "nm:u1 active Ethernet on aa")
}

func TestPPPOverEthernetIsListedOnce(t *testing.T) {
	const devicePPP = 23
	b := build().device(1, 1, "eth0", settingsPath(1)).profile(1, "pppoe", nil).active(1, 1, 1, activeActivated)
	b.expect(t, "before its link exists", "nm:u1 active Ethernet on eth0")
	b.device(2, devicePPP, "ppp0").profile(2, "generic", nil).external(2).active(2, 2, 2, activeActivated)
	b.expect(t, "not known to be its link", "nm:device:ppp0 active Unknown on ppp0", "nm:u1 active Ethernet on eth0")
	b.with(devicePath(1), deviceInterface, "IpInterface", "ppp0")
	b.expect(t, "its link", "nm:u1 active Ethernet on ppp0")
	b.with(devicePath(1), deviceInterface, "IpInterface", "eth0")
	b.expect(t, "its link no more", "nm:device:ppp0 active Unknown on ppp0", "nm:u1 active Ethernet on eth0")
}

// A radio in monitor mode is a device of no known type, as are others that carry no IP.
func TestADeviceOfNoKnownTypeIsListedWhileItIsUsed(t *testing.T) {
	const deviceGeneric = 14
	b := build().device(1, deviceGeneric, "hwsim0")
	b.expect(t, "nothing runs on it")
	b.state(1, 20, 0)
	b.expect(t, "it is down")
	if got := backendtest.Names(b.managedInterfaces()); got != "hwsim0" {
		t.Errorf("managed: %q", got)
	}
	b.profile(1, "generic", nil).external(1).active(1, 1, 1, activeActivated)
	b.expect(t, "another process has given it an address", "nm:device:hwsim0 active Unknown on hwsim0")
}

func TestNewerTypesOfDevices(t *testing.T) {
	for kind, want := range map[uint32]string{
		deviceHSR: "nm:device:x active Ethernet on x", deviceIPVLAN: "nm:device:x active Ethernet on x",
		deviceGENEVE: "nm:device:x active Unknown on x private tunnel", deviceTUN: "nm:device:x active Unknown on x private tunnel",
		deviceVXLAN: "nm:device:x active Unknown on x private tunnel", deviceWireGuard: "nm:device:x active Unknown on x private tunnel",
		deviceIPTunnel: "nm:device:x active Unknown on x private tunnel", deviceBridge: "nm:device:x active Ethernet on x",
	} {
		build().device(1, kind, "x").profile(1, "generic", nil).external(1).active(1, 1, 1, activeActivated).expect(t, want, want)
	}
}

func TestReasonOfARemovedDevice(t *testing.T) {
	b := build().device(1, 1, "aa").hardware(1, "02:00:00:00:00:01", "").device(2, 1, "bb").hardware(2, "02:00:00:00:00:02", "")
	b.changes()
	gone := func(what, want string) {
		t.Helper()
		if _, list := b.changes(); len(list) == 0 || b.goneReason(list) != want {
			t.Errorf("%s: %q is gone, because %q, want %q", what, list, b.goneReason(list), want)
		}
	}
	unmanaged := func(n int, reason uint32) {
		b.state(n, 10, reason).with(devicePath(n), deviceInterface, "Managed", false)
	}
	unmanaged(1, 36)
	gone("set to unmanaged", "NetworkManager stopped managing aa")
	b.with(devicePath(1), deviceInterface, "Managed", true).state(1, 30, 0).changes()
	b.profile(1, wiredKind, nil).available(1, 1)
	gone("a profile was made", "NetworkManager has a profile for aa now, which is a configuration of its own")
	b.available(1).changes()
	unmanaged(1, 36)
	unmanaged(2, 36)
	gone("two at once", "")
	b.with(devicePath(1), deviceInterface, "Managed", true).state(1, 30, 0).changes()
	b.hardware(1, "", "")
	unmanaged(1, reasonUnmanaged)
	gone("its link was removed", "")
	b.remove(devicePath(2), []string{deviceInterface})
	if b.changes(); b.goneReason([]string{"nm:device:bb", "nm:u7"}) != "" {
		t.Error("something is said of what never was there")
	}
}

func TestManagedInterfacesHaveTheirAddress(t *testing.T) {
	b := build().device(1, 1, "eth0").hardware(1, "02:00:00:00:00:0A", "02:00:00:00:00:0B").
		device(2, deviceBridge, "br0").hardware(2, "00:00:00:00:00:00", "").
		device(3, deviceModem, "cdc-wdm0").with(devicePath(3), deviceInterface, "IpInterface", "wwan0").
		device(4, 1, "eth1", settingsPath(1)).hardware(4, "02:00:00:00:00:0C", "").with(devicePath(4), deviceInterface, "IpInterface", "ppp0").
		device(5, 23, "ppp0").profile(1, "pppoe", nil).active(1, 1, 4, activeActivated)
	want := []bearer.Interface{
		{Name: "br0"}, {Name: "cdc-wdm0"}, {Name: "eth0", Hardware: "02:00:00:00:00:0a"},
		{Name: "eth1", Hardware: "02:00:00:00:00:0c"}, {Name: "ppp0"}, {Name: "wwan0"},
	}
	if got := b.managedInterfaces(); !equal(got, want) {
		t.Errorf("managed: %v, want %v", got, want)
	}
	list := b.configurations()
	for id, want := range map[string]string{"nm:device:eth0": "02:00:00:00:00:0a", "nm:device:br0": "", "nm:device:cdc-wdm0": "", "nm:u1": ""} {
		if got := list[id].Hardware; got != want {
			t.Errorf("%s has the address %q, want %q", id, got, want)
		}
	}
	b.interfacesDirty = false
	b.hardware(1, "02:00:00:00:00:0d", "02:00:00:00:00:0B")
	if got := b.managedInterfaces(); got[2].Hardware != "02:00:00:00:00:0d" || b.configurations()["nm:device:eth0"].Hardware != "02:00:00:00:00:0d" {
		t.Errorf("the address has changed, managed: %v", got)
	}
}
