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
	present atomic.Bool // ConnMan runs and answers this process; set by Run, read on any goroutine

	monitor *monitor // only Run's goroutine uses it
}

var _ backend.Backend = (*Backend)(nil)

// New makes a backend for the ConnMan on the bus with an address; an empty address
// means the usual socket of the system bus.
func New(address string) *Backend {
	return &Backend{bus: bus.New(address, daemonName, vpnDaemonName)}
}

// Run monitors ConnMan until ctx is done. A missing ConnMan or bus is no failure: it may
// start later.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	b.monitor = newMonitor(sink, b.bus, b.present.Store)
	b.bus.Run(ctx, b.monitor)
	b.present.Store(false)
	return nil
}

// Start connects the configuration's service.
func (b *Backend) Start(id string) { b.bus.Post(func() { b.monitor.executor.start(id) }) }

// Stop disconnects the configuration's service.
func (b *Backend) Stop(id string) { b.bus.Post(func() { b.monitor.executor.stop(id) }) }

// Refresh scans for wireless networks and reads everything again.
func (b *Backend) Refresh() { b.bus.Post(func() { b.monitor.refresher.refresh() }) }

// Counters always fails: ConnMan does not count bytes, the kernel does.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	return backend.Counters{}, backend.Refuse(backend.ReasonNotSupported, "The bytes of %s are counted by the kernel, not by ConnMan.", id)
}

// Capabilities returns what this process may do now. As a rule, a user who may read
// ConnMan's services may connect them.
func (b *Backend) Capabilities() backend.Capabilities {
	if b.present.Load() {
		return backend.CanStartAndStop
	}
	return 0
}
