package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/backend/script"
	"github.com/netsession/netsession/core/backend/system"
	"github.com/netsession/netsession/core/bearer"
	"github.com/netsession/netsession/core/engine"
)

// engines are those of the process: one for each set of options.
var engines struct {
	mu   sync.Mutex // held while one is made, so that nobody sees it without its mirror's engine
	pool engine.Pool
}

// defaults are the values of the option "default".
var defaults = map[string]bearer.Type{
	"access-point":    bearer.InternetAccessPoint,
	"service-network": bearer.ServiceNetwork,
	"user-choice":     bearer.UserChoice,
}

// engineFor returns the engine for complete options.
func engineFor(o options) *engine.Engine {
	if path, err := filepath.Abs(o.script); err == nil && o.script != "" {
		o.script = path
	}
	engines.mu.Lock()
	defer engines.mu.Unlock()
	var made *mirror
	e := engines.pool.Get(fmt.Sprintf("%q", o), func() engine.Options {
		made = newMirror()
		return engine.Options{
			NewBackend:   func() (backend.Backend, error) { return newBackend(o) },
			Default:      defaults[o.initial],
			LiteralClose: o.close == "literal",
			Share:        share(o),
			Mirror:       made,
		}
	})
	if made != nil {
		made.engine = e
	}
	return e
}

func newBackend(o options) (backend.Backend, error) {
	if o.backend == playing {
		return script.New(o.script)
	}
	return system.New(o.backend, o.bus)
}

// errnoOf is the number for an error of a backend that could not be made.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EPROTO
}
