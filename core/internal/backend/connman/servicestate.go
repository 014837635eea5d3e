package connman

import "github.com/netsession/netsession/core/internal/bearer"

// serviceState is the property State of a service.
type serviceState uint8

const (
	stateUnknown serviceState = iota // an unknown value, or none
	stateIdle
	stateFailure
	stateAssociation
	stateConfiguration
	stateReady
	stateOnline
	stateDisconnect
)

var states = map[string]serviceState{
	"idle": stateIdle, "failure": stateFailure, "association": stateAssociation,
	"configuration": stateConfiguration, "ready": stateReady, "online": stateOnline,
	"disconnect": stateDisconnect,
}

// up reports whether the service carries traffic.
func (s serviceState) up() bool { return s == stateReady || s == stateOnline }

// connecting reports whether the service is on its way up.
func (s serviceState) connecting() bool { return s == stateAssociation || s == stateConfiguration }

// down reports whether the service is down, and neither coming up nor going down.
func (s serviceState) down() bool { return s == stateIdle || s == stateFailure }

// progress translates the state for sessions. configured says whether a service that is
// down can be connected without further setup.
func (s serviceState) progress(configured bool) (bearer.State, bearer.Progress) {
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
