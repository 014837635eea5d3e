package session

// Kind names an event.
type Kind uint8

const (
	// Open, Close, Stop, Migrate, Accept, Reject and Ignore are the calls of
	// the application.
	Open Kind = iota
	Close
	Stop
	Migrate
	Accept
	Reject
	Ignore
	// Moved: the configuration or one of the session's access points has changed
	// its state; Facts has the current states.
	Moved
	// Preferred: Next is now the access point to be preferred over the access point
	// in use; empty if there is none any more.
	Preferred
	// NotStarted: the command to start access point ID was refused; Err and
	// Text say why. The success of a start shows in the facts.
	NotStarted
	// Stopped: the command to stop access point ID was carried out.
	Stopped
	// NotStopped: the command to stop access point ID was refused; Err and Text say why.
	NotStopped
	// Expired: the armed timer ran out.
	Expired
	// Aborted: another session stopped access point ID.
	Aborted
	// Renewed: access point ID, which was passed over, has changed.
	Renewed
	// Stalled: the access point that is being opened has had its share of the
	// time, and another one may be tried.
	Stalled
	// Chosen: the user chose Choice, or it was chosen because the user cannot be
	// asked; Next is the access point to use.
	Chosen
	// Declined: the user does not want any.
	Declined
	// Asked: whether the application decides about roaming is now Asks.
	Asked
	// Restricted: the policies are now Policies.
	Restricted
	// Freed: the session's handle was freed; events are not delivered any more.
	Freed

	kinds = iota
)

var kindNames = [...]string{
	"open", "close", "stop", "migrate", "accept", "reject", "ignore",
	"moved", "preferred", "not started", "stopped", "not stopped",
	"expired", "aborted", "renewed", "stalled", "chosen", "declined", "asked", "restricted", "freed",
}

func (k Kind) String() string { return nameAt(kindNames[:], int(k)) }

// Event is one thing that happens to a session.
type Event struct {
	Kind  Kind
	Facts Facts  // Moved
	ID    string // of the access point, for outcomes, Aborted and Renewed

	// Next is the best access point, without those that the session uses, tries, may
	// return to or has passed over. For Open it is the access point to use, for an
	// idle session's Stop the access point to stop.
	Next AccessPoint
	// Seamless says that the session's local address would survive Next.
	Seamless bool

	// Ask says that an Open has to ask the user what to open. Choice is what the
	// user chose, or what an Open that does not ask leads to instead; empty for a
	// session that is not OnChoice.
	Ask    bool
	Choice Choice

	// Last says that releasing the access point in use takes its link down: for
	// Close and Expired.
	Last bool
	// Err and Text say why, for a refusal and for Expired. For an Open and a Stop,
	// Text says why this process lacks the right; empty if it has the right.
	Err  Error
	Text string

	Asks     bool     // Asked
	Policies Policies // Restricted
}

// Facts are the link states of the configuration and the access points of a session.
type Facts struct {
	Config, Choice, Using, Offer, Previous Link
	// Label is what the target is called for people; empty: its identifier.
	Label string
	// Why says, as the end of a sentence, why the target does not exist or is not up,
	// if that is known.
	Why string
}
