package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/backend/internal/bus"
)

// Signal is that of bus.Owner. What is signalled before the objects are known
// is in them.
func (r *reader) Signal(s bus.Signal) {
	if s.Name == daemonName && !r.known {
		return
	}
	if r.take(s) {
		r.changed()
		return
	}
	r.complain()
	r.commands.settle()
}

// take takes a signal into the picture, and reports whether it can matter to a
// session.
func (r *reader) take(s bus.Signal) bool {
	switch s.Interface + "." + s.Member {
	case objectsInterface + ".InterfacesAdded":
		return r.added(s)
	case objectsInterface + ".InterfacesRemoved":
		return r.removed(s)
	case propertiesInterface + ".PropertiesChanged":
		name, properties, ok := bus.PropertiesChanged(s.Body)
		return r.understood(ok, s) && r.picture.change(s.Path, name, properties)
	case activeInterface + ".StateChanged":
		return r.stateChanged(s)
	case deviceInterface + ".StateChanged":
		return r.picture.setDeviceState(s.Path, s.Body)
	case profileInterface + ".Updated":
		if r.picture.profiles[s.Path] != nil {
			r.load(s.Path)
		}
	case managerInterface + ".CheckPermissions":
		r.askPermissions()
	}
	return false
}

func (r *reader) understood(ok bool, s bus.Signal) bool {
	if !ok {
		r.picture.complain("the signal %s of %s has another body than it should", s.Member, s.Path)
	}
	return ok
}

func (r *reader) added(s bus.Signal) bool {
	path, interfaces, ok := bus.InterfacesAdded(s.Body)
	if !r.understood(ok, s) {
		return false
	}
	_, isProfile := interfaces[profileInterface]
	matters := r.picture.add(path, interfaces)
	if isProfile && s.Name == daemonName {
		r.load(path)
	}
	return matters
}

func (r *reader) removed(s bus.Signal) bool {
	path, names, ok := bus.InterfacesRemoved(s.Body)
	if !r.understood(ok, s) {
		return false
	}
	return r.picture.remove(path, names)
}

func (r *reader) stateChanged(s bus.Signal) bool {
	a, reason, ok := r.picture.setState(s.Path, s.Body)
	if ok && a.state == activeDeactivated {
		r.commands.ended(a.path, causeOf(reason, r.deviceReason(a)))
	}
	return ok
}

// deviceReason is why the device of an active connection changed its state
// last. NetworkManager tells that just before the connection's own end.
func (r *reader) deviceReason(a *active) uint32 {
	for _, path := range a.devices {
		if d := r.picture.devices[path]; d != nil {
			return d.reason
		}
	}
	return 0
}

// askPermissions asks what this user may do. NetworkManager may have to ask
// polkit, so that nothing waits for the answer.
func (r *reader) askPermissions() {
	picture := r.picture
	r.bus.Call(bus.Call{
		Name: daemonName, Path: managerPath, Interface: managerInterface, Method: "GetPermissions", Timeout: -1,
	}, func(reply bus.Reply) {
		if reply.Err == nil && r.picture == picture && picture.permit(reply.Body) {
			r.allow()
			r.changed()
		}
	})
}

// allow publishes what this process may do.
func (r *reader) allow() {
	switch {
	case r.phase == complete && r.picture.denied == "":
		r.backend.allow(backend.CanStartAndStop)
	default:
		r.backend.allow(0)
	}
}

// askModems asks ModemManager for its modems.
func (r *reader) askModems() {
	r.picture.forgetModems()
	r.bus.Call(bus.Call{
		Name: modemsName, Path: modemsPath, Interface: objectsInterface, Method: "GetManagedObjects", Timeout: -1,
	}, func(reply bus.Reply) {
		objects, _ := bus.ManagedObjects(reply.Body)
		for path, interfaces := range objects {
			r.picture.add(path, modemOnly(interfaces))
		}
		r.changed()
	})
}

// modemOnly are the interfaces that ModemManager may speak about.
func modemOnly(interfaces bus.Interfaces) bus.Interfaces {
	own := make(map[string]map[string]dbus.Variant)
	for _, name := range []string{cellularInterface, gppInterface} {
		if properties, ok := interfaces[name]; ok {
			own[name] = properties
		}
	}
	return own
}
