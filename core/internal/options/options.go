// Package options completes the options of a manager from the environment of the
// process, and makes engines that work by them.
package options

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/script"
	"github.com/netsession/netsession/core/internal/backend/system"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/lease"
)

// Options has the fields of the public type: netsession.Options says
// what each means, and converts to this type.
type Options struct {
	Backend              string
	Script               string
	DBusAddress          string
	DefaultConfiguration string
	Close                string
}

// option describes one of the options.
type option struct {
	name   string
	field  func(*Options) *string
	preset string   // the default
	values []string // nil: any text
}

var allOptions = []option{
	{"backend", func(o *Options) *string { return &o.Backend }, system.Auto,
		[]string{system.Auto, system.RTNetlink, system.NetworkManager, system.ConnMan, scripted}},
	{"script", func(o *Options) *string { return &o.Script }, "", nil},
	{"dbus", func(o *Options) *string { return &o.DBusAddress }, "", nil},
	{"default", func(o *Options) *string { return &o.DefaultConfiguration }, "access-point", []string{"access-point", "service-network", "user-choice"}},
	{"close", func(o *Options) *string { return &o.Close }, "counted", []string{"counted", "literal"}},
}

// scripted is the backend that plays a network from a file.
const scripted = "script"

// Complete takes each option that is not given from env.Options, else from the
// defaults; the default of the bus's address is env.SystemBus. An error is a sentence
// for people that says what is wrong.
func (o Options) Complete(env Environment) (Options, error) {
	listed, err := parseOptions(env.Options)
	if err != nil {
		return Options{}, err
	}
	for _, each := range allOptions {
		value := each.field(&o)
		if *value == "" {
			*value = *each.field(&listed)
		} else if err := each.check(*value, ""); err != nil {
			return Options{}, err
		}
		if *value == "" {
			*value = each.preset
		}
	}
	if o.DBusAddress == "" {
		o.DBusAddress = env.SystemBus
	}
	if err := system.CheckAddress(o.DBusAddress); err != nil {
		return Options{}, err
	}
	if o.Backend == scripted && o.Script == "" {
		return Options{}, fmt.Errorf("the backend script plays a file, but the option script names none")
	}
	return o, nil
}

// Key is equal for complete options by which managers share an engine. A relative
// path of a script counts from the present working directory.
func (o Options) Key(env Environment) string {
	return fmt.Sprintf("%q %q", o.absolute(), env.Runtime)
}

// absolute makes the script's path independent of the working directory, which may
// become another one.
func (o Options) absolute() Options {
	if path, err := filepath.Abs(o.Script); err == nil && o.Script != "" {
		o.Script = path
	}
	return o
}

// Engine returns the options of an engine that works by complete options.
// descriptors may be nil in a process that never forks without exec.
func (o Options) Engine(env Environment, descriptors lease.Descriptors) engine.Options {
	o = o.absolute()
	made := engine.Options{
		NewBackend:   o.newBackend,
		Default:      defaults[o.DefaultConfiguration],
		LiteralClose: o.Close == "literal",
	}
	if o.Backend != scripted {
		made.Share = func() (*lease.Directory, error) {
			network, err := system.Network(o.DBusAddress)
			if err != nil {
				return nil, err
			}
			return lease.OpenDirectory(lease.Sharing{Runtime: env.Runtime, Network: network, Descriptors: descriptors})
		}
	}
	return made
}

func (o Options) newBackend() (backend.Backend, error) {
	if o.Backend == scripted {
		return script.New(o.Script)
	}
	return system.New(o.Backend, o.DBusAddress)
}

// defaults are the values of the option "default".
var defaults = map[string]bearer.Type{
	"access-point":    bearer.InternetAccessPoint,
	"service-network": bearer.ServiceNetwork,
	"user-choice":     bearer.UserChoice,
}

// parseOptions parses a list such as NETSESSION_OPTIONS has.
func parseOptions(list string) (Options, error) {
	var parsed Options
	for _, item := range strings.Split(list, ",") {
		if strings.TrimSpace(item) == "" {
			continue
		}
		if err := parsed.set(item); err != nil {
			return Options{}, err
		}
	}
	return parsed, nil
}

// set stores one item of the list.
func (parsed *Options) set(item string) error {
	name, value, ok := strings.Cut(item, "=")
	if !ok {
		return fmt.Errorf("NETSESSION_OPTIONS has %q, which is not of the form name=value", item)
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	for _, o := range allOptions {
		if o.name == name {
			*o.field(parsed) = value
			return o.check(value, " in NETSESSION_OPTIONS")
		}
	}
	return fmt.Errorf("NETSESSION_OPTIONS has no option %q; there are %s", name, joinOr(optionNames()))
}

// check returns an error if the option cannot have the value. where ends the first clause
// of the error's text.
func (o *option) check(value, where string) error {
	if o.values == nil || value == "" {
		return nil
	}
	if slices.Contains(o.values, value) {
		return nil
	}
	return fmt.Errorf("the option %s has no value %q%s; it can be %s", o.name, value, where, joinOr(o.values))
}

func optionNames() []string {
	var names []string
	for _, o := range allOptions {
		names = append(names, o.name)
	}
	return names
}

// joinOr returns a list as people say it: "a, b or c".
func joinOr(list []string) string {
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}
