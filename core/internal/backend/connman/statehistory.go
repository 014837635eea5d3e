package connman

import "github.com/netsession/netsession/core/internal/bearer"

// stateHistory is the history of a service's state, without which the state is ambiguous.
// ConnMan uses "configuration" not only for an attempt to connect: a service that goes
// down passes through it for a moment, before "disconnect" and "idle", for any cause,
// also if its cable is pulled or its technology is switched off; and a
// service that is up may be reconfigured, and stay up.
type stateHistory struct {
	// lastUp is the state, ready or online, of a service that is being reconfigured or is
	// about to go down; stateUnknown otherwise.
	lastUp serviceState
	// disconnecting: this process has called Disconnect.
	disconnecting bool
	// wasOnline: the service has been online since it came up.
	wasOnline bool
	failures  int // how often the service has failed since it is known
	// awaitingInterface: the service has come up just now, and the search for its
	// interface runs. Until then sessions do not see it as up.
	awaitingInterface bool
}

// onlineCheckFailed is the Error of a service that is up, but does not lead to the
// internet. Such a service has not failed.
const onlineCheckFailed = "online-check-failed"

// transition applies a new state.
func (s *service) transition(next serviceState) {
	switch {
	case next.connecting():
		if s.state.up() {
			s.lastUp = s.state
		}
		s.failure = "" // of an earlier attempt
	case next.up():
		s.awaitingInterface = s.awaitingInterface || s.kind == vpn && s.iface == "" && s.state.connecting() && s.lastUp == stateUnknown
		s.lastUp = stateUnknown
	default:
		s.lastUp, s.wasOnline = stateUnknown, false
	}
	switch next {
	case stateOnline:
		s.wasOnline = true
		s.failure = ""
	case stateFailure:
		if s.state != stateFailure {
			s.failures++
		}
	}
	if next.down() {
		s.disconnecting = false
		s.clearInterface()
	}
	s.awaitingInterface = s.awaitingInterface && next.up()
	s.state = next
}

// clearInterface removes the interface of a tunnel, which ends with its connection.
// ConnMan does not signal that.
func (s *service) clearInterface() {
	if s.kind == vpn {
		s.iface, s.hardware = "", ""
	}
}

// effectiveState returns the state as sessions see it.
func (s *service) effectiveState() serviceState {
	switch {
	case s.disconnecting && (s.state.up() || s.state.connecting()):
		// The kernel may remove the link before ConnMan signals the change.
		return stateDisconnect
	case s.awaitingInterface:
		return stateConfiguration
	case s.lastUp != stateUnknown:
		return s.lastUp
	}
	return s.state
}

// reach returns how far traffic gets, as far as ConnMan knows. A service that is ready may
// not have been checked yet, or the online check is switched off; if it was online before,
// it has lost the internet.
func (s *service) reach() bearer.Reach {
	switch s.effectiveState() {
	case stateOnline:
		return bearer.ReachOnline
	case stateReady:
		if s.wasOnline || s.failure == onlineCheckFailed {
			return bearer.ReachSite
		}
	}
	return bearer.ReachUnknown
}

// failureCode returns ConnMan's code for why the service failed; empty if it has not
// failed, or if ConnMan gave no code.
func (s *service) failureCode() string {
	if s.state != stateFailure || s.failure == onlineCheckFailed {
		return ""
	}
	return s.failure
}
