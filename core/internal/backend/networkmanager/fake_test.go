package networkmanager

import (
	"maps"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
)

// fake is a NetworkManager that a test plays, on a real bus: for cases that the real
// NetworkManager cannot show without hardware, or would not do.
type fake struct {
	t    *testing.T
	bus  *bustest.Daemon
	conn *dbus.Conn

	mu       sync.Mutex // guards what follows
	objects  map[dbus.ObjectPath]map[string]props
	settings map[dbus.ObjectPath]map[string]map[string]dbus.Variant
	network  string // the answer about the right to control networks
	refuse   *dbus.Error
	calls    chan string     // answered, in their order
	seen     map[string]bool // calls that came, whether answered or not
	number   int
	// frozen holds back the answers to the calls that begin with a text, until it
	// is closed.
	frozen map[string]chan struct{}
}

func newFake(t *testing.T) *fake {
	b := bustest.Start(t)
	f := &fake{
		t: t, bus: b, network: "yes", calls: make(chan string, 1000), seen: make(map[string]bool),
		frozen:   make(map[string]chan struct{}),
		objects:  map[dbus.ObjectPath]map[string]props{managerPath: {managerInterface: values("PrimaryConnection", noObject)}},
		settings: make(map[dbus.ObjectPath]map[string]map[string]dbus.Variant),
	}
	return f
}

// boot connects the fake to the bus and takes the name.
func (f *fake) boot() *fake {
	f.t.Helper()
	f.conn = f.bus.Dial()
	f.export(fakeObjects{f}, rootPath, objectsInterface)
	f.export(fakeManager{f}, managerPath, managerInterface)
	f.export(fakeProperties{f}, managerPath, propertiesInterface)
	for path, service := range map[dbus.ObjectPath]struct {
		methods any
		iface   string
	}{
		managerPath + "/Settings": {fakeProfile{f}, profileInterface},
		managerPath + "/Devices":  {fakeWireless{f}, wirelessInterface},
	} {
		if err := f.conn.ExportSubtree(service.methods, path, service.iface); err != nil {
			f.t.Fatal(err)
		}
	}
	bustest.Own(f.t, f.conn, daemonName)
	return f
}

func (f *fake) export(methods any, path dbus.ObjectPath, iface string) {
	f.t.Helper()
	if err := f.conn.Export(methods, path, iface); err != nil {
		f.t.Fatal(err)
	}
}

// die removes the fake from the bus, like a killed daemon.
func (f *fake) die() { _ = f.conn.Close() }

// answer records a call, and waits while the fake is frozen over it.
func (f *fake) answer(call string) {
	f.mu.Lock()
	f.seen[call] = true
	var frozen []chan struct{}
	for text, thawed := range f.frozen {
		if strings.HasPrefix(call, text) {
			frozen = append(frozen, thawed)
		}
	}
	f.mu.Unlock()
	for _, thawed := range frozen {
		<-thawed
	}
	f.calls <- call
}

// await waits until a call is answered.
func (f *fake) await(call string) {
	f.t.Helper()
	late := time.After(bustest.Wait)
	for {
		select {
		case got := <-f.calls:
			if got == call {
				return
			}
		case <-late:
			f.t.Fatalf("nobody called %s", call)
		}
	}
}

// asked waits until a call has arrived.
func (f *fake) asked(call string) {
	f.t.Helper()
	end := time.Now().Add(bustest.Wait)
	for seen := false; !seen; runtime.Gosched() {
		if time.Now().After(end) {
			f.t.Fatalf("nobody called %s", call)
		}
		f.mu.Lock()
		seen = f.seen[call]
		f.mu.Unlock()
	}
}

type fakeObjects struct{ f *fake }

func (o fakeObjects) GetManagedObjects() (map[dbus.ObjectPath]map[string]props, *dbus.Error) {
	o.f.answer("GetManagedObjects")
	o.f.mu.Lock()
	defer o.f.mu.Unlock()
	all := make(map[dbus.ObjectPath]map[string]props)
	for path, interfaces := range o.f.objects {
		all[path] = make(map[string]props)
		for name, properties := range interfaces {
			all[path][name] = make(props)
			maps.Copy(all[path][name], properties)
		}
	}
	return all, nil
}

type fakeProfile struct{ f *fake }

func (p fakeProfile) GetSettings(m dbus.Message) (map[string]map[string]dbus.Variant, *dbus.Error) {
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	p.f.answer("GetSettings")
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	if s, ok := p.f.settings[path]; ok {
		return s, nil
	}
	return nil, dbus.NewError(daemonName+".Settings.PermissionDenied", []any{"not for you"})
}

type fakeWireless struct{ f *fake }

func (w fakeWireless) RequestScan(map[string]dbus.Variant) *dbus.Error {
	w.f.answer("RequestScan")
	w.f.mu.Lock()
	defer w.f.mu.Unlock()
	return w.f.refuse
}

type fakeProperties struct{ f *fake }

func (p fakeProperties) Get(iface, name string) (dbus.Variant, *dbus.Error) {
	p.f.answer("Get " + name)
	return dbus.MakeVariant(uint32(0)), nil
}

type fakeManager struct{ f *fake }

func (m fakeManager) GetPermissions() (map[string]string, *dbus.Error) {
	m.f.mu.Lock()
	defer m.f.mu.Unlock()
	return map[string]string{daemonName + ".network-control": m.f.network}, nil
}

func (m fakeManager) ActivateConnection(profile, device, specific dbus.ObjectPath) (dbus.ObjectPath, *dbus.Error) {
	m.f.answer("ActivateConnection " + string(profile))
	m.f.mu.Lock()
	refuse := m.f.refuse
	m.f.number++
	path := activePath(m.f.number)
	m.f.mu.Unlock()
	if refuse != nil {
		return "", refuse
	}
	m.f.add(path, activeInterface, "Connection", profile, "State", uint32(activeActivating), "Devices", paths(devicePath(1)))
	return path, nil
}

func (m fakeManager) DeactivateConnection(path dbus.ObjectPath) *dbus.Error {
	m.f.answer("DeactivateConnection")
	m.f.mu.Lock()
	refuse := m.f.refuse
	m.f.mu.Unlock()
	if refuse != nil {
		return refuse
	}
	m.f.state(path, activeDeactivating, 2)
	m.f.state(path, activeDeactivated, 2)
	m.f.remove(path, activeInterface)
	return nil
}

// activations is how often something was activated.
func (f *fake) activations() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.number
}

// lastActive is an active connection that exists.
func (f *fake) lastActive() dbus.ObjectPath {
	f.mu.Lock()
	defer f.mu.Unlock()
	for path, interfaces := range f.objects {
		if interfaces[activeInterface] != nil {
			return path
		}
	}
	f.t.Fatal("nothing is active")
	return ""
}

// add adds an object, or an interface of an object, and signals it.
func (f *fake) add(path dbus.ObjectPath, iface string, pairs ...any) *fake {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.objects[path] == nil {
		f.objects[path] = make(map[string]props)
	}
	f.objects[path][iface] = values(pairs...)
	f.emit(rootPath, objectsInterface+".InterfacesAdded", path, map[string]props{iface: values(pairs...)})
	return f
}

func (f *fake) remove(path dbus.ObjectPath, iface string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.objects, path)
	f.emit(rootPath, objectsInterface+".InterfacesRemoved", path, []string{iface})
}

// set changes properties of an object, and signals them.
func (f *fake) set(path dbus.ObjectPath, iface string, pairs ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.Copy(f.objects[path][iface], values(pairs...))
	f.emit(path, propertiesInterface+".PropertiesChanged", iface, values(pairs...), []string{})
}

// state signals the state of an active connection as NetworkManager does.
func (f *fake) state(path dbus.ObjectPath, state, reason uint32) {
	f.mu.Lock()
	f.emit(path, activeInterface+".StateChanged", state, reason)
	f.mu.Unlock()
	f.set(path, activeInterface, "State", state)
}

// deviceState signals the state of a device.
func (f *fake) deviceState(path dbus.ObjectPath, state, reason uint32) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.emit(path, deviceInterface+".StateChanged", state, uint32(0), reason)
}

// emit needs f.mu. Before boot there is no receiver.
func (f *fake) emit(path dbus.ObjectPath, name string, body ...any) {
	if f.conn != nil {
		_ = f.conn.Emit(path, name, body...)
	}
}

func (f *fake) profile(n int, kind string, more []any, own ...any) *fake {
	f.mu.Lock()
	f.settings[settingsPath(n)] = profileSettings(n, kind, more, own...)
	f.mu.Unlock()
	return f.add(settingsPath(n), profileInterface, "Flags", uint32(0))
}

func (f *fake) device(n int, kind uint32, name string, available ...dbus.ObjectPath) *fake {
	return f.add(devicePath(n), deviceInterface, "Interface", name, "IpInterface", "", "DeviceType", kind,
		"State", uint32(30), "Managed", true, "AvailableConnections", paths(available...))
}

// wired is a fake with a profile that can be started.
func wired(t *testing.T) *fake {
	return newFake(t).device(1, 1, "eth0", settingsPath(1)).profile(1, "802-3-ethernet", nil)
}

func (f *fake) refuses(name, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = dbus.NewError(name, []any{text})
}

// freeze stops the fake from answering, until the function that it returns is
// called.
func (f *fake) freeze() (thaw func()) { return f.freezeCall("") }

// freezeCall is freeze for the calls that begin with a text.
func (f *fake) freezeCall(call string) (thaw func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	thawed := make(chan struct{})
	f.frozen[call] = thawed
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.frozen, call)
		close(thawed)
	}
}
