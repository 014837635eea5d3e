package session

// Condition is a named question about a session and an event.
type Condition struct {
	Text  string
	holds func(m *Machine, ev *Event) bool
}

func not(c Condition) Condition {
	return Condition{"not: " + c.Text, func(m *Machine, ev *Event) bool { return !c.holds(m, ev) }}
}

var (
	nextUp = Condition{"the next access point is up",
		func(_ *Machine, ev *Event) bool { return ev.Next.Link == LinkUp }}
	nextAvailable = Condition{"there is a next access point",
		func(_ *Machine, ev *Event) bool { return ev.Next.ID != "" && ev.Next.available() }}
	nextNone = Condition{"there is none to prefer",
		func(_ *Machine, ev *Event) bool { return ev.Next.ID == "" }}
	nextPassed = Condition{"the access point was passed over before",
		func(m *Machine, ev *Event) bool { return m.Passed(ev.Next.ID) }}
	nextOffered = Condition{"the access point has been offered already",
		func(m *Machine, ev *Event) bool { return ev.Next.ID == m.Offer.ID }}

	usingUp = Condition{"the access point in use is up",
		func(m *Machine, _ *Event) bool { return m.Using.Link == LinkUp }}
	usingLost = Condition{"the access point in use is lost",
		func(m *Machine, _ *Event) bool { return !m.Using.up() }}
	usingDown = Condition{"the access point is down",
		func(m *Machine, _ *Event) bool { return m.Using.Link.settledDown() }}
	usingGone = Condition{"the access point does not exist any more",
		func(m *Machine, _ *Event) bool { return m.Using.Link == LinkGone }}
	aboutUsing = Condition{"it is about the access point in use",
		func(m *Machine, ev *Event) bool { return ev.ID == m.Using.ID }}

	offerUp = Condition{"the offered access point is up",
		func(m *Machine, _ *Event) bool { return m.Offer.Link == LinkUp }}
	offerGone = Condition{"the offered access point is out of reach",
		func(m *Machine, _ *Event) bool { return !m.Offer.available() }}
	offerRemoved = Condition{"the offered access point does not exist any more",
		func(m *Machine, _ *Event) bool { return m.Offer.Link == LinkGone }}
	aboutOffer = Condition{"it is about the offered access point",
		func(m *Machine, ev *Event) bool { return ev.ID == m.Offer.ID }}

	previousUp = Condition{"the previous access point is up",
		func(m *Machine, _ *Event) bool { return m.Previous.ID != "" && m.Previous.up() }}

	last = Condition{"a session started the link, and no other session holds it",
		func(_ *Machine, ev *Event) bool { return ev.Last }}
	denied = Condition{"this process may not start or stop the link",
		func(_ *Machine, ev *Event) bool { return ev.Text != "" }}
	stoppable = Condition{"the link is up or on its way up",
		func(_ *Machine, ev *Event) bool { return ev.Next.Link == LinkUp || ev.Next.Link == LinkStarting }}
	configGone = Condition{"the configuration, or what the user chose, does not exist any more",
		func(m *Machine, _ *Event) bool {
			return m.targetLink() == LinkGone && (m.Choice.ID != "" || m.State != Invalid)
		}}
	askable = Condition{"the user can be asked what to open",
		func(_ *Machine, ev *Event) bool { return ev.Ask }}
	network = Condition{"the configuration is a service network",
		func(m *Machine, _ *Event) bool { return m.Roams() }}
	asks = Condition{"the application decides about roaming",
		func(m *Machine, _ *Event) bool { return m.Asks }}
)
