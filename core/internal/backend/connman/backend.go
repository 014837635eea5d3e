package connman

import (
	"context"
	"sync/atomic"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Backend is the source of ConnMan's services.
type Backend struct {
	bus     *bus.Bus
	present atomic.Bool // ConnMan is there and talks to this process

	follower *follower // Run's
}

var _ backend.Backend = (*Backend)(nil)

// New makes a backend for the ConnMan on the bus with an address; an empty one
// stands for the usual socket of the system bus.
func New(address string) *Backend {
	return &Backend{bus: bus.New(address, daemon, vpnDaemon)}
}

// Run follows ConnMan until ctx ends. That there is none, or no bus, is no
// failure: it may come.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	b.follower = newFollower(sink, b.bus, b.present.Store)
	b.bus.Run(ctx, b.follower)
	b.present.Store(false)
	return nil
}

// Start connects the configuration's service.
func (b *Backend) Start(id string) { b.bus.Post(func() { b.follower.desk.start(id) }) }

// Stop disconnects the configuration's service.
func (b *Backend) Stop(id string) { b.bus.Post(func() { b.follower.desk.stop(id) }) }

// Refresh scans for wireless networks and reads everything again.
func (b *Backend) Refresh() { b.bus.Post(func() { b.follower.refresh.refresh() }) }

// Counters is always refused: ConnMan does not count, the kernel does.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	return backend.Counters{}, backend.Refuse(backend.ReasonNotSupported, "The bytes of %s are counted by the kernel, not by ConnMan.", id)
}

// Capabilities says what this process may do here now. Whoever is allowed to
// read ConnMan's services is as a rule allowed to connect them.
func (b *Backend) Capabilities() backend.Capabilities {
	if b.present.Load() {
		return backend.CanStartAndStop
	}
	return 0
}
