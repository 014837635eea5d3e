package main

import (
	"errors"
	"sync"
	"syscall"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// engines are those of the process: one for each set of options.
var engines struct {
	mu   sync.Mutex // held while one is made, so that nobody sees it without its mirror's engine
	pool host.Pool
}

// engineFor returns the engine for complete options. runtime is XDG_RUNTIME_DIR.
func engineFor(o netsession.Options, runtime string) *host.Engine {
	engines.mu.Lock()
	defer engines.mu.Unlock()
	var made *mirror
	e := o.Shared(&engines.pool, runtime, descriptors{}, func() host.Mirror {
		made = newMirror()
		return made
	})
	if made != nil {
		made.engine = e
	}
	return e
}

// errnoOf is the number for an error of a backend that could not be made.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EPROTO
}
