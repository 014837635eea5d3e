package session

// State is the state of a session as the application sees it. The numbers
// are equal to QNetworkSession::State.
type State uint8

const (
	// Invalid: the configuration does not exist.
	Invalid State = 0
	// NotAvailable: the configuration is known, but cannot be opened now.
	NotAvailable State = 1
	// Connecting: the link is on its way up.
	Connecting State = 2
	// Connected: the link is up.
	Connected State = 3
	// Closing: the link is on its way down.
	Closing State = 4
	// Disconnected: the link is down and can be opened.
	Disconnected State = 5
	// Roaming: the session moves from one access point to another.
	Roaming State = 6
)

var stateNames = [...]string{
	"Invalid", "NotAvailable", "Connecting", "Connected", "Closing", "Disconnected", "Roaming",
}

func (s State) String() string { return nameAt(stateNames[:], int(s)) }

// Error is why a session failed. The numbers are equal to
// QNetworkSession::SessionError.
type Error uint8

const (
	// UnknownError: none of the others, a timeout among them; also the value
	// of a session that never failed.
	UnknownError Error = 0
	// AbortedError: the user or the system took the link away.
	AbortedError Error = 1
	// RoamingError: the session could not move to another access point.
	RoamingError Error = 2
	// NotSupportedError: not possible here, or not permitted.
	NotSupportedError Error = 3
	// InvalidConfigurationError: the configuration does not exist or cannot be
	// opened now.
	InvalidConfigurationError Error = 4
)

var errorNames = [...]string{
	"UnknownSessionError", "SessionAbortedError", "RoamingError",
	"OperationNotSupportedError", "InvalidConfigurationError",
}

func (e Error) String() string { return nameAt(errorNames[:], int(e)) }

// Policies is a set of restrictions on how a session should be used.
type Policies uint8

// NoBackgroundTraffic asks for only the traffic that the user started.
const NoBackgroundTraffic Policies = 1

// Link is the state of a configuration's link, as far as it concerns a session.
type Link uint8

const (
	// LinkGone: the configuration does not exist.
	LinkGone Link = iota
	// LinkUnavailable: it exists, but cannot be opened.
	LinkUnavailable
	// LinkDown: it can be opened.
	LinkDown
	// LinkStarting: it is on its way up.
	LinkStarting
	// LinkUp: it is up.
	LinkUp
	// LinkStopping: it is on its way down.
	LinkStopping
)

var linkNames = [...]string{"gone", "unavailable", "down", "starting", "up", "stopping"}

func (l Link) String() string { return nameAt(linkNames[:], int(l)) }

// state is the state that an idle session shows for its link.
func (l Link) state() State {
	switch l {
	case LinkUnavailable:
		return NotAvailable
	case LinkDown:
		return Disconnected
	case LinkStarting:
		return Connecting
	case LinkUp:
		return Connected
	case LinkStopping:
		return Closing
	}
	return Invalid
}

// settledDown reports whether nothing is left to take down.
func (l Link) settledDown() bool { return l <= LinkDown }

func nameAt(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}
