package connman

import (
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// seen is the visible state of a service after each state, as backendtest.StateName has them.
func seen(h *harness, id string, states ...string) string {
	var words []string
	for _, state := range states {
		h.signalProperty(h.state.services[id].path, "State", state)
		words = append(words, backendtest.StateName(shown(h.state, id)))
	}
	return strings.Join(words, " ")
}

// The states are as ConnMan 1.41 and 2.0 signal them.
func TestWaysDown(t *testing.T) {
	cases := []struct {
		name, from string
		states     []string
		want       string
	}{
		{"disconnected, unplugged or switched off", "ready", []string{"configuration", "disconnect", "idle"}, "active closing discovered"},
		{"while online", "online", []string{"configuration", "disconnect", "idle"}, "active closing discovered"},
		{"a VPN", "ready", []string{"disconnect", "idle"}, "closing discovered"},
		{"by way of association", "online", []string{"association", "disconnect", "idle"}, "active closing discovered"},
		{"failed", "ready", []string{"configuration", "failure"}, "active discovered"},
		{"configured anew", "ready", []string{"configuration", "ready"}, "active active"},
		{"another access point", "online", []string{"association", "configuration", "ready", "online"}, "active active active active"},
		{"connected", "idle", []string{"association", "configuration", "ready"}, "connecting connecting active"},
		{"connected by itself after it was down", "ready", []string{"configuration", "disconnect", "idle", "configuration", "ready"},
			"active closing discovered connecting active"},
		{"an attempt that is given up", "configuration", []string{"disconnect", "idle"}, "closing discovered"},
	}
	for _, c := range cases {
		h := newHarness(t, entry(wiredPath, wired(c.from)))
		if got := seen(h, wiredID, c.states...); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestOwnDisconnectIsClosing(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("ready")))
	h.executor.stop(wiredID)
	if got := seen(h, wiredID, "configuration", "disconnect", "idle", "configuration"); got != "closing closing discovered connecting" {
		t.Error(got)
	}
}

// A Disconnect that is refused leaves the service as it is.
func TestOwnDisconnectFails(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("ready")))
	h.executor.stop(wiredID)
	h.signalProperty(wiredPath, "State", "configuration")
	h.expect("Wired discovered 2", "call Disconnect "+wiredCall, "Wired discovered 2")
	h.reply("Disconnect", said("PermissionDenied"))
	h.expect("Wired active 0", "not stopped: …")
}

// A withdrawn attempt is going down, whatever ConnMan calls its state.
func TestWithdrawnAttemptIsClosing(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("configuration")))
	h.executor.stop(wiredID)
	h.expect("Wired discovered 2", "call Disconnect "+wiredCall)
	h.signalProperty(wiredPath, "State", "idle")
	h.reply("Disconnect", nil)
	h.expect("Wired discovered 0", "stopped")
}

// The list is read again while a service is configured anew.
func TestReadingKeepsTheStateHistory(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("online")))
	h.signalProperty(wiredPath, "State", "configuration")
	h.readAll(func() {})
	h.replyAll(list(), list(entry(wiredPath, wired("configuration"))))
	if got := backendtest.StateName(shown(h.state, wiredID)); got != "active" {
		t.Error(got)
	}
	h.readAll(func() {})
	h.replyAll(list(), list(entry(wiredPath, wired("ready"))))
	if got := shown(h.state, wiredID); got.Reach != bearer.ReachSite {
		t.Errorf("reach %d", got.Reach)
	}
}

func TestReach(t *testing.T) {
	type step struct{ name, value string }
	cases := []struct {
		name  string
		from  string
		steps []step
		want  bearer.Reach
	}{
		{"online", "online", nil, bearer.ReachOnline},
		{"not looked at", "ready", nil, bearer.ReachUnknown},
		{"the look failed", "ready", []step{{"Error", "online-check-failed"}}, bearer.ReachSite},
		{"it was looked at again", "ready", []step{{"Error", "online-check-failed"}, {"State", "online"}}, bearer.ReachOnline},
		{"the error is withdrawn", "ready", []step{{"Error", "online-check-failed"}, {"Error", ""}}, bearer.ReachUnknown},
		{"the internet is lost", "online", []step{{"State", "ready"}}, bearer.ReachSite},
		{"configured anew", "online", []step{{"State", "configuration"}}, bearer.ReachOnline},
		{"another run", "online", []step{{"State", "disconnect"}, {"State", "idle"}, {"State", "configuration"}, {"State", "ready"}}, bearer.ReachUnknown},
		{"down", "online", []step{{"State", "idle"}}, bearer.ReachUnknown},
	}
	for _, c := range cases {
		h := newHarness(t, entry(wiredPath, wired(c.from)))
		for _, s := range c.steps {
			h.signalProperty(wiredPath, s.name, s.value)
		}
		if got := shown(h.state, wiredID).Reach; got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
