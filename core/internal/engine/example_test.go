package engine_test

import (
	"fmt"
	"log"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/script"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// printer is a listener that prints a session's events. Its methods run on the
// engine's loop: a real one puts events into a queue of its own.
type printer struct{}

func (printer) Publish(engine.SessionSnapshot) {}
func (printer) Chooses() bool                  { return false }
func (printer) Freed()                         {}
func (printer) Event(e session.Effect) {
	if e.Kind == session.EmitState {
		fmt.Println(e.Kind, e.State)
		return
	}
	fmt.Println(e.Kind)
}

// A host with a listener of its own, on a network that is played from a file. Most
// programs use package netsession instead, which has managers and channels of events.
func Example() {
	e := engine.New(engine.Options{NewBackend: func() (backend.Backend, error) {
		return script.New("../../testdata/laptop.play")
	}})
	if err := e.Acquire(); err != nil {
		log.Fatal(err)
	}
	defer e.Release()
	e.Each(bearer.Discovered, func(entry *engine.Entry) { fmt.Println(entry.ID(), entry.Value().State) })

	s, err := e.NewSession("wlan0", func(*engine.Session) engine.SessionListener { return printer{} })
	if err != nil {
		log.Fatal(err)
	}
	defer s.Free()
	s.Open()
	fmt.Println("open:", s.WaitForOpened(30*time.Second))
	// Output:
	// eth0 active
	// wlan0 discovered
	// netsession:internet active
	// stateChanged Connecting
	// opened
	// stateChanged Connected
	// open: true
}
