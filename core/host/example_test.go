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
