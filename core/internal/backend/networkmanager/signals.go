package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Signal implements bus.Handler. Signals before the objects were read are ignored: the
// objects include their changes.
func (m *monitor) Signal(s bus.Signal) {
	if s.Name == daemonName && !m.objectsKnown {
		return
	}
	m.applySignal(s)
	m.update()
}

// applySignal applies a signal to the state.
func (m *monitor) applySignal(s bus.Signal) {
	switch s.Interface + "." + s.Member {
	case objectsInterface + ".InterfacesAdded":
		m.handleAdded(s)
	case objectsInterface + ".InterfacesRemoved":
		m.handleRemoved(s)
	case propertiesInterface + ".PropertiesChanged":
		if name, properties, ok := bus.PropertiesChanged(s.Body); m.checkBody(ok, s) {
			m.state.changeProperties(s.Path, name, properties)
		}
	case activeInterface + ".StateChanged":
		m.handleStateChanged(s)
	case deviceInterface + ".StateChanged":
		m.state.setDeviceState(s.Path, s.Body)
	case profileInterface + ".Updated":
		if m.state.profiles[s.Path] != nil {
			m.readSettings(s.Path)
		}
	case managerInterface + ".CheckPermissions":
		m.readPermissions()
	}
}

func (m *monitor) checkBody(ok bool, s bus.Signal) bool {
	if !ok {
		m.state.addProblem("the signal %s of %s has another body than it should", s.Member, s.Path)
	}
	return ok
}

func (m *monitor) handleAdded(s bus.Signal) {
	path, interfaces, ok := bus.InterfacesAdded(s.Body)
	if !m.checkBody(ok, s) {
		return
	}
	m.state.add(path, interfaces)
	if _, isProfile := interfaces[profileInterface]; isProfile && s.Name == daemonName {
		m.readSettings(path)
	}
}

func (m *monitor) handleRemoved(s bus.Signal) {
	if path, names, ok := bus.InterfacesRemoved(s.Body); m.checkBody(ok, s) {
		m.state.remove(path, names)
	}
}

func (m *monitor) handleStateChanged(s bus.Signal) {
	a, reason, ok := m.state.setState(s.Path, s.Body)
	if ok && a.state == activeDeactivated {
		m.executor.noteEnd(a.path, causeOf(reason, m.deviceReason(a)))
	}
}

// deviceReason returns why the device of an active connection last changed its state.
// NetworkManager signals that just before the end of the connection itself.
func (m *monitor) deviceReason(a *active) uint32 {
	for _, path := range a.devices {
		if d := m.state.devices[path]; d != nil {
			return d.reason
		}
	}
	return 0
}

// readPermissions reads what this user may do. NetworkManager may have to ask polkit, so
// nothing waits for the reply.
func (m *monitor) readPermissions() {
	state := m.state
	m.bus.Call(bus.Call{
		Name: daemonName, Path: managerPath, Interface: managerInterface, Method: "GetPermissions", Timeout: -1,
	}, func(reply bus.Reply) {
		if reply.Err == nil && m.state == state && state.setPermissions(reply.Body) {
			m.publishCapabilities()
			m.update()
		}
	})
}

// publishCapabilities publishes what this process may do.
func (m *monitor) publishCapabilities() {
	switch {
	case m.phase == complete && m.state.denied == "":
		m.backend.setCapabilities(backend.CanStartAndStop)
	default:
		m.backend.setCapabilities(0)
	}
}

// readModems reads the modems of ModemManager.
func (m *monitor) readModems() {
	m.state.forgetModems()
	m.bus.Call(bus.Call{
		Name: modemsName, Path: modemsPath, Interface: objectsInterface, Method: "GetManagedObjects", Timeout: -1,
	}, func(reply bus.Reply) {
		objects, _ := bus.ManagedObjects(reply.Body)
		for path, interfaces := range objects {
			m.state.add(path, modemOnly(interfaces))
		}
		m.update()
	})
}

// modemOnly returns the interfaces of an object that are ModemManager's.
func modemOnly(interfaces bus.Interfaces) bus.Interfaces {
	own := make(map[string]map[string]dbus.Variant)
	for _, name := range []string{cellularInterface, gppInterface} {
		if properties, ok := interfaces[name]; ok {
			own[name] = properties
		}
	}
	return own
}
