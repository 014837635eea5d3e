package host

import (
	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/engine"
)

// Publisher shows the configurations of one engine to readers outside Go. Its methods run on
// the loop, with the engine locked unless they say otherwise, so that they must not call
// the engine.
type Publisher interface {
	// Listed: the configuration exists from now on. An entry that comes back still
	// has its datum.
	Listed(Entry)
	// Expected: the configuration does not exist, but the host is about to refer to
	// it. If it is found later, Listed follows.
	Expected(Entry)
	// Changed: the entry has a new Configuration.
	Changed(Entry)
	// Unlisted: the configuration was removed. The result true keeps the entry until
	// Engine.Reap, because something still refers to it.
	Unlisted(Entry) (keep bool)
	// NetworkStateChanged: the state of the networks as a whole has changed. The first
	// call happens when the engine is made.
	NetworkStateChanged(netsession.NetworkState)
	// Announced: every listener has got the changes so far. The engine is not
	// locked, so that the host may call Reap.
	Announced()
	// Flush: every listener has got all events that follow from one cause, so that
	// the host may wake its readers. The engine is not locked.
	Flush()
}

// publisher is a host's Publisher as the engine calls it.
type publisher struct{ host Publisher }

func (p publisher) Listed(e *engine.Entry)        { p.host.Listed(Entry{e}) }
func (p publisher) Expected(e *engine.Entry)      { p.host.Expected(Entry{e}) }
func (p publisher) Changed(e *engine.Entry)       { p.host.Changed(Entry{e}) }
func (p publisher) Unlisted(e *engine.Entry) bool { return p.host.Unlisted(Entry{e}) }
func (p publisher) NetworkStateChanged(o engine.NetworkState) {
	p.host.NetworkStateChanged(networkStateOf(o))
}
func (p publisher) Announced() { p.host.Announced() }
func (p publisher) Flush()     { p.host.Flush() }

func networkStateOf(o engine.NetworkState) netsession.NetworkState {
	return netsession.NetworkState{
		IsOnline:              o.Online,
		Reachability:          netsession.Reachability(o.Reach),
		IsBehindCaptivePortal: o.Portal,
		Transport:             netsession.Transport(o.Transport),
		IsMetered:             o.Metered,
	}
}
