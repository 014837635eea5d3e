package bus

import (
	"fmt"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
)

// The name of the bus itself, which is also the name of its interface, and its object.
const (
	busName = "org.freedesktop.DBus"
	busPath = dbus.ObjectPath("/org/freedesktop/DBus")
)

// watchedName is a bus name whose owner is watched.
type watchedName struct {
	name     string
	rules    []string // match rules of the signals to receive; empty: all signals
	owner    string   // the unique name of the owner; empty: none
	reported bool     // Appeared or Vanished has been called
}

// SetMatchRules restricts the signals of a watched name to those that match any of the
// rules, such as "member='PropertiesChanged'": the bus sends no others, so that they do
// not wake the process up. It must be called before Run.
func (b *Bus) SetMatchRules(name string, rules ...string) {
	for _, w := range b.names {
		if w.name == name {
			w.rules = rules
		}
	}
}

// matchRules returns the complete match rules for the signals of the name.
func (w *watchedName) matchRules() []string {
	all := fmt.Sprintf("type='signal',sender='%s'", w.name)
	if len(w.rules) == 0 {
		return []string{all}
	}
	var list []string
	for _, rule := range w.rules {
		list = append(list, all+","+rule)
	}
	return list
}

// introduce says Hello to the bus, adds the match rules and asks for the owners of the
// names, without waiting in between. No change is missed: the rules are in force before
// the owners are asked for.
func (b *Bus) introduce() {
	b.callBus("Hello", b.logFailure("did not say hello"))
	for _, w := range b.names {
		b.callBus("AddMatch", b.logFailure("does not tell who owns a name"), fmt.Sprintf(
			"type='signal',sender='%s',interface='%s',member='NameOwnerChanged',arg0='%s'", busName, busName, w.name))
		for _, rule := range w.matchRules() {
			b.callBus("AddMatch", b.logFailure("does not pass on signals"), rule)
		}
		b.callBus("GetNameOwner", func(r Reply) {
			if r.Err == ErrGone {
				return // loseNames has called Vanished
			}
			owner, _ := Arg(r.Body, 0).(string)
			b.setOwner(w, owner)
		}, w.name)
	}
}

// callBus calls a method of the bus itself, without a timeout: a busy bus may answer at
// any time.
func (b *Bus) callBus(method string, done func(Reply), args ...any) {
	b.call(busName, Call{Path: busPath, Interface: busName, Method: method, Args: args, Timeout: -1}, done)
}

func (b *Bus) logFailure(what string) func(Reply) {
	return func(r Reply) {
		if r.Err != nil && r.Err != ErrGone {
			b.handler.Log(backend.LevelWarning, fmt.Sprintf("The system bus %s: %v.", what, r.Err))
		}
	}
}

// setOwner stores the owner of a name, none if owner is empty, and calls the handler if
// the owner has changed.
func (b *Bus) setOwner(w *watchedName, owner string) {
	if w.reported && w.owner == owner {
		return
	}
	had := w.owner
	w.owner = owner
	if had != "" {
		b.failCalls(had)
	}
	if had != "" || owner == "" {
		w.reported = true
		b.handler.Vanished(w.name)
	}
	if owner != "" {
		w.reported = true
		b.handler.Appeared(w.name)
	}
}

// loseNames fails all calls and treats every name as without an owner, because there is
// no connection.
func (b *Bus) loseNames() {
	b.failCalls("")
	for _, w := range b.names {
		b.runSafely(func() { b.setOwner(w, "") })
	}
}

func (b *Bus) handleSignal(m *dbus.Message) {
	sender := headerString(m, dbus.FieldSender)
	if sender == busName {
		if headerString(m, dbus.FieldMember) == "NameOwnerChanged" {
			b.handleOwnerChanged(m.Body)
		}
		return
	}
	for _, w := range b.names {
		if sender != "" && w.owner == sender {
			b.handler.Signal(newSignal(w.name, m))
		}
	}
}

func (b *Bus) handleOwnerChanged(body []any) {
	name, _ := Arg(body, 0).(string)
	owner, ok := Arg(body, 2).(string)
	for _, w := range b.names {
		if ok && w.name == name {
			b.setOwner(w, owner)
		}
	}
}

func newSignal(name string, m *dbus.Message) Signal {
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	return Signal{
		Name: name, Path: path, Interface: headerString(m, dbus.FieldInterface),
		Member: headerString(m, dbus.FieldMember), Body: m.Body,
	}
}

// Arg returns the i-th value of a body, or nil if there are fewer.
func Arg(body []any, i int) any {
	if i < len(body) {
		return body[i]
	}
	return nil
}
