package connman

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestNoBus(t *testing.T) {
	r := watch(t, bustest.Prepare(t).Address)
	r.awaitComplete(1)
	if r.count() != 0 || r.speaksFor() != "nothing" {
		t.Errorf("%d configurations, managed %s", r.count(), r.speaksFor())
	}
	r.Start(wiredID)
	r.Stop(wiredID)
	r.Refresh()
	for n, refused := range []bool{true, true, false} {
		if a := r.answer(n + 1); (a.err != nil) != refused {
			t.Errorf("%v", a)
		}
	}
	if r.Capabilities() != 0 {
		t.Error("without ConnMan nothing can be started")
	}
	if warnings := r.warnings(); len(warnings) > 0 {
		t.Errorf("that there is no bus is no reason to warn: %q", warnings)
	}
}

func TestAddressThatIsNonsense(t *testing.T) {
	r := watch(t, "carrier-pigeon:loft=3")
	r.awaitComplete(1)
	r.awaitLog("carrier-pigeon")
}

func TestStartedLate(t *testing.T) {
	d := bustest.Prepare(t)
	r := watch(t, d.Address)
	r.awaitComplete(1)
	d.Restart()
	simulate(t, d, fakeService{wiredPath, wired("ready")})
	r.awaitState(wiredID, "active")
	if r.speaksFor() != "eth0" {
		t.Errorf("managed %q", r.speaksFor())
	}
	if r.Capabilities() != backend.CanStartAndStop {
		t.Errorf("capabilities %b", r.Capabilities())
	}
}

func TestWirelessComesAndGoes(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	r := watch(t, d.Address)
	r.awaitState(homeID, "discovered")
	if got := r.get(homeID); got.Strength != 70 || got.Bearer != bearer.BearerWLAN {
		t.Errorf("%+v", got)
	}
	f.setProperty(homePath, "Strength", uint8(31))
	r.await("a weaker signal", func() bool { return r.world.Get(homeID).Strength == 31 })

	f.signalChanges([]fakeService{{cafePath, cafe("idle")}, {homePath, props()}})
	r.awaitState(cafeID, "undefined")
	f.signalChanges([]fakeService{{homePath, props()}}, cafePath)
	r.awaitState(cafeID, "")
	f.signalChanges(nil, homePath)
	r.awaitState(homeID, "defined")
	f.signalChanges([]fakeService{{homePath, home("association")}})
	r.awaitState(homeID, "connecting")
}

func TestAbroad(t *testing.T) {
	d := bustest.Start(t)
	const path, id = "/net/connman/service/cellular_1", "connman:cellular_1"
	f := simulate(t, d, fakeService{path, props("Type", "cellular", "State", "online", "Roaming", false, "Name", "Operator")})
	r := watch(t, d.Address)
	r.awaitState(id, "active")
	if got := r.get(id); got.Abroad || got.Metered != bearer.MeteredGuessed {
		t.Errorf("%+v", got)
	}
	f.setProperty(path, "Roaming", true)
	r.await("roaming abroad", func() bool { return r.world.Get(id).Abroad })
}

func TestConnectOverTheBus(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	f.with(func() {
		f.on["Connect"] = func(path dbus.ObjectPath) {
			for _, state := range []string{"association", "configuration", "ready"} {
				f.setProperty(path, "State", state)
			}
		}
		f.on["Disconnect"] = func(path dbus.ObjectPath) {
			f.setProperty(path, "State", "disconnect")
			f.setProperty(path, "State", "idle")
		}
	})
	r := watch(t, d.Address)
	r.awaitState(homeID, "discovered")
	r.Start(homeID)
	if a := r.answer(1); a.err != nil || a.before != bearer.Active {
		t.Errorf("%v", a)
	}
	r.Stop(homeID)
	if a := r.answer(2); a.err != nil || a.before != bearer.Discovered {
		t.Errorf("%v", a)
	}
	if got := r.path(homeID); got != "discovered connecting active closing discovered" {
		t.Errorf("went through %s", got)
	}
}

func TestConnectFails(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	f.with(func() {
		f.on["Connect"] = func(path dbus.ObjectPath) {
			f.setProperty(path, "State", "association")
			f.setProperty(path, "Error", "invalid-key")
			f.setProperty(path, "State", "failure")
		}
		f.refuse["Connect"] = "Failed"
	})
	r := watch(t, d.Address)
	r.awaitState(homeID, "discovered")
	r.Start(homeID)
	a := r.answer(1)
	if a.err == nil || !strings.Contains(a.err.Error(), "was not accepted") || !strings.Contains(a.err.Error(), "Home") {
		t.Errorf("%v", a.err)
	}
	if a.before != bearer.Discovered {
		t.Errorf("answered while %v", a.before)
	}
}

func TestRefreshOverTheBus(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	f.with(func() {
		f.on["Scan"] = func(dbus.ObjectPath) {
			f.with(func() { f.services = append(f.services, fakeService{cafePath, cafe("idle")}) })
		}
	})
	r := watch(t, d.Address)
	r.awaitState(homeID, "discovered")
	// The fake, unlike ConnMan, may answer about technologies last.
	for n := 1; len(f.calls()) == 0; n++ {
		r.Refresh()
		if a := r.answer(n); a.op != backend.OpRefresh || a.err != nil {
			t.Fatalf("%v", a)
		}
	}
	if got := r.get(cafeID); !reflect.DeepEqual(f.calls(), []string{"Scan"}) || !got.Valid() {
		t.Errorf("calls %q, found %+v", f.calls(), got)
	}
}

func TestDeniedByBusPolicy(t *testing.T) {
	t.Run("everything", func(t *testing.T) {
		d := bustest.Start(t, `<deny send_destination="net.connman"/>`)
		simulate(t, d, fakeService{homePath, home("idle")})
		r := watch(t, d.Address)
		r.awaitComplete(1)
		r.awaitLog("The services of ConnMan could not be read")
		r.Start(homeID)
		if a := r.answer(1); a.err == nil || r.Capabilities() != 0 {
			t.Errorf("%v, capabilities %b", a, r.Capabilities())
		}
	})
	t.Run("connecting", func(t *testing.T) {
		d := bustest.Start(t, `<deny send_destination="net.connman" send_interface="net.connman.Service"/>`)
		simulate(t, d, fakeService{homePath, home("idle")})
		r := watch(t, d.Address)
		r.awaitState(homeID, "discovered")
		r.Start(homeID)
		if a := r.answer(1); backend.ReasonOf(a.err) != backend.ReasonNotSupported {
			t.Errorf("%v", a)
		}
	})
}

func TestFrozenDaemon(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")}, fakeService{wiredPath, wired("online")})
	r := watch(t, d.Address)
	r.awaitState(homeID, "discovered")
	hold := make(chan struct{})
	f.with(func() { f.hold = hold })
	begun := time.Now()
	r.Start(homeID)
	r.Stop(wiredID)
	r.Refresh()
	if waited := time.Since(begun); waited > bustest.Wait {
		t.Errorf("commands took %v", waited)
	}
	f.disconnect()
	r.awaitState(homeID, "")
	for n := 1; n <= 3; n++ {
		r.answer(n)
	}
	close(hold)
	if r.count() != 0 || r.speaksFor() != "nothing" {
		t.Errorf("%d configurations, managed %q", r.count(), r.speaksFor())
	}
	r.event(func() {
		if !strings.Contains(r.why, "ConnMan has gone away") {
			t.Errorf("gone: %q", r.why)
		}
	})
}

// A ConnMan that hangs while it starts is waited for.
func TestFrozenWhenFound(t *testing.T) {
	d := bustest.Start(t)
	hold := make(chan struct{})
	f := simulate(t, d)
	f.with(func() {
		f.hold = hold
		f.services = []fakeService{{homePath, home("idle")}}
	})
	r := watch(t, d.Address)
	r.Start(homeID)
	if a := r.answer(1); a.err == nil {
		t.Errorf("%v", a)
	}
	close(hold)
	r.awaitState(homeID, "discovered")
}

func TestMalformedBodies(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	f.with(func() { f.lists = []string{"there", "are", "none"} })
	r := watch(t, d.Address)
	r.awaitComplete(1)
	r.awaitLog("of type []string")
	f.with(func() { f.lists = nil })
	r.awaitState(homeID, "discovered")

	emit := func(path dbus.ObjectPath, name string, args ...any) { must(t, f.conn.Emit(path, name, args...)) }
	emit("/", managerInterface+".ServicesChanged")
	emit("/", managerInterface+".ServicesChanged", uint32(7), "x")
	emit("/", managerInterface+".TechnologyAdded", "wifi")
	emit("/", managerInterface+".TechnologyRemoved", int64(1))
	emit(homePath, "net.connman.Service.PropertyChanged", "State")
	emit(homePath, "net.connman.Service.PropertyChanged", "State", value(uint8(3)))
	emit(homePath, "net.connman.Service.PropertyChanged", "State", value("sublimation"))
	r.awaitState(homeID, "defined")
	f.setProperty(homePath, "State", "ready")
	r.awaitState(homeID, "active")
}

func TestHugeList(t *testing.T) {
	d := bustest.Start(t)
	var many []fakeService
	for i := 0; i < 3*maxServices; i++ {
		many = append(many, fakeService{dbus.ObjectPath(fmt.Sprintf("%swifi_%d", servicePrefix, i)), home("idle")})
	}
	simulate(t, d, many...)
	r := watch(t, d.Address)
	r.awaitLog("6000 objects")
	r.await("what is kept of a huge list", func() bool { return r.world.Len() == maxServices })
}

func TestRestartsOfTheDaemon(t *testing.T) {
	d := bustest.Start(t)
	r := watch(t, d.Address)
	r.awaitComplete(1)
	goroutines := 0
	var before, after runtime.MemStats
	const rounds = 100
	for i := 1; i <= rounds; i++ {
		f := simulate(t, d, fakeService{wiredPath, wired("online")}, fakeService{homePath, home("idle")})
		r.awaitState(wiredID, "active")
		f.disconnect()
		r.awaitState(wiredID, "")
		r.awaitState(homeID, "")
		if i == rounds/5 {
			goroutines = runtime.NumGoroutine()
			runtime.GC()
			runtime.ReadMemStats(&before)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("memory grew by %d bytes", grown)
	}
	if now := runtime.NumGoroutine(); now > goroutines+10 {
		t.Errorf("%d goroutines, then %d", goroutines, now)
	}
}

func TestRestartOfTheBus(t *testing.T) {
	d := bustest.Start(t)
	r := watch(t, d.Address)
	for i := 0; i < 3; i++ {
		simulate(t, d, fakeService{wiredPath, wired("online")})
		r.awaitState(wiredID, "active")
		d.Kill()
		r.awaitState(wiredID, "")
		d.Restart()
	}
}

func TestCountersAreTheKernels(t *testing.T) {
	if _, err := New("").Counters(wiredID); backend.ReasonOf(err) != backend.ReasonNotSupported {
		t.Error(err)
	}
}
