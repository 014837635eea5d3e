package netsession

import (
	"reflect"
	"testing"

	"github.com/netsession/netsession/core/internal/coalesce"
)

func newStream() *stream { return &stream{wakeup: make(chan struct{}, 1)} }

func TestEveryEventHasAKind(t *testing.T) {
	s, c := &Session{}, Configuration{ID: "eth0"}
	kinds := map[coalesce.Kind]bool{}
	for _, e := range []Event{
		ConfigurationAdded{c}, ConfigurationChanged{c}, ConfigurationRemoved{c}, OnlineStateChanged{},
		ReachabilityChanged{}, CaptivePortalChanged{}, TransportChanged{}, MeteredChanged{}, UpdateCompleted{},
		Opened{s}, Closed{s}, StateChanged{Session: s}, ErrorOccurred{Session: s},
		PreferredConfigurationChanged{Session: s}, NewConfigurationActivated{s}, UsagePoliciesChanged{Session: s},
	} {
		kind, target := classify(e)
		if kind == "" || kinds[kind] {
			t.Errorf("%T is of kind %q", e, kind)
		}
		kinds[kind] = true
		if reflect.TypeOf(e).NumField() > 0 && target != nil && target != any(s) && target != any("eth0") {
			t.Errorf("%T is about %v", e, target)
		}
	}
}

// The queue of a reader that does not read is bounded by the number of sessions and
// configurations, and loses no event that must be kept.
func TestSupersededEventsAreDropped(t *testing.T) {
	s := newStream()
	one, two := &Session{}, &Session{}
	known, visitor := Configuration{ID: "known"}, Configuration{ID: "visitor"}
	steps := 20 * coalesce.Start
	for i := 0; i < steps; i++ {
		s.put(StateChanged{one, SessionState(i % 7)})
		s.put(OnlineStateChanged{i%2 == 0})
		s.put(ConfigurationAdded{visitor})
		s.put(ConfigurationChanged{visitor})
		s.put(ConfigurationRemoved{visitor})
		if i%coalesce.Start == 0 {
			s.put(Opened{two})
			s.put(StateChanged{two, SessionConnected})
			s.put(ConfigurationRemoved{known})
			s.put(ConfigurationAdded{known})
		}
	}
	all := s.take()
	if len(all) > 2*coalesce.Start {
		t.Errorf("%d events wait", len(all))
	}
	count := map[reflect.Type]int{}
	last := map[*Session]SessionState{}
	online := false
	for _, e := range all {
		count[reflect.TypeOf(e)]++
		switch e := e.(type) {
		case StateChanged:
			last[e.Session] = e.State
		case OnlineStateChanged:
			if e.IsOnline == online {
				t.Fatalf("went %v twice", online)
			}
			online = e.IsOnline
		}
	}
	if count[reflect.TypeOf(Opened{})] != 20 {
		t.Errorf("%d of 20 Opened are left", count[reflect.TypeOf(Opened{})])
	}
	if last[one] != SessionState((steps-1)%7) || last[two] != SessionConnected || online != ((steps-1)%2 == 0) {
		t.Errorf("the last states are %v, %v and %v", last[one], last[two], online)
	}
	if n := len(s.take()); n != 0 {
		t.Errorf("%d events wait after that", n)
	}
}

func TestOneChangeWaitsAfterCoalescing(t *testing.T) {
	s := newStream()
	for s.coalesceAt == 0 {
		s.put(ConfigurationChanged{Configuration{ID: "a", RouteMetric: 1}})
		s.put(OnlineStateChanged{})
	}
	s.put(ConfigurationChanged{Configuration{ID: "a", RouteMetric: 2}})
	changes := 0
	for _, e := range s.take() {
		if e, is := e.(ConfigurationChanged); is {
			changes++
			if e.Configuration.RouteMetric != 2 {
				t.Errorf("the change has the metric %d", e.Configuration.RouteMetric)
			}
		}
	}
	if changes != 1 {
		t.Errorf("%d changes of one configuration wait together", changes)
	}
}
