package networkmanager

import (
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// vpn adds a VPN in use over an active connection on the device n.
func (b builder) vpn(n, profile, device int, over any) builder {
	return b.active(n, profile, device, activeActivated).
		with(activePath(n), activeInterface, "Vpn", true, "Type", "vpn", "SpecificObject", over)
}

// primary gives an active connection the default route.
func (b builder) primary(n int, kind string) builder {
	return b.manager("PrimaryConnection", activePath(n), "PrimaryConnectionType", kind)
}

func (b builder) expectReach(t *testing.T, what string, want map[string]bearer.Reach) {
	t.Helper()
	list := b.configurations()
	for id, r := range want {
		if c := list[id]; c.Reach != r {
			t.Errorf("%s: the reach of %s is %d, want %d", what, id, c.Reach, r)
		}
	}
	compareAnew(t, b.daemonState)
}

// roadWarrior is a modem that costs, a cable that does not, and a VPN over the former.
func roadWarrior() builder {
	return build().
		device(1, deviceModem, "cdc-wdm0").with(devicePath(1), deviceInterface, "IpInterface", "wwan0", "Metered", uint32(3)).
		device(2, 1, "eth0").with(devicePath(2), deviceInterface, "Metered", uint32(4)).
		profile(1, "gsm", nil).profile(2, wiredKind, nil).profile(3, "vpn", nil).
		active(1, 1, 1, activeActivated).with(activePath(1), activeInterface, "Type", "gsm").
		active(2, 2, 2, activeActivated).with(activePath(2), activeInterface, "Type", wiredKind).
		vpn(3, 3, 1, activePath(1)).with(activePath(3), activeInterface, "Default", true).primary(3, "vpn")
}

// A plug-in's tunnel is a device that another process made, and is reported as free.
func TestTunnelsCostWhatIsUnderThem(t *testing.T) {
	b := roadWarrior().device(4, deviceTUN, "tun0").with(devicePath(4), deviceInterface, "Metered", uint32(4)).
		profile(4, "tun", nil).external(4).active(4, 4, 4, activeActivated).with(activePath(4), activeInterface, "Type", "tun")
	modem, cable := "nm:u1 active 2G on wwan0 metered?", "nm:u2 active Ethernet on eth0 free"
	b.expect(t, "tun0 does not say what it runs over: the oldest network", "nm:device:tun0 active Unknown on tun0 metered? private tunnel",
		modem, cable, "nm:u3 active Unknown metered? private tunnel")
	b.with(activePath(2), activeInterface, "Default", true)
	b.expect(t, "the cable has a default route, too", "nm:device:tun0 active Unknown on tun0 free private tunnel",
		modem, cable, "nm:u3 active Unknown metered? private tunnel")
	b.with(activePath(3), activeInterface, "SpecificObject", noObject)
	b.expect(t, "the VPN does not say so either", "nm:device:tun0 active Unknown on tun0 free private tunnel",
		modem, cable, "nm:u3 active Unknown free private tunnel")
	b.with(activePath(2), activeInterface, "State", uint32(activeDeactivating)).with(devicePath(1), deviceInterface, "Metered", uint32(1))
	b.expect(t, "without the cable", "nm:device:tun0 active Unknown on tun0 metered private tunnel",
		"nm:u1 active 2G on wwan0 metered", "nm:u2 discovered closing Ethernet on eth0 free", "nm:u3 active Unknown metered private tunnel")
	b.remove(activePath(1), []string{activeInterface})
	b.remove(activePath(2), []string{activeInterface})
	if got := summary(b.configurations()["nm:device:tun0"]); got != "nm:device:tun0 active Unknown on tun0 private tunnel" {
		t.Errorf("over nothing: %s", got)
	}
}

func TestATunnelWithAParentCostsWhatThatDoes(t *testing.T) {
	b := roadWarrior().device(5, deviceVXLAN, "vx0").profile(5, "vxlan", nil, "parent", "eth0").active(5, 5, 5, activeActivated).
		with(activePath(5), activeInterface, "Type", "vxlan").with(activePath(1), activeInterface, "Default", true)
	if got := summary(b.configurations()["nm:u5"]); got != "nm:u5 active Unknown on vx0 free private tunnel" {
		t.Errorf("on eth0: %s", got)
	}
	b.with(devicePath(2), deviceInterface, "Metered", uint32(1))
	if got := summary(b.configurations()["nm:u5"]); got != "nm:u5 active Unknown on vx0 metered private tunnel" {
		t.Errorf("eth0 costs now: %s", got)
	}
	compareAnew(t, b.daemonState)
}

// Connectivity is checked through the VPN, and applies to the connection under it too.
func TestConnectivityOfAVPNIsThatOfItsBase(t *testing.T) {
	b := roadWarrior().manager("Connectivity", uint32(connectivityFull))
	b.expectReach(t, "full", map[string]bearer.Reach{"nm:u3": bearer.ReachOnline, "nm:u1": bearer.ReachOnline, "nm:u2": bearer.ReachUnknown})
	b.manager("Connectivity", uint32(connectivityPortal))
	if list := b.configurations(); !list["nm:u3"].Portal || !list["nm:u1"].Portal || list["nm:u2"].Portal {
		t.Errorf("a portal: %v", list)
	}
	b.manager("Connectivity", uint32(connectivityFull)).with(activePath(3), activeInterface, "SpecificObject", activePath(2))
	b.expectReach(t, "it runs over the cable now", map[string]bearer.Reach{"nm:u3": bearer.ReachOnline, "nm:u1": bearer.ReachUnknown, "nm:u2": bearer.ReachOnline})
	b.with(activePath(3), activeInterface, "SpecificObject", activePath(3))
	b.expectReach(t, "it runs over itself", map[string]bearer.Reach{"nm:u3": bearer.ReachOnline, "nm:u1": bearer.ReachOnline, "nm:u2": bearer.ReachUnknown})
	b.primary(2, wiredKind)
	b.expectReach(t, "it is not primary any more", map[string]bearer.Reach{"nm:u3": bearer.ReachUnknown, "nm:u1": bearer.ReachUnknown, "nm:u2": bearer.ReachOnline})
}

// WireGuard's own default route leaves the network under it primary.
func TestConnectivityUnderWireGuard(t *testing.T) {
	b := build().device(1, 1, "eth0").profile(1, wiredKind, nil).active(1, 1, 1, activeActivated).
		device(2, deviceWireGuard, "wg0").with(devicePath(2), deviceInterface, "Metered", uint32(4)).profile(2, "wireguard", nil).
		active(2, 2, 2, activeActivated).with(activePath(2), activeInterface, "Type", "wireguard").primary(1, wiredKind).
		with(devicePath(1), deviceInterface, "Metered", uint32(1)).manager("Connectivity", uint32(connectivityFull))
	b.expectReach(t, "WireGuard", map[string]bearer.Reach{"nm:u1": bearer.ReachOnline, "nm:u2": bearer.ReachUnknown})
	if c := b.configurations()["nm:u2"]; c.Metered != bearer.MeteredYes || c.Role != bearer.Tunnel {
		t.Errorf("it looks like %+v", c)
	}
}

// During a check, NetworkManager reports an earlier state, of another network or of
// none.
func TestConnectivityDuringACheckIsIgnored(t *testing.T) {
	b := build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "Ip4Connectivity", uint32(1), "Ip6Connectivity", uint32(1)).
		profile(1, wiredKind, nil).manager("ConnectivityCheckEnabled", true, "ConnectivityCheckAvailable", true).
		active(1, 1, 1, activeActivated).primary(1, wiredKind)
	want := func(what string, r bearer.Reach, portal bool) {
		t.Helper()
		b.expectReach(t, what, map[string]bearer.Reach{"nm:u1": r})
		if b.configurations()["nm:u1"].Portal != portal {
			t.Errorf("%s: portal is %v", what, !portal)
		}
	}
	for _, stale := range []uint32{connectivityUnknown, connectivityNone, connectivityLimited, connectivityPortal, connectivityFull} {
		b.manager("Connectivity", stale)
		want("the manager's state of before", bearer.ReachUnknown, false)
	}
	four := func(n uint32) { b.with(devicePath(1), deviceInterface, "Ip4Connectivity", n) }
	four(connectivityLimited)
	want("limited", bearer.ReachSite, false)
	four(connectivityPortal)
	want("a portal", bearer.ReachSite, true)
	b.with(devicePath(1), deviceInterface, "Ip6Connectivity", uint32(connectivityLimited))
	want("a portal with IPv4, limited with IPv6", bearer.ReachSite, true)
	b.with(devicePath(1), deviceInterface, "Ip6Connectivity", uint32(connectivityFull))
	want("full with IPv6", bearer.ReachOnline, false)
	four(connectivityFull)
	want("full", bearer.ReachOnline, false)
	b.with(activePath(1), activeInterface, "State", uint32(activeActivating))
	want("not in use", bearer.ReachUnknown, false)
}

// Without checks, the states only repeat whether NetworkManager sees a default route.
func TestConnectivityThatIsNotChecked(t *testing.T) {
	for _, property := range []string{"ConnectivityCheckEnabled", "ConnectivityCheckAvailable"} {
		b := build().device(1, 1, "eth0").with(devicePath(1), deviceInterface, "Ip4Connectivity", uint32(connectivityLimited)).
			profile(1, wiredKind, nil).active(1, 1, 1, activeActivated).primary(1, wiredKind)
		b.expectReach(t, "checked", map[string]bearer.Reach{"nm:u1": bearer.ReachSite})
		b.manager(property, false)
		b.expectReach(t, "without "+property, map[string]bearer.Reach{"nm:u1": bearer.ReachUnknown})
		b.manager(property, true)
		b.expectReach(t, "again", map[string]bearer.Reach{"nm:u1": bearer.ReachSite})
	}
}

// The primary connection and its default route are signalled while it comes up, and the
// overall state decreases meanwhile.
func TestANetworkThatComesUpTakesNothingFromAnother(t *testing.T) {
	b := build().device(1, 1, "eth0").device(2, 1, "eth1").profile(1, wiredKind, nil).profile(2, wiredKind, nil).
		active(1, 1, 1, activeActivated).with(activePath(1), activeInterface, "Default", true).primary(1, wiredKind).manager("State", uint32(70))
	before := b.configurations()["nm:u1"]
	b.active(2, 2, 2, activeActivating).with(activePath(2), activeInterface, "Default", true).
		with(activePath(1), activeInterface, "Default", false).primary(2, wiredKind).manager("State", uint32(40))
	if now := b.configurations()["nm:u1"]; !now.Equal(&before) {
		t.Errorf("it was %+v, and is %+v", before, now)
	}
	if c := b.configurations()["nm:u2"]; backendtest.Describe(&c) != "discovered connecting" {
		t.Errorf("the other is %s", backendtest.Describe(&c))
	}
}

func TestAProfileOnTwoDevices(t *testing.T) {
	b := build().device(1, 1, "eth0", settingsPath(1)).device(2, 1, "eth1", settingsPath(1)).profile(1, wiredKind, []any{"multi-connect", int32(3)}).
		active(10, 1, 2, activeActivated).active(9, 1, 1, activeActivated)
	b.expect(t, "the older one counts", "nm:u1 active Ethernet on eth0")
	b.with(activePath(10), activeInterface, "Default6", true)
	b.expect(t, "that with the default route does", "nm:u1 active Ethernet on eth1")
	b.with(activePath(9), activeInterface, "Default", true)
	b.expect(t, "both have one", "nm:u1 active Ethernet on eth0")
	b.primary(10, wiredKind)
	b.expect(t, "the primary one does", "nm:u1 active Ethernet on eth1")
	b.with(activePath(10), activeInterface, "State", uint32(activeDeactivating))
	b.expect(t, "the other takes its place", "nm:u1 active Ethernet on eth0")
	b.remove(activePath(10), []string{activeInterface})
	b.expect(t, "and stays", "nm:u1 active Ethernet on eth0")
	b.active(11, 1, 2, activeActivating)
	b.expect(t, "while a third comes up", "nm:u1 active Ethernet on eth0")
}
