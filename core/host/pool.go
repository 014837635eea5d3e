package host

import (
	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/options"
)

// Environment has the values of environment variables, which the host read at a safe
// time. A field is empty if the variable is not set or
// cannot be trusted, as in a set-uid program.
type Environment struct {
	Options   string // NETSESSION_OPTIONS, a list such as "backend=script,script=net.play"
	SystemBus string // DBUS_SYSTEM_BUS_ADDRESS, such as "unix:path=/run/dbus/bus"
	Runtime   string // XDG_RUNTIME_DIR, in which the locks of links are files
}

// Descriptors opens and closes the files whose locks count the processes that use a
// link. A process that may fork without exec has to close them in the child, because a
// child that inherits such a file keeps its locks alive.
type Descriptors interface {
	// OpenAt is openat(2): the file is opened relative to the directory dir, with the
	// flags O_*. The error is a syscall.Errno.
	OpenAt(dir int, name string, flags int, mode uint32) (int, error)
	// Close closes a file that OpenAt has opened.
	Close(fd int) error
}

// Pool has the engines of a process: one for each set of options. Engines stay in it,
// parked while no client is attached, so that configurations keep their identity. The
// zero value is ready to use. The fields must not change after the first call of Engine.
type Pool struct {
	// Descriptors is nil in a process that never forks without exec.
	Descriptors Descriptors
	// NewPublisher makes the publisher of a new engine; nil if the host has none. It
	// must not call the engine, which is not complete yet.
	NewPublisher func(*Engine) Publisher

	engines options.Pool[Engine]
}

// Engine returns the engine for the options, which all managers with equal options
// share. It completes the options from the environment first. The error is a sentence
// that says what is wrong with the options.
func (p *Pool) Engine(o netsession.Options, environment Environment) (*Engine, error) {
	env := options.Environment(environment)
	complete, err := options.Options(o).Complete(env)
	if err != nil {
		return nil, err
	}
	return p.engines.Get(complete.Key(env), func() *Engine {
		return newEngine(complete.Engine(env, p.Descriptors), p.NewPublisher)
	}), nil
}
