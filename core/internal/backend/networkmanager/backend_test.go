package networkmanager

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestWithoutABus(t *testing.T) {
	r := record(t, "unix:path=/nonexistent/bus")
	r.AwaitLine("complete")
	r.AwaitLine("managed ")
	r.backend.Start("nm:u1")
	r.AwaitLine(`refused start nm:u1: The network "nm:u1" could not be started: NetworkManager does not run`)
	r.backend.Refresh()
	r.AwaitLine("done refresh")
	if warnings := r.LinesSince(0, "warning"); len(warnings) != 0 {
		t.Errorf("what is normal is warned about: %q", warnings)
	}
}

func TestBadAddressIsExplained(t *testing.T) {
	r := record(t, "nonsense")
	r.AwaitLine(`warning No daemon can be reached: the bus address "nonsense" cannot be used`)
	r.AwaitLine("complete")
}

func TestFirstReport(t *testing.T) {
	f := newFake(t).device(1, 1, "eth0", settingsPath(1)).device(2, 1, "eth1").
		profile(1, "802-3-ethernet", []any{"interface-name", "eth0"}).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("complete")
	r.AwaitLine("nm:device:eth1 discovered")
	r.AwaitLine("nm:u1 discovered")
	if alias := r.Configuration("nm:u1").Alias; alias != string(settingsPath(1)) {
		t.Errorf("its alias is %q", alias)
	}
	r.AwaitLine("managed eth0 eth1")
	if r.backend.Capabilities() != backend.CanStartAndStop {
		t.Errorf("it can %v", r.backend.Capabilities())
	}
	if _, err := r.backend.Counters("nm:u1"); err == nil {
		t.Error("it counts bytes")
	}
}

func TestStart(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1") // before the first report
	r.AwaitLine("nm:u1 discovered connecting")
	r.backend.Start("nm:u1") // joins
	f.state(activePath(1), activeActivated, 1)
	r.AwaitLine("nm:u1 active")
	r.AwaitLine("done start nm:u1")
	r.AwaitLine("done start nm:u1")
	r.backend.Start("nm:u1") // is up
	r.AwaitLine("done start nm:u1")
	r.backend.Stop("nm:u1")
	r.AwaitLine("nm:u1 discovered")
	r.AwaitLine("done stop nm:u1")
	r.backend.Stop("nm:u1") // is down
	r.AwaitLine("done stop nm:u1")
	close(f.calls)
	activations := 0
	for call := range f.calls {
		if strings.HasPrefix(call, "ActivateConnection") {
			activations++
		}
	}
	if activations != 1 {
		t.Errorf("it was activated %d times", activations)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		reason backend.Reason
		says   string
	}{
		{daemonName + ".PermissionDenied", backend.ReasonNotSupported, "polkit action"},
		{"org.freedesktop.DBus.Error.AccessDenied", backend.ReasonNotSupported, "polkit action"},
		{daemonName + ".UnknownConnection", backend.ReasonNoConfiguration, "in its own words."},
		{daemonName + ".UnknownDevice", backend.ReasonUnknown, "device is there"},
		{daemonName + ".IncompatibleConnection", backend.ReasonNotSupported, "in its own words."},
		{"org.example.Something", backend.ReasonUnknown, "in its own words."},
	} {
		f := wired(t).boot()
		f.refuses(c.name, "in its own words")
		r := record(t, f.bus.Address)
		r.backend.Start("nm:u1")
		text := r.AwaitLine("refused start nm:u1")
		if got := backend.ReasonOf(r.LastAnswer("start nm:u1").Err); got != c.reason {
			t.Errorf("%s: reason %v, want %v", c.name, got, c.reason)
		}
		if !strings.Contains(text, `The network "profile 1" could not be started: NetworkManager said: in its own words.`) || !strings.Contains(text, c.says) {
			t.Errorf("%s: %s", c.name, text)
		}
		r.stop()
	}
}

// NetworkManager reports a denial if a device is removed while it is about to ask for
// the right to use it.
func TestTheEndOfADeviceIsNoDenial(t *testing.T) {
	f := wired(t).boot()
	f.refuses(daemonName+".PermissionDenied", "Authorization request cancelled")
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	text := r.AwaitLine("refused start nm:u1")
	if got := backend.ReasonOf(r.LastAnswer("start nm:u1").Err); got != backend.ReasonAborted || strings.Contains(text, "polkit") || !strings.Contains(text, "device is there") {
		t.Errorf("reason %v: %s", got, text)
	}
}

func TestStopIsRefused(t *testing.T) {
	f := wired(t).add(activePath(9), activeInterface, "Connection", settingsPath(1), "State", uint32(activeActivated), "Devices", paths(devicePath(1))).boot()
	f.refuses(daemonName+".PermissionDenied", "Not authorized to deactivate connections")
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 active")
	r.backend.Stop("nm:u1")
	r.AwaitLine(`refused stop nm:u1: The network "profile 1" could not be stopped: NetworkManager said: Not authorized`)
}

func TestFailedAttempts(t *testing.T) {
	for _, c := range []struct {
		active, device uint32
		reason         backend.Reason
		says           string
	}{
		{9, 0, backend.ReasonNotSupported, "(NetworkManager: no-secrets)"},
		{reasonDevice, 7, backend.ReasonNotSupported, "(NetworkManager: no-secrets)"},
		{reasonDevice, 5, backend.ReasonUnknown, "(NetworkManager: ip-config-unavailable)"},
		{reasonDevice, 36, backend.ReasonAborted, "(NetworkManager: removed)"},
		{2, 39, backend.ReasonAborted, "(NetworkManager: user-disconnected)"},
		{reasonDevice, 38, backend.ReasonNoConfiguration, "(NetworkManager: connection-removed)"},
		{reasonDevice, 4711, backend.ReasonUnknown, "(NetworkManager: reason 4711)"},
	} {
		f := wired(t).boot()
		r := record(t, f.bus.Address)
		r.backend.Start("nm:u1")
		r.AwaitLine("nm:u1 discovered connecting")
		f.deviceState(devicePath(1), 120, c.device)
		f.state(activePath(1), activeDeactivated, c.active)
		text := r.AwaitLine("refused start nm:u1")
		if got := backend.ReasonOf(r.LastAnswer("start nm:u1").Err); got != c.reason || !strings.Contains(text, c.says) {
			t.Errorf("active %d, device %d: reason %v, want %v: %s", c.active, c.device, got, c.reason, text)
		}
		r.stop()
	}
}

func TestAttemptThatVanishes(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
	f.remove(activePath(1), activeInterface)
	r.AwaitLine("refused start nm:u1")
}

// startUntil starts nm:u1 and lets the fake freeze over one of the calls that follow.
func startUntil(t *testing.T, call string) (f *fake, r *recorder, thaw func()) {
	t.Helper()
	f = wired(t).boot()
	r = record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	thaw = f.freezeCall(call)
	r.backend.Start("nm:u1")
	f.asked(call)
	return f, r, thaw
}

func TestStopBeforeTheAnswerToStart(t *testing.T) {
	f, r, thaw := startUntil(t, "ActivateConnection "+string(settingsPath(1)))
	r.backend.Stop("nm:u1")
	r.AwaitLine("refused start nm:u1")
	thaw()
	r.AwaitLine("done stop nm:u1")
	f.await("DeactivateConnection")
	if c := r.Configuration("nm:u1"); backendtest.Describe(&c) != "discovered" {
		t.Errorf("it is %s", backendtest.Describe(&c))
	}
}

func TestStopBeforeAStartKnowsWhatOthersStarted(t *testing.T) {
	f, r, thaw := startUntil(t, "Get State")
	r.backend.Stop("nm:u1")
	r.AwaitLine("refused start nm:u1")
	thaw()
	r.AwaitLine("done stop nm:u1")
	r.roundTrip()
	if f.activations() != 0 {
		t.Error("it was activated")
	}
}

func TestStopBeforeAStartIsRefused(t *testing.T) {
	f, r, thaw := startUntil(t, "ActivateConnection "+string(settingsPath(1)))
	f.refuses(daemonName+".PermissionDenied", "Not authorized")
	mark := r.Mark()
	r.backend.Stop("nm:u1")
	thaw()
	r.AwaitLine("done stop nm:u1")
	r.ExpectLines(mark, "nm:u1", `refused start nm:u1: The network "profile 1" could not be started: it was stopped before it was up.`, "done stop nm:u1")
}

func TestTwoStartsAreOneActivation(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	thaw := f.freeze()
	r.backend.Start("nm:u1")
	r.backend.Start("nm:u1")
	thaw()
	r.AwaitLine("nm:u1 discovered connecting")
	f.state(activePath(1), activeActivated, 1)
	r.AwaitLine("done start nm:u1")
	r.AwaitLine("done start nm:u1")
	if n := f.activations(); n != 1 {
		t.Errorf("it was activated %d times", n)
	}
}

// Another process may have activated the profile before this process got the signal.
// Activating it again would take it down under the other process.
func TestStartOfANetworkThatAnotherProcessHasJustStarted(t *testing.T) {
	f, r, thaw := startUntil(t, "Get State")
	f.add(activePath(9), activeInterface, "Connection", settingsPath(1), "State", uint32(activeActivated), "Devices", paths(devicePath(1)))
	thaw()
	r.AwaitLine("done start nm:u1")
	if f.activations() != 0 {
		t.Error("it was activated once more")
	}
}

func TestStartThatIsTakenOver(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
	f.add(activePath(9), activeInterface, "Connection", settingsPath(1), "State", uint32(activeActivating), "Devices", paths(devicePath(1)))
	f.state(activePath(1), activeDeactivated, 2)
	f.remove(activePath(1), activeInterface)
	f.state(activePath(9), activeActivated, 1)
	r.AwaitLine("done start nm:u1")
	if got := r.LinesSince(0, "refused"); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

// A user who may not read NetworkManager's properties may be allowed to activate.
func TestStartWithoutTheRightToAsk(t *testing.T) {
	f := wired(t).boot()
	if err := f.conn.Export(nil, managerPath, propertiesInterface); err != nil {
		t.Fatal(err)
	}
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
}

func TestStartWhileItGoesDown(t *testing.T) {
	f := wired(t).add(activePath(9), activeInterface, "Connection", settingsPath(1), "State", uint32(activeDeactivating), "Devices", paths(devicePath(1))).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered closing")
	r.backend.Start("nm:u1")
	f.await("ActivateConnection " + string(settingsPath(1)))
	r.AwaitLine("nm:u1 discovered connecting")
	f.remove(activePath(9), activeInterface)
	f.state(activePath(1), activeActivated, 1)
	r.AwaitLine("done start nm:u1")
}

// NetworkManager has not signalled yet that it goes down.
func TestStartRightAfterAStop(t *testing.T) {
	f := wired(t).add(activePath(9), activeInterface, "Connection", settingsPath(1), "State", uint32(activeActivated), "Devices", paths(devicePath(1))).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 active")
	r.backend.Stop("nm:u1")
	r.backend.Start("nm:u1")
	r.AwaitLine("done stop nm:u1")
	r.Await("a report", func(rec *backendtest.Record) bool { c := rec.Known["nm:u1"]; return c.Starting() }) // perhaps before the stop is answered
	f.state(activePath(1), activeActivated, 1)
	r.AwaitLine("done start nm:u1")
	if got := r.LinesSince(0, "done start"); f.activations() != 1 || len(got) != 1 {
		t.Errorf("it was activated %d times; %q", f.activations(), got)
	}
}

func TestSignalsBeforeTheObjectsAreKnown(t *testing.T) {
	f := wired(t)
	thaw := f.freezeCall("GetManagedObjects")
	f.boot()
	r := record(t, f.bus.Address)
	f.asked("GetManagedObjects")
	for n := 2; n < 6; n++ {
		f.profile(n, "802-3-ethernet", nil)
	}
	f.set(devicePath(1), deviceInterface, "State", uint32(30))
	for i := 0; i < 5; i++ {
		r.roundTrip()
	}
	thaw()
	r.AwaitLine("complete")
	r.AwaitLine("managed ")
	if got := r.LinesSince(0, "complete"); len(got) != 1 {
		t.Errorf("%d complete reports", len(got))
	}
	if got := r.IDs(); got != "nm:u1 nm:u2 nm:u3 nm:u4 nm:u5" {
		t.Errorf("the first report has %s", got)
	}
}

func TestStartAfterAWithdrawnStart(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	thaw := f.freeze()
	r.backend.Start("nm:u1")
	r.backend.Stop("nm:u1")
	r.backend.Start("nm:u1")
	r.AwaitLine("refused start nm:u1")
	thaw()
	r.AwaitLine("done stop nm:u1")
	r.Await("a report", func(rec *backendtest.Record) bool { c := rec.Known["nm:u1"]; return c.Starting() })
	f.state(f.lastActive(), activeActivated, 1)
	r.AwaitLine("done start nm:u1")
}

func TestPermissionThatIsMissing(t *testing.T) {
	f := wired(t)
	f.network = "no"
	f.boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("complete")
	r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Denied != "" })
	if r.backend.Capabilities() != 0 {
		t.Errorf("it can %v", r.backend.Capabilities())
	}
	f.mu.Lock()
	f.network = "auth"
	f.emit(managerPath, managerInterface+".CheckPermissions")
	f.mu.Unlock()
	r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Denied == "" })
	if r.backend.Capabilities() != backend.CanStartAndStop {
		t.Errorf("it can %v", r.backend.Capabilities())
	}
}

// setReplyTimeout sets how long the backend waits for the fake to say anything.
func (r *recorder) setReplyTimeout(d time.Duration) {
	set := make(chan struct{})
	r.backend.bus.Post(func() {
		r.backend.monitor.executor.replyTimeout = d
		close(set)
	})
	<-set
}

// roundTrip waits until the backend got an answer from the fake, and with it all
// earlier messages.
func (r *recorder) roundTrip() {
	r.t.Helper()
	answered := make(chan struct{})
	r.backend.bus.Post(func() {
		c := bus.Call{Name: daemonName, Path: managerPath, Interface: managerInterface, Method: "GetPermissions"}
		r.backend.bus.Call(c, func(bus.Reply) { close(answered) })
	})
	select {
	case <-answered:
	case <-time.After(bustest.Wait):
		r.t.Fatal("the fake does not answer")
	}
}

func TestWiFi(t *testing.T) {
	f := newFake(t).device(1, deviceWiFi, "wlan0").
		add(devicePath(1), wirelessInterface, "AccessPoints", paths(), "ActiveAccessPoint", noObject, "LastScan", int64(1)).
		profile(1, "802-11-wireless", nil, "ssid", []byte("cafe")).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 defined")

	f.add(pointPath(1), pointInterface, "Ssid", []byte("cafe"), "Strength", byte(40))
	f.set(devicePath(1), wirelessInterface, "AccessPoints", paths(pointPath(1)))
	f.set(devicePath(1), deviceInterface, "AvailableConnections", paths(settingsPath(1)))
	r.AwaitLine("nm:u1 discovered")
	r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Strength == 40 })
	f.set(pointPath(1), pointInterface, "Strength", byte(80))
	r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Strength == 80 })

	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
	f.set(devicePath(1), wirelessInterface, "ActiveAccessPoint", pointPath(1))
	f.state(activePath(1), activeActivated, 1)
	r.AwaitLine("done start nm:u1")

	// The access point leaves range: the connection breaks, then it is removed.
	f.deviceState(devicePath(1), 120, 53)
	f.state(activePath(1), activeDeactivated, reasonDevice)
	f.remove(activePath(1), activeInterface)
	r.AwaitLine("nm:u1 discovered")
	f.set(devicePath(1), wirelessInterface, "AccessPoints", paths())
	f.remove(pointPath(1), pointInterface)
	f.set(devicePath(1), deviceInterface, "AvailableConnections", paths())
	r.AwaitLine("nm:u1 defined")
	if c := r.Configuration("nm:u1"); c.Bearer != bearer.BearerWLAN || c.Strength != 0 {
		t.Errorf("out of range: %+v", c)
	}
}

func TestScan(t *testing.T) {
	f := newFake(t).device(1, deviceWiFi, "wlan0").add(devicePath(1), wirelessInterface, "LastScan", int64(1)).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("complete")
	mark := r.Mark()
	r.backend.Refresh()
	f.await("RequestScan")
	f.set(devicePath(1), wirelessInterface, "LastScan", int64(2))
	r.AwaitLine("done refresh")
	f.refuses(daemonName+".Device.NotAllowed", "Scanning not allowed immediately following previous scan")
	r.backend.Refresh()
	r.AwaitLine("done refresh")
	r.ExpectLines(mark, "refresh", "done refresh", "done refresh")
}

func TestModemManager(t *testing.T) {
	f := newFake(t).device(1, deviceModem, "cdc-wdm0", settingsPath(1)).profile(1, "gsm", nil)
	f.set(devicePath(1), deviceInterface, "Udi", string(modemPath))
	f.boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	for i := 0; i < 3; i++ {
		modems := newFake(t)
		modems.bus = f.bus
		modems.objects = map[dbus.ObjectPath]map[string]props{modemPath: {
			cellularInterface: values("AccessTechnologies", uint32(1<<5)), gppInterface: values("RegistrationState", uint32(1)),
			deviceInterface: values("Interface", "odd0", "Managed", true, "DeviceType", uint32(1)),
		}}
		modems.conn = f.bus.Dial()
		modems.export(fakeObjects{modems}, modemsPath, objectsInterface)
		bustest.Own(t, modems.conn, modemsName)
		r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Bearer == bearer.BearerWCDMA })
		if r.IDs() != "nm:u1" {
			t.Fatalf("ModemManager speaks for devices: %s", r.IDs())
		}
		modems.set(modemPath, cellularInterface, "AccessTechnologies", uint32(1<<14))
		modems.set(modemPath, gppInterface, "RegistrationState", uint32(5))
		r.Await("a report", func(rec *backendtest.Record) bool {
			c := rec.Known["nm:u1"]
			return c.Bearer == bearer.BearerLTE && c.Abroad
		})
		modems.die()
		r.Await("a report", func(rec *backendtest.Record) bool {
			c := rec.Known["nm:u1"]
			return c.Bearer == bearer.Bearer2G && !c.Abroad
		})
	}
}

func TestMetered(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
	f.state(activePath(1), activeActivated, 1)
	r.AwaitLine("done start nm:u1")
	for n, want := range []bearer.Metered{bearer.MeteredUnknown, bearer.MeteredYes, bearer.MeteredNo, bearer.MeteredGuessed, bearer.MeteredNo, bearer.MeteredUnknown} {
		f.set(devicePath(1), deviceInterface, "Metered", uint32(n))
		r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Metered == want })
	}
}

func TestNothingIsReportedTwice(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	mark := r.Mark()
	before := r.batches()
	for i := 0; i < 20; i++ {
		f.set(devicePath(1), deviceInterface, "State", uint32(30), "Metered", uint32(0))
		f.set(managerPath, managerInterface, "PrimaryConnection", noObject)
	}
	f.profile(2, "802-3-ethernet", nil)
	r.AwaitLine("nm:u2 defined")
	r.ExpectLines(mark, "u1")
	if reports := r.batches() - before; reports != 1 {
		t.Errorf("%d reports, want one: the report of the new profile", reports)
	}
}

// batches counts the reports so far.
func (r *recorder) batches() (n int) {
	r.View(func(rec *backendtest.Record) { n = len(rec.Batches) })
	return n
}

func TestProfileThatMayNotBeRead(t *testing.T) {
	f := wired(t)
	f.add(settingsPath(7), profileInterface, "Flags", uint32(0))
	f.boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	if r.IDs() != "nm:u1" {
		t.Errorf("listed: %s", r.IDs())
	}
}

func TestMalformedBodies(t *testing.T) {
	f := wired(t)
	f.settings[settingsPath(8)] = map[string]map[string]dbus.Variant{"connection": values("uuid", 7, "id", true)}
	f.add(settingsPath(8), profileInterface, "Flags", "not a number")
	f.add(devicePath(9), deviceInterface, "Interface", uint32(1), "Managed", "yes", "AvailableConnections", "all")
	f.add("/", "strange.Interface", "Key", int32(1))
	f.boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	r.AwaitLine("warning NetworkManager said something that cannot be understood: ")
	f.mu.Lock()
	for _, name := range []string{
		objectsInterface + ".InterfacesAdded", objectsInterface + ".InterfacesRemoved", propertiesInterface + ".PropertiesChanged",
		activeInterface + ".StateChanged", deviceInterface + ".StateChanged", profileInterface + ".Updated",
	} {
		for _, path := range []dbus.ObjectPath{rootPath, devicePath(1), settingsPath(1)} {
			f.emit(path, name)
			f.emit(path, name, int32(1))
			f.emit(path, name, "a", "b", "c")
			f.emit(path, name, path, map[string]string{"a": "b"})
			f.emit(path, name, deviceInterface, map[string]dbus.Variant{"State": dbus.MakeVariant("up")}, []string{})
		}
	}
	f.mu.Unlock()
	f.profile(2, "802-3-ethernet", nil)
	r.AwaitLine("nm:u2 defined")
	if r.IDs() != "nm:u1 nm:u2" {
		t.Errorf("listed: %s", r.IDs())
	}
	if panics := r.LinesSince(0, "internal error"); len(panics) != 0 {
		t.Errorf("panics: %q", panics)
	}
}

func TestMalformedObjects(t *testing.T) {
	b := bustest.Start(t)
	conn := b.Dial()
	if err := conn.Export(nonsense{}, rootPath, objectsInterface); err != nil {
		t.Fatal(err)
	}
	bustest.Own(t, conn, daemonName)
	r := record(t, b.Address)
	r.AwaitLine("warning NetworkManager cannot be asked for its networks: it sent something else.")
	r.AwaitLine("complete")
}

type nonsense struct{}

func (nonsense) GetManagedObjects() (string, *dbus.Error) { return "everything", nil }

func TestFrozenDaemon(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	r.setReplyTimeout(50 * time.Millisecond)
	thaw := f.freeze()
	r.backend.Start("nm:u1")
	r.AwaitLine(`refused start nm:u1: The network "profile 1" could not be started: NetworkManager does not answer.`)
	thaw()
	r.roundTrip()
	if f.activations() != 0 {
		t.Error("it was activated late")
	}
}

func TestDaemonThatFreezesOverAStart(t *testing.T) {
	f, r, thawGet := startUntil(t, "Get State")
	thaw := f.freezeCall("ActivateConnection")
	r.setReplyTimeout(50 * time.Millisecond)
	thawGet()
	r.AwaitLine(`refused start nm:u1: The network "profile 1" could not be started: NetworkManager does not answer.`)
	r.backend.Stop("nm:u1")
	r.AwaitLine("done stop nm:u1")
	thaw()
	// The start that was refused must not come up late.
	r.AwaitLine("nm:u1 discovered connecting")
	f.await("DeactivateConnection")
	r.AwaitLine("nm:u1 discovered")
}

func TestDaemonThatFreezesAtOnce(t *testing.T) {
	f := wired(t)
	thaw := f.freeze()
	f.boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	thaw()
	r.AwaitLine("complete")
	r.AwaitLine("nm:u1 discovered connecting")
}

func TestDaemonThatStaysFrozen(t *testing.T) {
	f := wired(t)
	thaw := f.freeze()
	defer thaw()
	f.boot()
	r := record(t, f.bus.Address)
	f.asked("GetManagedObjects")
	r.setReplyTimeout(10 * time.Millisecond)
	r.backend.Start("nm:u1")
	r.AwaitLine(`refused start nm:u1: The network "nm:u1" could not be started: NetworkManager does not answer.`)
	r.backend.Refresh()
	r.AwaitLine("refused refresh: Networks could not be looked for: NetworkManager does not answer.")
}

func TestRestarts(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered")
	goroutines := runtime.NumGoroutine()
	var before, after runtime.MemStats
	const times = 100
	for i := 0; i < times; i++ {
		if i == 10 {
			runtime.GC()
			runtime.ReadMemStats(&before)
		}
		r.backend.Start("nm:u1")
		r.AwaitLine("nm:u1 discovered connecting")
		f.die()
		r.Await("a report", func(rec *backendtest.Record) bool { return strings.HasPrefix(rec.Why, "NetworkManager has gone away") })
		r.AwaitLine("complete")
		r.AwaitLine("refused start nm:u1: The network \"profile 1\" could not be started: NetworkManager was stopped or died meanwhile.")
		f.mu.Lock()
		delete(f.objects, activePath(f.number))
		f.mu.Unlock()
		f.boot()
		r.AwaitLine("complete")
		r.AwaitLine("nm:u1 discovered")
		r.Forget()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("%d restarts cost %d bytes", times, grown)
	}
	if now := runtime.NumGoroutine(); now > goroutines+50 {
		t.Errorf("%d goroutines after %d restarts, %d before", now, times, goroutines)
	}
}

func TestBusRestarts(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	for i := 0; i < 5; i++ {
		r.AwaitLine("nm:u1 discovered")
		r.backend.Start("nm:u1")
		r.AwaitLine("nm:u1 discovered connecting")
		f.bus.Kill()
		r.AwaitLine("complete")
		r.AwaitLine("refused start nm:u1")
		f.mu.Lock()
		delete(f.objects, activePath(f.number))
		f.mu.Unlock()
		f.bus.Restart()
		f.boot()
	}
	r.AwaitLine("nm:u1 discovered")
}
