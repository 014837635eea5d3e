package networkmanager

import (
	"context"
	"sync/atomic"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// Backend is the source of NetworkManager's configurations.
type Backend struct {
	bus     *bus.Bus
	monitor *monitor
	// capabilities are a backend.Capabilities, set by the reader and read on
	// any goroutine.
	capabilities uint32
}

var _ backend.Backend = (*Backend)(nil)

// New makes a backend for the NetworkManager on the bus with an address; an
// empty one stands for the usual socket of the system bus.
func New(address string) *Backend {
	b := &Backend{bus: bus.New(address, daemonName, modemsName)}
	b.bus.SetMatchRules(daemonName, daemonRules()...)
	b.bus.SetMatchRules(modemsName, modemRules()...)
	b.monitor = newMonitor(b)
	return b
}

// Run follows NetworkManager until ctx ends, whether it is there or not.
func (b *Backend) Run(ctx context.Context, sink backend.Sink) error {
	b.monitor.sink = sink
	b.bus.Run(ctx, b.monitor)
	return nil
}

// Start activates the configuration's profile.
func (b *Backend) Start(id string) { b.submit(backend.OpStart, id) }

// Stop deactivates the configuration's profile, which stays down until it is
// started again.
func (b *Backend) Stop(id string) { b.submit(backend.OpStop, id) }

// Refresh scans for Wi-Fi networks.
func (b *Backend) Refresh() { b.submit(backend.OpRefresh, "") }

func (b *Backend) submit(op backend.Op, id string) {
	b.bus.Post(func() { b.monitor.executor.submit(newCommand(op, id)) })
}

// Counters fails: the kernel counts bytes, and its backend is asked for them.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	return backend.Counters{}, backend.Refuse(backend.ReasonNotSupported,
		"NetworkManager does not count the bytes of %s; the kernel does.", id)
}

// Capabilities says what this process may do here now.
func (b *Backend) Capabilities() backend.Capabilities {
	return backend.Capabilities(atomic.LoadUint32(&b.capabilities))
}

func (b *Backend) setCapabilities(c backend.Capabilities) {
	atomic.StoreUint32(&b.capabilities, uint32(c))
}
