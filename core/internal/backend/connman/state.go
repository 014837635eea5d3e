package connman

import "github.com/netsession/netsession/core/internal/bearer"

// state is the State of a service.
type state uint8

const (
	stateUnknown state = iota // a value that is not known here, or none
	stateIdle
	stateFailure
	stateAssociation
	stateConfiguration
	stateReady
	stateOnline
	stateDisconnect
)

var states = map[string]state{
	"idle": stateIdle, "failure": stateFailure, "association": stateAssociation,
	"configuration": stateConfiguration, "ready": stateReady, "online": stateOnline,
	"disconnect": stateDisconnect,
}

// up reports whether the service carries traffic.
func (s state) up() bool { return s == stateReady || s == stateOnline }

// connecting reports whether the service is on its way up.
func (s state) connecting() bool { return s == stateAssociation || s == stateConfiguration }

// down reports whether the service is down, and not on its way anywhere.
func (s state) down() bool { return s == stateIdle || s == stateFailure }

// progress is the state as sessions see it. Of a service that is down,
// configured says whether it can be opened by itself.
func (s state) progress(configured bool) (bearer.State, bearer.Progress) {
	switch {
	case s.up():
		return bearer.Active, bearer.Settled
	case s.connecting():
		return bearer.Discovered, bearer.Connecting
	case s == stateDisconnect:
		return bearer.Discovered, bearer.Closing
	case !configured:
		return bearer.Undefined, bearer.Settled
	case s.down():
		return bearer.Discovered, bearer.Settled
	}
	return bearer.Defined, bearer.Settled
}
