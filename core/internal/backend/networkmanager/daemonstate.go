// The state of NetworkManager and ModemManager.

package networkmanager

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// daemonState is the state that NetworkManager and ModemManager have reported. It is
// passive: the monitor applies decoded messages to it.
type daemonState struct {
	manager  manager
	devices  map[dbus.ObjectPath]*device
	actives  map[dbus.ObjectPath]*active
	profiles map[dbus.ObjectPath]*profile
	points   map[dbus.ObjectPath]*accessPoint
	modems   map[dbus.ObjectPath]*modem
	denied   string // why this process may not start or stop anything; empty: it may

	// Derived from the active connections and the primary connection.
	tunnelBase dbus.ObjectPath    // what tunnels run over that name no base
	primaries  [2]dbus.ObjectPath // the primary connection, and what that runs over

	index           index
	published       map[string]bearer.Configuration // as changes returned them last
	interfaceRefs   map[bearer.Interface]int        // reference counts of the interfaces that NetworkManager manages: how many devices have each
	interfacesDirty bool                            // they may differ from the last result of managedInterfaces

	// problems are the errors in messages, until takeProblems.
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

// reset returns an empty state for another NetworkManager, which keeps the modems of
// ModemManager.
func (st *daemonState) reset() *daemonState {
	fresh := newDaemonState()
	fresh.modems = st.modems
	return fresh
}

// add applies the interfaces of a new object, or new interfaces of an object.
func (st *daemonState) add(path dbus.ObjectPath, interfaces bus.Interfaces) {
	for name := range interfaces {
		st.createObject(path, name)
	}
	for name, properties := range interfaces {
		st.changeProperties(path, name, properties)
	}
}

// createObject adds the object that an interface belongs to, unless it is known.
func (st *daemonState) createObject(path dbus.ObjectPath, name string) {
	switch name {
	case deviceInterface:
		if st.devices[path] == nil {
			st.putDevice(path, &device{deviceProperties: deviceProperties{path: path}})
		}
	case activeInterface:
		if st.actives[path] == nil {
			st.putActive(path, &active{activeProperties: activeProperties{path: path, number: numberOf(path)}})
		}
	case profileInterface:
		if st.profiles[path] == nil {
			st.putProfile(path, &profile{path: path})
		}
	case pointInterface:
		if st.points[path] == nil {
			st.putPoint(path, &accessPoint{path: path})
		}
	case cellularInterface:
		if st.modems[path] == nil {
			st.putModem(path, &modem{path: path})
		}
	}
}

// numberOf returns the number at the end of a path, which increases with each new object.
func numberOf(path dbus.ObjectPath) int {
	n, _ := strconv.Atoi(string(path[strings.LastIndexByte(string(path), '/')+1:]))
	return n
}

// changeProperties applies properties of an object, if the object is known.
func (st *daemonState) changeProperties(path dbus.ObjectPath, name string, properties map[string]dbus.Variant) {
	v := bus.NewValues(properties)
	st.applyProperties(path, name, v)
	for _, problem := range v.Problems() {
		st.addProblem("%s of %s: %s", name, path, problem)
	}
}

func (st *daemonState) applyProperties(path dbus.ObjectPath, name string, v *bus.Values) {
	switch name {
	case managerInterface:
		m := st.manager
		m.take(v)
		st.putManager(m)
	case deviceInterface, wiredInterface, wirelessInterface, modemInterface:
		st.modifyDevice(path, func(d *device) { d.takeOf(name, v) })
	case activeInterface:
		st.putActive(path, modified(st.actives[path], func(a *active) { a.take(v) }))
	case profileInterface:
		st.putProfile(path, modified(st.profiles[path], func(o *profile) { o.take(v) }))
	case pointInterface:
		st.putPoint(path, modified(st.points[path], func(o *accessPoint) { o.take(v) }))
	case cellularInterface, gppInterface:
		st.putModem(path, modified(st.modems[path], func(m *modem) { m.takeOf(name, v) }))
	}
}

func (st *daemonState) modifyDevice(path dbus.ObjectPath, alter func(*device)) {
	st.putDevice(path, modified(st.devices[path], func(d *device) {
		alter(d)
		d.excluded = !d.managed && (d.excluded || !st.manager.asleep() && !d.isPaused())
	}))
}

// modified returns a copy of an object to which modify was applied; nil if old is nil.
func modified[T any](old *T, modify func(*T)) *T {
	if old == nil {
		return nil
	}
	now := *old
	modify(&now)
	return &now
}

// remove removes interfaces of an object; an object without its main interface is removed.
func (st *daemonState) remove(path dbus.ObjectPath, interfaces []string) {
	for _, name := range interfaces {
		switch name {
		case deviceInterface:
			st.putDevice(path, nil)
		case activeInterface:
			st.putActive(path, nil)
		case profileInterface:
			st.putProfile(path, nil)
		case pointInterface:
			st.putPoint(path, nil)
		case cellularInterface:
			st.putModem(path, nil)
		}
	}
}

// setSettings applies the settings of a profile; ok says that they are complete.
func (st *daemonState) setSettings(path dbus.ObjectPath, s settings, ok bool) {
	st.putProfile(path, modified(st.profiles[path], func(o *profile) { o.settings, o.loaded, o.unreadable = s, ok, false }))
}

// closeSettings marks a profile whose settings this user may not read.
func (st *daemonState) closeSettings(path dbus.ObjectPath) {
	st.putProfile(path, modified(st.profiles[path], func(o *profile) { o.settings, o.loaded, o.unreadable = settings{}, false, true }))
}

// setState applies the signal StateChanged of an active connection. It returns the active
// connection and the reason.
func (st *daemonState) setState(path dbus.ObjectPath, body []any) (*active, uint32, bool) {
	a := st.actives[path]
	state, ok := bus.Arg(body, 0).(uint32)
	reason, _ := bus.Arg(body, 1).(uint32)
	if a == nil || !ok {
		return nil, 0, false
	}
	st.putActive(path, modified(a, func(a *active) { a.state = state }))
	return st.actives[path], reason, true
}

// setDeviceState applies the signal StateChanged of a device.
func (st *daemonState) setDeviceState(path dbus.ObjectPath, body []any) {
	state, isState := bus.Arg(body, 0).(uint32)
	reason, isReason := bus.Arg(body, 2).(uint32)
	if isState && isReason {
		st.modifyDevice(path, func(d *device) { d.state, d.reason = state, reason })
	}
}

// setPermissions applies the reply of GetPermissions, and reports whether anything has
// changed.
func (st *daemonState) setPermissions(body []any) bool {
	permissions, ok := bus.Arg(body, 0).(map[string]string)
	if !ok {
		st.addProblem("GetPermissions: the answer is not a table of texts")
		return false
	}
	was := st.denied
	st.denied = ""
	if permissions[daemonName+".network-control"] == "no" {
		st.denied = "NetworkManager does not let this user start or stop networks; " +
			"the polkit action org.freedesktop.NetworkManager.network-control would have to be granted."
	}
	if st.denied == was {
		return false
	}
	for id := range st.published {
		st.index.markDirty(id)
	}
	return true
}

// forgetModems removes all modems, because ModemManager does not run any more.
func (st *daemonState) forgetModems() {
	for path := range st.modems {
		st.putModem(path, nil)
	}
}

func (st *daemonState) addProblem(format string, args ...any) {
	const most = 100 // a broken daemon must not fill the memory
	if len(st.problems) < most {
		st.problems = append(st.problems, fmt.Sprintf(format, args...))
	}
}

// takeProblems returns and removes the problems, as one text.
func (st *daemonState) takeProblems() string {
	text := strings.Join(st.problems, "; ")
	st.problems = nil
	return text
}
