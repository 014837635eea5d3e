package session

// Condition is a named question about a session and an event.
type Condition struct {
	Text  string
	holds func(s *Session, ev *Event) bool
}

func not(c Condition) Condition {
	return Condition{"not: " + c.Text, func(s *Session, ev *Event) bool { return !c.holds(s, ev) }}
}

var (
	nextUp = Condition{"the access point to turn to is up",
		func(_ *Session, ev *Event) bool { return ev.Next.Link == LinkUp }}
	nextAvailable = Condition{"there is an access point to turn to",
		func(_ *Session, ev *Event) bool { return ev.Next.ID != "" && ev.Next.available() }}
	nextNone = Condition{"there is none to prefer",
		func(_ *Session, ev *Event) bool { return ev.Next.ID == "" }}
	nextPassed = Condition{"the access point was passed over before",
		func(s *Session, ev *Event) bool { return s.Passed(ev.Next.ID) }}
	nextOffered = Condition{"the access point has been offered already",
		func(s *Session, ev *Event) bool { return ev.Next.ID == s.Offer.ID }}

	usingUp = Condition{"the access point in use is up",
		func(s *Session, _ *Event) bool { return s.Using.Link == LinkUp }}
	usingLost = Condition{"the access point in use is lost",
		func(s *Session, _ *Event) bool { return !s.Using.up() }}
	usingDown = Condition{"the access point is down",
		func(s *Session, _ *Event) bool { return s.Using.Link.settledDown() }}
	usingGone = Condition{"the access point does not exist any more",
		func(s *Session, _ *Event) bool { return s.Using.Link == LinkGone }}
	aboutUsing = Condition{"it is about the access point in use",
		func(s *Session, ev *Event) bool { return ev.ID == s.Using.ID }}

	offerUp = Condition{"the offered access point is up",
		func(s *Session, _ *Event) bool { return s.Offer.Link == LinkUp }}
	offerGone = Condition{"the offered access point is out of reach",
		func(s *Session, _ *Event) bool { return !s.Offer.available() }}
	offerRemoved = Condition{"the offered access point does not exist any more",
		func(s *Session, _ *Event) bool { return s.Offer.Link == LinkGone }}
	aboutOffer = Condition{"it is about the offered access point",
		func(s *Session, ev *Event) bool { return ev.ID == s.Offer.ID }}

	previousUp = Condition{"the previous access point is up",
		func(s *Session, _ *Event) bool { return s.Previous.ID != "" && s.Previous.up() }}

	last = Condition{"nobody else holds what a session started",
		func(_ *Session, ev *Event) bool { return ev.Last }}
	denied = Condition{"this process may not start or stop the link",
		func(_ *Session, ev *Event) bool { return ev.Text != "" }}
	stoppable = Condition{"the link is up or on its way up",
		func(_ *Session, ev *Event) bool { return ev.Next.Link == LinkUp || ev.Next.Link == LinkStarting }}
	configGone = Condition{"the configuration, or what the user chose, does not exist any more",
		func(s *Session, _ *Event) bool {
			return s.targetLink() == LinkGone && (s.Choice.ID != "" || s.State != Invalid)
		}}
	askable = Condition{"the user can be asked what to open",
		func(_ *Session, ev *Event) bool { return ev.Ask }}
	network = Condition{"the configuration is a service network",
		func(s *Session, _ *Event) bool { return s.Roams() }}
	asks = Condition{"the application decides about roaming",
		func(s *Session, _ *Event) bool { return s.Asks }}
)
