package bearer

// Summary counts the access points of a service network by what they are
// doing, so that the network's own configuration follows from a change without
// a look at the others.
type Summary struct {
	members, active, starting, stopping, discovered int
}

// Replace takes one access point out and another in; either may be nil.
func (s *Summary) Replace(old, now *Configuration) {
	s.count(old, -1)
	s.count(now, +1)
}

func (s *Summary) count(c *Configuration, by int) {
	if c == nil || !c.Public() {
		return
	}
	s.members += by
	if c.State.Has(Discovered) {
		s.discovered += by
	}
	switch {
	case c.Progress == Connecting:
		s.starting += by
	case c.Progress == Closing:
		s.stopping += by
	case c.State == Active:
		s.active += by
	}
}

// Public reports whether c is an access point that belongs to "Internet".
func (c *Configuration) Public() bool {
	return c.Type == InternetAccessPoint && c.Purpose != PrivatePurpose
}

// Configuration returns the service network that the summary describes. It is
// as far on as the furthest of its members.
func (s *Summary) Configuration(id, name string) Configuration {
	c := Configuration{
		ID: id, Name: name, Type: ServiceNetwork, Purpose: PublicPurpose,
		RoamingAvailable: s.discovered > 1,
	}
	c.State, c.Progress = s.state()
	return c
}

func (s *Summary) state() (State, Progress) {
	switch {
	case s.active > 0:
		return Active, Settled
	case s.stopping > 0:
		return Active, Closing
	case s.starting > 0:
		return Discovered, Connecting
	case s.discovered > 0:
		return Discovered, Settled
	case s.members > 0:
		return Defined, Settled
	}
	return Undefined, Settled
}
