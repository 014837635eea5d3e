package engine

import (
	"errors"
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store"
)

// ErrNoServiceNetwork: there is no such service network of an application.
var ErrNoServiceNetwork = errors.New("no such service network")

// DefineServiceNetwork makes a service network of the application, or gives the one with its
// identifier another definition, and calls f with its entry, as Each does. The network
// exists until RemoveServiceNetwork, for all users of the engine. An error is a sentence that
// says what is wrong with the definition.
func (e *Engine) DefineServiceNetwork(d bearer.Definition, f func(*store.Entry)) error {
	var wrong error
	if err := e.runOnLoop(func(l *loop) { wrong = l.defineServiceNetwork(&d) }); err != nil {
		return err
	}
	if wrong == nil && !e.Find(d.ID(), f) {
		return fmt.Errorf("the service network %s has been removed at the same moment", d.ID())
	}
	return wrong
}

// RemoveServiceNetwork removes a service network that DefineServiceNetwork made, or fails with
// ErrNoServiceNetwork.
func (e *Engine) RemoveServiceNetwork(id string) error {
	gone := ErrNoServiceNetwork
	if err := e.runOnLoop(func(l *loop) { gone = l.removeServiceNetwork(id) }); err != nil {
		return err
	}
	return gone
}

func (l *loop) defineServiceNetwork(d *bearer.Definition) error {
	u, err := l.store.DefineGroup(d, time.Now())
	if err == nil {
		l.notify(u)
	}
	return err
}

func (l *loop) removeServiceNetwork(id string) error {
	u := l.store.RemoveGroup(id, time.Now())
	if u.Empty() {
		return ErrNoServiceNetwork
	}
	l.notify(u)
	return nil
}

// runOnLoop runs f on the loop, and returns when it has run.
func (e *Engine) runOnLoop(f func(*loop)) error {
	if err := e.Acquire(); err != nil {
		return err
	}
	defer e.Release()
	done := make(chan struct{})
	e.post(func(l *loop) {
		defer close(done)
		f(l)
	})
	<-done
	return nil
}
