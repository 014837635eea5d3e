package script

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// world is an engine that plays a script, with everything that it tells.
type world struct {
	t      *testing.T
	engine *engine.Engine
	client *engine.Client
	told   chan string
}

// open plays a script in an engine of its own.
func open(t *testing.T, text string) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.play")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, told: make(chan string, 1000)}
	w.engine = engine.New(engine.Options{
		NewBackend: func() (backend.Backend, error) { return New(path) },
		Patience:   10 * time.Second, Linger: time.Millisecond,
	})
	client, err := w.engine.Attach(w)
	if err != nil {
		t.Fatal(err)
	}
	w.client = client
	t.Cleanup(client.Detach)
	return w
}

func (w *world) Added(*engine.Entry)   {}
func (w *world) Changed(*engine.Entry) {}
func (w *world) Removed(*engine.Entry) {}
func (w *world) OutlookChanged(before, after engine.Outlook) {
	if before.Online != after.Online {
		w.told <- fmt.Sprintf("online(%v)", after.Online)
	}
}
func (w *world) Updated()                  { w.told <- "updated" }
func (w *world) Log(backend.Level, string) {}

// user listens to one session.
type user struct {
	*engine.Session
	world *world
}

func (w *world) session(id string) *user {
	w.t.Helper()
	u := &user{world: w}
	s, err := w.engine.NewSession(id, func(s *engine.Session) engine.SessionListener {
		u.Session = s
		return u
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(s.Free)
	return u
}

func (u *user) Publish(engine.View) {}
func (u *user) Freed()              {}
func (u *user) Chooses() bool       { return false }

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
	u.world.told <- text
}

// expect waits for what is told next. The last words may be the beginning of
// what is told.
func (w *world) expect(want ...string) {
	w.t.Helper()
	limit := time.After(2 * time.Minute)
	for i, next := range want {
		select {
		case got := <-w.told:
			if !strings.HasPrefix(got, next) {
				w.t.Fatalf("told %s, wanted %s, after %v", got, next, want[:i])
			}
		case <-limit:
			w.t.Fatalf("nothing told, wanted %s, after %v", next, want[:i])
		}
	}
}

// expectAll waits for what is told next, in any order: whether a link is down
// before or after its attempt was given up is for the engine to say.
func (w *world) expectAll(want ...string) {
	w.t.Helper()
	limit := time.After(2 * time.Minute)
	for len(want) > 0 {
		select {
		case got := <-w.told:
			want = w.strike(got, want)
		case <-limit:
			w.t.Fatalf("nothing told, wanted %v", want)
		}
	}
}

func (w *world) strike(got string, want []string) []string {
	w.t.Helper()
	for i, next := range want {
		if strings.HasPrefix(got, next) {
			return append(append([]string(nil), want[:i]...), want[i+1:]...)
		}
	}
	w.t.Fatalf("told %s, wanted %v", got, want)
	return nil
}

// refresh plays the next step. What it changed is told before "updated".
func (w *world) refresh(want ...string) {
	w.t.Helper()
	w.client.Refresh()
	w.expect(append(want, "updated")...)
}

func TestEngineOpensAndCloses(t *testing.T) {
	w := open(t, "access-point eth0 default-route=yes address=192.0.2.5/24 received=5 written=6\nstart eth0 hangs\nstop eth0 hangs\non refresh\nstart eth0 succeeds\non refresh\nstop eth0 succeeds")
	s := w.session("eth0")
	s.Open()
	w.expect("Connecting")
	w.refresh("opened", "Connected", "online(true)")
	if v := s.View(); v.Interface != "eth0" || v.Index != 2 || v.Active != "eth0" {
		t.Errorf("%+v", v)
	}
	if n := s.Counters(); n.Received != 5 || n.Written != 6 {
		t.Errorf("%+v", n)
	}
	s.Close()
	w.expect("closed", "Closing")
	w.refresh("Disconnected", "online(false)")
}

// The story that the second example tells.
func TestEngineIsRefused(t *testing.T) {
	w := open(t, readFile(t, "testdata/refused.play"))
	s := w.session("wlan0")
	s.Open()
	w.expect("Connecting", "Disconnected", "error(SessionAbortedError: Hotel Wi-Fi did not accept the password.")
	s.Open()
	w.expect("Connecting")
	w.expectAll("Disconnected", "error(UnknownSessionError: Hotel Wi-Fi did not come up within 100ms")
	s.Open()
	w.expect("Connecting")
	w.expectAll("Disconnected", "error(UnknownSessionError: Hotel Wi-Fi did not come up within 100ms")
	s.Open()
	w.expect("Connecting", "opened", "Connected", "online(true)")
}

// The story that the first example tells.
func TestEngineRoams(t *testing.T) {
	w := open(t, readFile(t, "testdata/laptop.play"))
	s := w.session(bearer.InternetID)
	s.Open()
	w.expect("opened")
	w.client.Refresh()
	w.drainTo("newConfigurationActivated", "Connected")
	if v := s.View(); v.Active != "wlan0" {
		t.Errorf("roamed to %+v", v)
	}
	w.client.Refresh()
	w.drainTo("newConfigurationActivated", "Connected")
	if v := s.View(); v.Active != "eth0" || !v.Open {
		t.Errorf("roamed back to %+v", v)
	}
}

// drainTo waits for events in their order, and lets others pass.
func (w *world) drainTo(want ...string) {
	w.t.Helper()
	limit := time.After(2 * time.Minute)
	for _, next := range want {
		for got := ""; got != next; {
			select {
			case got = <-w.told:
			case <-limit:
				w.t.Fatalf("nothing more is told, wanted %s", next)
			}
		}
	}
}

// The story that the fourth example tells.
func TestEngineKnowsTheLinkUnderATunnel(t *testing.T) {
	w := open(t, readFile(t, "testdata/vpn.play"))
	u := w.session("vpn0")
	below := func(want string) {
		t.Helper()
		got := ""
		w.engine.Underlying("vpn0", func(e *engine.Entry) { got += e.ID() })
		if got != want {
			t.Errorf("runs over %q, want %q", got, want)
		}
	}
	below("wwan0")
	if o := w.engine.Outlook(); !o.Metered || o.Transport != bearer.TransportCellular {
		t.Errorf("%+v", o)
	}
	u.Open()
	w.expect("opened")
	w.refresh("policies(0)")
	below("wwan0")
	w.refresh("policies(1)")
	w.refresh("policies(0)")
	below("wlan0")
	w.refresh("policies(1)")
	below("wwan0")
}

// The story that the third example tells.
func TestEngineRestricts(t *testing.T) {
	w := open(t, readFile(t, "testdata/abroad.play"))
	s := w.session("wwan0")
	s.Open()
	w.expect("opened")
	w.refresh("policies(1)")
	w.refresh()
	// The signal's ups and downs change nothing for the session; the last
	// step waits until they are over.
	for s.View().Policies != 0 {
		w.client.Refresh()
		w.drainTo("updated")
	}
}

func TestEngineLosesItsLink(t *testing.T) {
	w := open(t, "access-point eth0 state=active\non refresh\nset eth0 state=defined\non refresh\nremove eth0")
	s := w.session("eth0")
	s.Open()
	w.expect("opened")
	w.refresh("closed", "error(SessionAbortedError: ", "NotAvailable")
	w.refresh("Invalid", "error(InvalidConfigurationError: ")
}

func TestEngineLetsTheApplicationDecide(t *testing.T) {
	w := open(t, "access-point wlan0 bearer=wlan state=active\non refresh\naccess-point eth0 bearer=ethernet state=active")
	s := w.session(bearer.InternetID)
	s.SetAsks(true)
	s.Open()
	w.expect("opened")
	w.refresh("offer(eth0)")
	s.Migrate()
	w.drainTo("newConfigurationActivated", "Connected")
	s.Accept()
	if v := s.View(); v.Active != "eth0" {
		t.Errorf("%+v", v)
	}
}

func TestEngineIsDenied(t *testing.T) {
	w := open(t, "access-point eth0 denied=\"Only the administrator may.\"\naccess-point eth1 state=active denied=\"No.\"")
	s := w.session("eth0")
	s.Open()
	w.expect("Connecting", "Disconnected", "error(OperationNotSupportedError: Only the administrator may.")
	w.session("eth1").Stop()
	w.expect("error(OperationNotSupportedError: No.")
	if w.engine.Capabilities()&engine.CanStartAndStopInterfaces != 0 {
		t.Error("links can be started and stopped")
	}
}

// A session that a session started is stopped by others too.
func TestEngineStops(t *testing.T) {
	w := open(t, "access-point eth0\nstart eth0 hangs\non refresh\nset eth0 state=active")
	s := w.session("eth0")
	s.Open()
	w.expect("Connecting")
	w.refresh("opened", "Connected")
	s.Stop()
	w.expect("Closing", "closed", "error(SessionAbortedError: ", "Disconnected")
}

// A script that is not there, or not one, is told when the engine is asked for.
func TestEngineTellsASyntaxError(t *testing.T) {
	e := engine.New(engine.Options{NewBackend: func() (backend.Backend, error) { return New("testdata") }})
	if err := e.Acquire(); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Error(err)
	}
}
