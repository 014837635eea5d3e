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
		var s Summary
		for i := range c.members {
			s.Replace(nil, &c.members[i])
		}
		got := s.Configuration(InternetID, "Internet")
		if got.State != c.state || got.Progress != c.progress || got.RoamingAvailable != c.roaming {
			t.Errorf("%s: %v, %d, roaming %v", c.name, got.State, got.Progress, got.RoamingAvailable)
		}
		if got.ID != InternetID || got.Name != "Internet" || got.Type != ServiceNetwork || got.Purpose != PublicPurpose || !got.Valid() {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestPublic(t *testing.T) {
	for _, c := range []struct {
		c    Configuration
		want bool
	}{
		{Configuration{}, true},
		{Configuration{Purpose: ServiceSpecificPurpose}, true},
		{Configuration{Purpose: PrivatePurpose}, false},
		{Configuration{Type: ServiceNetwork}, false},
		{Configuration{Type: UserChoice}, false},
	} {
		if c.c.Public() != c.want {
			t.Errorf("%+v belongs to Internet: %v", c.c, !c.want)
		}
	}
}

// A summary that followed many changes is that of the members as they are.
func TestSummaryFollows(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	states := []State{Undefined, Defined, Discovered, Active}
	members := make([]*Configuration, 6)
	var s Summary
	for i := 0; i < 5000; i++ {
		at := r.Intn(len(members))
		var now *Configuration
		if r.Intn(4) > 0 {
			c := member(states[r.Intn(4)], Progress(r.Intn(3)))
			c.Purpose = Purpose(r.Intn(4))
			now = &c
		}
		s.Replace(members[at], now)
		members[at] = now
		var fresh Summary
		for _, c := range members {
			fresh.Replace(nil, c)
		}
		if s != fresh {
			t.Fatalf("after %d changes: %+v, want %+v", i, s, fresh)
		}
	}
}
