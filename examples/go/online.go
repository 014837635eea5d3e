// Command online opens a session, and prints the events of the network until it is
// interrupted. The argument is the identifier of the configuration to open, such as
// link:eth0 or netsession:internet; without it, the default configuration is opened.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	netsession "github.com/netsession/netsession/core"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	manager, err := netsession.NewManager(netsession.Options{})
	if err != nil {
		return err
	}
	defer manager.Close()

	id := manager.DefaultConfiguration().ID
	if len(arguments) > 0 {
		id = arguments[0]
	}
	events := manager.Events(ctx)
	session, err := manager.Open(ctx, id)
	if err != nil {
		return err
	}
	defer session.Free()
	fmt.Println("online on", session.Interface())

	for event := range events {
		show(event)
	}
	return nil
}

func show(event netsession.Event) {
	switch e := event.(type) {
	case netsession.ConfigurationAdded:
		fmt.Println("added:", e.Configuration.ID)
	case netsession.ConfigurationChanged:
		fmt.Println("changed:", e.Configuration.ID, e.Configuration.State)
	case netsession.ConfigurationRemoved:
		fmt.Println("removed:", e.Configuration.ID)
	case netsession.OnlineStateChanged:
		fmt.Println("online:", e.IsOnline)
	case netsession.StateChanged:
		fmt.Println("state:", e.State)
	case netsession.ErrorOccurred:
		fmt.Println("error:", e.Err)
	}
}
