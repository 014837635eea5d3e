package bearer

import "sort"

// Summary counts the access points of a group by what they are doing, so that
// the group's own configuration follows from a change without a look at the
// others.
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
	if c == nil {
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

// state is that of the furthest member.
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

// Group is a configuration that stands for several access points: a service
// network, or the user's choice among all. A rule says which belong to it, and
// a summary of those what it looks like.
type Group struct {
	head     Configuration // what does not follow from the members
	belongs  func(*Configuration) bool
	children []string // sorted identifiers, where the rule is a list
	summary  Summary
}

// Internet is the group of all access points that may lead to the internet by
// themselves, and are not private.
func Internet() *Group {
	return &Group{
		head:    Configuration{ID: InternetID, Name: "Internet", Type: ServiceNetwork, Purpose: PublicPurpose},
		belongs: func(c *Configuration) bool { return c.Purpose != PrivatePurpose && c.Role == Uplink },
	}
}

// Choice is the group of all access points, among which the user chooses.
func Choice() *Group {
	return &Group{
		head:    Configuration{ID: UserChoiceID, Name: "User choice", Type: UserChoice},
		belongs: func(*Configuration) bool { return true },
	}
}

// NewGroup is the service network of a valid definition.
func NewGroup(d *Definition) *Group {
	children := make(map[string]bool, len(d.Children))
	g := &Group{
		head:    Configuration{ID: d.ID(), Name: d.name(), Type: ServiceNetwork, Purpose: d.Purpose},
		belongs: func(c *Configuration) bool { return children[c.ID] },
	}
	for _, id := range d.Children {
		if !children[id] {
			children[id] = true
			g.children = append(g.children, id)
		}
	}
	sort.Strings(g.children)
	return g
}

// ID is the identifier of the group's configuration.
func (g *Group) ID() string { return g.head.ID }

// Children are the sorted identifiers of the access points that belong to the
// group while they exist; listed is false where no list but a rule tells.
func (g *Group) Children() (ids []string, listed bool) { return g.children, g.children != nil }

// Has reports whether c is an access point that belongs to the group.
func (g *Group) Has(c *Configuration) bool {
	return c != nil && c.Type == InternetAccessPoint && g.belongs(c)
}

// Replace takes one access point out and another in, as far as they belong to
// the group; either may be nil.
func (g *Group) Replace(old, now *Configuration) {
	g.summary.Replace(g.own(old), g.own(now))
}

func (g *Group) own(c *Configuration) *Configuration {
	if g.Has(c) {
		return c
	}
	return nil
}

// Configuration is what the group looks like now: it is as far on as the
// furthest of its members.
func (g *Group) Configuration() *Configuration {
	c := g.head
	c.State, c.Progress = g.summary.state()
	c.RoamingAvailable = g.roaming()
	return &c
}

func (g *Group) roaming() bool { return g.head.Type == ServiceNetwork && g.summary.discovered > 1 }

// Looks reports whether the group looks as in a configuration that it gave
// earlier.
func (g *Group) Looks(c *Configuration) bool {
	state, progress := g.summary.state()
	return c.State == state && c.Progress == progress && c.RoamingAvailable == g.roaming()
}

// Alike reports whether the same access points belong to both groups, which are
// given by lists.
func (g *Group) Alike(o *Group) bool {
	if len(g.children) != len(o.children) {
		return false
	}
	for i := range g.children {
		if g.children[i] != o.children[i] {
			return false
		}
	}
	return true
}
