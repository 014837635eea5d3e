package session

import "slices"

// Phase is the activity of a session itself, independent of the state of its link.
type Phase uint8

const (
	// Idle: not open; the session's state follows the link.
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

func (p Phase) String() string { return nameAt(phaseNames[:], int(p)) }

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

// Machine is the state machine of one session: all that it knows. It is a value: Step
// takes a machine and returns the next one. The caller has to guard it.
type Machine struct {
	Phase  Phase
	Config string // the configuration that the session is bound to
	Scope  Scope  // the kind of Config
	Asks   bool   // the application decides about roaming
	Link   Link   // the state of Config's link
	Choice Choice // of a session OnChoice, from the answer to the end
	Label  string // what the target is called for people; empty: its identifier
	Why    string // why the target does not exist or is not up, if that is known

	State    State // as last announced
	Err      Error // the last one
	ErrText  string
	Policies Policies

	Using    AccessPoint // in use, being opened or being stopped
	Offer    AccessPoint // offered, or being brought up by a migration
	Previous AccessPoint // where a migration came from, until accept or reject

	// passed are the access points that were ignored, rejected or failed since
	// the session was opened. Copies of a machine share the slice: it is never written
	// in place.
	passed []string
}

// New returns the machine of a session that is not open, on a configuration in the state
// of the facts.
func New(config string, scope Scope, facts Facts) Machine {
	m := Machine{Config: config, Scope: scope, State: facts.Config.state()}
	m.absorb(&facts)
	if m.Link == LinkGone {
		m.Err, m.ErrText = InvalidConfigurationError, m.noConfiguration()
	}
	return m
}

// IsOpen reports whether the session is open: opened was announced, and closed
// was not yet.
func (m *Machine) IsOpen() bool { return m.Phase.open() }

// Roams reports whether the session is on a service network.
func (m *Machine) Roams() bool { return m.Scope == OnNetwork || m.Choice.Network }

// Target is the identifier of the configuration that the user chose, else of the
// session's own configuration.
func (m *Machine) Target() string {
	if m.Choice.ID != "" {
		return m.Choice.ID
	}
	return m.Config
}

// name is the name of the target, for people.
func (m *Machine) name() string {
	if m.Label != "" {
		return m.Label
	}
	return m.Target()
}

// absorb stores the states of all links.
func (m *Machine) absorb(f *Facts) {
	m.Link, m.Label, m.Why = f.Config, f.Label, f.Why
	m.Choice.Link = f.Choice
	m.Using.Link, m.Offer.Link, m.Previous.Link = f.Using, f.Offer, f.Previous
}

// Pending reports whether the session is on its way to be open.
func (m *Machine) Pending() bool { return m.Phase.pending() }

// targetLink is the state of the target's link.
func (m *Machine) targetLink() Link {
	if m.Choice.ID != "" {
		return m.Choice.Link
	}
	return m.Link
}

// Chosen is the identifier of what a user choice led to, and empty when the
// session is not open.
func (m *Machine) Chosen() string {
	if !m.IsOpen() {
		return ""
	}
	return m.Choice.ID
}

// Active is the identifier of the access point that an open session uses, and
// empty when the session is not open.
func (m *Machine) Active() string {
	if !m.IsOpen() {
		return ""
	}
	return m.Using.ID
}

// Passed reports whether an access point was ignored, rejected or failed, so
// that it is not to be tried or offered until it has changed.
func (m *Machine) Passed(id string) bool {
	return slices.Contains(m.passed, id)
}

// pass remembers an access point as passed over.
func (m *Machine) pass(id string) {
	if !m.Passed(id) {
		m.passed = append(m.passed[:len(m.passed):len(m.passed)], id)
	}
}

// renew forgets that an access point was passed over.
func (m *Machine) renew(id string) {
	var kept []string
	for _, p := range m.passed {
		if p != id {
			kept = append(kept, p)
		}
	}
	m.passed = kept
}

// visibleState is the state that a session in its present phase shows.
func (m *Machine) visibleState() State {
	switch m.Phase {
	case Choosing, Opening:
		return Connecting
	case Opened, Offered, Trying:
		if m.Using.Link == LinkStopping && !m.Roams() {
			return Closing
		}
		return Connected
	case Migrating, Stranded:
		return Roaming
	case Stopping:
		return Closing
	case Withdrawing:
		if m.Link == LinkStarting || m.Link == LinkStopping {
			return Disconnected // for the session it is over
		}
	}
	return m.Link.state()
}
