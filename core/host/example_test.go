package host_test

import (
	"fmt"
	"log"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/host"
)

// printer is a listener that prints what changes.
type printer struct{ updated chan struct{} }

func (p printer) Added(e host.Entry)   { fmt.Println("added:", e.ID()) }
func (p printer) Removed(e host.Entry) { fmt.Println("removed:", e.ID()) }
func (p printer) Changed(e host.Entry) {
	fmt.Println("changed:", e.ID(), e.Configuration().State())
}
func (p printer) NetworkStateChanged(_, after netsession.NetworkState) {
	fmt.Println("reachability:", after.Reachability)
}
func (p printer) Updated()                        { p.updated <- struct{}{} }
func (p printer) Log(netsession.LogLevel, string) {}

// A listener gets the changes of a network that is played from a script: each Refresh plays
// one step.
func ExampleEngine_Attach() {
	var pool host.Pool
	engine, err := pool.Engine(netsession.Options{Backend: "script", Script: "../testdata/laptop.play"}, host.Environment{})
	if err != nil {
		log.Fatal(err)
	}
	p := printer{make(chan struct{}, 1)}
	client, err := engine.Attach(p)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Detach()
	client.Refresh() // the script pulls the cable
	<-p.updated
	// Output:
	// changed: eth0 defined
	// changed: netsession:internet discovered
	// reachability: disconnected
}

// reporter is a session's listener that prints its events.
type reporter struct{ opened, freed chan struct{} }

func (r reporter) Publish(host.SessionSnapshot) {} // a host stores the values here
func (r reporter) Chooses() bool                { return false }
func (r reporter) Freed()                       { close(r.freed) }
func (r reporter) Event(e host.SessionEvent) {
	switch e.Kind {
	case host.SessionErrorOccurred:
		fmt.Println(e.Kind, e.ErrorCode, e.Text)
	case host.SessionStateChanged:
		fmt.Println(e.Kind, e.State)
	case host.SessionOpened:
		fmt.Println(e.Kind)
		close(r.opened)
	}
}

// A session on the default configuration is opened, and freed.
func ExampleEngine_NewSession() {
	var pool host.Pool
	engine, err := pool.Engine(netsession.Options{Backend: "script", Script: "../testdata/laptop.play"}, host.Environment{})
	if err != nil {
		log.Fatal(err)
	}
	client, err := engine.Attach(printer{make(chan struct{}, 1)})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Detach()
	var id string
	engine.Default(func(e host.Entry) { id = e.ID() })
	r := reporter{make(chan struct{}), make(chan struct{})}
	session, err := engine.NewSession(id, func(*host.Session) host.SessionListener { return r })
	if err != nil {
		log.Fatal(err)
	}
	session.Open()
	<-r.opened
	fmt.Println(id, "is open on", session.Snapshot().Interface())
	session.Free()
	<-r.freed
	// Output:
	// opened
	// eth0 is open on eth0
}
