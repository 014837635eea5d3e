package script

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// testEngine is an engine that plays a script, and everything that it reports.
type testEngine struct {
	t      *testing.T
	engine *engine.Engine
	client *engine.Client
	events chan string
}

// open plays a script in a new engine.
func open(t *testing.T, text string) *testEngine {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.play")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e := &testEngine{t: t, events: make(chan string, 1000)}
	e.engine = engine.New(engine.Options{
		NewBackend:   func() (backend.Backend, error) { return New(path) },
		StartTimeout: 2 * time.Minute, Linger: time.Millisecond,
	})
	client, err := e.engine.Attach(e)
	if err != nil {
		t.Fatal(err)
	}
	e.client = client
	t.Cleanup(client.Detach)
	return e
}

func (e *testEngine) Added(*engine.Entry)   {}
func (e *testEngine) Changed(*engine.Entry) {}
func (e *testEngine) Removed(*engine.Entry) {}
func (e *testEngine) NetworkStateChanged(before, after engine.NetworkState) {
	if before.Online != after.Online {
		e.events <- fmt.Sprintf("online(%v)", after.Online)
	}
}
func (e *testEngine) Updated()                  { e.events <- "updated" }
func (e *testEngine) Log(backend.Level, string) {}

// user records the events of one session.
type user struct {
	*engine.Session
	engine *testEngine
}

func (e *testEngine) session(id string) *user {
	e.t.Helper()
	u := &user{engine: e}
	s, err := e.engine.NewSession(id, func(s *engine.Session) engine.SessionListener {
		u.Session = s
		return u
	})
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(s.Free)
	return u
}

func (u *user) Publish(engine.SessionSnapshot) {}
func (u *user) Freed()                         {}
func (u *user) Chooses() bool                  { return false }

func (u *user) Event(e session.Effect) {
	text := e.Kind.String()
	switch e.Kind {
	case session.EmitState:
		text = e.State.String()
	case session.EmitError:
		text = fmt.Sprintf("error(%v: %s)", e.Err, e.Text)
	case session.EmitPreferred:
		text = "offer(" + e.ID + ")"
	case session.EmitPolicies:
		text = fmt.Sprintf("policies(%d)", e.Policies)
	}
	u.engine.events <- text
}

// expect waits for the next event. The last words may be a prefix of the event.
func (e *testEngine) expect(want ...string) {
	e.t.Helper()
	limit := time.After(2 * time.Minute)
	for i, next := range want {
		select {
		case got := <-e.events:
			if !strings.HasPrefix(got, next) {
				e.t.Fatalf("got %s, want %s, after %v", got, next, want[:i])
			}
		case <-limit:
			e.t.Fatalf("nothing reported, want %s, after %v", next, want[:i])
		}
	}
}

// expectAll waits for the next events in any order: the engine decides whether
// a link is reported down before or after its attempt ends.
func (e *testEngine) expectAll(want ...string) {
	e.t.Helper()
	limit := time.After(2 * time.Minute)
	for len(want) > 0 {
		select {
		case got := <-e.events:
			want = e.strike(got, want)
		case <-limit:
			e.t.Fatalf("nothing reported, want %v", want)
		}
	}
}

func (e *testEngine) strike(got string, want []string) []string {
	e.t.Helper()
	for i, next := range want {
		if strings.HasPrefix(got, next) {
			return slices.Concat(want[:i], want[i+1:])
		}
	}
	e.t.Fatalf("got %s, want %v", got, want)
	return nil
}

// refresh plays the next step. Its changes are reported before "updated".
func (e *testEngine) refresh(want ...string) {
	e.t.Helper()
	e.client.Refresh()
	e.expect(append(want, "updated")...)
}

func TestEngineOpensAndCloses(t *testing.T) {
	e := open(t, "access-point eth0 default-route=yes address=192.0.2.5/24 received=5 written=6\nstart eth0 hangs\nstop eth0 hangs\non refresh\nstart eth0 succeeds\non refresh\nstop eth0 succeeds")
	s := e.session("eth0")
	s.Open()
	e.expect("Connecting")
	e.refresh("opened", "Connected", "online(true)")
	if v := s.Snapshot(); v.Interface != "eth0" || v.Index != 2 || v.Active != "eth0" {
		t.Errorf("%+v", v)
	}
	if n := s.Counters(); n.Received != 5 || n.Written != 6 {
		t.Errorf("%+v", n)
	}
	s.Close()
	e.expect("closed", "Closing")
	e.refresh("Disconnected", "online(false)")
}

// The story of the second example.
func TestEngineIsRefused(t *testing.T) {
	e := open(t, readFile(t, "testdata/refused.play"))
	s := e.session("wlan0")
	s.Open()
	e.expect("Connecting", "Disconnected", "error(SessionAbortedError: Hotel Wi-Fi did not accept the password.")
	s.Open()
	e.expect("Connecting")
	e.expectAll("Disconnected", "error(UnknownSessionError: Hotel Wi-Fi did not come up within 100ms")
	s.Open()
	e.expect("Connecting")
	e.expectAll("Disconnected", "error(UnknownSessionError: Hotel Wi-Fi did not come up within 100ms")
	s.Open()
	e.expect("Connecting", "opened", "Connected", "online(true)")
}

// The story of the first example.
func TestEngineRoams(t *testing.T) {
	e := open(t, readFile(t, "testdata/laptop.play"))
	s := e.session(bearer.InternetID)
	s.Open()
	e.expect("opened")
	e.client.Refresh()
	e.drainTo("newConfigurationActivated", "Connected")
	if v := s.Snapshot(); v.Active != "wlan0" {
		t.Errorf("roamed to %+v", v)
	}
	e.client.Refresh()
	e.drainTo("newConfigurationActivated", "Connected")
	if v := s.Snapshot(); v.Active != "eth0" || !v.Open {
		t.Errorf("roamed back to %+v", v)
	}
}

// drainTo waits for events in their order, and ignores others.
func (e *testEngine) drainTo(want ...string) {
	e.t.Helper()
	limit := time.After(2 * time.Minute)
	for _, next := range want {
		for got := ""; got != next; {
			select {
			case got = <-e.events:
			case <-limit:
				e.t.Fatalf("no more events, want %s", next)
			}
		}
	}
}

// The story of the fourth example.
func TestEngineKnowsTheLinkUnderATunnel(t *testing.T) {
	e := open(t, readFile(t, "testdata/vpn.play"))
	u := e.session("vpn0")
	below := func(want string) {
		t.Helper()
		got := ""
		e.engine.Underlying("vpn0", func(entry *engine.Entry) { got += entry.ID() })
		if got != want {
			t.Errorf("runs over %q, want %q", got, want)
		}
	}
	below("wwan0")
	if o := e.engine.NetworkState(); !o.Metered || o.Transport != bearer.TransportCellular {
		t.Errorf("%+v", o)
	}
	u.Open()
	e.expect("opened")
	e.refresh("policies(0)")
	below("wwan0")
	e.refresh("policies(1)")
	e.refresh("policies(0)")
	below("wlan0")
	e.refresh("policies(1)")
	below("wwan0")
}

// The story of the third example.
func TestEngineRestricts(t *testing.T) {
	e := open(t, readFile(t, "testdata/abroad.play"))
	s := e.session("wwan0")
	s.Open()
	e.expect("opened")
	e.refresh("policies(1)")
	e.refresh()
	// The variations of the signal change nothing for the session; the last
	// step waits until they are over.
	for s.Snapshot().Policies != 0 {
		e.client.Refresh()
		e.drainTo("updated")
	}
}

func TestEngineLosesItsLink(t *testing.T) {
	e := open(t, "access-point eth0 state=active\non refresh\nset eth0 state=defined\non refresh\nremove eth0")
	s := e.session("eth0")
	s.Open()
	e.expect("opened")
	e.refresh("closed", "error(SessionAbortedError: ", "NotAvailable")
	e.refresh("Invalid", "error(InvalidConfigurationError: ")
}

func TestEngineLetsTheApplicationDecide(t *testing.T) {
	e := open(t, "access-point wlan0 bearer=wlan state=active\non refresh\naccess-point eth0 bearer=ethernet state=active")
	s := e.session(bearer.InternetID)
	s.SetApplicationRoaming(true)
	s.Open()
	e.expect("opened")
	e.refresh("offer(eth0)")
	s.Migrate()
	e.drainTo("newConfigurationActivated", "Connected")
	s.Accept()
	if v := s.Snapshot(); v.Active != "eth0" {
		t.Errorf("%+v", v)
	}
}

func TestEngineIsDenied(t *testing.T) {
	e := open(t, "access-point eth0 denied=\"Only the administrator may.\"\naccess-point eth1 state=active denied=\"No.\"")
	s := e.session("eth0")
	s.Open()
	e.expect("Connecting", "Disconnected", "error(OperationNotSupportedError: Only the administrator may.")
	e.session("eth1").Stop()
	e.expect("error(OperationNotSupportedError: No.")
	if e.engine.Capabilities()&engine.CanStartAndStopInterfaces != 0 {
		t.Error("links can be started and stopped")
	}
}

// Another session can stop a link that a session started.
func TestEngineStops(t *testing.T) {
	e := open(t, "access-point eth0\nstart eth0 hangs\non refresh\nset eth0 state=active")
	s := e.session("eth0")
	s.Open()
	e.expect("Connecting")
	e.refresh("opened", "Connected")
	s.Stop()
	e.expect("Closing", "closed", "error(SessionAbortedError: ", "Disconnected")
}

// A missing or invalid script is an error of Acquire.
func TestEngineTellsASyntaxError(t *testing.T) {
	e := engine.New(engine.Options{NewBackend: func() (backend.Backend, error) { return New("testdata") }})
	if err := e.Acquire(); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Error(err)
	}
}
