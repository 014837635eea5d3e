package networkmanager

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// daemonState is everything that NetworkManager and ModemManager said. It is pure:
// it is fed with decoded bodies and does nothing by itself.
type daemonState struct {
	manager  manager
	devices  map[dbus.ObjectPath]*device
	actives  map[dbus.ObjectPath]*active
	profiles map[dbus.ObjectPath]*profile
	points   map[dbus.ObjectPath]*accessPoint
	modems   map[dbus.ObjectPath]*modem
	denied   string // why this process may not start or stop anything

	// What follows from the active connections and the primary one.
	tunnelBase dbus.ObjectPath    // what tunnels run over that do not say what
	primaries  [2]dbus.ObjectPath // the primary connection, and what that runs over

	index           index
	published       map[string]bearer.Configuration // as changes told them last
	interfaceRefs   map[bearer.Interface]int        // that NetworkManager speaks for, and because of how many devices
	interfacesDirty bool                            // they may be others than managed told last

	// problems are what was wrong with what was said; whoever feeds the
	// picture takes them away.
	problems []string
}

func newDaemonState() *daemonState {
	return &daemonState{
		devices:       make(map[dbus.ObjectPath]*device),
		actives:       make(map[dbus.ObjectPath]*active),
		profiles:      make(map[dbus.ObjectPath]*profile),
		points:        make(map[dbus.ObjectPath]*accessPoint),
		modems:        make(map[dbus.ObjectPath]*modem),
		index:         newIndex(),
		published:     make(map[string]bearer.Configuration),
		interfaceRefs: make(map[bearer.Interface]int),
	}
}

// reset is an empty picture for another NetworkManager; ModemManager's modems
// stay.
func (p *daemonState) reset() *daemonState {
	fresh := newDaemonState()
	fresh.modems = p.modems
	return fresh
}

// add takes in an object, or interfaces that an object got.
func (p *daemonState) add(path dbus.ObjectPath, interfaces bus.Interfaces) {
	for name := range interfaces {
		p.createObject(path, name)
	}
	for name, properties := range interfaces {
		p.changeProperties(path, name, properties)
	}
}

// createObject makes the object that an interface belongs to.
func (p *daemonState) createObject(path dbus.ObjectPath, name string) {
	switch name {
	case deviceInterface:
		if p.devices[path] == nil {
			p.putDevice(path, &device{deviceProperties: deviceProperties{path: path}})
		}
	case activeInterface:
		if p.actives[path] == nil {
			p.putActive(path, &active{activeProperties: activeProperties{path: path, number: numberOf(path)}})
		}
	case profileInterface:
		if p.profiles[path] == nil {
			p.putProfile(path, &profile{path: path})
		}
	case pointInterface:
		if p.points[path] == nil {
			p.putPoint(path, &accessPoint{path: path})
		}
	case cellularInterface:
		if p.modems[path] == nil {
			p.putModem(path, &modem{path: path})
		}
	}
}

// numberOf is the number at the end of a path: what appeared later has a higher one.
func numberOf(path dbus.ObjectPath) int {
	n, _ := strconv.Atoi(string(path[strings.LastIndexByte(string(path), '/')+1:]))
	return n
}

// changeProperties takes in properties of an object, if that is known.
func (p *daemonState) changeProperties(path dbus.ObjectPath, name string, properties map[string]dbus.Variant) {
	v := bus.NewValues(properties)
	p.applyProperties(path, name, v)
	for _, problem := range v.Problems() {
		p.addProblem("%s of %s: %s", name, path, problem)
	}
}

func (p *daemonState) applyProperties(path dbus.ObjectPath, name string, v *bus.Values) {
	switch name {
	case managerInterface:
		m := p.manager
		m.take(v)
		p.putManager(m)
	case deviceInterface, wiredInterface, wirelessInterface, modemInterface:
		p.modifyDevice(path, func(d *device) { d.takeOf(name, v) })
	case activeInterface:
		p.putActive(path, modified(p.actives[path], func(a *active) { a.take(v) }))
	case profileInterface:
		p.putProfile(path, modified(p.profiles[path], func(o *profile) { o.take(v) }))
	case pointInterface:
		p.putPoint(path, modified(p.points[path], func(o *accessPoint) { o.take(v) }))
	case cellularInterface, gppInterface:
		p.putModem(path, modified(p.modems[path], func(m *modem) { m.takeOf(name, v) }))
	}
}

func (p *daemonState) modifyDevice(path dbus.ObjectPath, alter func(*device)) {
	p.putDevice(path, modified(p.devices[path], func(d *device) {
		alter(d)
		d.excluded = !d.managed && (d.excluded || !p.manager.asleep() && !d.isPaused())
	}))
}

// modified is a copy of an object with a change made to it; nil if there is none.
func modified[T any](old *T, alter func(*T)) *T {
	if old == nil {
		return nil
	}
	now := *old
	alter(&now)
	return &now
}

// remove forgets interfaces of an object, and with its main one the object.
func (p *daemonState) remove(path dbus.ObjectPath, interfaces []string) {
	for _, name := range interfaces {
		switch name {
		case deviceInterface:
			p.putDevice(path, nil)
		case activeInterface:
			p.putActive(path, nil)
		case profileInterface:
			p.putProfile(path, nil)
		case pointInterface:
			p.putPoint(path, nil)
		case cellularInterface:
			p.putModem(path, nil)
		}
	}
}

// setSettings takes in the settings of a profile; ok says that they can stand
// for one.
func (p *daemonState) setSettings(path dbus.ObjectPath, s settings, ok bool) {
	p.putProfile(path, modified(p.profiles[path], func(o *profile) { o.settings, o.loaded, o.unreadable = s, ok, false }))
}

// closeSettings is for a profile whose settings this user may not read.
func (p *daemonState) closeSettings(path dbus.ObjectPath) {
	p.putProfile(path, modified(p.profiles[path], func(o *profile) { o.settings, o.loaded, o.unreadable = settings{}, false, true }))
}

// setState takes in the signal that tells the state of an active connection.
func (p *daemonState) setState(path dbus.ObjectPath, body []any) (*active, uint32, bool) {
	a := p.actives[path]
	state, ok := bus.Arg(body, 0).(uint32)
	reason, _ := bus.Arg(body, 1).(uint32)
	if a == nil || !ok {
		return nil, 0, false
	}
	p.putActive(path, modified(a, func(a *active) { a.state = state }))
	return p.actives[path], reason, true
}

// setDeviceState takes in the signal that tells the state of a device.
func (p *daemonState) setDeviceState(path dbus.ObjectPath, body []any) {
	state, isState := bus.Arg(body, 0).(uint32)
	reason, isReason := bus.Arg(body, 2).(uint32)
	if isState && isReason {
		p.modifyDevice(path, func(d *device) { d.state, d.reason = state, reason })
	}
}

// setPermissions takes in the answer of GetPermissions, and reports whether it changed
// anything.
func (p *daemonState) setPermissions(body []any) bool {
	permissions, ok := bus.Arg(body, 0).(map[string]string)
	if !ok {
		p.addProblem("GetPermissions: the answer is not a table of texts")
		return false
	}
	was := p.denied
	p.denied = ""
	if permissions[daemonName+".network-control"] == "no" {
		p.denied = "NetworkManager does not let this user start or stop networks; " +
			"the polkit action org.freedesktop.NetworkManager.network-control would have to be granted."
	}
	if p.denied == was {
		return false
	}
	for id := range p.published {
		p.index.markDirty(id)
	}
	return true
}

// forgetModems is for a ModemManager that went away.
func (p *daemonState) forgetModems() {
	for path := range p.modems {
		p.putModem(path, nil)
	}
}

func (p *daemonState) addProblem(format string, args ...any) {
	const most = 100 // a daemon that talks nonsense must not fill the memory
	if len(p.problems) < most {
		p.problems = append(p.problems, fmt.Sprintf(format, args...))
	}
}

// takeProblems returns what was wrong since the last time, as one text.
func (p *daemonState) takeProblems() string {
	text := strings.Join(p.problems, "; ")
	p.problems = nil
	return text
}
