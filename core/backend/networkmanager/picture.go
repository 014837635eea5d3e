package networkmanager

import (
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/backend/internal/bus"
)

// picture is everything that NetworkManager and ModemManager said. It is pure:
// it is fed with decoded bodies and does nothing by itself.
type picture struct {
	manager  manager
	devices  map[dbus.ObjectPath]*device
	actives  map[dbus.ObjectPath]*active
	profiles map[dbus.ObjectPath]*profile
	points   map[dbus.ObjectPath]*accessPoint
	modems   map[dbus.ObjectPath]*modem
	number   int    // of the active connection that appeared last
	denied   string // why this process may not start or stop anything
	// problems are what was wrong with what was said; whoever feeds the
	// picture takes them away.
	problems []string
}

func newPicture() *picture {
	return &picture{
		devices:  make(map[dbus.ObjectPath]*device),
		actives:  make(map[dbus.ObjectPath]*active),
		profiles: make(map[dbus.ObjectPath]*profile),
		points:   make(map[dbus.ObjectPath]*accessPoint),
		modems:   make(map[dbus.ObjectPath]*modem),
	}
}

// add takes in an object, or interfaces that an object got.
func (p *picture) add(path dbus.ObjectPath, interfaces bus.Interfaces) bool {
	for name := range interfaces {
		p.create(path, name)
	}
	matters := false
	for name, properties := range interfaces {
		matters = p.change(path, name, properties) || matters
	}
	return matters
}

// create makes the object that an interface belongs to.
func (p *picture) create(path dbus.ObjectPath, name string) {
	switch name {
	case deviceInterface:
		if p.devices[path] == nil {
			p.devices[path] = &device{path: path}
		}
	case activeInterface:
		if p.actives[path] == nil {
			p.number++
			p.actives[path] = &active{path: path, number: p.number}
		}
	case profileInterface:
		if p.profiles[path] == nil {
			p.profiles[path] = &profile{path: path}
		}
	case pointInterface:
		if p.points[path] == nil {
			p.points[path] = &accessPoint{}
		}
	case cellularInterface:
		if p.modems[path] == nil {
			p.modems[path] = &modem{}
		}
	}
}

// change takes in properties of an object that is known, and reports whether
// they can matter to a session.
func (p *picture) change(path dbus.ObjectPath, name string, properties map[string]dbus.Variant) bool {
	v := bus.NewValues(properties)
	matters := p.takeProperties(path, name, v)
	for _, problem := range v.Problems() {
		p.complain("%s of %s: %s", name, path, problem)
	}
	return matters
}

func (p *picture) takeProperties(path dbus.ObjectPath, name string, v *bus.Values) bool {
	switch name {
	case managerInterface:
		return p.manager.take(v)
	case deviceInterface, wirelessInterface, modemInterface:
		return p.takeDevice(p.devices[path], name, v)
	case activeInterface:
		a := p.actives[path]
		return a != nil && a.take(v)
	case profileInterface:
		o := p.profiles[path]
		return o != nil && o.take(v)
	case pointInterface:
		o := p.points[path]
		return o != nil && o.take(v)
	case cellularInterface, gppInterface:
		return p.takeModem(p.modems[path], name, v)
	}
	return false
}

func (p *picture) takeDevice(d *device, name string, v *bus.Values) bool {
	switch {
	case d == nil:
		return false
	case name == wirelessInterface:
		return d.takeWireless(v)
	case name == modemInterface:
		return d.takeModem(v)
	}
	return d.take(v)
}

func (p *picture) takeModem(m *modem, name string, v *bus.Values) bool {
	switch {
	case m == nil:
		return false
	case name == gppInterface:
		return m.takeGPP(v)
	}
	return m.take(v)
}

// remove forgets interfaces of an object, and with its main one the object.
func (p *picture) remove(path dbus.ObjectPath, interfaces []string) bool {
	matters := false
	for _, name := range interfaces {
		switch name {
		case deviceInterface:
			delete(p.devices, path)
		case activeInterface:
			delete(p.actives, path)
		case profileInterface:
			delete(p.profiles, path)
		case pointInterface:
			delete(p.points, path)
		case cellularInterface:
			delete(p.modems, path)
		default:
			continue
		}
		matters = true
	}
	return matters
}

// setState takes in the signal that tells the state of an active connection.
func (p *picture) setState(path dbus.ObjectPath, body []any) (*active, uint32, bool) {
	a := p.actives[path]
	state, ok := bus.Arg(body, 0).(uint32)
	reason, _ := bus.Arg(body, 1).(uint32)
	if a == nil || !ok {
		return nil, 0, false
	}
	a.state = state
	return a, reason, true
}

// setDeviceState takes in the signal that tells the state of a device.
func (p *picture) setDeviceState(path dbus.ObjectPath, body []any) bool {
	d := p.devices[path]
	state, isState := bus.Arg(body, 0).(uint32)
	reason, isReason := bus.Arg(body, 2).(uint32)
	if d == nil || !isState || !isReason {
		return false
	}
	d.state, d.reason = state, reason
	return true
}

// permit takes in the answer of GetPermissions, and reports whether it changed
// anything.
func (p *picture) permit(body []any) bool {
	permissions, ok := bus.Arg(body, 0).(map[string]string)
	if !ok {
		p.complain("GetPermissions: the answer is not a table of texts")
		return false
	}
	was := p.denied
	p.denied = ""
	if permissions[daemonName+".network-control"] == "no" {
		p.denied = "NetworkManager does not let this user start or stop networks; " +
			"the polkit action org.freedesktop.NetworkManager.network-control would have to be granted."
	}
	return p.denied != was
}

// forgetModems is for a ModemManager that went away.
func (p *picture) forgetModems() {
	for path := range p.modems {
		delete(p.modems, path)
	}
}

func (p *picture) complain(format string, args ...any) {
	const most = 100 // a daemon that talks nonsense must not fill the memory
	if len(p.problems) < most {
		p.problems = append(p.problems, fmt.Sprintf(format, args...))
	}
}

// takeProblems returns what was wrong since the last time, as one text.
func (p *picture) takeProblems() string {
	text := strings.Join(p.problems, "; ")
	p.problems = nil
	return text
}
