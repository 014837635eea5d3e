package connman

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// recorded makes a list of records.
func recorded(t testing.TB, entries ...[]any) []object {
	t.Helper()
	var wrong problems
	l, err := decodeObjects(list(entries...), &wrong)
	if err != nil || len(wrong) > 0 {
		t.Fatal(err, wrong)
	}
	return l
}

// newState returns a state with these services, whose changes were taken.
func newState(t testing.TB, entries ...[]any) *daemonState {
	t.Helper()
	p := newDaemonState()
	var wrong problems
	p.replaceServices(recorded(t, entries...), &wrong)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	p.changes()
	return p
}

// changedIDs are the identifiers that changes returns.
func changedIDs(p *daemonState) (changed, gone []string) {
	values, gone := p.changes()
	for _, c := range values {
		changed = append(changed, c.ID)
	}
	return changed, gone
}

func expectTold(t *testing.T, p *daemonState, changed, gone []string) {
	t.Helper()
	gotChanged, gotGone := changedIDs(p)
	if !reflect.DeepEqual(gotChanged, changed) || !reflect.DeepEqual(gotGone, gone) {
		t.Errorf("changed %q, gone %q; expected %q, %q", gotChanged, gotGone, changed, gone)
	}
}

func TestChangesReturnsOnlyWhatChanged(t *testing.T) {
	p := newState(t, entry(wiredPath, wired("idle")), entry(homePath, home("idle")), entry(cafePath, cafe("idle")))
	expectTold(t, p, nil, nil)

	if err := p.setProperty(homePath, "Strength", value(uint8(50))); err != nil {
		t.Error(err)
	}
	expectTold(t, p, []string{homeID}, nil)
	if got := shown(p, homeID).Strength; got != 50 {
		t.Errorf("strength %d", got)
	}

	if err := p.setProperty(homePath, "Nameservers", value([]string{"192.0.2.1"})); err != nil {
		t.Error(err)
	}
	expectTold(t, p, nil, nil)

	var wrong problems
	p.applyChanges(recorded(t, entry(homePath, props()), entry(wiredPath, props("State", "ready")), entry(cafePath, props())), nil, &wrong)
	expectTold(t, p, []string{wiredID}, nil)
	if got := shown(p, wiredID).State; got != bearer.Active {
		t.Errorf("state %v", got)
	}
}

func TestServicesComeAndGo(t *testing.T) {
	p := newState(t, entry(wiredPath, wired("ready")), entry(cafePath, cafe("idle")))
	var wrong problems
	p.applyChanges(recorded(t, entry(homePath, home("idle"))), []dbus.ObjectPath{cafePath, wiredPath}, &wrong)
	expectTold(t, p, []string{wiredID, homeID}, []string{cafeID})
	if got := shown(p, wiredID).State; got != bearer.Defined {
		t.Errorf("a cable that was pulled: %v", got)
	}
	if stale := p.applyChanges(recorded(t, entry(wiredPath, wired("association"))), nil, &wrong); stale {
		t.Error("the cable's return makes the state stale")
	}
	expectTold(t, p, []string{wiredID}, nil)
	if got := shown(p, wiredID); !got.Starting() {
		t.Errorf("a cable that is back: %+v", got)
	}
	if len(wrong) > 0 || len(p.absent) > 0 || len(p.absentOrder) > 0 {
		t.Errorf("problems %q, absent %v, %v", wrong, p.absent, p.absentOrder)
	}
}

func TestServiceThatIsNotIntroduced(t *testing.T) {
	for name, p := range map[string]properties{"bare": props(), "half": props("State", "idle")} {
		var wrong problems
		pic := newState(t, entry(wiredPath, wired("idle")))
		if !pic.applyChanges(recorded(t, entry(homePath, p)), nil, &wrong) {
			t.Errorf("%s: a service that is not known does not make the state stale", name)
		}
		if shown(pic, homeID).Valid() {
			t.Errorf("%s: it is shown", name)
		}
	}
	p := newState(t)
	if err := p.setProperty(homePath, "State", value("idle")); err != nil {
		t.Error(err)
	}
	expectTold(t, p, nil, nil)
}

// A service that comes back within a tenth of a second is announced with all of
// its properties and not as removed. Old properties must not stay.
func TestFullPropertiesReplace(t *testing.T) {
	p := newState(t, entry(homePath, with(home("failure"), "Error", "dhcp-failed", "Roaming", true)))
	var wrong problems
	p.applyChanges(recorded(t, entry(homePath, home("idle"))), nil, &wrong)
	s, _ := p.find(homeID)
	if s.failure != "" || s.roaming {
		t.Errorf("lingers: %+v", s)
	}
}

func TestErrorOfAnEarlierAttempt(t *testing.T) {
	p := newState(t, entry(homePath, with(home("failure"), "Error", "dhcp-failed")))
	s, _ := p.find(homeID)
	for _, step := range []struct{ name, value, failure string }{
		{"State", "idle", "dhcp-failed"},
		{"State", "association", ""},
		{"Error", "invalid-key", "invalid-key"},
		{"State", "failure", "invalid-key"},
	} {
		if err := p.setProperty(homePath, step.name, value(step.value)); err != nil {
			t.Fatal(err)
		}
		if s.failure != step.failure {
			t.Errorf("after %s %s: %q", step.name, step.value, s.failure)
		}
	}
}

func TestReplaceFindsWhatIsGone(t *testing.T) {
	p := newState(t, entry(wiredPath, wired("idle")), entry(homePath, home("idle")), entry(cafePath, cafe("idle")))
	var wrong problems
	p.replaceServices(recorded(t, entry(wiredPath, wired("ready"))), &wrong)
	expectTold(t, p, []string{wiredID, homeID}, []string{cafeID})
	if got := shown(p, homeID).State; got != bearer.Defined {
		t.Errorf("a favourite out of range: %v", got)
	}
}

func TestForgottenServiceIsNotKept(t *testing.T) {
	p := newState(t, entry(homePath, home("idle")), entry("/net/connman/service/vpn_a", props("Type", "vpn", "State", "idle", "Favorite", true)))
	var wrong problems
	if err := p.setProperty(homePath, "Favorite", value(false)); err != nil {
		t.Fatal(err)
	}
	if got := shown(p, homeID).State; got != bearer.Undefined {
		t.Errorf("forgotten, in range: %v", got)
	}
	p.applyChanges(nil, []dbus.ObjectPath{homePath, "/net/connman/service/vpn_a"}, &wrong)
	expectTold(t, p, nil, []string{"connman:vpn_a", homeID})
}

// Replaced adapters must not accumulate.
func TestReplacedAdapterIsForgotten(t *testing.T) {
	p := newState(t)
	var wrong problems
	for i := 0; i < 1000; i++ {
		path := dbus.ObjectPath(fmt.Sprintf("%sethernet_%012x_cable", servicePrefix, i))
		p.applyChanges(recorded(t, entry(path, wired("ready"))), nil, &wrong)
		p.applyChanges(nil, []dbus.ObjectPath{path}, &wrong)
	}
	if len(p.absent) != 1 || len(p.absentOrder) != 1 || len(p.services) != 0 {
		t.Errorf("%d absent, %d left, %d in reach", len(p.absent), len(p.absentOrder), len(p.services))
	}
}

func TestAbsentServicesAreBounded(t *testing.T) {
	p := newState(t)
	var wrong problems
	for i := 0; i < 3*maxAbsent; i++ {
		path := dbus.ObjectPath(fmt.Sprintf("%swifi_%d", servicePrefix, i))
		p.applyChanges(recorded(t, entry(path, home("idle"))), nil, &wrong)
		p.applyChanges(nil, []dbus.ObjectPath{path}, &wrong)
		p.changes()
	}
	if len(p.absent) != maxAbsent || len(p.absentOrder) != maxAbsent {
		t.Errorf("%d absent, %d left", len(p.absent), len(p.absentOrder))
	}
	if shown(p, "connman:wifi_0").Valid() || !shown(p, fmt.Sprintf("connman:wifi_%d", 3*maxAbsent-1)).Valid() {
		t.Error("not the oldest are dropped")
	}
}

func TestServicesAreBounded(t *testing.T) {
	p := newState(t)
	var wrong problems
	for i := 0; i < maxServices+10; i++ {
		path := dbus.ObjectPath(fmt.Sprintf("%swifi_%d", servicePrefix, i))
		if p.applyChanges(recorded(t, entry(path, cafe("idle"))), nil, &wrong) {
			t.Fatal("too many services are no reason to read them again")
		}
	}
	if len(p.services) != maxServices || len(wrong) != 1 {
		t.Errorf("%d services, problems %q", len(p.services), wrong)
	}
}

func TestManagedInterfaces(t *testing.T) {
	p := newState(t, entry(homePath, home("idle")), entry(cafePath, cafe("idle")), entry(wiredPath, wired("ready")),
		entry("/net/connman/service/cellular_1", props("Type", "cellular", "State", "idle")))
	if got := p.managedNames(); !reflect.DeepEqual(got, []string{"eth0", "wlan0"}) {
		t.Errorf("managed %q", got)
	}
	var wrong problems
	p.applyChanges(nil, []dbus.ObjectPath{wiredPath, homePath, cafePath}, &wrong)
	if got := p.managedNames(); !reflect.DeepEqual(got, []string{"eth0", "wlan0"}) {
		t.Errorf("with all out of reach, managed %q", got)
	}
	if got := newState(t).managedNames(); got == nil || len(got) != 0 {
		t.Errorf("with nothing, managed %#v", got)
	}
}

func TestBusyInterface(t *testing.T) {
	cases := []struct {
		home, cafe string
		busy       bool // for home
	}{
		{"idle", "idle", false}, {"idle", "failure", false}, {"ready", "idle", false},
		{"idle", "ready", true}, {"idle", "association", true}, {"idle", "disconnect", true},
	}
	for _, c := range cases {
		p := newState(t, entry(homePath, home(c.home)), entry(cafePath, cafe(c.cafe)), entry(wiredPath, wired("online")))
		if got := p.interfaceBusy(p.services[homeID]); got != c.busy {
			t.Errorf("home %s, cafe %s: busy %v", c.home, c.cafe, got)
		}
	}
}

func TestTechnologies(t *testing.T) {
	p := newDaemonState()
	var wrong problems
	p.replaceTechnologies(recorded(t,
		entry("/net/connman/technology/wifi", props("Type", "wifi", "Powered", true, "Connected", false)),
		entry("/net/connman/technology/ethernet", props("Type", "ethernet", "Powered", true)),
		entry("/net/connman/technology/bluetooth", props("Type", "bluetooth", "Powered", false)),
	), &wrong)
	if got := p.scannableTechnologies(); len(got) != 1 || got[0] != "/net/connman/technology/wifi" {
		t.Errorf("scannable %q", got)
	}
	if !p.technology("wifi").powered || p.technology("bluetooth").powered || p.technology("cellular") != nil {
		t.Error("wrong about what is off")
	}
	if err := p.setTechnology("/net/connman/technology/wifi", "Powered", value(false)); err != nil {
		t.Error(err)
	}
	if len(p.scannableTechnologies()) != 0 || p.technology("wifi").powered {
		t.Error("switching off does not count")
	}
	if err := p.setTechnology("/net/connman/technology/wifi", "Powered", value("no")); err == nil {
		t.Error("a string is taken for a switch")
	}
	for i := 0; i < 2*maxTechnologies; i++ {
		p.addTechnology(object{dbus.ObjectPath(fmt.Sprintf("/t%d", i)), props("Type", "x")}, &wrong)
	}
	if len(p.technologies) != maxTechnologies || len(wrong) != 1 {
		t.Errorf("%d technologies, problems %q", len(p.technologies), wrong)
	}
}
