package connman

import "github.com/netsession/netsession/core/internal/bearer"

// course is how a service came to its state, which says what that means. ConnMan
// has the same words for an attempt to connect and for two other things: on its way
// down a service is in "configuration" for a moment, before "disconnect" and "idle",
// whoever disconnects it, and whether its cable is pulled or its technology switched
// off; and one that is up may be configured anew, and stay up.
type course struct {
	// held is ready or online while a service that was that is configured anew, or
	// is about to go down; stateUnknown otherwise.
	held state
	// leaving: a Disconnect of this process is under way.
	leaving bool
	// internet: ConnMan has called it online since it came up.
	internet bool
	failures int // how often it failed since it is known
	// seeking: it has come up just now, and its interface is being asked for. It is not
	// shown as up without one.
	seeking bool
}

// onlineCheckFailed is the Error of a service that is up and does not lead to the
// internet. It has not failed.
const onlineCheckFailed = "online-check-failed"

// turn takes a new state in.
func (s *service) turn(next state) {
	switch {
	case next.connecting():
		if s.state.up() {
			s.held = s.state
		}
		s.failure = "" // that of an earlier attempt
	case next.up():
		s.seeking = s.seeking || s.kind == vpn && s.link == "" && s.state.connecting() && s.held == stateUnknown
		s.held = stateUnknown
	default:
		s.held, s.internet = stateUnknown, false
	}
	switch next {
	case stateOnline:
		s.internet = true
		s.failure = ""
	case stateFailure:
		if s.state != stateFailure {
			s.failures++
		}
	}
	if next.down() {
		s.leaving = false
		s.unplace()
	}
	s.seeking = s.seeking && next.up()
	s.state = next
}

// unplace forgets the interface of a tunnel, which ends with its connection. ConnMan
// does not tell that.
func (s *service) unplace() {
	if s.kind == vpn {
		s.link, s.hardware = "", ""
	}
}

// looks is the state as it is to be shown.
func (s *service) looks() state {
	switch {
	case s.leaving && (s.state.up() || s.state.connecting()):
		// The kernel may see the link go before ConnMan says a word.
		return stateDisconnect
	case s.seeking:
		return stateConfiguration
	case s.held != stateUnknown:
		return s.held
	}
	return s.state
}

// reach is how far traffic gets, as far as ConnMan says. One that is ready may not
// have been looked at yet, or the look is switched off; where it was online before
// it has lost the internet.
func (s *service) reach() bearer.Reach {
	switch s.looks() {
	case stateOnline:
		return bearer.ReachOnline
	case stateReady:
		if s.internet || s.failure == onlineCheckFailed {
			return bearer.ReachSite
		}
	}
	return bearer.ReachUnknown
}

// reason is ConnMan's code for why the service failed; empty if it did not, or if
// nothing is known about it.
func (s *service) reason() string {
	if s.state != stateFailure || s.failure == onlineCheckFailed {
		return ""
	}
	return s.failure
}
