package netsession_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"strings"
	"time"

	netsession "github.com/netsession/netsession/core"
)

// laptop plays a network from a file: a cable that is up, and Wi-Fi that is in reach. Each
// UpdateConfigurations plays one step: the cable is pulled, or plugged in again. With
// netsession.Options{} the examples use the networks of this machine.
var laptop = netsession.Options{Backend: "script", Script: "testdata/laptop.play"}

// The shortest useful program.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	session, err := manager.Open(ctx, manager.DefaultConfiguration().ID)
	if err != nil {
		log.Fatal(err) // says why, in words
	}
	defer session.Free()
	fmt.Println("online on", session.Interface())
	// Output: online on eth0
}

// The configurations that can be opened now.
func ExampleManager_Configurations() {
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	for _, c := range manager.Configurations(netsession.StateDiscovered) {
		fmt.Printf("%s (%s): %s %s\n", c.ID, c.Name, c.BearerTypeName(), c.State)
	}
	// Output:
	// eth0 (Office cable): Ethernet active
	// wlan0 (Office Wi-Fi): WLAN discovered
	// netsession:internet (Internet):  active
}

// The kernel's own links, without any daemon: rtnetlink.
func ExampleOptions_rtnetlink() {
	manager, err := netsession.NewManager(netsession.Options{Backend: "rtnetlink"})
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	for _, c := range manager.Configurations(0) {
		if c.Type == netsession.TypeInternetAccessPoint && !strings.HasPrefix(c.ID, "link:") {
			fmt.Println(c.ID, "is no link")
		}
	}
	fmt.Println("the loopback is listed:", manager.Configuration("link:lo").IsValid())
	// Output: the loopback is listed: false
}

// A session on "Internet" roams by itself when its cable is pulled.
func ExampleManager_Events() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	session, err := manager.Open(ctx, netsession.InternetID)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Free()

	events := manager.Events(ctx)
	manager.UpdateConfigurations() // the script pulls the cable
	for event := range events {
		switch e := event.(type) {
		case netsession.StateChanged:
			fmt.Println("state:", e.State)
		case netsession.ErrorOccurred:
			fmt.Println(e.Err)
		case netsession.NewConfigurationActivated:
			fmt.Println("now on", e.Session.Interface())
			if e.Session.Interface() == "eth0" {
				return
			}
			manager.UpdateConfigurations() // and plugs it in again
		}
	}
	// Output:
	// state: Roaming
	// now on wlan0
	// state: Connected
	// state: Roaming
	// now on eth0
}

// An application that decides about roaming itself. It tries the new access point
// before it releases the old one.
func ExampleSession_Migrate() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	session, err := manager.Open(ctx, netsession.InternetID)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Free()
	session.SetApplicationRoaming(true)

	events := manager.Events(ctx)
	manager.UpdateConfigurations() // the cable is pulled
	for event := range events {
		switch e := event.(type) {
		case netsession.PreferredConfigurationChanged:
			fmt.Println("offered:", e.Configuration.Name)
			e.Session.Migrate()
		case netsession.NewConfigurationActivated:
			fmt.Println("trying", e.Session.Interface())
			e.Session.Accept()
			if e.Session.Interface() == "eth0" {
				cancel()
				break
			}
			manager.UpdateConfigurations() // it is plugged in again
		}
	}
	// Output:
	// offered: Office Wi-Fi
	// trying wlan0
	// offered: Office cable
	// trying eth0
}

// A group of access points that the application defines, and among which its sessions roam.
func ExampleManager_DefineServiceNetwork() {
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	office, err := manager.DefineServiceNetwork(netsession.ServiceNetwork{
		Identifier: "office", Name: "The office", Children: []string{"eth0", "wlan0"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(office.ID, office.State)
	for _, c := range manager.Children(office.ID) {
		fmt.Println(" ", c.Name)
	}
	if err := manager.RemoveServiceNetwork(office.ID); err != nil {
		log.Fatal(err)
	}
	// Output:
	// network:office active
	//   Office cable
	//   Office Wi-Fi
}

// The user decides what a session on the user choice opens.
func ExampleManager_SetChooser() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	manager.SetChooser(func(s *netsession.Session, candidates []netsession.Configuration) {
		for i, c := range candidates {
			fmt.Println(i+1, c.Name)
		}
		if err := s.Choose(candidates[1].ID); err != nil { // what a dialog would answer
			log.Print(err)
		}
	})
	session, err := manager.Open(ctx, netsession.UserChoiceID)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Free()
	fmt.Println("opened:", session.Snapshot().ActiveConfiguration)
	// Output:
	// 1 Office cable
	// 2 Office Wi-Fi
	// 3 Internet
	// opened: wlan0
}

// A connection by a session's link, independent of the routes. No socket can be bound to the
// link of a script.
func ExampleSession_Control() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	manager, err := netsession.NewManager(laptop)
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	session, err := manager.Open(ctx, "eth0")
	if err != nil {
		log.Fatal(err)
	}
	defer session.Free()
	dialer := net.Dialer{Control: session.Control}
	if _, err := dialer.DialContext(ctx, "tcp", "192.0.2.1:80"); err != nil {
		fmt.Println(err)
	}
	// Output: dial tcp 192.0.2.1:80: the session has no link to bind a socket to
}

// A VPN runs over another link, and is metered if that link is.
func ExampleManager_Underlying() {
	manager, err := netsession.NewManager(netsession.Options{Backend: "script", Script: "testdata/vpn.play"})
	if err != nil {
		log.Fatal(err)
	}
	defer manager.Close()
	for _, c := range manager.Underlying("vpn0") {
		fmt.Println("The company's VPN runs over", c.Name)
	}
	fmt.Println("metered:", manager.NetworkState().IsMetered)
	// Output:
	// The company's VPN runs over Mobile data
	// metered: true
}
