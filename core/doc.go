// Package netsession provides network sessions for Linux: find out which networks this
// machine has, open one and bring it up, keep it up while it is used, learn when it
// changes, and move to a better one when there is one. It needs no cgo.
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
// # Configurations and sessions
//
// A Configuration is one way onto a network (an access point), or a group of access
// points (a service network). Its identifier is stable and may be stored. A Session is
// an application's use of a configuration: opening the session brings the link up if it
// is down, closing it releases the link. A Manager provides the configurations and
// delivers the events. docs/semantics.md describes the rules and the order of events.
//
// # Events
//
// Manager.Events returns a channel of events. The type of an event says what happened:
//
//	for event := range manager.Events(ctx) {
//		switch e := event.(type) {
//		case netsession.OnlineStateChanged:
//			fmt.Println("online:", e.IsOnline)
//		case netsession.NewConfigurationActivated:
//			fmt.Println("now on", e.Session.Interface())
//		}
//	}
//
// # Goroutines
//
// All functions and methods are safe for concurrent use. None waits for the network
// except these:
//
//   - Session.WaitForOpened and Manager.Open, whose purpose it is;
//   - the first NewManager of a process, which waits for the first snapshot of the
//     network: usually milliseconds, half a second if the system bus does not
//     answer, five seconds on a machine too busy for that;
//   - Manager.Close, while links are being taken down.
//
// A process that has managers or sessions must not fork without exec, like any other
// program in Go.
//
// Package host, below this one, is for libraries that offer network sessions to other
// languages.
package netsession
