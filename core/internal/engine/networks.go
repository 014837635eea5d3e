package engine

import (
	"errors"
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store"
)

// ErrNoNetwork: there is no such service network of an application.
var ErrNoNetwork = errors.New("no such service network")

// Define makes a service network of the application, or gives the one with its
// identifier another definition, and calls f with its entry, as Each does. It is
// there until Undefine, for all users of the engine. An error is a sentence that
// says what is wrong with the definition.
func (e *Engine) Define(d bearer.Definition, f func(*store.Entry)) error {
	var wrong error
	if err := e.runOnLoop(func(l *loop) { wrong = l.define(&d) }); err != nil {
		return err
	}
	if wrong == nil && !e.Find(d.ID(), f) {
		return fmt.Errorf("The service network %s has been removed at the same moment.", d.ID())
	}
	return wrong
}

// Undefine removes a service network that Define made, or fails with
// ErrNoNetwork.
func (e *Engine) Undefine(id string) error {
	gone := ErrNoNetwork
	if err := e.runOnLoop(func(l *loop) { gone = l.undefine(id) }); err != nil {
		return err
	}
	return gone
}

func (l *loop) define(d *bearer.Definition) error {
	u, err := l.store.Define(d, time.Now())
	if err == nil {
		l.notify(u)
	}
	return err
}

func (l *loop) undefine(id string) error {
	u := l.store.Undefine(id, time.Now())
	if u.Empty() {
		return ErrNoNetwork
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
