package host

import (
	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
)

// Engine knows all configurations and runs all sessions of the managers with equal
// options. It runs while a client is attached or a session exists, and for some seconds
// afterwards. Pool.Engine makes it.
//
// Several methods pass entries to a function: the engine is locked while the function
// runs, which must be quick and must not call the engine.
type Engine struct {
	engine    *engine.Engine
	publisher Publisher // nil if the host has none
}

// newEngine makes the publisher first: the engine reports to it from the start.
func newEngine(o engine.Options, newPublisher func(*Engine) Publisher) *Engine {
	e := &Engine{}
	if newPublisher != nil {
		e.publisher = newPublisher(e)
		o.Publisher = publisher{e.publisher}
	}
	e.engine = engine.New(o)
	return e
}

// Publisher returns what Pool.NewPublisher made for the engine.
func (e *Engine) Publisher() Publisher { return e.publisher }

// Capabilities returns what the library can do now. It includes
// netsession.DirectConnectionRouting if the links are kernel links; the host has to find
// out whether the kernel permits it to bind sockets.
func (e *Engine) Capabilities() netsession.Capabilities {
	return netsession.Capabilities(e.engine.Capabilities())
}

// Each calls f for every configuration whose state has all bits of filter: access
// points sorted by identifier, then service networks.
func (e *Engine) Each(filter netsession.ConfigurationState, f func(Entry)) {
	e.engine.Each(bearer.State(filter), entryFunc(f))
}

// Find calls f with the configuration of that identifier, and reports whether there is
// one.
func (e *Engine) Find(id string, f func(Entry)) bool { return e.engine.Find(id, entryFunc(f)) }

// Refer calls f as Find does. Where there is no such configuration, it calls f with the
// entry that the configuration will have if it is found later, and which is not valid
// until then. With a publisher, the entry exists until Reap.
func (e *Engine) Refer(id string, f func(Entry)) { e.engine.Refer(id, entryFunc(f)) }

// Reap drops the entry of a removed configuration if unused agrees that nothing refers
// to the entry. It calls unused only if the configuration does not exist.
func (e *Engine) Reap(entry Entry, unused func() bool) { e.engine.Reap(entry.entry, unused) }

// Default calls f with the default configuration, and reports whether there is one:
// without an access point there is none.
func (e *Engine) Default(f func(Entry)) bool { return e.engine.Default(entryFunc(f)) }

// Children calls f for every access point of a service network.
func (e *Engine) Children(id string, f func(Entry)) { e.engine.Children(id, entryFunc(f)) }

// Underlying calls f for every access point that the link of an access point runs over
// now, best first, as netsession.Manager.Underlying returns them.
func (e *Engine) Underlying(id string, f func(Entry)) { e.engine.Underlying(id, entryFunc(f)) }

// DefineServiceNetwork makes a service network or replaces its definition, as
// netsession.Manager.DefineServiceNetwork does, and calls f with its entry.
func (e *Engine) DefineServiceNetwork(n netsession.ServiceNetwork, f func(Entry)) error {
	d := bearer.Definition{Identifier: n.Identifier, Name: n.Name, Purpose: bearer.Purpose(n.Purpose), Children: n.Children}
	return e.engine.DefineServiceNetwork(d, entryFunc(f))
}

// RemoveServiceNetwork removes a service network that DefineServiceNetwork made, or
// fails with netsession.ErrNoServiceNetwork.
func (e *Engine) RemoveServiceNetwork(id string) error { return e.engine.RemoveServiceNetwork(id) }

func entryFunc(f func(Entry)) func(*engine.Entry) {
	return func(e *engine.Entry) { f(Entry{e}) }
}
