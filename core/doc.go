// Package netsession is network sessions for Linux in plain Go: find out which
// networks this machine has, open one and bring it up, keep it up while it is
// used, be told when it changes, and move to a better one when there is one. It
// needs no cgo.
//
//	manager, err := netsession.NewManager(netsession.Options{})
//	if err != nil {
//		return err
//	}
//	defer manager.Close()
//	session, err := manager.Open(ctx, manager.DefaultConfiguration().ID)
//	if err != nil {
//		return err // says why, in words
//	}
//	defer session.Free()
//	fmt.Println("online on", session.Interface())
//
// A configuration is one way onto a network (an access point), or a group of them
// (a service network); it is a value of package bearer, and sessions are made by its
// identifier, which is stable and may be stored. A session is an application's use of
// one: opening it brings the link up where it is down, closing it gives the link
// back. A manager is where configurations come from and where events arrive.
// docs/semantics.md says what follows from what, in which order.
//
// # Packages
//
// This package is what most programs need. It is made of those below it, each of
// which can be used by itself:
//
//	bearer   what a configuration is, and a registry that says what changed
//	session  the state machine of a session, as a pure function and a table
//	roam     which access point is better, and when a move is worth it
//	lease    the count of those who hold a link, in this process and all others
//	backend  what a source of configurations has to do; below it, the sources
//	engine   the loop that puts them together, for hosts with listeners of their own
//
// # Goroutines
//
// Everything may be called on any goroutine. No call waits for the network but
// Session.WaitForOpened and Manager.Open, whose purpose it is; the first NewManager
// of a process, which waits for the first picture of the network (milliseconds as a
// rule; half a second where a network daemon does not answer; five seconds on a
// machine too busy for that); and Manager.Close, where links are being taken down.
//
// A process must not be forked without exec while it has managers or sessions, as
// any program in Go.
package netsession
