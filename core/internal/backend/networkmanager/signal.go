package networkmanager

import (
	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Signal is that of bus.Owner. What is signalled before the objects are known
// is in them.
func (r *reader) Signal(s bus.Signal) {
	if s.Name == daemonName && !r.known {
		return
	}
	r.take(s)
	r.changed()
}

// take takes a signal into the picture.
func (r *reader) take(s bus.Signal) {
	switch s.Interface + "." + s.Member {
	case objectsInterface + ".InterfacesAdded":
		r.added(s)
	case objectsInterface + ".InterfacesRemoved":
		r.removed(s)
	case propertiesInterface + ".PropertiesChanged":
		if name, properties, ok := bus.PropertiesChanged(s.Body); r.understood(ok, s) {
			r.picture.change(s.Path, name, properties)
		}
	case activeInterface + ".StateChanged":
		r.stateChanged(s)
	case deviceInterface + ".StateChanged":
		r.picture.setDeviceState(s.Path, s.Body)
	case profileInterface + ".Updated":
		if r.picture.profiles[s.Path] != nil {
			r.load(s.Path)
		}
	case managerInterface + ".CheckPermissions":
		r.askPermissions()
	}
}

func (r *reader) understood(ok bool, s bus.Signal) bool {
	if !ok {
		r.picture.complain("the signal %s of %s has another body than it should", s.Member, s.Path)
	}
	return ok
}

func (r *reader) added(s bus.Signal) {
	path, interfaces, ok := bus.InterfacesAdded(s.Body)
	if !r.understood(ok, s) {
		return
	}
	r.picture.add(path, interfaces)
	if _, isProfile := interfaces[profileInterface]; isProfile && s.Name == daemonName {
		r.load(path)
	}
}

func (r *reader) removed(s bus.Signal) {
	if path, names, ok := bus.InterfacesRemoved(s.Body); r.understood(ok, s) {
		r.picture.remove(path, names)
	}
}

func (r *reader) stateChanged(s bus.Signal) {
	a, reason, ok := r.picture.setState(s.Path, s.Body)
	if ok && a.state == activeDeactivated {
		r.commands.ended(a.path, causeOf(reason, r.deviceReason(a)))
	}
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
