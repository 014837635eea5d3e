package netsession

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/options"
)

// timeout bounds each wait for an event.
const timeout = 2 * time.Minute

// playScript returns a manager on a network that plays the script, and a context for
// waits.
func playScript(t *testing.T, text string) (*Manager, context.Context) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "net.play")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	t.Cleanup(cancel)
	m, err := NewManager(Options{Backend: "script", Script: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m, ctx
}

// until returns the events up to the first one of the wanted type.
func until(t *testing.T, events <-chan Event, wanted Event) []Event {
	t.Helper()
	var all []Event
	for e := range events {
		all = append(all, e)
		if reflect.TypeOf(e) == reflect.TypeOf(wanted) {
			return all
		}
	}
	t.Fatalf("the events ended before a %T: %v", wanted, all)
	return nil
}

// names returns the names of the events, and the states, without events of
// configurations.
func names(events []Event) string {
	var all []string
	for _, e := range events {
		switch e := e.(type) {
		case ConfigurationChanged, ConfigurationAdded, ConfigurationRemoved:
		case StateChanged:
			all = append(all, e.State.String())
		default:
			all = append(all, reflect.TypeOf(e).Name())
		}
	}
	return strings.Join(all, " ")
}

const cable = "access-point eth0 state=discovered address=192.0.2.5/24 default-route=yes received=7 written=9\n"

func TestTheLifeOfASession(t *testing.T) {
	m, ctx := playScript(t, cable+"on refresh\n  set eth0 state=defined\n")
	s, err := m.NewSession("eth0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	if s.State() != SessionDisconnected || s.IsOpen() || s.Interface() != "" || s.Err() != nil {
		t.Errorf("a new session: %+v", s.Snapshot())
	}
	events := m.Events(ctx)
	s.Open()
	if err := s.WaitForOpened(ctx); err != nil {
		t.Fatal(err)
	}
	if got := names(until(t, events, OnlineStateChanged{})); got != "Connecting Opened Connected OnlineStateChanged" {
		t.Errorf("open: %s", got)
	}
	if !s.IsOpen() || s.Interface() != "eth0" || s.Counters() != (Counters{Received: 7, Written: 9}) || !m.IsOnline() {
		t.Errorf("an open session: %+v", s.Snapshot())
	}
	m.UpdateConfigurations() // pulls the cable
	got := until(t, events, UpdateCompleted{})
	if !strings.Contains(names(got), "Closed ErrorOccurred NotAvailable") {
		t.Errorf("the cable is pulled: %s", names(got))
	}
	var failed *SessionError
	if err := s.Err(); !errors.As(err, &failed) || failed.Code != ErrorSessionAborted || failed.Configuration != "eth0" {
		t.Errorf("the error is %#v", err)
	}
}

func TestOpenOfUnavailableConfigurations(t *testing.T) {
	m, ctx := playScript(t, cable+"start eth0 fails aborted \"The cable is cut.\"\n")
	_, err := m.Open(ctx, "eth0")
	var failed *SessionError
	if !errors.As(err, &failed) || failed.Code != ErrorSessionAborted || !strings.Contains(err.Error(), "The cable is cut.") {
		t.Errorf("a refusal: %#v", err)
	}
	if _, err := m.Open(ctx, "nothing"); !errors.As(err, &failed) || failed.Code != ErrorInvalidConfiguration {
		t.Errorf("what does not exist: %#v", err)
	}
	s, err := m.NewSession("eth0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	if err := s.WaitForOpened(ctx); err == nil || !strings.Contains(err.Error(), "no open is under way") {
		t.Errorf("a wait without an open: %v", err)
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	m, _ := playScript(t, cable+"start eth0 hangs\n")
	ctx, cancel := context.WithCancel(context.Background())
	events := m.Events(ctx)
	opened := make(chan error)
	go func() {
		_, err := m.Open(ctx, "eth0")
		opened <- err
	}()
	until(t, events, StateChanged{})
	cancel()
	if err := <-opened; !errors.Is(err, context.Canceled) {
		t.Errorf("a wait whose context ended: %v", err)
	}
	for range events {
	}
}

func TestCloseEndsTheEvents(t *testing.T) {
	m, ctx := playScript(t, cable)
	one, two := m.Events(ctx), m.Events(ctx)
	m.Close()
	m.Close()
	for range one {
	}
	for range two {
	}
	if _, more := <-m.Events(ctx); more {
		t.Error("a closed manager has an event")
	}
}

func TestChangesThatWaitTogetherBecomeOneEvent(t *testing.T) {
	var s stream
	s.wakeup = make(chan struct{}, 1)
	value := func(id string, metric uint32) Configuration {
		return Configuration{ID: id, RouteMetric: metric}
	}
	for metric := uint32(1); metric <= 3; metric++ {
		s.put(ConfigurationChanged{value("a", metric)})
		s.put(ConfigurationChanged{value("b", metric)})
	}
	s.put(ConfigurationRemoved{value("a", 0)})
	s.put(ConfigurationAdded{value("a", 4)})
	s.put(ConfigurationChanged{value("a", 5)})
	want := []Event{
		ConfigurationChanged{value("a", 3)}, ConfigurationChanged{value("b", 3)},
		ConfigurationRemoved{value("a", 0)}, ConfigurationAdded{value("a", 4)}, ConfigurationChanged{value("a", 5)},
	}
	if got := s.take(); !reflect.DeepEqual(got, want) {
		t.Errorf("the events are %v", got)
	}
	s.put(ConfigurationChanged{value("b", 6)})
	if got := s.take(); len(got) != 1 {
		t.Errorf("the events after that are %v", got)
	}
}

func TestTheUserChoice(t *testing.T) {
	m, ctx := playScript(t, cable)
	asked := make(chan *Session, 1)
	m.SetChooser(func(s *Session, candidates []Configuration) {
		if len(candidates) != 2 || candidates[0].ID != "eth0" || candidates[1].ID != InternetID {
			t.Errorf("the candidates are %v", candidates)
		}
		if err := s.Choose("nothing"); !errors.Is(err, ErrNoCandidate) {
			t.Errorf("what does not exist was chosen: %v", err)
		}
		asked <- s
	})
	events := m.Events(ctx)
	s, err := m.NewSession(UserChoiceID)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	s.Open()
	if err := (<-asked).Decline(); err != nil {
		t.Fatal(err)
	}
	if e := until(t, events, ErrorOccurred{}); e[len(e)-1].(ErrorOccurred).Err.Code != ErrorSessionAborted {
		t.Errorf("declined: %v", e)
	}
	m.SetChooser(nil)
	s.Open()
	if err := s.WaitForOpened(ctx); err != nil || s.Property(PropertyUserChoiceConfiguration) != "eth0" {
		t.Errorf("without a chooser: %v, %q", err, s.Property(PropertyUserChoiceConfiguration))
	}
}

func TestPropertiesAndTimeouts(t *testing.T) {
	m, _ := playScript(t, cable)
	s, err := m.NewSession("eth0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	if s.SetProperty(PropertyAutoCloseSessionTimeout, "soon") || !s.SetProperty("colour", "blue") || s.Property("colour") != "blue" {
		t.Error("properties are not kept as they should be")
	}
	if s.RemoveProperty("colour"); s.Property("colour") != "" {
		t.Error("a property is not removed")
	}
	if !m.SetConnectTimeout("eth0", time.Second) || m.Configuration("eth0").ConnectTimeout != time.Second {
		t.Error("a timeout is not kept")
	}
	if m.SetConnectTimeout("nothing", time.Second) {
		t.Error("what does not exist has a timeout")
	}
	if err := m.RemoveServiceNetwork("network:none"); !errors.Is(err, ErrNoServiceNetwork) {
		t.Errorf("no network was removed: %v", err)
	}
	if c, err := m.DefineServiceNetwork(ServiceNetwork{Identifier: "x"}); err == nil || c.IsValid() {
		t.Errorf("a network without children was defined: %v", c)
	}
}

func TestUnderlyingOfATunnel(t *testing.T) {
	m, ctx := playScript(t, "access-point lte0 bearer=lte state=active metered=yes address=192.0.2.9/32 default-route=yes\n"+
		"access-point vpn0 role=tunnel state=active metered=no address=10.8.0.2/24\n"+
		"on refresh\n    set lte0 metered=no\n    access-point gre0 role=tunnel state=active over=vpn0\n")
	below := func(id string) (all []string) {
		for _, c := range m.Underlying(id) {
			all = append(all, c.ID)
		}
		return all
	}
	for id, want := range map[string][]string{"vpn0": {"lte0"}, "lte0": nil, InternetID: nil, "nothing": nil} {
		if got := below(id); !reflect.DeepEqual(got, want) {
			t.Errorf("%s runs over %v, want %v", id, got, want)
		}
	}
	if c := m.Configuration("vpn0"); c.Metered != MeteredYes {
		t.Errorf("over a metered link, but %+v", c)
	}
	s, err := m.Open(ctx, "vpn0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	if s.Snapshot().Policies != NoBackgroundTraffic {
		t.Errorf("policies %v", s.Snapshot().Policies)
	}
	events := m.Events(ctx)
	m.UpdateConfigurations()
	until(t, events, UsagePoliciesChanged{})
	if s.Snapshot().Policies != 0 || !reflect.DeepEqual(below("gre0"), []string{"vpn0"}) {
		t.Errorf("policies %v, gre0 runs over %v", s.Snapshot().Policies, below("gre0"))
	}
}

func TestSetLogGetsTheLinesOfNewManager(t *testing.T) {
	m := &Manager{}
	for i := 0; i < 2*maxEarlyLines; i++ {
		(*listener)(m).Log(backend.LevelInfo, "early")
	}
	var lines []string
	m.SetLog(func(_ LogLevel, text string) { lines = append(lines, text) })
	(*listener)(m).Log(backend.LevelInfo, "late")
	if len(lines) != maxEarlyLines+1 || lines[maxEarlyLines] != "late" {
		t.Errorf("the log is %q", lines)
	}
}

// Sessions and streams come and go on many goroutines while the network changes.
func TestManyAtOnce(t *testing.T) {
	m, ctx := playScript(t, cable+"repeat forever\n on refresh\n set eth0 metric=1\n on refresh\n set eth0 metric=2\nend\n")
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := 0; j < 20; j++ {
				mine, done := context.WithCancel(ctx)
				events := m.Events(mine)
				s, err := m.Open(ctx, InternetID)
				if err != nil {
					t.Error(err)
				} else {
					until(t, events, Opened{})
					s.Free()
				}
				m.UpdateConfigurations()
				until(t, events, UpdateCompleted{})
				done()
			}
		}()
	}
	group.Wait()
}

func TestTheEnvironmentOfThisProcessIsTrusted(t *testing.T) {
	t.Setenv("NETSESSION_OPTIONS", "backend=wicd")
	if options.ReadEnvironment().Options == "" {
		t.Skip("the test runs with rights of its file")
	}
	if _, err := NewManager(Options{}); err == nil || !strings.Contains(err.Error(), "wicd") {
		t.Errorf("NETSESSION_OPTIONS is not looked at: %v", err)
	}
}
