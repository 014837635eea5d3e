package connman

import (
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

const (
	workPath = dbus.ObjectPath("/net/connman/service/vpn_192_0_2_1_example")
	workID   = "connman:vpn_192_0_2_1_example"
	workCall = "vpn_192_0_2_1_example"
	workVPN  = "/net/connman/vpn/connection/192_0_2_1_example"
)

// work is a VPN service as ConnMan 1 lists it; ConnMan 2 has an Ethernet, without an
// interface while it is down.
func work(state string) properties {
	return props("Type", "vpn", "State", state, "Name", "Work", "Favorite", true, "Immutable", false, "Provider", props())
}

// tunnelling is an office in which the VPN service has just come up.
func tunnelling(t *testing.T) *harness {
	o := newHarness(t, entry(wiredPath, wired("ready")), entry(workPath, work("idle")))
	o.tunnels.interfaceName = func(index int) string { return map[int]string{7: "vpn3"}[index] }
	o.signalProperty(workPath, "State", "association")
	o.signalProperty(workPath, "State", "ready")
	o.expect("Work discovered 1", "Work discovered 1", "call GetProperties "+workCall)
	return o
}

func TestVPNIsATunnel(t *testing.T) {
	o := newHarness(t, entry(workPath, work("idle")))
	if got := shown(o.state, workID); got.Role != bearer.Tunnel || got.Purpose != bearer.PrivatePurpose || got.Hardware != "" {
		t.Errorf("%+v", got)
	}
}

func TestInterfaceOfAVPNInConnMan2(t *testing.T) {
	o := tunnelling(t)
	o.reply("GetProperties", nil, with(work("ready"), "Ethernet", props("Method", "auto", "Interface", "vpn1", "Address", "00:00:00:00:00:00")))
	o.expect("Work active 0", "speaks for [{eth0 02:00:00:00:ab:30} {vpn0 } {vpn1 }]")
	if got := shown(o.state, workID); got.Interface != "vpn1" || got.Hardware != "" {
		t.Errorf("%+v", got)
	}
	o.signalProperty(workPath, "State", "disconnect")
	o.signalProperty(workPath, "State", "idle")
	o.expect("Work discovered 2", "Work discovered 0", "speaks for [{eth0 02:00:00:00:ab:30} {vpn0 }]")
	o.signalProperty(workPath, "State", "association")
	o.signalProperty(workPath, "State", "ready")
	o.expect("Work discovered 1", "Work discovered 1", "call GetProperties "+workCall)
}

func TestInterfaceOfAVPNInConnMan1(t *testing.T) {
	o := tunnelling(t)
	o.reply("GetProperties", nil, work("ready"))
	o.expect("call GetProperties " + workVPN)
	o.reply("GetProperties", nil, props("Index", int32(7), "State", "ready"))
	o.expect("Work active 0", "speaks for [{eth0 02:00:00:00:ab:30} {vpn0 } {vpn3 }]")
	o.readAll(func() {})
	o.replyAll(list(), list(entry(wiredPath, wired("ready")), entry(workPath, work("ready"))))
	if got := shown(o.state, workID); got.Interface != "vpn3" {
		t.Errorf("after a reading: %+v", got)
	}
}

// Neither has it: asked some times, and then no more until it has been down.
func TestSearchForAnInterfaceIsBounded(t *testing.T) {
	for name, answer := range map[string][]any{
		"no index": {props("State", "ready")}, "an index of another namespace": {props("Index", int32(9))},
		"an index from the future": {props("Index", int64(7))}, "none of that": {"Index"}, "nothing": nil,
	} {
		o := tunnelling(t)
		for i := 0; ; i++ {
			o.reply("GetProperties", said("UnknownMethod"))
			o.reply("GetProperties", nil, answer...)
			if got := shown(o.state, workID).State; got != bearer.Active {
				t.Errorf("%s: it is %v without an interface", name, got)
			}
			if i == len(searchDelays) {
				break
			}
			o.fireTimer(searchDelays[i])
		}
		calls := len(o.calls)
		o.signalProperty(workPath, "Name", "Works")
		if calls != 0 || len(o.calls) != 0 || shown(o.state, workID).Interface != "" {
			t.Errorf("%s: %d calls, %+v", name, calls, shown(o.state, workID))
		}
		o.signalProperty(workPath, "State", "idle")
		o.signalProperty(workPath, "State", "ready")
		if len(o.calls) != 1 {
			t.Errorf("%s: the next time %d calls", name, len(o.calls))
		}
	}
}

// One that was up before anybody looked is shown as it is.
func TestVPNThatIsUpAlready(t *testing.T) {
	o := newHarness(t)
	o.Vanished(daemonName)
	o.Appeared(daemonName)
	o.events = nil
	o.replyAll(list(), list(entry(workPath, work("ready"))))
	o.expect("Work active 0", "complete", "call GetProperties "+workCall)
	o.reply("GetProperties", nil, with(work("ready"), "Ethernet", link("vpn0")))
	o.expect("Work active 0", "speaks for [{vpn0 02:00:00:00:ab:30}]")
}

// A start is answered when the interface is known, or cannot be had.
func TestStartOfAVPN(t *testing.T) {
	o := newHarness(t, entry(workPath, work("idle")))
	o.executor.start(workID)
	o.signalProperty(workPath, "State", "association")
	o.signalProperty(workPath, "State", "ready")
	o.reply("Connect", nil)
	o.events = nil
	o.reply("GetProperties", nil, with(work("ready"), "Ethernet", link("vpn0")))
	o.expect("Work active 0", "speaks for [{vpn0 02:00:00:00:ab:30}]", "started")
	o.executor.stop(workID)
	o.signalProperty(workPath, "State", "idle")
	o.reply("Disconnect", nil)
	o.executor.start(workID)
	o.signalProperty(workPath, "State", "association")
	o.signalProperty(workPath, "State", "ready")
	o.reply("Connect", nil)
	o.reply("GetProperties", said("Failed"))
	o.events = nil
	o.reply("GetProperties", said("Failed"))
	o.expect("Work active 0", "started")
}

// An answer that comes when the service is down again, or its ConnMan is gone, does
// not count.
func TestSearchThatIsOver(t *testing.T) {
	told := with(work("ready"), "Ethernet", link("vpn1"))
	o := tunnelling(t)
	o.signalProperty(workPath, "State", "idle")
	o.signalProperty(workPath, "State", "ready")
	o.reply("GetProperties", nil, told)
	if got := shown(o.state, workID).Interface; got != "" {
		t.Errorf("the answer to an earlier question: %q", got)
	}
	o.events = nil
	o.Vanished(daemonName)
	o.reply("GetProperties", nil, told)
	o.expect("complete")
	if len(o.calls) != 0 {
		t.Errorf("asks on: %v", o.calls)
	}
}

// A service that is no VPN is not the VPN daemon's.
func TestInterfaceOfWhatIsNoVPN(t *testing.T) {
	const path, name = "/net/connman/service/cellular_1", "cellular_1"
	o := newHarness(t, entry(path, props("Type", "cellular", "State", "idle", "Name", "Operator")))
	o.signalProperty(path, "State", "ready")
	o.reply("GetProperties", nil, props("Ethernet", props()))
	o.expect("Operator active 0", "call GetProperties "+name, "Operator active 0")
	o.fireTimer(time.Second)
	o.reply("GetProperties", nil, props("Ethernet", link("wwan0")))
	o.expect("call GetProperties "+name, "Operator active 0", "speaks for [{wwan0 02:00:00:00:ab:30}]")
}

// The VPN daemon comes and goes by itself, which is nothing to ConnMan.
func TestVPNDaemonComesAndGoes(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("ready")))
	o.Appeared(vpnDaemonName)
	o.Vanished(vpnDaemonName)
	o.expect()
}

func TestTetherIsConnMansOwn(t *testing.T) {
	const wifi = "/net/connman/technology/wifi"
	o := newHarness(t, entry(wiredPath, wired("ready")))
	tethering := func(on bool) {
		o.Signal(bus.Signal{Path: wifi, Interface: "net.connman.Technology", Member: "PropertyChanged", Body: []any{"Tethering", value(on)}})
	}
	tethering(true)
	o.expect("Wired active 0", "speaks for [{eth0 02:00:00:00:ab:30} {tether }]")
	tethering(false)
	o.expect("Wired active 0", "speaks for [{eth0 02:00:00:00:ab:30}]")
	tethering(true)
	o.events = nil
	o.Signal(bus.Signal{Path: "/", Interface: managerInterface, Member: "TechnologyRemoved", Body: []any{dbus.ObjectPath(wifi)}})
	o.expect("Wired active 0", "speaks for [{eth0 02:00:00:00:ab:30}]")
}

// Of two services on one interface that do not agree on its address neither is
// believed.
func TestHardwareInDoubt(t *testing.T) {
	strange := props("Interface", "wlan0", "Address", "02:00:00:00:00:09")
	for _, c := range []struct {
		cafe properties
		want string
	}{{cafe("idle"), "02:00:00:00:ab:30"}, {with(cafe("idle"), "Ethernet", strange), ""}} {
		p := drawn(t, entry(homePath, home("idle")), entry(cafePath, c.cafe))
		if got := p.managedInterfaces(); len(got) != 1 || got[0] != (bearer.Interface{Name: "wlan0", Hardware: c.want}) {
			t.Errorf("managed %v, want %q", got, c.want)
		}
	}
}

func TestTunnelOf(t *testing.T) {
	if got := tunnelName(1); got != "" { // lo
		t.Errorf("lo is taken for the tunnel %q", got)
	}
	if got := tunnelName(1 << 30); got != "" {
		t.Errorf("what is not there is %q", got)
	}
}
