package connman

import (
	"errors"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

func TestRefusalReason(t *testing.T) {
	cases := []struct {
		name    string
		err     error
		failure string
		reason  backend.Reason
		text    string
	}{
		{"the service's own error", said("Failed"), "dhcp-failed", backend.ReasonUnknown, "DHCP"},
		{"an error from the future", said("Failed"), "quantum-noise", backend.ReasonUnknown, `"quantum-noise"`},
		{"no agent", said("NotRegistered"), "", backend.ReasonUnknown, "agent"},
		{"no passphrase", said("PassphraseRequired"), "", backend.ReasonUnknown, "agent"},
		{"broken off", said("OperationAborted"), "", backend.ReasonAborted, "broke it off"},
		{"broken off after an error", said("OperationAborted"), "dhcp-failed", backend.ReasonAborted, "broke it off"},
		{"took too long", said("OperationTimeout"), "", backend.ReasonUnknown, "gave up"},
		{"no carrier", said("NoCarrier"), "", backend.ReasonUnknown, "carrier"},
		{"not permitted by ConnMan", said("PermissionDenied"), "", backend.ReasonNotSupported, "permit"},
		{"not permitted by the bus", &bus.Error{Name: "org.freedesktop.DBus.Error.AccessDenied"}, "", backend.ReasonNotSupported, "policy"},
		{"removed", said("NotFound"), "", backend.ReasonNoConfiguration, "know it any more"},
		{"in words", said("Failed"), "", backend.ReasonUnknown, `ConnMan said "in words"`},
		{"by name only", &bus.Error{Name: "net.connman.Error.Odd"}, "", backend.ReasonUnknown, "net.connman.Error.Odd"},
		{"silence", bus.ErrTimeout, "", backend.ReasonUnknown, "does not answer"},
		{"death", bus.ErrGone, "", backend.ReasonUnknown, "not running"},
		{"something else", errors.New("out of ink"), "", backend.ReasonUnknown, "out of ink"},
	}
	for _, c := range cases {
		p := newState(t, entry(homePath, with(home("failure"), "Error", c.failure)))
		got := p.refusalReason(homeID, c.err)
		if got.reason != c.reason || !strings.Contains(got.text, c.text) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestStartFailure(t *testing.T) {
	cases := []struct {
		name   string
		home   properties
		reason backend.Reason
		text   string
	}{
		{"failed", with(home("failure"), "Error", "invalid-key"), backend.ReasonUnknown, "was not accepted"},
		{"failed in silence", home("failure"), backend.ReasonUnknown, "gave no reason"},
		{"failed after the internet was not reached", with(home("failure"), "Error", "online-check-failed"), backend.ReasonUnknown, "gave no reason"},
		{"never begun", with(home("idle"), "Error", "invalid-key"), backend.ReasonUnknown, "busy"},
	}
	for _, c := range cases {
		got := newState(t, entry(homePath, c.home)).startFailure(homeID)
		if got.reason != c.reason || !strings.Contains(got.text, c.text) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if got := newState(t).startFailure(homeID); got.reason != backend.ReasonNoConfiguration || !strings.Contains(got.text, "know it any more") {
		t.Errorf("removed: %+v", got)
	}
}

// absentState is a state with services that are all out of reach, and with the given
// technologies.
func absentState(t *testing.T, offline bool, technologies ...[]any) *daemonState {
	t.Helper()
	var wrong problems
	p := newState(t, entry(homePath, home("idle")), entry(wiredPath, wired("idle")),
		entry("/net/connman/service/cellular_1", props("Type", "cellular", "State", "idle", "Favorite", true)))
	p.replaceServices(nil, &wrong)
	p.replaceTechnologies(recorded(t, technologies...), &wrong)
	p.setManager(props("OfflineMode", offline), &wrong)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	return p
}

func technologyEntry(kind string, more ...any) []any {
	return entry(dbus.ObjectPath("/net/connman/technology/"+kind), with(props("Type", kind, "Powered", true, "Tethering", false), more...))
}

// A service out of reach has the reason as its obstacle, and the answer to a start has it
// too.
func TestAbsenceText(t *testing.T) {
	wifi, ethernet := technologyEntry("wifi"), technologyEntry("ethernet")
	const cellularID = "connman:cellular_1"
	cases := []struct {
		name         string
		offline      bool
		technologies [][]any
		id, text     string
	}{
		{"no signal", false, list(wifi), homeID, "out of range"},
		{"no technology is known", false, list(), homeID, "out of range"},
		{"no cable", false, list(ethernet), wiredID, "no carrier"},
		{"no modem", false, list(), cellularID, "out of reach"},
		{"switched off", false, list(technologyEntry("wifi", "Powered", false)), homeID, "Wi-Fi is switched off"},
		{"switched off, as the switch may be", false, list(technologyEntry("wifi", "Powered", false)), homeID, "rfkill"},
		{"another one is switched off", false, list(technologyEntry("wifi", "Powered", false)), wiredID, "no carrier"},
		{"offline mode", true, list(technologyEntry("wifi", "Powered", false)), homeID, "offline mode"},
		{"switched on in offline mode", true, list(wifi), homeID, "out of range"},
		{"tethering", false, list(technologyEntry("wifi", "Tethering", true)), homeID, "by Wi-Fi (tethering)"},
	}
	for _, c := range cases {
		p := absentState(t, c.offline, c.technologies...)
		if got := shown(p, c.id).Obstacle; !strings.Contains(got, c.text) || strings.HasSuffix(got, ".") {
			t.Errorf("%s: the obstacle is %q", c.name, got)
		}
		if got := p.startFailure(c.id); got.reason != backend.ReasonNoConfiguration || !strings.Contains(got.text, c.text) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestObstaclesInReach(t *testing.T) {
	for state, want := range map[string]string{"idle": "never set up", "failure": "never set up", "association": "", "ready": ""} {
		p := newState(t, entry(cafePath, cafe(state)), entry(homePath, home(state)))
		if got := shown(p, cafeID).Obstacle; !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("a stranger's network, %s: %q", state, got)
		}
		if got := shown(p, homeID).Obstacle; got != "" {
			t.Errorf("a favourite, %s: %q", state, got)
		}
	}
}

// A switch changes the obstacles of the services that it affects.
func TestObstaclesFollowTheSwitches(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.Signal(bus.Signal{Path: "/", Interface: managerInterface, Member: "ServicesChanged", Body: []any{list(), []dbus.ObjectPath{homePath}}})
	h.events = nil
	h.Signal(bus.Signal{Path: "/net/connman/technology/wifi", Interface: "net.connman.Technology", Member: "PropertyChanged", Body: []any{"Powered", value(false)}})
	if got := shown(h.state, homeID).Obstacle; !strings.Contains(got, "switched off") {
		t.Errorf("%q", got)
	}
	h.Signal(bus.Signal{Path: "/", Interface: managerInterface, Member: "PropertyChanged", Body: []any{"OfflineMode", value(true)}})
	if got := shown(h.state, homeID).Obstacle; !strings.Contains(got, "offline mode") {
		t.Errorf("%q", got)
	}
	h.expect("Home defined 0", "Home defined 0")
}

func TestRefusalIsASentence(t *testing.T) {
	s := &service{id: homeID, name: "Home"}
	err := refuse(backend.OpStart, homeID, s, failureReason{backend.ReasonAborted, "somebody broke it off"})
	if got := err.Error(); got != `"Home" could not be connected: somebody broke it off.` {
		t.Error(got)
	}
	cable := &service{id: wiredID, kind: "ethernet", name: "Wired", iface: "eth0"}
	wrong := refuse(backend.OpStop, wiredID, cable, failureReason{backend.ReasonUnknown, "ConnMan does not answer"})
	if got := wrong.Error(); got != `"Wired" (eth0) could not be disconnected: ConnMan does not answer.` {
		t.Error(got)
	}
	if backend.ReasonOf(err) != backend.ReasonAborted {
		t.Error("the reason is lost")
	}
	err = refuse(backend.OpStop, homeID, nil, failureReason{backend.ReasonUnknown, "ConnMan does not answer"})
	if got := err.Error(); got != homeID+" could not be disconnected: ConnMan does not answer." {
		t.Error(got)
	}
	for name, b := range refusalReasons {
		if strings.HasSuffix(b.text, ".") || b.text == "" {
			t.Errorf("%s does not complete a sentence: %q", name, b.text)
		}
	}
}
