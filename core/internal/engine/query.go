package engine

import (
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/store"
)

// Types of package store that are part of the engine's interface.
type (
	Entry        = store.Entry
	Publisher    = store.Publisher
	NetworkState = store.NetworkState
)

// Capabilities is the set of what the library can do now, here, for this user.
// The numbers are equal to QNetworkConfigurationManager::Capability.
type Capabilities uint32

// The capabilities. DirectConnectionRouting says that there are links of the
// kernel to bind sockets to; the caller has to find out whether the kernel permits
// it. NetworkSessionRequired has a number too, but is never reported.
const (
	CanStartAndStopInterfaces Capabilities = 0x01
	DirectConnectionRouting   Capabilities = 0x02
	SystemSessionSupport      Capabilities = 0x04
	ApplicationLevelRoaming   Capabilities = 0x08
	ForcedRoaming             Capabilities = 0x10
	DataStatistics            Capabilities = 0x20
)

// Default calls f with the default configuration and reports whether there is
// one: what Options.Default says, if that is not an access point, else the
// best-ranked access point that is up or can be opened, else "Internet". Without
// any access point there is none. f must be quick, and must not call the engine.
func (e *Engine) Default(f func(*store.Entry)) bool {
	return e.Reader.Default(e.opts.Default, f)
}

// Capabilities says what can be done now.
func (e *Engine) Capabilities() Capabilities {
	c := ApplicationLevelRoaming | ForcedRoaming
	if e.shares() {
		c |= SystemSessionSupport
	}
	b := e.backend()
	if b == nil {
		return c
	}
	has := b.Capabilities()
	if has&backend.CanStartAndStop != 0 {
		c |= CanStartAndStopInterfaces
	}
	if has&backend.HasStatistics != 0 {
		c |= DataStatistics
	}
	if has&backend.HasLinks != 0 {
		c |= DirectConnectionRouting
	}
	return c
}
