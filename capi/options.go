package main

import (
	"fmt"
	"strings"

	"github.com/netsession/netsession/core/backend/system"
)

// options say how an engine works, in the words of netsession_options.
type options struct {
	backend, script, bus, initial, close string

	runtime string // of the environment only: XDG_RUNTIME_DIR
}

// option describes one of them.
type option struct {
	name   string
	field  func(*options) *string
	preset string
	values []string // nil: any
}

var allOptions = []option{
	{"backend", func(o *options) *string { return &o.backend }, system.Auto,
		[]string{system.Auto, system.RTNetlink, system.NetworkManager, system.ConnMan, playing}},
	{"script", func(o *options) *string { return &o.script }, "", nil},
	{"dbus", func(o *options) *string { return &o.bus }, "", nil},
	{"default", func(o *options) *string { return &o.initial }, "access-point", []string{"access-point", "service-network", "user-choice"}},
	{"close", func(o *options) *string { return &o.close }, "counted", []string{"counted", "literal"}},
}

// playing is the backend that plays a network from a file.
const playing = "script"

// complete takes what was not given from the environment, a list such as
// "backend=script,script=net.play", and the rest from the defaults. That of the
// bus's address is the environment's too, in a variable of its own.
func complete(given options, environment, systemBus string) (options, error) {
	listed, err := parseOptions(environment)
	if err != nil {
		return options{}, err
	}
	for _, o := range allOptions {
		value := o.field(&given)
		if *value == "" {
			*value = *o.field(&listed)
		} else if err := o.check(*value, ""); err != nil {
			return options{}, err
		}
		if *value == "" {
			*value = o.preset
		}
	}
	if given.bus == "" {
		given.bus = systemBus
	}
	if err := system.CheckAddress(given.bus); err != nil {
		return options{}, err
	}
	if given.backend == playing && given.script == "" {
		return options{}, fmt.Errorf("The backend script plays a file, but the option script names none.")
	}
	return given, nil
}

func parseOptions(list string) (options, error) {
	var parsed options
	for _, item := range strings.Split(list, ",") {
		if strings.TrimSpace(item) == "" {
			continue
		}
		if err := parsed.set(item); err != nil {
			return options{}, err
		}
	}
	return parsed, nil
}

// set takes one item of the list.
func (parsed *options) set(item string) error {
	i := strings.IndexByte(item, '=')
	if i < 0 {
		return fmt.Errorf("NETSESSION_OPTIONS has %q, which is not of the form name=value.", item)
	}
	name, value := strings.TrimSpace(item[:i]), strings.TrimSpace(item[i+1:])
	for _, o := range allOptions {
		if o.name == name {
			*o.field(parsed) = value
			return o.check(value, " in NETSESSION_OPTIONS")
		}
	}
	return fmt.Errorf("NETSESSION_OPTIONS has no option %q; there are %s.", name, words(optionNames()))
}

func (o *option) check(value, where string) error {
	if o.values == nil || value == "" {
		return nil
	}
	for _, v := range o.values {
		if v == value {
			return nil
		}
	}
	return fmt.Errorf("The option %s has no value %q%s; it can be %s.", o.name, value, where, words(o.values))
}

func optionNames() []string {
	var names []string
	for _, o := range allOptions {
		names = append(names, o.name)
	}
	return names
}

// words joins a list as people do.
func words(list []string) string {
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}
