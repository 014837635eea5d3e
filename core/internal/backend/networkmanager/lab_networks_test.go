package networkmanager

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// The tests of this file are about networks as people have them, beside the real
// NetworkManager, as far as veth, bridge, macvlan, vxlan and tun links go.

// uuid is the uuid of a profile that nmcli makes.
func uuid(n int) string { return fmt.Sprintf("20000000-0000-4000-8000-%012d", n) }

const (
	noIP    = " autoconnect no ipv4.method disabled ipv6.method disabled"
	fixedIP = " autoconnect no ipv4.method manual ipv4.addresses 192.0.2.7/24 ipv6.method disabled"
)

// add makes a profile by nmcli and returns its identifier.
func (l *lab) add(n int, rest string) string {
	l.t.Helper()
	l.nmcli("connection add connection.uuid " + uuid(n) + " " + rest)
	return "nm:" + uuid(n)
}

func TestLabRolesOfProfilesAndDevices(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.boot()
	r := l.record()
	r.AwaitLine("nm:device:eth0 discovered")
	bridge := l.add(1, "type bridge con-name bridge ifname br0"+noIP)
	shared := l.add(2, "type ethernet con-name shared ifname eth0 autoconnect no ipv4.method shared ipv6.method disabled")
	overlay := l.add(3, "type vxlan con-name overlay ifname vx0 id 7 remote 198.51.100.1"+noIP)
	for id, role := range map[string]bearer.Role{bridge: bearer.Downlink, shared: bearer.Downlink, overlay: bearer.Tunnel} {
		r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Discovered && c.Role == role })
	}
	l.add(4, "type ethernet con-name port ifname eth9 master br0 slave-type bridge autoconnect no")
	r.AwaitConfiguration(bridge, "the properties", func(c bearer.Configuration) bool { return c.Role == bearer.Uplink })
	l.nmcli("connection delete port")
	r.AwaitConfiguration(bridge, "the properties", func(c bearer.Configuration) bool { return c.Role == bearer.Downlink })
	run(t, "ip tuntap add dev tun0 mode tun")
	t.Cleanup(func() { run(t, "ip link delete tun0") })
	run(t, "ip address add 203.0.113.1/24 dev tun0 && ip link set tun0 up")
	r.AwaitConfiguration("nm:device:tun0", "the properties", func(c bearer.Configuration) bool {
		return c.Role == bearer.Tunnel && c.Purpose == bearer.PrivatePurpose
	})
}

func TestLabAParentThatIsAbsent(t *testing.T) {
	l := newLab(t)
	l.cable("eth1")
	l.boot()
	r := l.record()
	r.AwaitLine("nm:device:eth1 discovered")
	id := l.add(1, "type macvlan con-name lan mode bridge ifname mv0 dev eth0"+noIP)
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool {
		return c.State == bearer.Defined && c.Obstacle == "the interface eth0 that it runs over is not there"
	})
	l.cable("eth0")
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.ExpectJoined(id, false)
	r.backend.Stop(id)
	r.AwaitLine("done stop " + id)
	run(t, "ip link delete eth0")
	r.AwaitLine(id + " defined")
}

func TestLabWhatOthersStartedIsJoined(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.ExpectJoined(id, false)
	r.backend.Stop(id)
	r.AwaitLine("done stop " + id)
	l.nmcli("connection up office")
	r.backend.Start(id)
	r.ExpectJoined(id, true)
}

func TestLabHardwareAddresses(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	run(t, "ip link set eth0 address 02:00:00:00:00:AB")
	id := l.write("office", "eth0", auto)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " active")
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.Hardware == "02:00:00:00:00:ab" })
	answer := make(chan []bearer.Interface)
	r.backend.bus.Post(func() { answer <- r.backend.monitor.managed })
	found := false
	for _, i := range <-answer {
		found = found || i == bearer.Interface{Name: "eth0", Hardware: "02:00:00:00:00:ab"}
	}
	if !found {
		t.Error("eth0 is not among the managed interfaces with its address")
	}
}

func TestLabDeviceThatIsNotManagedAnyMore(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.cable("eth1")
	l.boot()
	r := l.record()
	r.AwaitLine("nm:device:eth1 discovered")
	l.nmcli("device set eth1 managed no")
	r.AwaitLine("gone nm:device:eth1: NetworkManager stopped managing eth1")
	l.nmcli("device set eth1 managed yes")
	r.AwaitLine("nm:device:eth1 discovered")
	l.add(1, "type ethernet con-name new ifname eth1"+fixedIP)
	r.AwaitLine("gone nm:device:eth1: NetworkManager has a profile for eth1 now, which is a configuration of its own")
	mark := r.Mark()
	run(t, "ip link delete eth0")
	r.AwaitLine("gone nm:device:eth0")
	r.ExpectLines(mark, "gone", "gone nm:device:eth0")
}

// Plugging in a cable shows no device for a moment that its profile hides.
func TestLabADeviceDoesNotFlicker(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", auto)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " active")
	mark := r.Mark()
	for i := 0; i < 2; i++ {
		run(t, "ip link set eth0.peer down")
		r.AwaitLine(id + " defined")
		run(t, "ip link set eth0.peer up")
		r.AwaitLine(id + " active")
		l.nmcli("connection down office")
		r.AwaitLine(id + " discovered")
		l.nmcli("connection up office")
		r.AwaitLine(id + " active")
	}
	r.ExpectLines(mark, "nm:device:")
}

func TestLabNetworkingIsSwitchedOff(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.cable("eth1")
	id := l.write("office", "eth0", auto)
	l.boot()
	r := l.record()
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Active })
	r.AwaitConfiguration("nm:device:eth1", "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Discovered })
	bridge := l.add(1, "type bridge con-name bridge ifname br0"+noIP)
	mark := r.Mark()
	l.nmcli("networking off")
	off := func(c bearer.Configuration) bool {
		return c.State == bearer.Defined && strings.HasPrefix(c.Obstacle, "networking is switched off")
	}
	for _, id := range []string{id, "nm:device:eth1", bridge} {
		r.AwaitConfiguration(id, "the properties", off)
	}
	l.cable("eth2")
	l.add(2, "type ethernet con-name late ifname eth2"+fixedIP)
	r.AwaitLine("managed eth0 eth1 eth2 lo")
	if gone := r.LinesSince(mark, "gone"); len(gone) > 0 {
		t.Errorf("%q", gone)
	}
	fresh := l.record()
	fresh.AwaitLine("managed eth0 eth1 eth2 lo")
	l.nmcli("networking on")
	r.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Active })
	r.AwaitConfiguration("nm:device:eth1", "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Discovered })
}

// A profile that is active on two links ends with the last of them.
func TestLabAProfileOnTwoLinks(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.cable("eth1")
	l.boot()
	first := l.record()
	first.AwaitConfiguration("nm:device:eth0", "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Discovered })
	id := l.add(1, "type ethernet con-name both connection.multi-connect multiple ipv4.gateway 192.0.2.254"+fixedIP+" ifname '*'")
	first.AwaitLine(id + " discovered")
	l.nmcli("connection up both ifname eth1")
	l.nmcli("connection up both ifname eth0")
	first.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.State == bearer.Active })
	for i := 0; i < 10; i++ {
		r := l.record()
		r.AwaitLine(id + " active")
		if got := r.Configuration(id).Interface; got != "eth1" {
			t.Errorf("number %d says %s", i, got)
		}
		r.stop()
	}
	mark := first.Mark()
	l.nmcli("device disconnect eth1")
	first.AwaitConfiguration(id, "the properties", func(c bearer.Configuration) bool { return c.Interface == "eth0" })
	first.ExpectLines(mark, id)
	l.nmcli("connection up both ifname eth1")
	first.backend.Stop(id)
	first.AwaitLine("done stop " + id)
	if c := first.Configuration(id); backendtest.Describe(&c) != "discovered" {
		t.Errorf("after a stop it is %s", backendtest.Describe(&c))
	}
}
