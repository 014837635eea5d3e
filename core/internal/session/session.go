package session

// Phase is what a session itself is doing, whatever its link does.
type Phase uint8

const (
	// Idle: not open; the state follows the link.
	Idle Phase = iota
	// Choosing: open was asked for, and the user is being asked what to open.
	Choosing
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
	// Withdrawing: the attempt took too long, and the link that it left on its
	// way is being taken down.
	Withdrawing
	// Stopping: closed or withdrawn, and the link is being taken down.
	Stopping

	phases = iota
)

var phaseNames = [...]string{
	"Idle", "Choosing", "Opening", "Opened", "Offered", "Migrating", "Trying", "Stranded", "Withdrawing", "Stopping",
}

func (p Phase) String() string { return nameOf(phaseNames[:], int(p)) }

// Timed reports whether the timer is armed in this phase.
func (p Phase) Timed() bool {
	switch p {
	case Choosing, Opening, Migrating, Stranded, Withdrawing, Stopping:
		return true
	}
	return false
}

// pending reports whether a session in this phase is on its way to be open.
func (p Phase) pending() bool { return p == Choosing || p == Opening }

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

// Scope says what a session is bound to.
type Scope uint8

const (
	// OnAccessPoint: one access point.
	OnAccessPoint Scope = iota
	// OnNetwork: a service network, so that it may roam.
	OnNetwork
	// OnChoice: what the user chooses each time when it is opened.
	OnChoice
)

// Choice is what the user chose: an access point or a service network.
type Choice struct {
	ID      string // empty: nothing
	Network bool
	Link    Link // where it stands
}

// Session is all that the machine knows about one session. It is a value:
// Step takes one and returns the next.
type Session struct {
	Phase  Phase
	Config string // the configuration that the session is bound to
	Scope  Scope  // what Config is
	Asks   bool   // the application decides about roaming
	Link   Link   // where Config stands
	Choice Choice // of a session OnChoice, from the answer to the end
	Label  string // what the target is called for people; empty: its identifier
	Why    string // why the target does not exist or is not up, where that is known

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

// New returns a session that is not open, on a configuration that stands where
// the facts say.
func New(config string, scope Scope, facts Facts) Session {
	s := Session{Config: config, Scope: scope, State: facts.Config.state()}
	s.absorb(&facts)
	if s.Link == LinkGone {
		s.Err, s.ErrText = InvalidConfigurationError, s.noConfiguration()
	}
	return s
}

// IsOpen reports whether the session is open: opened was announced, and closed
// was not yet.
func (s *Session) IsOpen() bool { return s.Phase.open() }

// Roams reports whether the session is on a service network.
func (s *Session) Roams() bool { return s.Scope == OnNetwork || s.Choice.Network }

// Target is the identifier of what the session is about: what the user chose,
// else its configuration.
func (s *Session) Target() string {
	if s.Choice.ID != "" {
		return s.Choice.ID
	}
	return s.Config
}

// name is what the session is about, for people.
func (s *Session) name() string {
	if s.Label != "" {
		return s.Label
	}
	return s.Target()
}

// absorb takes in where everything stands.
func (s *Session) absorb(f *Facts) {
	s.Link, s.Label, s.Why = f.Config, f.Label, f.Why
	s.Choice.Link = f.Choice
	s.Using.Link, s.Offer.Link, s.Previous.Link = f.Using, f.Offer, f.Previous
}

// Pending reports whether the session is on its way to be open.
func (s *Session) Pending() bool { return s.Phase.pending() }

// targetLink is where the target stands.
func (s *Session) targetLink() Link {
	if s.Choice.ID != "" {
		return s.Choice.Link
	}
	return s.Link
}

// Chosen is the identifier of what a user choice led to, and empty when the
// session is not open.
func (s *Session) Chosen() string {
	if !s.IsOpen() {
		return ""
	}
	return s.Choice.ID
}

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
	case Choosing, Opening:
		return Connecting
	case Opened, Offered, Trying:
		if s.Using.Link == LinkStopping && !s.Roams() {
			return Closing
		}
		return Connected
	case Migrating, Stranded:
		return Roaming
	case Stopping:
		return Closing
	case Withdrawing:
		if s.Link == LinkStarting || s.Link == LinkStopping {
			return Disconnected // for the session it is over
		}
	}
	return s.Link.state()
}
