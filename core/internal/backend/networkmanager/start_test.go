package networkmanager

import (
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

// activeOf adds an active connection of the wired profile that another process started.
func (f *fake) activeOf(n, device int, state uint32) *fake {
	return f.add(activePath(n), activeInterface, "Connection", settingsPath(1), "State", state, "Devices", paths(devicePath(device)))
}

// A session that did not change anything must not take it down at the end.
func TestOwnerOfANetwork(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*fake)
		joined bool
	}{
		"its own":                     {func(*fake) {}, false},
		"in use before":               {func(f *fake) { f.activeOf(9, 1, activeActivated) }, true},
		"on its way before":           {func(f *fake) { f.activeOf(9, 1, activeActivating) }, true},
		"on its way down, then anew":  {func(f *fake) { f.activeOf(9, 1, activeDeactivating) }, false},
		"in use before, on two links": {func(f *fake) { f.activeOf(9, 1, activeActivated).activeOf(8, 2, activeActivated) }, true},
	} {
		f := wired(t)
		c.before(f)
		f.boot()
		r := record(t, f.bus.Address)
		r.AwaitLine("nm:u1 ")
		r.backend.Start("nm:u1")
		if c.joined {
			r.roundTrip() // it has joined by then
			f.state(activePath(9), activeActivated, 1)
		} else {
			r.AwaitLine("nm:u1 discovered connecting")
			f.state(activePath(1), activeActivated, 1)
		}
		t.Log(name)
		r.ExpectJoined("nm:u1", c.joined)
		r.stop()
	}
}

// A second start while the first is under way waits for what this process began.
func TestASecondStartJoinsTheOwnStart(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
	r.backend.Start("nm:u1")
	f.state(activePath(1), activeActivated, 1)
	r.ExpectJoined("nm:u1", false)
	r.ExpectJoined("nm:u1", false)
}

func TestAStartThatIsTakenOverBelongsToTheOtherProcess(t *testing.T) {
	f := wired(t).boot()
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine("nm:u1 discovered connecting")
	f.activeOf(9, 1, activeActivating)
	f.state(activePath(1), activeDeactivated, 2)
	f.remove(activePath(1), activeInterface)
	f.state(activePath(9), activeActivated, 1)
	r.ExpectJoined("nm:u1", true)
}

// A failed start belongs to no process.
func TestARefusedStartJoinedNobody(t *testing.T) {
	f := wired(t).activeOf(9, 1, activeActivating).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 discovered connecting")
	r.backend.Start("nm:u1")
	r.roundTrip()
	f.state(activePath(9), activeDeactivated, reasonDevice)
	r.AwaitLine("refused start nm:u1")
	if r.LastAnswer("start nm:u1").Joined {
		t.Error("it joined others")
	}
}

func TestStoppingAProfileOnTwoDevices(t *testing.T) {
	f := wired(t).device(2, 1, "eth1", settingsPath(1)).activeOf(8, 1, activeActivated).activeOf(9, 2, activeActivated).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 active")
	r.backend.Stop("nm:u1")
	r.AwaitLine("done stop nm:u1")
	f.await("DeactivateConnection")
	f.await("DeactivateConnection")
	if c := r.Configuration("nm:u1"); backendtest.Describe(&c) != "discovered" {
		t.Errorf("it is %s", backendtest.Describe(&c))
	}
}

// While one of two devices loses the profile, it never leaves Active.
func TestAProfileOnTwoDevicesLivesWhileOneDoes(t *testing.T) {
	f := wired(t).device(2, 1, "eth1", settingsPath(1)).activeOf(8, 1, activeActivated).activeOf(9, 2, activeActivated).boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:u1 active")
	mark := r.Mark()
	f.state(activePath(8), activeDeactivating, 2)
	f.state(activePath(8), activeDeactivated, 2)
	f.remove(activePath(8), activeInterface)
	r.Await("a report", func(rec *backendtest.Record) bool { return rec.Known["nm:u1"].Interface == "eth1" })
	r.ExpectLines(mark, "nm:u1")
}

// The objects arrive in any order, and all must lead to the same answer.
func TestFreshManagersGiveTheSameAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fake)
		want   string
	}{
		"the older one":               {func(*fake) {}, "eth0"},
		"that with the default route": {func(f *fake) { f.set(activePath(10), activeInterface, "Default", true) }, "eth1"},
		"the primary one":             {func(f *fake) { f.set(managerPath, managerInterface, "PrimaryConnection", activePath(10)) }, "eth1"},
	} {
		f := wired(t).device(2, 1, "eth1", settingsPath(1)).activeOf(10, 2, activeActivated).activeOf(9, 1, activeActivated)
		c.change(f)
		f.boot()
		for i := 0; i < 10; i++ {
			r := record(t, f.bus.Address)
			r.AwaitLine("nm:u1 active")
			if got := r.Configuration("nm:u1").Interface; got != c.want {
				t.Errorf("%s: number %d says %s, want %s", name, i, got, c.want)
			}
			r.stop()
		}
	}
}

// Whether NetworkManager will manage a device again depends on whether it sleeps, and
// this property may arrive before or after the device.
func TestFreshManagersKnowThatNetworkingIsOff(t *testing.T) {
	f := newFake(t).device(1, 1, "eth0").profile(1, "802-3-ethernet", []any{"interface-name", "eth0"})
	f.set(devicePath(1), deviceInterface, "Managed", false, "State", uint32(10))
	f.set(managerPath, managerInterface, "NetworkingEnabled", false, "State", uint32(10))
	f.boot()
	for i := 0; i < 10; i++ {
		r := record(t, f.bus.Address)
		r.AwaitLine("managed eth0")
		r.stop()
	}
}

// Loading is called as soon as the bus answers: a first report will follow.
func TestLoadingIsReported(t *testing.T) {
	f := wired(t)
	thaw := f.freezeCall("GetManagedObjects")
	f.boot()
	r := record(t, f.bus.Address)
	r.Await("a report", func(rec *backendtest.Record) bool { return len(rec.Loading) == 1 && len(rec.Batches) == 0 })
	thaw()
	r.AwaitLine("complete")
	none := record(t, "unix:path=/nonexistent/bus")
	none.AwaitLine("complete")
	none.View(func(rec *backendtest.Record) {
		if len(rec.Loading) != 0 {
			t.Error("without a bus, something is being read")
		}
	})
}

// The passphrase is stored, so that no agent is asked.
func TestSecretsThatAreNotAccepted(t *testing.T) {
	for flags, want := range map[uint32]struct {
		says   string
		reason backend.Reason
	}{
		0: {"was not accepted", backend.ReasonUnknown},
		1: {"nobody could be asked", backend.ReasonNotSupported},
		2: {"nobody could be asked", backend.ReasonNotSupported},
	} {
		f := newFake(t).device(1, deviceWiFi, "wlan0", settingsPath(1)).profile(1, "802-11-wireless", nil, "ssid", []byte("cafe"))
		f.settings[settingsPath(1)]["802-11-wireless-security"] = values("key-mgmt", "wpa-psk", "psk-flags", flags)
		f.boot()
		r := record(t, f.bus.Address)
		r.backend.Start("nm:u1")
		r.AwaitLine("nm:u1 discovered connecting")
		f.deviceState(devicePath(1), 120, 7)
		f.state(activePath(1), activeDeactivated, reasonDevice)
		text := r.AwaitLine("refused start nm:u1")
		if !strings.Contains(text, want.says) || !strings.Contains(text, `"profile 1"`) || backend.ReasonOf(r.LastAnswer("start nm:u1").Err) != want.reason {
			t.Errorf("flags %d: reason %v: %s", flags, backend.ReasonOf(r.LastAnswer("start nm:u1").Err), text)
		}
		r.stop()
	}
}

func TestTheObstacleIsTheAnswer(t *testing.T) {
	f := newFake(t).device(1, deviceWiFi, "wlan0").profile(1, "802-11-wireless", nil, "ssid", []byte("cafe"))
	f.objects[managerPath][managerInterface]["WirelessEnabled"] = dbus.MakeVariant(false)
	f.boot()
	f.refuses(daemonName+".UnknownDevice", "No suitable device found for this connection")
	r := record(t, f.bus.Address)
	r.backend.Start("nm:u1")
	r.AwaitLine(`refused start nm:u1: The network "profile 1" could not be started: its radio is switched off (rfkill); ` +
		`nmcli radio wifi on switches it on (NetworkManager: No suitable device found for this connection).`)
}

func TestADeviceThatIsNotManagedAnyMore(t *testing.T) {
	f := newFake(t).device(1, 1, "aa").boot()
	r := record(t, f.bus.Address)
	r.AwaitLine("nm:device:aa discovered")
	f.deviceState(devicePath(1), 10, 36)
	f.set(devicePath(1), deviceInterface, "Managed", false)
	r.AwaitLine("gone nm:device:aa: NetworkManager stopped managing aa")
	r.AwaitLine("managed ")
}
