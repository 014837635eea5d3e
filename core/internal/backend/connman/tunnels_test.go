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

// newTunnelHarness is a harness in which the VPN service has just come up.
func newTunnelHarness(t *testing.T) *harness {
	h := newHarness(t, entry(wiredPath, wired("ready")), entry(workPath, work("idle")))
	h.tunnels.interfaceName = func(index int) string { return map[int]string{7: "vpn3"}[index] }
	h.signalProperty(workPath, "State", "association")
	h.signalProperty(workPath, "State", "ready")
	h.expect("Work discovered 1", "Work discovered 1", "call GetProperties "+workCall)
	return h
}

func TestVPNIsATunnel(t *testing.T) {
	h := newHarness(t, entry(workPath, work("idle")))
	if got := shown(h.state, workID); got.Role != bearer.Tunnel || got.Purpose != bearer.PrivatePurpose || got.Hardware != "" {
		t.Errorf("%+v", got)
	}
}

func TestInterfaceOfAVPNInConnMan2(t *testing.T) {
	h := newTunnelHarness(t)
	h.reply("GetProperties", nil, with(work("ready"), "Ethernet", props("Method", "auto", "Interface", "vpn1", "Address", "00:00:00:00:00:00")))
	h.expect("Work active 0", "manages [{eth0 02:00:00:00:ab:30} {vpn0 } {vpn1 }]")
	if got := shown(h.state, workID); got.Interface != "vpn1" || got.Hardware != "" {
		t.Errorf("%+v", got)
	}
	h.signalProperty(workPath, "State", "disconnect")
	h.signalProperty(workPath, "State", "idle")
	h.expect("Work discovered 2", "Work discovered 0", "manages [{eth0 02:00:00:00:ab:30} {vpn0 }]")
	h.signalProperty(workPath, "State", "association")
	h.signalProperty(workPath, "State", "ready")
	h.expect("Work discovered 1", "Work discovered 1", "call GetProperties "+workCall)
}

func TestInterfaceOfAVPNInConnMan1(t *testing.T) {
	h := newTunnelHarness(t)
	h.reply("GetProperties", nil, work("ready"))
	h.expect("call GetProperties " + workVPN)
	h.reply("GetProperties", nil, props("Index", int32(7), "State", "ready"))
	h.expect("Work active 0", "manages [{eth0 02:00:00:00:ab:30} {vpn0 } {vpn3 }]")
	h.readAll(func() {})
	h.replyAll(list(), list(entry(wiredPath, wired("ready")), entry(workPath, work("ready"))))
	if got := shown(h.state, workID); got.Interface != "vpn3" {
		t.Errorf("after a reading: %+v", got)
	}
}

// Neither daemon has the interface: the search asks a few times, and not again until the
// service has been down.
func TestSearchForAnInterfaceIsBounded(t *testing.T) {
	for name, answer := range map[string][]any{
		"no index": {props("State", "ready")}, "an index of another namespace": {props("Index", int32(9))},
		"an index from the future": {props("Index", int64(7))}, "none of that": {"Index"}, "nothing": nil,
	} {
		h := newTunnelHarness(t)
		for i := 0; ; i++ {
			h.reply("GetProperties", said("UnknownMethod"))
			h.reply("GetProperties", nil, answer...)
			if got := shown(h.state, workID).State; got != bearer.Active {
				t.Errorf("%s: it is %v without an interface", name, got)
			}
			if i == len(searchDelays) {
				break
			}
			h.fireTimer(searchDelays[i])
		}
		calls := len(h.calls)
		h.signalProperty(workPath, "Name", "Works")
		if calls != 0 || len(h.calls) != 0 || shown(h.state, workID).Interface != "" {
			t.Errorf("%s: %d calls, %+v", name, calls, shown(h.state, workID))
		}
		h.signalProperty(workPath, "State", "idle")
		h.signalProperty(workPath, "State", "ready")
		if len(h.calls) != 1 {
			t.Errorf("%s: the next time %d calls", name, len(h.calls))
		}
	}
}

// A VPN that was up before the backend started is shown in its state.
func TestVPNThatIsUpAlready(t *testing.T) {
	h := newHarness(t)
	h.Vanished(daemonName)
	h.Appeared(daemonName)
	h.events = nil
	h.replyAll(list(), list(entry(workPath, work("ready"))))
	h.expect("Work active 0", "complete", "call GetProperties "+workCall)
	h.reply("GetProperties", nil, with(work("ready"), "Ethernet", link("vpn0")))
	h.expect("Work active 0", "manages [{vpn0 02:00:00:00:ab:30}]")
}

// A start is answered when the interface is known, or cannot be had.
func TestStartOfAVPN(t *testing.T) {
	h := newHarness(t, entry(workPath, work("idle")))
	h.executor.start(workID)
	h.signalProperty(workPath, "State", "association")
	h.signalProperty(workPath, "State", "ready")
	h.reply("Connect", nil)
	h.events = nil
	h.reply("GetProperties", nil, with(work("ready"), "Ethernet", link("vpn0")))
	h.expect("Work active 0", "manages [{vpn0 02:00:00:00:ab:30}]", "started")
	h.executor.stop(workID)
	h.signalProperty(workPath, "State", "idle")
	h.reply("Disconnect", nil)
	h.executor.start(workID)
	h.signalProperty(workPath, "State", "association")
	h.signalProperty(workPath, "State", "ready")
	h.reply("Connect", nil)
	h.reply("GetProperties", said("Failed"))
	h.events = nil
	h.reply("GetProperties", said("Failed"))
	h.expect("Work active 0", "started")
}

// An answer that arrives when the service is down again, or after its ConnMan has ended,
// is ignored.
func TestSearchThatIsOver(t *testing.T) {
	properties := with(work("ready"), "Ethernet", link("vpn1"))
	h := newTunnelHarness(t)
	h.signalProperty(workPath, "State", "idle")
	h.signalProperty(workPath, "State", "ready")
	h.reply("GetProperties", nil, properties)
	if got := shown(h.state, workID).Interface; got != "" {
		t.Errorf("the answer to an earlier question: %q", got)
	}
	h.events = nil
	h.Vanished(daemonName)
	h.reply("GetProperties", nil, properties)
	h.expect("complete")
	if len(h.calls) != 0 {
		t.Errorf("asks on: %v", h.calls)
	}
}

// A service that is no VPN does not belong to the VPN daemon.
func TestOnlyVPNsAreLookedUpInTheVPNDaemon(t *testing.T) {
	const path, name = "/net/connman/service/cellular_1", "cellular_1"
	h := newHarness(t, entry(path, props("Type", "cellular", "State", "idle", "Name", "Operator")))
	h.signalProperty(path, "State", "ready")
	h.reply("GetProperties", nil, props("Ethernet", props()))
	h.expect("Operator active 0", "call GetProperties "+name, "Operator active 0")
	h.fireTimer(time.Second)
	h.reply("GetProperties", nil, props("Ethernet", link("wwan0")))
	h.expect("call GetProperties "+name, "Operator active 0", "manages [{wwan0 02:00:00:00:ab:30}]")
}

// The VPN daemon starts and ends independently of ConnMan.
func TestTheVPNDaemonStartsAndEnds(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("ready")))
	h.Appeared(vpnDaemonName)
	h.Vanished(vpnDaemonName)
	h.expect()
}

func TestTheTetheringBridgeIsManagedByConnMan(t *testing.T) {
	const wifi = "/net/connman/technology/wifi"
	h := newHarness(t, entry(wiredPath, wired("ready")))
	tethering := func(on bool) {
		h.Signal(bus.Signal{Path: wifi, Interface: "net.connman.Technology", Member: "PropertyChanged", Body: []any{"Tethering", value(on)}})
	}
	tethering(true)
	h.expect("Wired active 0", "manages [{eth0 02:00:00:00:ab:30} {tether }]")
	tethering(false)
	h.expect("Wired active 0", "manages [{eth0 02:00:00:00:ab:30}]")
	tethering(true)
	h.events = nil
	h.Signal(bus.Signal{Path: "/", Interface: managerInterface, Member: "TechnologyRemoved", Body: []any{dbus.ObjectPath(wifi)}})
	h.expect("Wired active 0", "manages [{eth0 02:00:00:00:ab:30}]")
}

// If two services on one interface disagree on its address, neither address is used.
func TestContradictingHardwareAddressesAreIgnored(t *testing.T) {
	strange := props("Interface", "wlan0", "Address", "02:00:00:00:00:09")
	for _, c := range []struct {
		cafe properties
		want string
	}{{cafe("idle"), "02:00:00:00:ab:30"}, {with(cafe("idle"), "Ethernet", strange), ""}} {
		p := newState(t, entry(homePath, home("idle")), entry(cafePath, c.cafe))
		if got := p.managedInterfaces(); len(got) != 1 || got[0] != (bearer.Interface{Name: "wlan0", Hardware: c.want}) {
			t.Errorf("managed %v, want %q", got, c.want)
		}
	}
}

func TestTunnelName(t *testing.T) {
	if got := tunnelName(1); got != "" { // lo
		t.Errorf("lo is taken for the tunnel %q", got)
	}
	if got := tunnelName(1 << 30); got != "" {
		t.Errorf("what is not there is %q", got)
	}
}
