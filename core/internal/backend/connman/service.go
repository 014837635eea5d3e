package connman

import (
	"fmt"
	"net"
	"strings"

	"github.com/godbus/dbus/v5"
)

// service holds the properties of one ConnMan service that matter here.
type service struct {
	id   string
	path dbus.ObjectPath

	name     string
	kind     string
	state    serviceState
	failure  string // the Error property: why it failed, in ConnMan's own code
	iface    string // the interface; empty while it is not known
	hardware string // the interface's address; empty while it is not known
	stateHistory

	strength    uint8
	favorite    bool
	immutable   bool
	autoConnect bool
	roaming     bool
}

// setters apply the properties that matter. Each fails if the value is of another type,
// or unknown.
var setters = map[string]func(*service, any) error{
	"Name":        func(s *service, v any) error { return setText(&s.name, v) },
	"Type":        func(s *service, v any) error { return setText(&s.kind, v) },
	"Error":       func(s *service, v any) error { return setText(&s.failure, v) },
	"Favorite":    func(s *service, v any) error { return setBool(&s.favorite, v) },
	"Immutable":   func(s *service, v any) error { return setBool(&s.immutable, v) },
	"AutoConnect": func(s *service, v any) error { return setBool(&s.autoConnect, v) },
	"Roaming":     func(s *service, v any) error { return setBool(&s.roaming, v) },
	"State":       (*service).setState,
	"Strength":    (*service).setStrength,
	"Ethernet":    (*service).setEthernet,
}

// set applies one property, if it matters.
func (s *service) set(name string, value dbus.Variant) error {
	setter := setters[name]
	if setter == nil {
		return nil
	}
	if err := setter(s, value.Value()); err != nil {
		return fmt.Errorf("the property %s of %s %w", name, s.id, err)
	}
	return nil
}

// setAll applies several properties; first those on which the meaning of others depends.
func (s *service) setAll(p properties, wrong *problems) {
	first := [...]string{"Type", "State"}
	take := func(name string, value dbus.Variant) {
		if err := s.set(name, value); err != nil {
			wrong.add("%v", err)
		}
	}
	for _, name := range first {
		if value, found := p[name]; found {
			take(name, value)
		}
	}
	for name, value := range p {
		if name != first[0] && name != first[1] {
			take(name, value)
		}
	}
}

func (s *service) setState(v any) error {
	var text string
	if err := setText(&text, v); err != nil {
		return err
	}
	next, known := states[text]
	s.transition(next)
	if !known {
		return fmt.Errorf("has the unknown value %q", text)
	}
	return nil
}

func (s *service) setStrength(v any) error {
	percent, ok := v.(uint8)
	if !ok {
		return typeError(v)
	}
	s.strength = min(percent, 100)
	return nil
}

// setEthernet applies the property Ethernet, which lacks the interface while the service
// has none.
func (s *service) setEthernet(v any) error {
	facts, ok := v.(properties)
	if !ok {
		return typeError(v)
	}
	s.iface, s.hardware = "", hardware(facts["Address"])
	value, found := facts["Interface"]
	if !found {
		return nil
	}
	name, ok := value.Value().(string)
	if !ok {
		return typeError(value.Value())
	}
	return s.setInterface(name)
}

// setInterface stores the name of the service's interface.
func (s *service) setInterface(name string) error {
	if len(name) > maxInterface || strings.ContainsAny(name, "/ \t\n\x00") || strings.ToValidUTF8(name, "") != name {
		return fmt.Errorf("names an impossible interface %q", sanitize(name))
	}
	s.iface = name
	s.awaitingInterface = s.awaitingInterface && name == ""
	return nil
}

// hardware returns a hardware address in the form of bearer.Interface; empty for what is
// none, such as the all-zero address of a tunnel.
func hardware(v dbus.Variant) string {
	text, _ := v.Value().(string)
	address, err := net.ParseMAC(text)
	if err != nil || strings.Trim(address.String(), "0:") == "" {
		return ""
	}
	return address.String()
}

func setText(to *string, v any) error {
	s, ok := v.(string)
	if !ok {
		return typeError(v)
	}
	*to = sanitize(s)
	return nil
}

func setBool(to *bool, v any) error {
	b, ok := v.(bool)
	if !ok {
		return typeError(v)
	}
	*to = b
	return nil
}

func typeError(v any) error { return fmt.Errorf("is of type %T", v) }

// configured reports whether the service was set up. Only wireless networks come into
// reach by themselves; all others need a cable, a SIM card, a pairing or a provider.
func (s *service) configured() bool { return s.kind != "wifi" || s.favorite || s.immutable }

// remembered reports whether ConnMan remembers the service when it is out of reach.
func (s *service) remembered() bool { return (s.favorite || s.immutable) && s.kind != vpn }
