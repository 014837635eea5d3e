package netsession

import "reflect"

// How many events of a kind stay, and how many may wait before it counts. Programs
// that keep up never notice.
const (
	kept = 32
	many = 4096
)

// alike are the events of a kind about one target, of which only the newest count.
type alike struct {
	kind   reflect.Type
	target *Session // nil: the manager
}

// tellsAState reports whether an event tells how things stand, so that it is
// superseded by what tells it anew, and what it is about. Those that tell that
// something has happened stay, in their order.
func tellsAState(e Event) (alike, bool) {
	of := alike{kind: reflect.TypeOf(e)}
	switch e := e.(type) {
	case OnlineStateChanged, ReachabilityChanged, CaptivePortalChanged, TransportChanged, MeteredChanged:
	case StateChanged:
		of.target = e.Session
	case PreferredConfigurationChanged:
		of.target = e.Session
	case NewConfigurationActivated:
		of.target = e.Session
	case UsagePoliciesChanged:
		of.target = e.Session
	default:
		return alike{}, false
	}
	return of, true
}

// sift leaves out what newer events have superseded, and configurations that the
// reader has not heard of and that are gone again.
func sift(waiting []Event) []Event {
	drop := make([]bool, len(waiting))
	count := make(map[alike]int)
	for i := len(waiting) - 1; i >= 0; i-- {
		if of, tells := tellsAState(waiting[i]); tells {
			count[of]++
			drop[i] = count[of] > kept
		}
	}
	leaveOutVisitors(waiting, drop)
	left := make([]Event, 0, len(waiting))
	for i, e := range waiting {
		if !drop[i] {
			left = append(left, e)
		}
	}
	return left
}

// leaveOutVisitors marks the events of configurations that came and went again.
func leaveOutVisitors(waiting []Event, drop []bool) {
	since := make(map[string][]int) // the events of one that came, by its identifier
	for i, e := range waiting {
		switch e := e.(type) {
		case ConfigurationAdded:
			since[e.Configuration.ID] = []int{i}
		case ConfigurationChanged:
			if events, came := since[e.Configuration.ID]; came {
				since[e.Configuration.ID] = append(events, i)
			}
		case ConfigurationRemoved:
			if events, came := since[e.Configuration.ID]; came {
				for _, at := range append(events, i) {
					drop[at] = true
				}
				delete(since, e.Configuration.ID)
			}
		}
	}
}
