// Service networks: groups of access points.

package bearer

import "slices"

// Summary counts the access points of a group by state, so that the group's own
// configuration follows from a change without a pass over its members. The zero
// value is the summary of an empty group.
type Summary struct {
	members, discovered int // all, and members that can be opened or are up
	up                  int // Active and not Closing
	active              int // Active
	starting, stopping  int
}

// Replace replaces one access point by another; either may be nil.
func (s *Summary) Replace(old, now *Configuration) {
	s.count(old, -1)
	s.count(now, +1)
}

func (s *Summary) count(c *Configuration, by int) {
	if c == nil {
		return
	}
	s.members += by
	s.discovered += by * boolToInt(c.State.Has(Discovered))
	s.active += by * boolToInt(c.State == Active)
	s.up += by * boolToInt(c.State == Active && !c.Stopping())
	s.starting += by * boolToInt(c.Starting())
	s.stopping += by * boolToInt(c.Stopping())
}

func boolToInt(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// state is the highest state of any member.
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

// Group is a configuration that represents several access points: a service
// network, or the user choice. A rule selects the members, and a summary of the
// members gives the state.
type Group struct {
	base     Configuration // the properties that do not depend on the members
	belongs  func(*Configuration) bool
	children []string // sorted identifiers; nil if belongs is not a list
	summary  Summary
}

// InternetGroup is the group of all access points that may lead to the internet by
// themselves and are not private.
func InternetGroup() *Group {
	return &Group{
		base:    Configuration{ID: InternetID, Name: "Internet", Type: ServiceNetwork, Purpose: PublicPurpose},
		belongs: func(c *Configuration) bool { return c.Purpose != PrivatePurpose && c.Role == Uplink },
	}
}

// UserChoiceGroup is the group of all access points, among which the user chooses.
func UserChoiceGroup() *Group {
	return &Group{
		base:    Configuration{ID: UserChoiceID, Name: "User choice", Type: UserChoice},
		belongs: func(*Configuration) bool { return true },
	}
}

// NewGroup is the service network of a valid definition.
func NewGroup(d *Definition) *Group {
	children := make(map[string]bool, len(d.Children))
	g := &Group{
		base:    Configuration{ID: d.ID(), Name: d.name(), Type: ServiceNetwork, Purpose: d.Purpose},
		belongs: func(c *Configuration) bool { return children[c.ID] },
	}
	for _, id := range d.Children {
		if !children[id] {
			children[id] = true
			g.children = append(g.children, id)
		}
	}
	slices.Sort(g.children)
	return g
}

// ID is the identifier of the group's configuration.
func (g *Group) ID() string { return g.base.ID }

// Children are the sorted identifiers of the members, whether or not they
// exist; listed is false if a rule selects the members instead of a list.
func (g *Group) Children() (ids []string, listed bool) { return g.children, g.children != nil }

// Has reports whether c is an access point of the group.
func (g *Group) Has(c *Configuration) bool {
	return c != nil && c.Type == InternetAccessPoint && g.belongs(c)
}

// Replace replaces one access point by another, as far as they belong to the
// group; either may be nil.
func (g *Group) Replace(old, now *Configuration) {
	g.summary.Replace(g.memberOrNil(old), g.memberOrNil(now))
}

func (g *Group) memberOrNil(c *Configuration) *Configuration {
	if g.Has(c) {
		return c
	}
	return nil
}

// Configuration is the group's configuration now. Its state is the highest state of
// any member.
func (g *Group) Configuration() *Configuration {
	c := g.base
	c.State, c.Progress = g.summary.state()
	c.RoamingAvailable = g.roamingAvailable()
	return &c
}

func (g *Group) roamingAvailable() bool {
	return g.base.Type == ServiceNetwork && g.summary.discovered > 1
}

// IsCurrent reports whether Configuration would return an equal value to c, which
// it returned earlier.
func (g *Group) IsCurrent(c *Configuration) bool {
	state, progress := g.summary.state()
	return c.State == state && c.Progress == progress && c.RoamingAvailable == g.roamingAvailable()
}

// SameMembers reports whether two groups with lists have the same members.
func (g *Group) SameMembers(o *Group) bool {
	return slices.Equal(g.children, o.children)
}
