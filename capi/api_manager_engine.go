package main

import (
	"sync"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// engines holds the engines of the process: one for each set of options.
var engines struct {
	// mu is held while an engine is made, so that nobody finds an engine whose
	// snapshot does not know it yet.
	mu   sync.Mutex
	pool host.Pool
}

// engineFor returns the engine for complete options. runtimeDir is XDG_RUNTIME_DIR.
func engineFor(o netsession.Options, runtimeDir string) *host.Engine {
	engines.mu.Lock()
	defer engines.mu.Unlock()
	var made *cSnapshot
	e := o.Shared(&engines.pool, runtimeDir, descriptors{}, func() host.Mirror {
		made = newSnapshot()
		return made
	})
	if made != nil {
		made.engine = e
	}
	return e
}
