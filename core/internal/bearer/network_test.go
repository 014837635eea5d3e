package bearer

import (
	"math/rand"
	"testing"
)

func member(state State, progress Progress) Configuration {
	return Configuration{ID: "m", State: state, Progress: progress}
}

func TestSummary(t *testing.T) {
	up, down, far := member(Active, Settled), member(Discovered, Settled), member(Defined, Settled)
	starting, stopping := member(Discovered, Connecting), member(Active, Closing)
	fading := member(Discovered, Closing)
	private := member(Active, Settled)
	private.Purpose = PrivatePurpose
	for _, c := range []struct {
		name     string
		members  []Configuration
		state    State
		progress Progress
		roaming  bool
	}{
		{"nothing", nil, Undefined, Settled, false},
		{"only private ones", []Configuration{private}, Undefined, Settled, false},
		{"out of reach", []Configuration{far, far}, Defined, Settled, false},
		{"one in reach", []Configuration{far, down}, Discovered, Settled, false},
		{"two in reach", []Configuration{down, down}, Discovered, Settled, true},
		{"one on its way up", []Configuration{down, starting}, Discovered, Connecting, true},
		{"one up", []Configuration{up, starting, far}, Active, Settled, true},
		{"one up, one on its way down", []Configuration{up, stopping}, Active, Settled, true},
		{"the only one up on its way down", []Configuration{stopping, starting, down}, Active, Closing, true},
		{"none up, one on its way up", []Configuration{fading, starting}, Discovered, Connecting, true},
		{"none up, one not quite down", []Configuration{fading, far}, Discovered, Closing, false},
		{"progress of what is out of reach", []Configuration{member(Defined, Closing), member(Defined, Connecting)}, Defined, Settled, false},
		{"up, and said to be connecting", []Configuration{member(Active, Connecting)}, Active, Settled, false},
	} {
		g := InternetGroup()
		for i := range c.members {
			g.Replace(nil, &c.members[i])
		}
		got := g.Configuration()
		if got.State != c.state || got.Progress != c.progress || got.RoamingAvailable != c.roaming {
			t.Errorf("%s: %v, %d, roaming %v", c.name, got.State, got.Progress, got.RoamingAvailable)
		}
		if got.ID != InternetID || got.Name != "Internet" || got.Type != ServiceNetwork || got.Purpose != PublicPurpose || !got.Valid() {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestMembersOfANetwork(t *testing.T) {
	listed := NewGroup(&Definition{Identifier: "office", Children: []string{"eth", "wlan", "eth"}})
	for _, c := range []struct {
		c                        Configuration
		internet, choice, office bool
	}{
		{Configuration{ID: "eth"}, true, true, true},
		{Configuration{ID: "lte"}, true, true, false},
		{Configuration{ID: "eth", Purpose: ServiceSpecificPurpose}, true, true, true},
		{Configuration{ID: "eth", Purpose: PrivatePurpose}, false, true, true},
		{Configuration{ID: "eth", Type: ServiceNetwork}, false, false, false},
		{Configuration{ID: "eth", Type: UserChoice}, false, false, false},
		{Configuration{ID: "eth", Type: Invalid}, false, false, false},
	} {
		if InternetGroup().Has(&c.c) != c.internet || UserChoiceGroup().Has(&c.c) != c.choice || listed.Has(&c.c) != c.office {
			t.Errorf("%+v", c.c)
		}
	}
	if InternetGroup().Has(nil) || UserChoiceGroup().Has(nil) || listed.Has(nil) {
		t.Error("nothing belongs to a group")
	}
}

func TestGroupsHeads(t *testing.T) {
	office := NewGroup(&Definition{Identifier: "office", Name: "The office", Purpose: PrivatePurpose, Children: []string{"b", "a", "b"}})
	nameless := NewGroup(&Definition{Identifier: "home", Children: []string{"a"}})
	for _, c := range []struct {
		g    *Group
		want Configuration
	}{
		{InternetGroup(), Configuration{ID: InternetID, Name: "Internet", Type: ServiceNetwork, Purpose: PublicPurpose}},
		{UserChoiceGroup(), Configuration{ID: UserChoiceID, Name: "User choice", Type: UserChoice}},
		{office, Configuration{ID: "network:office", Name: "The office", Type: ServiceNetwork, Purpose: PrivatePurpose}},
		{nameless, Configuration{ID: "network:home", Name: "home", Type: ServiceNetwork}},
	} {
		c.want.State, c.want.RoamingAvailable = Discovered, c.want.Type == ServiceNetwork
		a, b := Configuration{ID: "a", State: Discovered}, Configuration{ID: "b", State: Discovered}
		if c.g == nameless {
			c.want.RoamingAvailable = false
		}
		c.g.Replace(nil, &a)
		c.g.Replace(nil, &b)
		if got := c.g.Configuration(); !got.Equal(&c.want) || c.g.ID() != c.want.ID {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
	if ids, listed := office.Children(); !listed || len(ids) != 2 || ids[0] != "a" || ids[1] != "b" {
		t.Errorf("children %q, listed %v", ids, listed)
	}
	if _, listed := InternetGroup().Children(); listed {
		t.Error("Internet lists its children")
	}
}

func TestSameMembers(t *testing.T) {
	list := func(ids ...string) *Group { return NewGroup(&Definition{Identifier: "x", Children: ids}) }
	for _, c := range []struct {
		a, b *Group
		want bool
	}{
		{list("a", "b"), list("b", "a", "a"), true},
		{list("a", "b"), list("a"), false},
		{list("a", "b"), list("a", "c"), false},
	} {
		if c.a.SameMembers(c.b) != c.want {
			t.Errorf("%q and %q", c.a.children, c.b.children)
		}
	}
}

// After many changes, a group equals a new group of the same members.
func TestGroupFollows(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	states := []State{Undefined, Defined, Discovered, Active}
	members := make([]*Configuration, 6)
	g := InternetGroup()
	for i := 0; i < 5000; i++ {
		at := r.Intn(len(members))
		var now *Configuration
		if r.Intn(4) > 0 {
			c := member(states[r.Intn(4)], Progress(r.Intn(3)))
			c.Purpose = Purpose(r.Intn(4))
			now = &c
		}
		before := g.Configuration()
		g.Replace(members[at], now)
		members[at] = now
		fresh := InternetGroup()
		for _, c := range members {
			fresh.Replace(nil, c)
		}
		if last := g.Configuration(); !g.IsCurrent(last) || g.IsCurrent(before) != before.Equal(last) {
			t.Fatalf("after %d changes: looks as %+v: %v, but is %+v", i, before, g.IsCurrent(before), last)
		}
		if g.summary != fresh.summary {
			t.Fatalf("after %d changes: %+v, want %+v", i, g.summary, fresh.summary)
		}
	}
}
