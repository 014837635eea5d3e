package session

// Phase is what a session itself is doing, whatever its link does.
type Phase uint8

const (
	// Idle: not open; the state follows the link.
	Idle Phase = iota
	// Opening: open was asked for, the link is not up yet.
	Opening
	// Opened: open, on the access point in use.
	Opened
	// Offered: open; a better access point was offered to the application.
	Offered
	// Migrating: open; the offered access point is being brought up.
	Migrating
	// Trying: open on the new access point; accept or reject is awaited.
	Trying
	// Stranded: open, but the access point in use was lost; the application
	// has been offered another one.
	Stranded
	// Stopping: closed or withdrawn, and the link is being taken down.
	Stopping

	phases = iota
)

var phaseNames = [...]string{
	"Idle", "Opening", "Opened", "Offered", "Migrating", "Trying", "Stranded", "Stopping",
}

func (p Phase) String() string { return nameOf(phaseNames[:], int(p)) }

// Timed reports whether the timer is armed in this phase.
func (p Phase) Timed() bool {
	return p == Opening || p == Migrating || p == Stranded || p == Stopping
}

// open reports whether a session in this phase is open.
func (p Phase) open() bool { return p >= Opened && p <= Stranded }

// AccessPoint is an access point as a session sees it.
type AccessPoint struct {
	ID   string // empty: none
	Link Link
	Held bool // the session counts as one of its holders
}

// up reports whether the access point carries traffic.
func (a AccessPoint) up() bool { return a.Link == LinkUp || a.Link == LinkStopping }

// available reports whether the access point is up or can be brought up.
func (a AccessPoint) available() bool { return a.Link > LinkUnavailable }

// Session is all that the machine knows about one session. It is a value:
// Step takes one and returns the next.
type Session struct {
	Phase   Phase
	Config  string // the configuration that the session is bound to
	Network bool   // Config is a service network: the session may roam
	Asks    bool   // the application decides about roaming
	Link    Link   // where Config stands

	State    State // as last announced
	Err      Error // the last one
	ErrText  string
	Policies Policies

	Using    AccessPoint // in use, being opened or being stopped
	Offer    AccessPoint // offered, or being brought up by a migration
	Previous AccessPoint // where a migration came from, until accept or reject

	// passed are the access points that were ignored, rejected or failed since
	// the session was opened. Sessions share the slice: it is never written.
	passed []string
}

// New returns a session that is not open, on a configuration whose link stands
// at link.
func New(config string, network bool, link Link) Session {
	s := Session{Config: config, Network: network, Link: link, State: link.state()}
	if link == LinkGone {
		s.Err, s.ErrText = InvalidConfigurationError, noConfiguration(config)
	}
	return s
}

// IsOpen reports whether the session is open: opened was announced, and closed
// was not yet.
func (s *Session) IsOpen() bool { return s.Phase.open() }

// Active is the identifier of the access point that an open session uses, and
// empty when the session is not open.
func (s *Session) Active() string {
	if !s.IsOpen() {
		return ""
	}
	return s.Using.ID
}

// Passed reports whether an access point was ignored, rejected or failed, so
// that it is not to be tried or offered until it has changed.
func (s *Session) Passed(id string) bool {
	for _, p := range s.passed {
		if p == id {
			return true
		}
	}
	return false
}

// pass remembers an access point as passed over.
func (s *Session) pass(id string) {
	if !s.Passed(id) {
		s.passed = append(s.passed[:len(s.passed):len(s.passed)], id)
	}
}

// renew forgets that an access point was passed over.
func (s *Session) renew(id string) {
	var kept []string
	for _, p := range s.passed {
		if p != id {
			kept = append(kept, p)
		}
	}
	s.passed = kept
}

// shown is the state that a session in its present phase shows.
func (s *Session) shown() State {
	switch s.Phase {
	case Opening:
		return Connecting
	case Opened, Offered, Trying:
		if s.Using.Link == LinkStopping && !s.Network {
			return Closing
		}
		return Connected
	case Migrating, Stranded:
		return Roaming
	case Stopping:
		return Closing
	}
	return s.Link.state()
}
