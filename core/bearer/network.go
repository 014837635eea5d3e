package bearer

// Summary counts the access points of a service network by what they are
// doing, so that the network's own configuration follows from a change without
// a look at the others.
type Summary struct {
	members, discovered int // those that exist, and those that can be opened or are up
	up                  int // Active and not on the way down
	active              int // Active
	starting, stopping  int
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
	s.discovered += by * one(c.State.Has(Discovered))
	s.active += by * one(c.State == Active)
	s.up += by * one(c.State == Active && !c.Stopping())
	s.starting += by * one(c.Starting())
	s.stopping += by * one(c.Stopping())
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
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
	case s.up > 0:
		return Active, Settled
	case s.active > 0:
		return Active, Closing
	case s.starting > 0:
		return Discovered, Connecting
	case s.stopping > 0:
		return Discovered, Closing
	case s.discovered > 0:
		return Discovered, Settled
	case s.members > 0:
		return Defined, Settled
	}
	return Undefined, Settled
}
