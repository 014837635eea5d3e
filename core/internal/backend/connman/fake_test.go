package connman

import (
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
)

// fake is a ConnMan on a real bus, for cases that a real ConnMan cannot show without a
// radio, a modem or a fault.
type fake struct {
	t    testing.TB
	conn *dbus.Conn

	mu       sync.Mutex // guards what follows
	services []fakeService
	lists    any               // what GetServices answers instead, if not nil
	hold     chan struct{}     // calls are answered when it is closed, if not nil
	refuse   map[string]string // the last part of an error's name, by method
	called   []string
	// on is called for a method on a service, before it is answered.
	on map[string]func(dbus.ObjectPath)
}

type fakeService struct {
	Path       dbus.ObjectPath
	Properties properties
}

// simulate puts a fake ConnMan onto the bus.
func simulate(t testing.TB, d *bustest.Daemon, services ...fakeService) *fake {
	t.Helper()
	f := &fake{t: t, conn: d.Dial(), services: services, refuse: make(map[string]string), on: make(map[string]func(dbus.ObjectPath))}
	f.export("/", managerInterface, map[string]any{
		"GetProperties":   f.getProperties,
		"GetServices":     f.getServices,
		"GetTechnologies": f.getTechnologies,
	})
	must(t, f.conn.ExportSubtreeMethodTable(map[string]any{
		"Connect":    f.method("Connect"),
		"Disconnect": f.method("Disconnect"),
	}, "/net/connman/service", "net.connman.Service"))
	f.export("/net/connman/technology/wifi", "net.connman.Technology", map[string]any{"Scan": f.method("Scan")})
	bustest.Own(t, f.conn, daemonName)
	return f
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fake) export(path dbus.ObjectPath, iface string, methods map[string]any) {
	f.t.Helper()
	must(f.t, f.conn.ExportMethodTable(methods, path, iface))
}

// with changes what the fake does.
func (f *fake) with(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// wait blocks a call while the fake is held.
func (f *fake) wait() {
	f.mu.Lock()
	hold := f.hold
	f.mu.Unlock()
	if hold != nil {
		<-hold
	}
}

func (f *fake) getServices() (any, *dbus.Error) {
	f.wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if name := f.refuse["GetServices"]; name != "" {
		return nil, dbus.NewError(name, nil)
	}
	if f.lists != nil {
		return f.lists, nil
	}
	return append([]fakeService{}, f.services...), nil
}

func (f *fake) getProperties() (properties, *dbus.Error) {
	f.wait()
	return props("OfflineMode", false, "State", "ready"), nil
}

func (f *fake) getTechnologies() ([]fakeService, *dbus.Error) {
	f.wait()
	return []fakeService{{"/net/connman/technology/wifi", props("Type", "wifi", "Powered", true)}}, nil
}

func (f *fake) method(name string) func(dbus.Message) *dbus.Error {
	return func(m dbus.Message) *dbus.Error {
		f.wait()
		path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
		f.mu.Lock()
		f.called = append(f.called, name)
		on, refuse := f.on[name], f.refuse[name]
		f.mu.Unlock()
		if on != nil {
			on(path)
		}
		if refuse != "" {
			return dbus.NewError(errorPrefix+refuse, []any{"in words"})
		}
		return nil
	}
}

// setProperty changes a property of a service.
func (f *fake) setProperty(path dbus.ObjectPath, name string, v any) {
	f.with(func() {
		for i := range f.services {
			if f.services[i].Path == path {
				f.services[i].Properties = with(f.services[i].Properties, name, v)
			}
		}
	})
	must(f.t, f.conn.Emit(path, "net.connman.Service.PropertyChanged", name, value(v)))
}

// signalChanges announces services, and that others were removed.
func (f *fake) signalChanges(list []fakeService, removed ...dbus.ObjectPath) {
	must(f.t, f.conn.Emit("/", managerInterface+".ServicesChanged", list, append([]dbus.ObjectPath{}, removed...)))
}

func (f *fake) calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.called...)
}

// disconnect makes the fake end as a killed ConnMan does.
func (f *fake) disconnect() { _ = f.conn.Close() }
