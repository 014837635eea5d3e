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
	// capabilities holds a backend.Capabilities: the monitor sets it, any goroutine
	// reads it.
	capabilities atomic.Uint32
}

var _ backend.Backend = (*Backend)(nil)

// New makes a backend for the NetworkManager on the bus with an address; an
// empty address means the usual socket of the system bus.
func New(address string) *Backend {
	b := &Backend{bus: bus.New(address, daemonName, modemsName)}
	b.bus.SetMatchRules(daemonName, daemonRules()...)
	b.bus.SetMatchRules(modemsName, modemRules()...)
	b.monitor = newMonitor(b)
	return b
}

// Run monitors NetworkManager until ctx is done, whether it runs or not.
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

// Counters always fails: NetworkManager does not count bytes, the kernel does.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	return backend.Counters{}, backend.Refuse(backend.ReasonNotSupported,
		"NetworkManager does not count the bytes of %s; the kernel does.", id)
}

// Capabilities returns what this process may do now.
func (b *Backend) Capabilities() backend.Capabilities {
	return backend.Capabilities(b.capabilities.Load())
}

func (b *Backend) setCapabilities(c backend.Capabilities) {
	b.capabilities.Store(uint32(c))
}
