package host

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// source is a backend that reports what a test makes it report.
type source struct {
	reports  chan bearer.Batch
	reported chan struct{}
}

func (s *source) Run(ctx context.Context, sink backend.Sink) error {
	sink.Report(bearer.Batch{Complete: true})
	for {
		select {
		case <-ctx.Done():
			return nil
		case b := <-s.reports:
			sink.Report(b)
			s.reported <- struct{}{}
		}
	}
}

func (s *source) Start(string) {}
func (s *source) Stop(string)  {}
func (s *source) Refresh()     {}
func (s *source) Counters(string) (backend.Counters, error) {
	return backend.Counters{Received: 1, Written: 2}, nil
}
func (s *source) Capabilities() backend.Capabilities { return backend.CanStartAndStop }

// calls is a log of calls to the receivers, in their order.
type calls struct {
	mu  sync.Mutex // guards all
	all []string
}

func (c *calls) add(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, fmt.Sprintf(format, args...))
}

// take returns the calls since the last take, on one line.
func (c *calls) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer func() { c.all = nil }()
	return strings.Join(c.all, ", ")
}

// world is an engine with receivers that log their calls.
type world struct {
	*source
	*calls
	engine *Engine
	client *Client
	fence  *Session // whose IsOpening waits for the loop
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{source: &source{make(chan bearer.Batch), make(chan struct{})}, calls: &calls{}}
	w.engine = newEngine(engine.Options{
		NewBackend: func() (backend.Backend, error) { return w.source, nil },
	}, func(*Engine) Publisher { return publisherLog{w} })
	var err error
	if w.client, err = w.engine.Attach(listenerLog{w}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Detach)
	if w.fence, err = w.engine.NewSession("none", func(*Session) SessionListener { return &silent{} }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.fence.Free)
	return w
}

// report reports configurations and waits until the loop has taken the report in.
func (w *world) report(changed []bearer.Configuration, gone ...string) {
	w.reports <- bearer.Batch{Changed: changed, Gone: gone}
	<-w.reported
	w.fence.IsOpening()
}

// await waits until the log of calls contains everything that is wanted, and returns it.
func (w *world) await(t *testing.T, wanted string) string {
	t.Helper()
	var got []string
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if now := w.take(); now != "" {
			got = append(got, now)
		}
		if all := strings.Join(got, ", "); strings.Contains(all, wanted) {
			return all
		}
	}
	t.Fatalf("waited in vain for %q; there was %q", wanted, got)
	return ""
}

type publisherLog struct{ *world }

func (m publisherLog) Listed(e Entry) {
	if e.Datum() == nil {
		e.SetDatum("datum of " + e.ID())
	}
	m.add("listed %s", e.ID())
}
func (m publisherLog) Expected(e Entry)      { m.add("expected %s", e.ID()) }
func (m publisherLog) Changed(e Entry)       { m.add("publishered %s", e.ID()) }
func (m publisherLog) Unlisted(e Entry) bool { m.add("unlisted %s", e.ID()); return true }
func (m publisherLog) NetworkStateChanged(s netsession.NetworkState) {
	m.add("publishered %s", s.Reachability)
}
func (m publisherLog) Announced() { m.add("announced") }
func (m publisherLog) Flush()     { m.add("flush") }

type listenerLog struct{ *world }

func (l listenerLog) Added(e Entry)   { l.add("added %s", e.ID()) }
func (l listenerLog) Changed(e Entry) { l.add("changed %s", e.ID()) }
func (l listenerLog) Removed(e Entry) { l.add("removed %s", e.ID()) }
func (l listenerLog) NetworkStateChanged(before, after netsession.NetworkState) {
	l.add("%s to %s", before.Reachability, after.Reachability)
}
func (l listenerLog) Updated()                               { l.add("updated") }
func (l listenerLog) Log(_ netsession.LogLevel, text string) {}

// sessionLog also answers Chooses.
type sessionLog struct {
	*world
	session *Session
	asks    bool
}

func (s *sessionLog) Publish(v SessionSnapshot) { s.add("%s", v.State()) }
func (s *sessionLog) Event(e SessionEvent)      { s.add("%s", e.Kind) }
func (s *sessionLog) Chooses() bool             { return s.asks }
func (s *sessionLog) Freed()                    { s.add("freed") }

func up(id string) []bearer.Configuration {
	return []bearer.Configuration{{ID: id, Name: "Name of " + id, State: bearer.Active, Bearer: bearer.BearerWLAN,
		Strength: 40, Interface: id, Index: 7, DefaultRoute: true, Preferred: true}}
}

func TestThePublisherIsUpdatedBeforeTheListeners(t *testing.T) {
	w := newWorld(t)
	w.report(up("eth0"))
	got := w.await(t, "announced, flush")
	want := "listed eth0, publishered netsession:internet, publishered netsession:user-choice, publishered online, " +
		"added eth0, changed netsession:internet, disconnected to online, announced, flush"
	if !strings.Contains(got, want) {
		t.Errorf("a link is found:\n%s, want\n%s", got, want)
	}
	w.report(nil, "eth0")
	if got := w.await(t, "removed eth0"); !strings.Contains(got, "unlisted eth0") {
		t.Errorf("a link is removed: %s", got)
	}
}

func TestAnEntryKeepsItsDatumUntilItIsReaped(t *testing.T) {
	w := newWorld(t)
	w.report(up("eth0"))
	var entry Entry
	if !w.engine.Find("eth0", func(e Entry) { entry = e }) || entry.Datum() != "datum of eth0" {
		t.Fatalf("eth0 has %v", entry.Datum())
	}
	c := entry.Configuration()
	w.report(nil, "eth0")
	if w.engine.Find("eth0", func(Entry) {}) || entry.Configuration().Type() != netsession.TypeInvalid {
		t.Error("eth0 exists still")
	}
	if c.Type() != netsession.TypeInternetAccessPoint || c.State() != netsession.StateActive || c.Name() != "Name of eth0" ||
		c.Interface() != "eth0" || c.BearerType() != netsession.BearerWLAN || c.SignalStrength() != 40 ||
		c.Purpose() != netsession.PurposeUnknown || c.IsRoamingAvailable() {
		t.Errorf("a value has changed: %+v", c.value)
	}
	w.report(up("eth0"))
	w.engine.Reap(entry, func() bool { t.Error("a listed configuration is reaped"); return true })
	w.engine.Find("eth0", func(e Entry) {
		if e != entry {
			t.Error("eth0 came back as another entry")
		}
	})
	w.report(nil, "eth0")
	w.engine.Reap(entry, func() bool { return true })
	w.report(up("eth0"))
	w.engine.Find("eth0", func(e Entry) {
		if e == entry {
			t.Error("eth0 came back as the entry that was reaped")
		}
	})
	w.engine.Refer("usb0", func(e Entry) { entry = e })
	if got := w.take(); !strings.HasSuffix(got, "expected usb0") || entry.ID() != "usb0" {
		t.Errorf("usb0 is referred to: %s", got)
	}
}

func TestASessionReportsToItsListener(t *testing.T) {
	w := newWorld(t)
	w.report(up("eth0"))
	w.await(t, "announced, flush")
	l := &sessionLog{world: w}
	s, err := w.engine.NewSession("eth0", func(made *Session) SessionListener { l.session = made; return l })
	if err != nil || s != l.session {
		t.Fatal(err)
	}
	s.Open()
	if s.IsOpening() || !s.WaitForOpened(time.Second) {
		t.Error("the session is not open")
	}
	if got := w.await(t, "flush"); !strings.Contains(got, "Connected, opened") {
		t.Errorf("an open: %s", got)
	}
	v := s.Snapshot()
	if !v.IsOpen() || v.State() != netsession.SessionConnected || v.Interface() != "eth0" || v.InterfaceIndex() != 7 ||
		v.ActiveSince().IsZero() || v.ErrorText() != "" || v.ErrorCode() != 0 || v.Policies() != 0 {
		t.Errorf("the session is %+v", v.value)
	}
	if c := s.Counters(); c != (netsession.Counters{Received: 1, Written: 2}) {
		t.Errorf("the counters are %v", c)
	}
	if err := s.Decline(); err != netsession.ErrNotAsked {
		t.Errorf("an answer without a question: %v", err)
	}
	s.Free()
	w.await(t, "freed")
}

func TestAQuestionIsAnswered(t *testing.T) {
	w := newWorld(t)
	w.report(up("eth0"))
	l := &sessionLog{world: w, asks: true}
	s, err := w.engine.NewSession(netsession.UserChoiceID, func(*Session) SessionListener { return l })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	s.Open()
	w.await(t, "choose")
	var ids []string
	if !s.Candidates(s.Question(), func(e Entry) { ids = append(ids, e.ID()) }) || !reflect.DeepEqual(ids, []string{"eth0", netsession.InternetID}) {
		t.Errorf("the candidates are %q", ids)
	}
	if err := s.Choose("nothing"); err != netsession.ErrNoCandidate {
		t.Errorf("what does not exist was chosen: %v", err)
	}
	s.CancelQuestion(s.Question())
	if !s.WaitForOpened(time.Second) {
		t.Error("the best access point is not open")
	}
	if err := s.Choose("eth0"); err != netsession.ErrAnswered {
		t.Errorf("a second answer: %v", err)
	}
}

func TestServiceNetworks(t *testing.T) {
	w := newWorld(t)
	w.report(up("eth0"))
	n := netsession.ServiceNetwork{Identifier: "office", Name: "Office", Purpose: netsession.PurposePrivate, Children: []string{"eth0"}}
	err := w.engine.DefineServiceNetwork(n, func(e Entry) {
		if c := e.Configuration(); e.ID() != n.ID() || c.Name() != "Office" || c.Purpose() != netsession.PurposePrivate ||
			c.Type() != netsession.TypeServiceNetwork || c.BearerType() != netsession.BearerUnknown {
			t.Errorf("the network is %+v", c.value)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	children := 0
	w.engine.Children(n.ID(), func(Entry) { children++ })
	if children != 1 || w.engine.RemoveServiceNetwork(n.ID()) != nil || w.engine.RemoveServiceNetwork(n.ID()) != netsession.ErrNoServiceNetwork {
		t.Errorf("%d children, or the network is not removed once", children)
	}
}

// The C interface adds the kind to its own first event.
func TestEventKindsAreTheEngines(t *testing.T) {
	for internal, kind := range map[session.EffectKind]SessionEventKind{
		session.EmitOpened: SessionOpened, session.EmitClosed: SessionClosed, session.EmitState: SessionStateChanged,
		session.EmitError: SessionErrorOccurred, session.EmitPreferred: SessionPreferredConfigurationChanged,
		session.EmitActivated: SessionNewConfigurationActivated, session.EmitPolicies: SessionUsagePoliciesChanged,
		session.EmitChoose: SessionChoiceRequested,
	} {
		if uint8(internal) != uint8(kind) || internal.String() != kind.String() {
			t.Errorf("%s of the engine is %s", internal, kind)
		}
	}
	got := eventOf(&session.Effect{Kind: session.EmitState, ID: "a", State: session.Roaming, Err: session.RoamingError, Text: "b", Seamless: true, Policies: 1})
	want := SessionEvent{Kind: SessionStateChanged, ID: "a", State: netsession.SessionRoaming, ErrorCode: netsession.ErrorRoaming, Text: "b", IsSeamless: true, Policies: 1}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	o := networkStateOf(engine.NetworkState{Online: true, Reach: bearer.ReachOnline, Portal: true, Transport: bearer.TransportWiFi, Metered: true})
	if o != (netsession.NetworkState{IsOnline: true, Reachability: netsession.ReachabilityOnline, IsBehindCaptivePortal: true, Transport: netsession.TransportWiFi, IsMetered: true}) {
		t.Errorf("the networks are %+v", o)
	}
}

// silent receives everything, and does nothing.
type silent struct{ state netsession.SessionState }

func (s *silent) Publish(v SessionSnapshot)                                 { s.state = v.State() }
func (s *silent) Event(e SessionEvent)                                      { s.state = e.State }
func (s *silent) Chooses() bool                                             { return false }
func (s *silent) Freed()                                                    {}
func (s *silent) Added(Entry)                                               {}
func (s *silent) Changed(Entry)                                             {}
func (s *silent) Removed(Entry)                                             {}
func (s *silent) Updated()                                                  {}
func (s *silent) Log(netsession.LogLevel, string)                           {}
func (s *silent) NetworkStateChanged(before, after netsession.NetworkState) {}

// What passes through this package on the way to the host costs no memory.
func TestReportsDoNotAllocate(t *testing.T) {
	w := newWorld(t)
	w.report(up("eth0"))
	entry := w.entry("eth0")
	var l engine.Listener = listener{&silent{}}
	var s engine.SessionListener = (*sessionListener)(&Session{listener: &silent{}})
	for name, report := range map[string]func(){
		"a change":        func() { l.Changed(entry.entry) },
		"a network state": func() { l.NetworkStateChanged(engine.NetworkState{}, engine.NetworkState{Online: true}) },
		"a publication":   func() { s.Publish(engine.SessionSnapshot{State: session.Connected}) },
		"an event":        func() { s.Event(session.Effect{Kind: session.EmitState, State: session.Connected}) },
		"a search":        func() { w.engine.Find("eth0", func(Entry) {}) },
		"a list":          func() { w.engine.Each(0, func(Entry) {}) },
		"a configuration": func() { _ = entry.Configuration().State() },
	} {
		if n := testing.AllocsPerRun(100, report); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func (w *world) entry(id string) (found Entry) {
	w.engine.Find(id, func(e Entry) { found = e })
	return found
}

func TestAPoolSharesEngines(t *testing.T) {
	publishers := 0
	p := Pool{NewPublisher: func(*Engine) Publisher { publishers++; return publisherLog{&world{calls: &calls{}}} }}
	scripted := netsession.Options{Backend: "script", Script: "a.play"}
	a, err := p.Engine(scripted, Environment{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Engine(netsession.Options{}, Environment{Options: "backend=script,script=a.play"})
	if err != nil || a != b || publishers != 1 || a.Publisher() == nil {
		t.Errorf("equal options, but %v, %d publishers", err, publishers)
	}
	if c, err := p.Engine(scripted, Environment{Runtime: "/run/user/1"}); err != nil || c == a {
		t.Errorf("another environment, but the same engine: %v", err)
	}
	if _, err := p.Engine(netsession.Options{Backend: "wicd"}, Environment{}); err == nil || !strings.Contains(err.Error(), "wicd") {
		t.Errorf("a wrong option: %v", err)
	}
	if _, err := a.Attach(&silent{}); err == nil {
		t.Error("a script that does not exist is played")
	}
}
