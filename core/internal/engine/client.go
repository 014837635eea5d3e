package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/store"
)

// Listener receives the changes of the network, after the snapshot has changed. Its
// methods are called on the loop, one after another, and must not block.
type Listener interface {
	store.Listener
	// Updated: a Refresh of this client is over.
	Updated()
	// Log is for developers. Unlike the others it may be called on any
	// goroutine.
	Log(level backend.Level, text string)
}

// Client is one listener's place in the engine.
type Client struct {
	engine       *Engine
	listener     Listener
	subscription *store.Subscription // set by Attach, before any other method can be called
	once         sync.Once           // of Detach
	detached     atomic.Bool
}

// Attach acquires the engine for a listener. What the snapshot shows when
// Attach returns is not reported again.
func (e *Engine) Attach(l Listener) (*Client, error) {
	if err := e.Acquire(); err != nil {
		return nil, err
	}
	c := &Client{engine: e, listener: l}
	for _, n := range e.journal.attach(c) {
		l.Log(n.level, n.text)
	}
	c.subscription = e.store.Subscribe(l)
	return c, nil
}

// AttachBetween attaches a listener at a moment when no listener is being called,
// and calls at in that moment.
func (e *Engine) AttachBetween(l Listener, at func()) (*Client, error) {
	if err := e.Acquire(); err != nil {
		return nil, err
	}
	c := &Client{engine: e, listener: l}
	attached := make(chan struct{})
	e.post(func(*loop) {
		e.journal.attach(c)
		c.subscription = e.store.Subscribe(l)
		at()
		close(attached)
	})
	<-attached
	return c, nil
}

// Detach releases the engine, after the commands of earlier closes have reached the
// system: the process may be about to end. A running call of the listener may
// return after Detach. Further calls of Detach do nothing.
func (c *Client) Detach() {
	c.once.Do(func() {
		c.detached.Store(true)
		c.engine.journal.detach(c)
		c.engine.store.Unsubscribe(c.subscription)
		c.engine.waitStops()
		c.engine.Release()
	})
}

func (c *Client) attached() bool { return !c.detached.Load() }

// Refresh rescans the network; Listener.Updated follows, once per call.
func (c *Client) Refresh() {
	c.engine.post(func(l *loop) { l.refresh(c) })
}

// detachTimeout is how long a client that detaches waits for links that are being
// taken down. A process may end right after, and the command must have reached
// the system by then; Detach need not wait for its completion.
const detachTimeout = 100 * time.Millisecond

// waitStops waits until the calls so far have been carried out and no link is being
// taken down, within detachTimeout.
func (e *Engine) waitStops() {
	if !e.used.Load() {
		return // no session, so nothing was taken down
	}
	over := make(chan struct{})
	e.post(func(l *loop) { l.links.NotifyStopped(over) })
	limit := time.NewTimer(detachTimeout)
	defer limit.Stop()
	select {
	case <-over:
	case <-limit.C:
	}
}
