package netsession

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/script"
	"github.com/netsession/netsession/core/internal/backend/system"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/lease"
)

// Options say how a manager works. What is empty is taken from the environment
// variable NETSESSION_OPTIONS, a list such as "backend=script,script=net.play", whose
// names are backend, script, dbus, default and close; else it has its default. The
// variable is not looked at in a set-uid program, nor in one that has capabilities of
// its file.
type Options struct {
	// Backend is where configurations come from: "auto" (the default:
	// NetworkManager while it runs, else ConnMan while that does, else the kernel's
	// links alone), "networkmanager", "connman", "rtnetlink" or "script".
	Backend string
	// Script is the file that "script" plays.
	Script string
	// DBusAddress is that of the system bus, such as "unix:path=/run/dbus/bus".
	DBusAddress string
	// DefaultConfiguration is "access-point" (the default: the best one),
	// "service-network" ("Internet") or "user-choice".
	DefaultConfiguration string
	// Close is what the last close of a link does: "counted" (the default) stops
	// it only if a session had started it, "literal" always.
	Close string
}

// option describes one of them.
type option struct {
	name   string
	field  func(*Options) *string
	preset string
	values []string // nil: any
}

var allOptions = []option{
	{"backend", func(o *Options) *string { return &o.Backend }, system.Auto,
		[]string{system.Auto, system.RTNetlink, system.NetworkManager, system.ConnMan, playing}},
	{"script", func(o *Options) *string { return &o.Script }, "", nil},
	{"dbus", func(o *Options) *string { return &o.DBusAddress }, "", nil},
	{"default", func(o *Options) *string { return &o.DefaultConfiguration }, "access-point", []string{"access-point", "service-network", "user-choice"}},
	{"close", func(o *Options) *string { return &o.Close }, "counted", []string{"counted", "literal"}},
}

// playing is the backend that plays a network from a file.
const playing = "script"

// Complete takes what is not given from a list such as NETSESSION_OPTIONS has, and
// the rest from the defaults. That of the bus's address is systemBus, which is what
// DBUS_SYSTEM_BUS_ADDRESS says. An error is a sentence that says what is wrong.
func (o Options) Complete(environment, systemBus string) (Options, error) {
	listed, err := parseOptions(environment)
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
		o.DBusAddress = systemBus
	}
	if err := system.CheckAddress(o.DBusAddress); err != nil {
		return Options{}, err
	}
	if o.Backend == playing && o.Script == "" {
		return Options{}, fmt.Errorf("The backend script plays a file, but the option script names none.")
	}
	return o, nil
}

// Shared is the engine of a pool that all managers with the same complete options
// share; it is made for the first. runtime is the value of XDG_RUNTIME_DIR, empty where
// it cannot be trusted; descriptors may be nil in a process that never forks without
// exec; mirror makes the engine's, and may be nil.
func (o Options) Shared(pool *engine.Pool, runtime string, descriptors lease.Descriptors, mirror func() engine.Mirror) *engine.Engine {
	if path, err := filepath.Abs(o.Script); err == nil && o.Script != "" {
		o.Script = path // the working directory may become another one
	}
	return pool.Get(fmt.Sprintf("%q %q", o, runtime), func() engine.Options {
		made := o.engine(runtime, descriptors)
		if mirror != nil {
			made.Mirror = mirror()
		}
		return made
	})
}

func (o Options) engine(runtime string, descriptors lease.Descriptors) engine.Options {
	made := engine.Options{
		NewBackend:   o.newBackend,
		Default:      defaults[o.DefaultConfiguration],
		LiteralClose: o.Close == "literal",
	}
	if o.Backend != playing {
		made.Share = func() (*lease.Directory, error) {
			network, err := system.Network(o.DBusAddress)
			if err != nil {
				return nil, err
			}
			return lease.OpenDirectory(lease.Sharing{Runtime: runtime, Network: network, Descriptors: descriptors})
		}
	}
	return made
}

func (o Options) newBackend() (backend.Backend, error) {
	if o.Backend == playing {
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

// set takes one item of the list.
func (parsed *Options) set(item string) error {
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
