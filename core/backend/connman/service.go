package connman

import (
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"
)

// service is what ConnMan tells about one service, as far as it counts here.
type service struct {
	id   string
	path dbus.ObjectPath

	name        string
	kind        string
	state       state
	failure     string // the Error property: why it failed, in ConnMan's own code
	link        string // the interface
	strength    uint8
	favorite    bool
	immutable   bool
	autoConnect bool
	roaming     bool
}

// setters store the properties that count. Each fails if the value is of
// another type, or unknown.
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
	"Ethernet":    (*service).setLink,
}

// set takes one property in. Those that do not count are passed over.
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

// setAll takes several properties in.
func (s *service) setAll(p properties, wrong *problems) {
	for name, value := range p {
		if err := s.set(name, value); err != nil {
			wrong.add("%v", err)
		}
	}
}

func (s *service) setState(v any) error {
	var text string
	if err := setText(&text, v); err != nil {
		return err
	}
	var known bool
	if s.state, known = states[text]; !known {
		return fmt.Errorf("has the unknown value %q", text)
	}
	if s.state.connecting() {
		s.failure = "" // that of an earlier attempt
	}
	return nil
}

func (s *service) setStrength(v any) error {
	percent, ok := v.(uint8)
	if !ok {
		return typeError(v)
	}
	if percent > 100 {
		percent = 100
	}
	s.strength = percent
	return nil
}

// setLink takes the dictionary with the link's facts, in which the interface
// may be missing while there is none.
func (s *service) setLink(v any) error {
	facts, ok := v.(properties)
	if !ok {
		return typeError(v)
	}
	s.link = ""
	value, found := facts["Interface"]
	if !found {
		return nil
	}
	name, ok := value.Value().(string)
	if !ok {
		return typeError(value.Value())
	}
	if len(name) > maxInterface || strings.ContainsAny(name, "/ \t\n\x00") || strings.ToValidUTF8(name, "") != name {
		return fmt.Errorf("names an impossible interface %q", shorten(name))
	}
	s.link = name
	return nil
}

func setText(to *string, v any) error {
	s, ok := v.(string)
	if !ok {
		return typeError(v)
	}
	*to = shorten(s)
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

// configured reports whether somebody set the service up. Only wireless
// networks come into reach by themselves; behind all others stands a cable, a
// SIM card, a pairing or a provider.
func (s *service) configured() bool { return s.kind != "wifi" || s.favorite || s.immutable }

// kept reports whether ConnMan remembers the service when it is out of reach.
func (s *service) kept() bool { return (s.favorite || s.immutable) && s.kind != "vpn" }
