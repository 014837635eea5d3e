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
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestNoBus(t *testing.T) {
	r := watch(t, bustest.Prepare(t).Address)
	r.AwaitComplete(1)
	if r.Len() != 0 || r.ManagedNames() != "nothing" {
		t.Errorf("%d configurations, managed %s", r.Len(), r.ManagedNames())
	}
	r.Start(wiredID)
	r.Stop(wiredID)
	r.Refresh()
	for n, refused := range []bool{true, true, false} {
		if a := r.AwaitAnswer(n + 1); (a.Err != nil) != refused {
			t.Errorf("%v", a)
		}
	}
	if r.Capabilities() != 0 {
		t.Error("without ConnMan nothing can be started")
	}
	if warnings := r.Warnings(); len(warnings) > 0 {
		t.Errorf("that there is no bus is no reason to warn: %q", warnings)
	}
}

func TestAddressThatIsNonsense(t *testing.T) {
	r := watch(t, "carrier-pigeon:loft=3")
	r.AwaitComplete(1)
	r.AwaitLog("carrier-pigeon")
}

func TestStartedLate(t *testing.T) {
	d := bustest.Prepare(t)
	r := watch(t, d.Address)
	r.AwaitComplete(1)
	d.Restart()
	simulate(t, d, fakeService{wiredPath, wired("ready")})
	r.AwaitState(wiredID, "active")
	if r.ManagedNames() != "eth0" {
		t.Errorf("managed %q", r.ManagedNames())
	}
	if r.Capabilities() != backend.CanStartAndStop {
		t.Errorf("capabilities %b", r.Capabilities())
	}
}

func TestWirelessComesAndGoes(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	r := watch(t, d.Address)
	r.AwaitState(homeID, "discovered")
	if got := r.Configuration(homeID); got.Strength != 70 || got.Bearer != bearer.BearerWLAN {
		t.Errorf("%+v", got)
	}
	f.setProperty(homePath, "Strength", uint8(31))
	r.Await("a weaker signal", func(rec *backendtest.Record) bool { return rec.Known[homeID].Strength == 31 })

	f.signalChanges([]fakeService{{cafePath, cafe("idle")}, {homePath, props()}})
	r.AwaitState(cafeID, "undefined")
	f.signalChanges([]fakeService{{homePath, props()}}, cafePath)
	r.AwaitState(cafeID, "")
	f.signalChanges(nil, homePath)
	r.AwaitState(homeID, "defined")
	f.signalChanges([]fakeService{{homePath, home("association")}})
	r.AwaitState(homeID, "connecting")
}

func TestCellularRoamingIsReportedAsAbroad(t *testing.T) {
	d := bustest.Start(t)
	const path, id = "/net/connman/service/cellular_1", "connman:cellular_1"
	f := simulate(t, d, fakeService{path, props("Type", "cellular", "State", "online", "Roaming", false, "Name", "Operator")})
	r := watch(t, d.Address)
	r.AwaitState(id, "active")
	if got := r.Configuration(id); got.Abroad || got.Metered != bearer.MeteredGuessed {
		t.Errorf("%+v", got)
	}
	f.setProperty(path, "Roaming", true)
	r.Await("roaming abroad", func(rec *backendtest.Record) bool { return rec.Known[id].Abroad })
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
	r.AwaitState(homeID, "discovered")
	r.Start(homeID)
	if a := r.AwaitAnswer(1); a.Err != nil || a.Before != bearer.Active {
		t.Errorf("%v", a)
	}
	r.Stop(homeID)
	if a := r.AwaitAnswer(2); a.Err != nil || a.Before != bearer.Discovered {
		t.Errorf("%v", a)
	}
	if got := r.States(homeID); got != "discovered connecting active closing discovered" {
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
	r.AwaitState(homeID, "discovered")
	r.Start(homeID)
	a := r.AwaitAnswer(1)
	if a.Err == nil || !strings.Contains(a.Err.Error(), "was not accepted") || !strings.Contains(a.Err.Error(), "Home") {
		t.Errorf("%v", a.Err)
	}
	if a.Before != bearer.Discovered {
		t.Errorf("answered while %v", a.Before)
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
	r.AwaitState(homeID, "discovered")
	// The fake, unlike ConnMan, may answer about technologies last.
	for n := 1; len(f.calls()) == 0; n++ {
		r.Refresh()
		if a := r.AwaitAnswer(n); a.Op != backend.OpRefresh || a.Err != nil {
			t.Fatalf("%v", a)
		}
	}
	if got := r.Configuration(cafeID); !reflect.DeepEqual(f.calls(), []string{"Scan"}) || !got.Valid() {
		t.Errorf("calls %q, found %+v", f.calls(), got)
	}
}

func TestDeniedByBusPolicy(t *testing.T) {
	t.Run("everything", func(t *testing.T) {
		d := bustest.Start(t, `<deny send_destination="net.connman"/>`)
		simulate(t, d, fakeService{homePath, home("idle")})
		r := watch(t, d.Address)
		r.AwaitComplete(1)
		r.AwaitLog("The services of ConnMan could not be read")
		r.Start(homeID)
		if a := r.AwaitAnswer(1); a.Err == nil || r.Capabilities() != 0 {
			t.Errorf("%v, capabilities %b", a, r.Capabilities())
		}
	})
	t.Run("connecting", func(t *testing.T) {
		d := bustest.Start(t, `<deny send_destination="net.connman" send_interface="net.connman.Service"/>`)
		simulate(t, d, fakeService{homePath, home("idle")})
		r := watch(t, d.Address)
		r.AwaitState(homeID, "discovered")
		r.Start(homeID)
		if a := r.AwaitAnswer(1); backend.ReasonOf(a.Err) != backend.ReasonNotSupported {
			t.Errorf("%v", a)
		}
	})
}

func TestFrozenDaemon(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")}, fakeService{wiredPath, wired("online")})
	r := watch(t, d.Address)
	r.AwaitState(homeID, "discovered")
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
	r.AwaitState(homeID, "")
	for n := 1; n <= 3; n++ {
		r.AwaitAnswer(n)
	}
	close(hold)
	if r.Len() != 0 || r.ManagedNames() != "nothing" {
		t.Errorf("%d configurations, managed %q", r.Len(), r.ManagedNames())
	}
	r.View(func(rec *backendtest.Record) {
		if !strings.Contains(rec.Why, "ConnMan has gone away") {
			t.Errorf("gone: %q", rec.Why)
		}
	})
}

// The backend waits for a ConnMan that hangs while it starts.
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
	if a := r.AwaitAnswer(1); a.Err == nil {
		t.Errorf("%v", a)
	}
	close(hold)
	r.AwaitState(homeID, "discovered")
}

func TestMalformedBodies(t *testing.T) {
	d := bustest.Start(t)
	f := simulate(t, d, fakeService{homePath, home("idle")})
	f.with(func() { f.lists = []string{"there", "are", "none"} })
	r := watch(t, d.Address)
	r.AwaitComplete(1)
	r.AwaitLog("of type []string")
	f.with(func() { f.lists = nil })
	r.AwaitState(homeID, "discovered")

	emit := func(path dbus.ObjectPath, name string, args ...any) { must(t, f.conn.Emit(path, name, args...)) }
	emit("/", managerInterface+".ServicesChanged")
	emit("/", managerInterface+".ServicesChanged", uint32(7), "x")
	emit("/", managerInterface+".TechnologyAdded", "wifi")
	emit("/", managerInterface+".TechnologyRemoved", int64(1))
	emit(homePath, "net.connman.Service.PropertyChanged", "State")
	emit(homePath, "net.connman.Service.PropertyChanged", "State", value(uint8(3)))
	emit(homePath, "net.connman.Service.PropertyChanged", "State", value("sublimation"))
	r.AwaitState(homeID, "defined")
	f.setProperty(homePath, "State", "ready")
	r.AwaitState(homeID, "active")
}

func TestHugeList(t *testing.T) {
	d := bustest.Start(t)
	var many []fakeService
	for i := 0; i < 3*maxServices; i++ {
		many = append(many, fakeService{dbus.ObjectPath(fmt.Sprintf("%swifi_%d", servicePrefix, i)), home("idle")})
	}
	simulate(t, d, many...)
	r := watch(t, d.Address)
	r.AwaitLog("6000 objects")
	r.Await("what is kept of a huge list", func(rec *backendtest.Record) bool { return len(rec.Known) == maxServices })
}

func TestRestartsOfTheDaemon(t *testing.T) {
	d := bustest.Start(t)
	r := watch(t, d.Address)
	r.AwaitComplete(1)
	goroutines := 0
	var before, after runtime.MemStats
	const rounds = 100
	for i := 1; i <= rounds; i++ {
		f := simulate(t, d, fakeService{wiredPath, wired("online")}, fakeService{homePath, home("idle")})
		r.AwaitState(wiredID, "active")
		f.disconnect()
		r.AwaitState(wiredID, "")
		r.AwaitState(homeID, "")
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
		r.AwaitState(wiredID, "active")
		d.Kill()
		r.AwaitState(wiredID, "")
		d.Restart()
	}
}

func TestCountersAreTheKernels(t *testing.T) {
	if _, err := New("").Counters(wiredID); backend.ReasonOf(err) != backend.ReasonNotSupported {
		t.Error(err)
	}
}
