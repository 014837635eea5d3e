package session_test

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/session"
)

// A session on a link that is down is opened: the machine says what to do. Whoever
// drives it carries that out, and tells it what came of it.
func ExampleStep() {
	s := session.New("link:eth0", session.OnAccessPoint, session.Facts{Config: session.LinkDown})
	tell := func(e session.Event) {
		var effects []session.Effect
		s, effects = session.Step(s, e)
		for _, e := range effects {
			fmt.Println(" ", e.Kind)
		}
		fmt.Println(s.State, s.IsOpen())
	}
	tell(session.Event{Kind: session.Open, Next: session.AccessPoint{ID: "link:eth0", Link: session.LinkDown}})
	tell(session.Event{Kind: session.Moved, Facts: session.Facts{Config: session.LinkUp, Using: session.LinkUp}})
	// Output:
	//   disarm
	//   hold
	//   start
	//   arm
	//   stateChanged
	// Connecting false
	//   disarm
	//   opened
	//   stateChanged
	// Connected true
}
