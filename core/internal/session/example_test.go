package session_test

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/session"
)

// A session on a link that is down is opened: the machine returns effects. Its driver
// carries them out, and passes the outcome to the machine as the next event.
func ExampleStep() {
	m := session.New("link:eth0", session.OnAccessPoint, session.Facts{Config: session.LinkDown})
	step := func(e session.Event) {
		var effects []session.Effect
		m, effects = session.Step(m, e)
		for _, e := range effects {
			fmt.Println(" ", e.Kind)
		}
		fmt.Println(m.State, m.IsOpen())
	}
	step(session.Event{Kind: session.Open, Next: session.AccessPoint{ID: "link:eth0", Link: session.LinkDown}})
	step(session.Event{Kind: session.Moved, Facts: session.Facts{Config: session.LinkUp, Using: session.LinkUp}})
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
