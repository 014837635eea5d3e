package bus

import (
	"fmt"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
)

// The bus's own name, which is also that of its interface, and its object.
const (
	busName = "org.freedesktop.DBus"
	busPath = dbus.ObjectPath("/org/freedesktop/DBus")
)

// watched is a name whose owner is followed.
type watched struct {
	name  string
	rules []string // of the signals wanted, all of them if empty
	owner string   // the unique name of its owner, empty if there is none
	told  bool     // the first Appeared or Vanished was called
}

// Only restricts the signals of a watched name to those that match any of the
// rules, such as "member='PropertiesChanged'": the bus passes on no others, so
// that they do not wake the process up. It must be called before Run.
func (b *Bus) Only(name string, rules ...string) {
	for _, w := range b.names {
		if w.name == name {
			w.rules = rules
		}
	}
}

// matches are the rules for the signals of a name.
func (w *watched) matches() []string {
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

// greet introduces this process to the bus and asks for all that follows, in
// one go. Whatever happens between the requests is not missed: the rules are in
// force before the owners are asked for.
func (b *Bus) greet() {
	b.ask("Hello", b.complain("did not say hello"))
	for _, w := range b.names {
		b.ask("AddMatch", b.complain("does not tell who owns a name"), fmt.Sprintf(
			"type='signal',sender='%s',interface='%s',member='NameOwnerChanged',arg0='%s'", busName, busName, w.name))
		for _, rule := range w.matches() {
			b.ask("AddMatch", b.complain("does not pass on signals"), rule)
		}
		w := w
		b.ask("GetNameOwner", func(r Reply) {
			if r.Err == ErrGone {
				return // vanish has told
			}
			owner, _ := Arg(r.Body, 0).(string)
			b.setOwner(w, owner)
		}, w.name)
	}
}

// ask calls a method of the bus itself. A bus that does not answer yet may do so
// at any time.
func (b *Bus) ask(method string, done func(Reply), args ...any) {
	b.call(busName, Call{Path: busPath, Interface: busName, Method: method, Args: args, Timeout: -1}, done)
}

func (b *Bus) complain(what string) func(Reply) {
	return func(r Reply) {
		if r.Err != nil && r.Err != ErrGone {
			b.owner.Log(backend.LevelWarning, fmt.Sprintf("The system bus %s: %v.", what, r.Err))
		}
	}
}

// setOwner takes in who owns a name now; nobody if owner is empty.
func (b *Bus) setOwner(w *watched, owner string) {
	if w.told && w.owner == owner {
		return
	}
	had := w.owner
	w.owner = owner
	if had != "" {
		b.abandon(had)
	}
	if had != "" || owner == "" {
		w.told = true
		b.owner.Vanished(w.name)
	}
	if owner != "" {
		w.told = true
		b.owner.Appeared(w.name)
	}
}

// vanish is for a bus that is not there: nobody owns anything.
func (b *Bus) vanish() {
	b.abandon("")
	for _, w := range b.names {
		w := w
		b.safely(func() { b.setOwner(w, "") })
	}
}

func (b *Bus) signalled(m *dbus.Message) {
	sender := text(m, dbus.FieldSender)
	if sender == busName {
		if text(m, dbus.FieldMember) == "NameOwnerChanged" {
			b.ownerChanged(m.Body)
		}
		return
	}
	for _, w := range b.names {
		if sender != "" && w.owner == sender {
			b.owner.Signal(signal(w.name, m))
		}
	}
}

func (b *Bus) ownerChanged(body []any) {
	name, _ := Arg(body, 0).(string)
	owner, ok := Arg(body, 2).(string)
	for _, w := range b.names {
		if ok && w.name == name {
			b.setOwner(w, owner)
		}
	}
}

func signal(name string, m *dbus.Message) Signal {
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	return Signal{
		Name: name, Path: path, Interface: text(m, dbus.FieldInterface),
		Member: text(m, dbus.FieldMember), Body: m.Body,
	}
}

// Arg is one value of a body, or nil where there are fewer.
func Arg(body []any, i int) any {
	if i < len(body) {
		return body[i]
	}
	return nil
}
