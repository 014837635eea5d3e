package host

import (
	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/engine"
)

// Listener receives changes, after the publisher and all queries show them. Its methods run
// on the loop, except Log; the engine is not locked.
type Listener interface {
	// Added: there is a new configuration.
	Added(Entry)
	// Changed: something about the configuration is different.
	Changed(Entry)
	// Removed: the configuration does not exist any more.
	Removed(Entry)
	// NetworkStateChanged: the state of the machine's networks as a whole is new.
	NetworkStateChanged(before, after netsession.NetworkState)
	// Updated: a Refresh of this client is over.
	Updated()
	// Log gets lines for developers. It runs on any goroutine.
	Log(level netsession.LogLevel, text string)
}

// Client is a listener that is attached to an engine.
type Client struct{ client *engine.Client }

// Attach starts the engine, if it does not run, and attaches a listener to it. What
// queries show when Attach returns is not reported again. The error says why the engine
// cannot start, for people; it wraps a syscall.Errno if there is one.
func (e *Engine) Attach(l Listener) (*Client, error) {
	client, err := e.engine.Attach(listener{l})
	if err != nil {
		return nil, err
	}
	return &Client{client}, nil
}

// AttachBetween attaches a listener at a moment between two reports, and calls at in that
// moment: every report until then has reached the other listeners.
func (e *Engine) AttachBetween(l Listener, at func()) (*Client, error) {
	client, err := e.engine.AttachBetween(listener{l}, at)
	if err != nil {
		return nil, err
	}
	return &Client{client}, nil
}

// Refresh asks the system to rescan for networks. One Listener.Updated follows each call.
func (c *Client) Refresh() { c.client.Refresh() }

// Detach detaches the listener. It waits, for a tenth of a second at most, for links that
// are being taken down, because the process may be about to end. A running
// call of the listener may return after Detach. Further calls of Detach do nothing.
func (c *Client) Detach() { c.client.Detach() }

// listener is a host's Listener as the engine calls it.
type listener struct{ host Listener }

func (l listener) Added(e *engine.Entry)   { l.host.Added(Entry{e}) }
func (l listener) Changed(e *engine.Entry) { l.host.Changed(Entry{e}) }
func (l listener) Removed(e *engine.Entry) { l.host.Removed(Entry{e}) }
func (l listener) Updated()                { l.host.Updated() }

func (l listener) NetworkStateChanged(before, after engine.NetworkState) {
	l.host.NetworkStateChanged(networkStateOf(before), networkStateOf(after))
}

func (l listener) Log(level backend.Level, text string) {
	l.host.Log(netsession.LogLevel(level), text)
}
