package connman

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// harness is a monitor without a bus: the test plays ConnMan, and the clock.
type harness struct {
	*monitor
	t      *testing.T
	calls  []sentCall
	timers []setTimer
	events []string // calls, reports and answers, in their order
}

type sentCall struct {
	bus.Call
	done func(bus.Reply)
}

type setTimer struct {
	after time.Duration
	do    func()
	timer *bus.Timer
}

func newHarness(t *testing.T, entries ...[]any) *harness {
	h := &harness{t: t}
	b := bus.New("unix:path=/nowhere", daemonName)
	h.monitor = newMonitor(h, b, func(bool) {})
	h.call = func(c bus.Call, done func(bus.Reply)) {
		h.calls = append(h.calls, sentCall{c, done})
		h.note("call %s %s", c.Method, strings.TrimPrefix(string(c.Path), servicePrefix))
	}
	h.after = func(d time.Duration, do func()) *bus.Timer {
		timer := b.After(time.Hour, func() {})
		t.Cleanup(timer.Stop)
		h.timers = append(h.timers, setTimer{d, do, timer})
		return timer
	}
	h.Appeared(daemonName)
	h.replyAll(list(entry("/net/connman/technology/wifi", props("Type", "wifi", "Powered", true))), list(entries...))
	h.events = nil
	return h
}

func (h *harness) note(format string, args ...any) {
	h.events = append(h.events, fmt.Sprintf(format, args...))
}

func (h *harness) Report(b bearer.Batch) {
	for _, c := range b.Changed {
		h.note("%s %v %d", c.Name, c.State, c.Progress)
	}
	for _, id := range b.Gone {
		h.note("gone %s", id)
	}
	switch {
	case b.Complete:
		h.note("complete")
	case b.Managed != nil:
		h.note("manages %v", b.Managed)
	}
}

func (h *harness) Done(a backend.Answer) {
	verb := [...]string{"started", "stopped", "refreshed"}[a.Op]
	if a.Err != nil {
		h.note("not %s: %s", verb, a.Err.Error())
		return
	}
	if a.Joined {
		verb = "found " + verb
	}
	h.note("%s", verb)
}

func (h *harness) Loading() { h.note("loading") }

func (h *harness) Log(level backend.Level, text string) { h.note("log %s", text) }

// reply answers the oldest call of a method.
func (h *harness) reply(method string, err error, body ...any) {
	h.t.Helper()
	for i, c := range h.calls {
		if c.Method == method {
			h.calls = append(append([]sentCall{}, h.calls[:i]...), h.calls[i+1:]...)
			c.done(bus.Reply{Body: body, Err: err})
			return
		}
	}
	h.t.Fatalf("%s was not called; the events: %q", method, h.events)
}

// replyAll answers the calls of readAll.
func (h *harness) replyAll(technologies, services any) {
	h.t.Helper()
	h.reply("GetProperties", nil, props("OfflineMode", false, "State", "idle"))
	h.reply("GetTechnologies", nil, technologies)
	h.reply("GetServices", nil, services)
}

// signalProperty signals a changed property of a service.
func (h *harness) signalProperty(path dbus.ObjectPath, name string, v any) {
	h.Signal(bus.Signal{Path: path, Interface: "net.connman.Service", Member: "PropertyChanged", Body: []any{name, value(v)}})
}

// fireTimer fires the last timer of this length.
func (h *harness) fireTimer(d time.Duration) {
	h.t.Helper()
	for i := len(h.timers) - 1; i >= 0; i-- {
		if h.timers[i].after == d {
			h.timers[i].do()
			return
		}
	}
	h.t.Fatalf("no timer of %v", d)
}

// expect compares what happened since the last time. The end of an expected
// line may be left out with "…".
func (h *harness) expect(want ...string) {
	h.t.Helper()
	same := len(want) == len(h.events)
	for i := 0; same && i < len(want); i++ {
		begin := strings.TrimSuffix(want[i], "…")
		same = h.events[i] == want[i] || begin != want[i] && strings.HasPrefix(h.events[i], begin)
	}
	if !same {
		h.t.Errorf("happened:\n\t%s\nexpected:\n\t%s", strings.Join(h.events, "\n\t"), strings.Join(want, "\n\t"))
	}
	h.events = nil
}

const homeCall, cafeCall, wiredCall = "wifi_020304050607_486f6d65_managed_psk", "wifi_020304050607_43616665_managed_none", "ethernet_0a0b0c0d0e0f_cable"

func TestStartSucceeds(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.expect("call Connect " + homeCall)
	h.signalProperty(homePath, "State", "association")
	h.signalProperty(homePath, "State", "configuration")
	h.expect("Home discovered 1", "Home discovered 1")
	h.signalProperty(homePath, "State", "ready")
	h.expect("Home active 0")
	h.reply("Connect", nil)
	h.expect("started")
}

// The answer arrives when the service is up already, or never.
func TestStartThatIsNotAnswered(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.signalProperty(homePath, "State", "ready")
	h.expect("call Connect "+homeCall, "Home active 0")
	h.fireTimer(settleTimeout)
	h.expect("started")
	h.reply("Connect", said("Failed"))
	h.expect()
}

// Another process was faster; ConnMan had not signalled it when Connect was sent.
func TestStartThatOthersMade(t *testing.T) {
	for _, answer := range []string{"AlreadyConnected", "InProgress", "Failed"} {
		h := newHarness(t, entry(homePath, home("idle")))
		h.executor.start(homeID)
		h.signalProperty(homePath, "State", "ready")
		h.reply("Connect", said(answer))
		h.expect("call Connect "+homeCall, "Home active 0", "found started")
	}
}

func TestStartOfAServiceThatIsUp(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("ready")))
	h.executor.start(wiredID)
	h.expect("found started")
}

// While an agent shows the error to the user, ConnMan does not answer.
func TestStartFailsWithTheServicesError(t *testing.T) {
	h := newHarness(t, entry(homePath, with(home("failure"), "Error", "dhcp-failed")))
	h.executor.start(homeID)
	h.signalProperty(homePath, "Strength", uint8(20))
	h.expect("call Connect "+homeCall, "Home discovered 0")
	h.signalProperty(homePath, "State", "association")
	h.signalProperty(homePath, "Error", "invalid-key")
	h.events = nil
	h.signalProperty(homePath, "State", "failure")
	h.expect("Home discovered 0", `not started: "Home" could not be connected: the passphrase that ConnMan has for it was not accepted…`)
	h.reply("Connect", said("Failed"))
	h.expect()
}

func TestStartFailsWithTheAnswer(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.events = nil
	h.reply("Connect", said("NoCarrier"))
	h.expect(`not started: "Home" could not be connected: it has no carrier.`)
}

func TestStartOfAServiceThatIsConnecting(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("association")))
	h.executor.start(wiredID)
	h.expect()
	h.signalProperty(wiredPath, "State", "online")
	h.expect("Wired active 0", "found started")
}

// ConnMan's own attempt fails: then the requested attempt is made.
func TestStartAfterAnAttemptThatFails(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("association")))
	h.executor.start(wiredID)
	h.signalProperty(wiredPath, "State", "failure")
	h.expect("Wired discovered 0", "call Connect "+wiredCall)
	h.reply("Connect", said("NoCarrier"))
	h.expect("not started: …")
}

func TestStartTakesTheInterfaceOver(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")), entry(cafePath, cafe("ready")))
	h.executor.start(homeID)
	h.signalProperty(cafePath, "State", "disconnect")
	h.expect("call Connect "+homeCall, "Cafe discovered 2")
	h.reply("Connect", said("OperationTimeout"))
	h.signalProperty(cafePath, "Strength", uint8(20))
	h.expect("Cafe discovered 2")
	h.signalProperty(cafePath, "State", "idle")
	h.expect("Cafe undefined 0", "call Connect "+homeCall)
	h.signalProperty(homePath, "State", "ready")
	h.reply("Connect", nil)
	h.expect("Home active 0", "started")
}

func TestStartGivesUpOnABusyInterface(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")), entry(cafePath, cafe("ready")))
	h.executor.start(homeID)
	for i := 0; i < 2*maxTries && len(h.calls) > 0; i++ {
		h.reply("Connect", said("InProgress"))
		h.signalProperty(cafePath, "State", [...]string{"idle", "ready"}[i%2])
	}
	if last := h.events[len(h.events)-1]; !strings.Contains(last, "busy with another network") {
		t.Errorf("the events: %q", h.events)
	}
}

func TestStartOfAMissingService(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("idle")))
	h.executor.start("connman:nonsense")
	h.expect("not started: connman:nonsense could not be connected: ConnMan does not know it any more.")
	h.Signal(bus.Signal{Path: "/", Interface: "net.connman.Manager", Member: "ServicesChanged", Body: []any{list(), []dbus.ObjectPath{wiredPath}}})
	h.executor.start(wiredID)
	h.executor.stop(wiredID)
	h.expect("Wired defined 0", `not started: "Wired" (eth0) could not be connected: it has no carrier…`, "stopped")
}

func TestServiceGoesDuringStart(t *testing.T) {
	h := newHarness(t, entry(cafePath, cafe("idle")))
	h.executor.start(cafeID)
	h.Signal(bus.Signal{Path: "/", Interface: "net.connman.Manager", Member: "ServicesChanged", Body: []any{list(), []dbus.ObjectPath{cafePath}}})
	h.expect("call Connect "+cafeCall, "gone "+cafeID, "manages []", "not started: …")
	h.reply("Connect", said("Failed"))
	h.expect()
}

// The service's object is removed a tenth of a second before ConnMan signals it.
func TestServiceIsGoneBeforeItIsSaid(t *testing.T) {
	h := newHarness(t, entry(cafePath, cafe("idle")), entry(wiredPath, wired("ready")))
	h.executor.start(cafeID)
	h.executor.stop(wiredID)
	h.reply("Connect", gone)
	h.reply("Disconnect", gone)
	h.expect("call Connect "+cafeCall, "Wired discovered 2", "call Disconnect "+wiredCall)
	h.fireTimer(rereadDelay)
	h.reply("GetServices", nil, list())
	h.expect("call GetProperties /", "call GetTechnologies /", "call GetServices /", "Wired defined 0", "gone "+cafeID, "manages [{eth0 02:00:00:00:ab:30}]",
		"not started: "+cafeID+" could not be connected: ConnMan does not know it any more.", "stopped")
}

func TestStopSucceeds(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("online")))
	h.executor.stop(wiredID)
	h.expect("Wired discovered 2", "call Disconnect "+wiredCall)
	h.signalProperty(wiredPath, "State", "configuration")
	h.signalProperty(wiredPath, "State", "disconnect")
	h.expect("Wired discovered 2", "Wired discovered 2")
	h.reply("Disconnect", nil)
	h.expect()
	h.signalProperty(wiredPath, "State", "idle")
	h.expect("Wired discovered 0", "stopped")
}

func TestStopWithdrawsAnAttempt(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.executor.start(homeID)
	h.executor.stop(homeID)
	h.expect("call Connect "+homeCall, "not started: …", "not started: …", "call Disconnect "+homeCall)
	h.reply("Connect", said("OperationAborted"))
	h.expect()
	h.reply("Disconnect", said("NotConnected"))
	h.expect("stopped")
}

func TestCommandsKeepTheirOrder(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("ready")))
	h.executor.stop(wiredID)
	h.executor.stop(wiredID)
	h.executor.start(wiredID)
	h.expect("Wired discovered 2", "call Disconnect "+wiredCall)
	h.reply("Disconnect", nil)
	h.signalProperty(wiredPath, "State", "idle")
	h.expect("Wired discovered 0", "stopped", "stopped", "call Connect "+wiredCall)
	h.signalProperty(wiredPath, "State", "ready")
	h.reply("Connect", nil)
	h.expect("Wired active 0", "started")
	if h.executor.queue.Len() != 0 {
		t.Errorf("%d commands are left", h.executor.queue.Len())
	}
}

func TestStartsShareAFailure(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.executor.start(homeID)
	h.reply("Connect", said("NotRegistered"))
	h.expect("call Connect "+homeCall, "not started: …", "not started: …")
}

func TestSilenceIsBounded(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")), entry(wiredPath, wired("ready")))
	h.executor.start(homeID)
	h.executor.stop(wiredID)
	h.fireTimer(startTimeout)
	h.fireTimer(stopTimeout)
	h.expect("call Connect "+homeCall, "Wired discovered 2", "call Disconnect "+wiredCall,
		`not started: "Home" could not be connected: ConnMan does not answer.`, "Wired active 0",
		`not stopped: "Wired" (eth0) could not be disconnected: ConnMan does not answer.`)
	h.reply("Connect", nil)
	h.reply("Disconnect", nil)
	h.expect()
}

func TestConnectSucceedsButTheServiceStaysDown(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.reply("Connect", nil)
	h.fireTimer(settleTimeout)
	h.expect("call Connect "+homeCall, "not started: …")
}

// The answer arrives early, and the address late.
func TestConnectSucceedsBeforeTheServiceIsUp(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.reply("Connect", nil)
	h.signalProperty(homePath, "State", "configuration")
	h.fireTimer(settleTimeout)
	h.expect("call Connect "+homeCall, "Home discovered 1")
	h.signalProperty(homePath, "State", "ready")
	h.expect("Home active 0", "started")
}

func TestConnectSucceedsButTheServiceTimesOut(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.executor.start(homeID)
	h.reply("Connect", nil)
	h.signalProperty(homePath, "State", "configuration")
	h.fireTimer(settleTimeout)
	h.fireTimer(startTimeout)
	h.expect("call Connect "+homeCall, "Home discovered 1",
		`not started: "Home" could not be connected: it did not get there within 2m30s.`)
}

func TestVanishedAnswersEverything(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")), entry(wiredPath, wired("ready")))
	h.executor.start(homeID)
	h.executor.stop(wiredID)
	h.refresher.refresh()
	h.events = nil
	for _, method := range []string{"Connect", "Disconnect", "Scan"} {
		h.reply(method, bus.ErrGone)
	}
	h.expect()
	h.Vanished(daemonName)
	h.expect("complete", "not started: …", "not stopped: …", "refreshed")
	h.executor.start(homeID)
	h.refresher.refresh()
	h.expect("not started: …", "refreshed")
}

func TestRefreshScansAndReads(t *testing.T) {
	h := newHarness(t, entry(homePath, home("idle")))
	h.refresher.refresh()
	h.refresher.refresh()
	h.expect("call Scan /net/connman/technology/wifi")
	h.reply("Scan", said("Failed"))
	h.expect("log ConnMan could not scan: in words", "call GetProperties /", "call GetTechnologies /", "call GetServices /")
	h.replyAll(list(), list(entry(homePath, home("idle")), entry(cafePath, cafe("idle"))))
	h.expect("Cafe undefined 0", "Home discovered 0", "refreshed", "call GetProperties /", "call GetTechnologies /", "call GetServices /")
	h.reply("GetTechnologies", bus.ErrTimeout)
	h.reply("GetServices", bus.ErrTimeout)
	if last := h.events[len(h.events)-1]; last != "refreshed" {
		t.Errorf("the events: %q", h.events)
	}
}

func TestInconsistencyLeadsToReading(t *testing.T) {
	for name, body := range map[string][]any{
		"a stranger": {list(entry(homePath, props())), []dbus.ObjectPath{}},
		"no list":    {"services"},
		"nothing":    {},
		"half of it": {list()},
	} {
		h := newHarness(t, entry(wiredPath, wired("idle")))
		changed := bus.Signal{Path: "/", Interface: "net.connman.Manager", Member: "ServicesChanged", Body: body}
		h.Signal(changed)
		h.Signal(changed)
		if len(h.calls) != 0 {
			t.Errorf("%s: read at once", name)
		}
		h.fireTimer(rereadDelay)
		if len(h.calls) != 3 {
			t.Errorf("%s: %d calls", name, len(h.calls))
		}
	}
}

// A possible inconsistency of one ConnMan does not prevent a reread for the next.
func TestScheduledReadEndsWithTheDaemon(t *testing.T) {
	h := newHarness(t)
	doubtful := bus.Signal{Path: "/", Interface: managerInterface, Member: "ServicesChanged"}
	h.Signal(doubtful)
	h.Vanished(daemonName)
	h.Appeared(daemonName)
	h.replyAll(list(), list())
	before := len(h.timers)
	h.Signal(doubtful)
	if len(h.timers) != before+1 {
		t.Error("the second inconsistency causes no reread")
	}
}

func TestSignalsBeforeTheFirstList(t *testing.T) {
	h := newHarness(t)
	h.Vanished(daemonName)
	h.Appeared(daemonName)
	h.events = nil
	h.Signal(bus.Signal{Path: "/", Interface: managerInterface, Member: "ServicesChanged",
		Body: []any{list(entry(wiredPath, wired("idle"))), []dbus.ObjectPath{}}})
	h.signalProperty(wiredPath, "State", "ready")
	h.expect()
	h.replyAll(list(), list(entry(wiredPath, wired("ready"))))
	h.expect("Wired active 0", "complete")
}

// The first report waits for a bus that answers.
func TestPresenceIsReported(t *testing.T) {
	h := newHarness(t)
	h.Vanished(daemonName)
	h.Connected()
	h.Appeared(daemonName)
	h.expect("complete", "loading", "call GetProperties /", "call GetTechnologies /", "call GetServices /")
}

func TestManagedIsReportedWhenItChanges(t *testing.T) {
	h := newHarness(t, entry(wiredPath, wired("idle")))
	h.signalProperty(wiredPath, "State", "association")
	h.signalProperty(wiredPath, "Ethernet", link("eth7"))
	h.signalProperty(wiredPath, "State", "ready")
	h.expect("Wired discovered 1", "Wired discovered 1", "manages [{eth7 02:00:00:00:ab:37}]", "Wired active 0")
}

func TestReadingIsTriedAgain(t *testing.T) {
	h := newHarness(t)
	h.Vanished(daemonName)
	h.Appeared(daemonName)
	h.events = nil
	pause := minRetryDelay
	for i := 0; i < 10; i++ {
		h.reply("GetTechnologies", said("Failed"))
		h.reply("GetServices", said("Failed"))
		h.fireTimer(pause)
		if pause *= 2; pause > maxRetryDelay {
			pause = maxRetryDelay
		}
	}
	if pause != maxRetryDelay {
		t.Errorf("the pause is %v", pause)
	}
	h.replyAll(list(), list(entry(wiredPath, wired("ready"))))
	if len(h.events) < 2 || h.events[len(h.events)-2] != "Wired active 0" || h.events[len(h.events)-1] != "complete" {
		t.Errorf("the events end: %q", h.events)
	}
}
