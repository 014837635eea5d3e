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

// harness is a follower without a bus: the test is ConnMan, and the clock.
type harness struct {
	*monitor
	t      *testing.T
	calls  []sentCall
	timers []setTimer
	events []string // calls, reports and answers in their order
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
	o := &harness{t: t}
	b := bus.New("unix:path=/nowhere", daemonName)
	o.monitor = newMonitor(o, b, func(bool) {})
	o.call = func(c bus.Call, done func(bus.Reply)) {
		o.calls = append(o.calls, sentCall{c, done})
		o.note("call %s %s", c.Method, strings.TrimPrefix(string(c.Path), servicePrefix))
	}
	o.after = func(d time.Duration, do func()) *bus.Timer {
		timer := b.After(time.Hour, func() {})
		t.Cleanup(timer.Stop)
		o.timers = append(o.timers, setTimer{d, do, timer})
		return timer
	}
	o.Appeared(daemonName)
	o.replyAll(list(entry("/net/connman/technology/wifi", props("Type", "wifi", "Powered", true))), list(entries...))
	o.events = nil
	return o
}

func (o *harness) note(format string, args ...any) {
	o.events = append(o.events, fmt.Sprintf(format, args...))
}

func (o *harness) Report(b bearer.Batch) {
	for _, c := range b.Changed {
		o.note("%s %v %d", c.Name, c.State, c.Progress)
	}
	for _, id := range b.Gone {
		o.note("gone %s", id)
	}
	switch {
	case b.Complete:
		o.note("complete")
	case b.Managed != nil:
		o.note("speaks for %v", b.Managed)
	}
}

func (o *harness) Done(a backend.Answer) {
	verb := [...]string{"started", "stopped", "refreshed"}[a.Op]
	if a.Err != nil {
		o.note("not %s: %s", verb, a.Err.Error())
		return
	}
	if a.Joined {
		verb = "found " + verb
	}
	o.note("%s", verb)
}

func (o *harness) Loading() { o.note("loading") }

func (o *harness) Log(level backend.Level, text string) { o.note("log %s", text) }

// reply answers the oldest call of a method.
func (o *harness) reply(method string, err error, body ...any) {
	o.t.Helper()
	for i, c := range o.calls {
		if c.Method == method {
			o.calls = append(append([]sentCall{}, o.calls[:i]...), o.calls[i+1:]...)
			c.done(bus.Reply{Body: body, Err: err})
			return
		}
	}
	o.t.Fatalf("%s was not called; the story: %q", method, o.events)
}

// replyAll answers the calls of one reading.
func (o *harness) replyAll(technologies, services any) {
	o.t.Helper()
	o.reply("GetProperties", nil, props("OfflineMode", false, "State", "idle"))
	o.reply("GetTechnologies", nil, technologies)
	o.reply("GetServices", nil, services)
}

// signal is one of ConnMan's about a service.
func (o *harness) signalProperty(path dbus.ObjectPath, name string, v any) {
	o.Signal(bus.Signal{Path: path, Interface: "net.connman.Service", Member: "PropertyChanged", Body: []any{name, value(v)}})
}

// fireTimer lets the last timer of this length run out.
func (o *harness) fireTimer(d time.Duration) {
	o.t.Helper()
	for i := len(o.timers) - 1; i >= 0; i-- {
		if o.timers[i].after == d {
			o.timers[i].do()
			return
		}
	}
	o.t.Fatalf("no timer of %v", d)
}

// expect compares what happened since the last time. The end of an expected
// line may be left out with "…".
func (o *harness) expect(want ...string) {
	o.t.Helper()
	same := len(want) == len(o.events)
	for i := 0; same && i < len(want); i++ {
		begin := strings.TrimSuffix(want[i], "…")
		same = o.events[i] == want[i] || begin != want[i] && strings.HasPrefix(o.events[i], begin)
	}
	if !same {
		o.t.Errorf("happened:\n\t%s\nexpected:\n\t%s", strings.Join(o.events, "\n\t"), strings.Join(want, "\n\t"))
	}
	o.events = nil
}

const homeCall, cafeCall, wiredCall = "wifi_020304050607_486f6d65_managed_psk", "wifi_020304050607_43616665_managed_none", "ethernet_0a0b0c0d0e0f_cable"

func TestStartSucceeds(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.expect("call Connect " + homeCall)
	o.signalProperty(homePath, "State", "association")
	o.signalProperty(homePath, "State", "configuration")
	o.expect("Home discovered 1", "Home discovered 1")
	o.signalProperty(homePath, "State", "ready")
	o.expect("Home active 0")
	o.reply("Connect", nil)
	o.expect("started")
}

// The answer comes when the service is up already, or never.
func TestStartThatIsNotAnswered(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.signalProperty(homePath, "State", "ready")
	o.expect("call Connect "+homeCall, "Home active 0")
	o.fireTimer(settleTimeout)
	o.expect("started")
	o.reply("Connect", said("Failed"))
	o.expect()
}

// Somebody else was faster; ConnMan had not told when Connect was sent.
func TestStartThatOthersMade(t *testing.T) {
	for _, answer := range []string{"AlreadyConnected", "InProgress", "Failed"} {
		o := newHarness(t, entry(homePath, home("idle")))
		o.executor.start(homeID)
		o.signalProperty(homePath, "State", "ready")
		o.reply("Connect", said(answer))
		o.expect("call Connect "+homeCall, "Home active 0", "found started")
	}
}

func TestStartOfWhatIsUp(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("ready")))
	o.executor.start(wiredID)
	o.expect("found started")
}

// While an agent shows the error to the user, ConnMan does not answer.
func TestStartFailsWithTheServicesError(t *testing.T) {
	o := newHarness(t, entry(homePath, with(home("failure"), "Error", "dhcp-failed")))
	o.executor.start(homeID)
	o.signalProperty(homePath, "Strength", uint8(20))
	o.expect("call Connect "+homeCall, "Home discovered 0")
	o.signalProperty(homePath, "State", "association")
	o.signalProperty(homePath, "Error", "invalid-key")
	o.events = nil
	o.signalProperty(homePath, "State", "failure")
	o.expect("Home discovered 0", `not started: "Home" could not be connected: the passphrase that ConnMan has for it was not accepted…`)
	o.reply("Connect", said("Failed"))
	o.expect()
}

func TestStartFailsWithTheAnswer(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.events = nil
	o.reply("Connect", said("NoCarrier"))
	o.expect(`not started: "Home" could not be connected: it has no carrier.`)
}

func TestStartOfWhatIsOnItsWay(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("association")))
	o.executor.start(wiredID)
	o.expect()
	o.signalProperty(wiredPath, "State", "online")
	o.expect("Wired active 0", "found started")
}

// ConnMan's own attempt fails: the one that was asked for is made then.
func TestStartAfterAnAttemptThatFails(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("association")))
	o.executor.start(wiredID)
	o.signalProperty(wiredPath, "State", "failure")
	o.expect("Wired discovered 0", "call Connect "+wiredCall)
	o.reply("Connect", said("NoCarrier"))
	o.expect("not started: …")
}

func TestStartTakesTheInterfaceOver(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")), entry(cafePath, cafe("ready")))
	o.executor.start(homeID)
	o.signalProperty(cafePath, "State", "disconnect")
	o.expect("call Connect "+homeCall, "Cafe discovered 2")
	o.reply("Connect", said("OperationTimeout"))
	o.signalProperty(cafePath, "Strength", uint8(20))
	o.expect("Cafe discovered 2")
	o.signalProperty(cafePath, "State", "idle")
	o.expect("Cafe undefined 0", "call Connect "+homeCall)
	o.signalProperty(homePath, "State", "ready")
	o.reply("Connect", nil)
	o.expect("Home active 0", "started")
}

func TestStartGivesUpOnABusyInterface(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")), entry(cafePath, cafe("ready")))
	o.executor.start(homeID)
	for i := 0; i < 2*maxTries && len(o.calls) > 0; i++ {
		o.reply("Connect", said("InProgress"))
		o.signalProperty(cafePath, "State", [...]string{"idle", "ready"}[i%2])
	}
	if last := o.events[len(o.events)-1]; !strings.Contains(last, "busy with another network") {
		t.Errorf("the story: %q", o.events)
	}
}

func TestStartOfWhatIsNotThere(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("idle")))
	o.executor.start("connman:nonsense")
	o.expect("not started: connman:nonsense could not be connected: ConnMan does not know it any more.")
	o.Signal(bus.Signal{Path: "/", Interface: "net.connman.Manager", Member: "ServicesChanged", Body: []any{list(), []dbus.ObjectPath{wiredPath}}})
	o.executor.start(wiredID)
	o.executor.stop(wiredID)
	o.expect("Wired defined 0", `not started: "Wired" (eth0) could not be connected: it has no carrier…`, "stopped")
}

func TestServiceGoesDuringStart(t *testing.T) {
	o := newHarness(t, entry(cafePath, cafe("idle")))
	o.executor.start(cafeID)
	o.Signal(bus.Signal{Path: "/", Interface: "net.connman.Manager", Member: "ServicesChanged", Body: []any{list(), []dbus.ObjectPath{cafePath}}})
	o.expect("call Connect "+cafeCall, "gone "+cafeID, "speaks for []", "not started: …")
	o.reply("Connect", said("Failed"))
	o.expect()
}

// The service's object is gone a tenth of a second before ConnMan says so.
func TestServiceIsGoneBeforeItIsSaid(t *testing.T) {
	o := newHarness(t, entry(cafePath, cafe("idle")), entry(wiredPath, wired("ready")))
	o.executor.start(cafeID)
	o.executor.stop(wiredID)
	o.reply("Connect", gone)
	o.reply("Disconnect", gone)
	o.expect("call Connect "+cafeCall, "Wired discovered 2", "call Disconnect "+wiredCall)
	o.fireTimer(rereadDelay)
	o.reply("GetServices", nil, list())
	o.expect("call GetProperties /", "call GetTechnologies /", "call GetServices /", "Wired defined 0", "gone "+cafeID, "speaks for [{eth0 02:00:00:00:ab:30}]",
		"not started: "+cafeID+" could not be connected: ConnMan does not know it any more.", "stopped")
}

func TestStopSucceeds(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("online")))
	o.executor.stop(wiredID)
	o.expect("Wired discovered 2", "call Disconnect "+wiredCall)
	o.signalProperty(wiredPath, "State", "configuration")
	o.signalProperty(wiredPath, "State", "disconnect")
	o.expect("Wired discovered 2", "Wired discovered 2")
	o.reply("Disconnect", nil)
	o.expect()
	o.signalProperty(wiredPath, "State", "idle")
	o.expect("Wired discovered 0", "stopped")
}

func TestStopWithdrawsAnAttempt(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.executor.start(homeID)
	o.executor.stop(homeID)
	o.expect("call Connect "+homeCall, "not started: …", "not started: …", "call Disconnect "+homeCall)
	o.reply("Connect", said("OperationAborted"))
	o.expect()
	o.reply("Disconnect", said("NotConnected"))
	o.expect("stopped")
}

func TestCommandsKeepTheirOrder(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("ready")))
	o.executor.stop(wiredID)
	o.executor.stop(wiredID)
	o.executor.start(wiredID)
	o.expect("Wired discovered 2", "call Disconnect "+wiredCall)
	o.reply("Disconnect", nil)
	o.signalProperty(wiredPath, "State", "idle")
	o.expect("Wired discovered 0", "stopped", "stopped", "call Connect "+wiredCall)
	o.signalProperty(wiredPath, "State", "ready")
	o.reply("Connect", nil)
	o.expect("Wired active 0", "started")
	if o.executor.queue.Len() != 0 {
		t.Errorf("%d commands are left", o.executor.queue.Len())
	}
}

func TestStartsShareAFailure(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.executor.start(homeID)
	o.reply("Connect", said("NotRegistered"))
	o.expect("call Connect "+homeCall, "not started: …", "not started: …")
}

func TestSilenceIsBounded(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")), entry(wiredPath, wired("ready")))
	o.executor.start(homeID)
	o.executor.stop(wiredID)
	o.fireTimer(startTimeout)
	o.fireTimer(stopTimeout)
	o.expect("call Connect "+homeCall, "Wired discovered 2", "call Disconnect "+wiredCall,
		`not started: "Home" could not be connected: ConnMan does not answer.`, "Wired active 0",
		`not stopped: "Wired" (eth0) could not be disconnected: ConnMan does not answer.`)
	o.reply("Connect", nil)
	o.reply("Disconnect", nil)
	o.expect()
}

func TestPromiseThatIsNotKept(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.reply("Connect", nil)
	o.fireTimer(settleTimeout)
	o.expect("call Connect "+homeCall, "not started: …")
}

// The answer comes early, and an address late.
func TestPromiseThatTakesTime(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.reply("Connect", nil)
	o.signalProperty(homePath, "State", "configuration")
	o.fireTimer(settleTimeout)
	o.expect("call Connect "+homeCall, "Home discovered 1")
	o.signalProperty(homePath, "State", "ready")
	o.expect("Home active 0", "started")
}

func TestPromiseThatTakesTooLong(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.executor.start(homeID)
	o.reply("Connect", nil)
	o.signalProperty(homePath, "State", "configuration")
	o.fireTimer(settleTimeout)
	o.fireTimer(startTimeout)
	o.expect("call Connect "+homeCall, "Home discovered 1",
		`not started: "Home" could not be connected: it did not get there within 2m30s.`)
}

func TestVanishingAnswersEverything(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")), entry(wiredPath, wired("ready")))
	o.executor.start(homeID)
	o.executor.stop(wiredID)
	o.refresher.refresh()
	o.events = nil
	for _, method := range []string{"Connect", "Disconnect", "Scan"} {
		o.reply(method, bus.ErrGone)
	}
	o.expect()
	o.Vanished(daemonName)
	o.expect("complete", "not started: …", "not stopped: …", "refreshed")
	o.executor.start(homeID)
	o.refresher.refresh()
	o.expect("not started: …", "refreshed")
}

func TestRefreshScansAndReads(t *testing.T) {
	o := newHarness(t, entry(homePath, home("idle")))
	o.refresher.refresh()
	o.refresher.refresh()
	o.expect("call Scan /net/connman/technology/wifi")
	o.reply("Scan", said("Failed"))
	o.expect("log ConnMan could not scan: in words", "call GetProperties /", "call GetTechnologies /", "call GetServices /")
	o.replyAll(list(), list(entry(homePath, home("idle")), entry(cafePath, cafe("idle"))))
	o.expect("Cafe undefined 0", "Home discovered 0", "refreshed", "call GetProperties /", "call GetTechnologies /", "call GetServices /")
	o.reply("GetTechnologies", bus.ErrTimeout)
	o.reply("GetServices", bus.ErrTimeout)
	if last := o.events[len(o.events)-1]; last != "refreshed" {
		t.Errorf("the story: %q", o.events)
	}
}

func TestDoubtLeadsToReading(t *testing.T) {
	for name, body := range map[string][]any{
		"a stranger": {list(entry(homePath, props())), []dbus.ObjectPath{}},
		"no list":    {"services"},
		"nothing":    {},
		"half of it": {list()},
	} {
		o := newHarness(t, entry(wiredPath, wired("idle")))
		changed := bus.Signal{Path: "/", Interface: "net.connman.Manager", Member: "ServicesChanged", Body: body}
		o.Signal(changed)
		o.Signal(changed)
		if len(o.calls) != 0 {
			t.Errorf("%s: read at once", name)
		}
		o.fireTimer(rereadDelay)
		if len(o.calls) != 3 {
			t.Errorf("%s: %d calls", name, len(o.calls))
		}
	}
}

// A doubt about one ConnMan does not keep one about the next from being followed.
func TestDoubtEndsWithTheDaemon(t *testing.T) {
	o := newHarness(t)
	doubtful := bus.Signal{Path: "/", Interface: managerInterface, Member: "ServicesChanged"}
	o.Signal(doubtful)
	o.Vanished(daemonName)
	o.Appeared(daemonName)
	o.replyAll(list(), list())
	before := len(o.timers)
	o.Signal(doubtful)
	if len(o.timers) != before+1 {
		t.Error("the second doubt leads to nothing")
	}
}

func TestSignalsBeforeTheFirstList(t *testing.T) {
	o := newHarness(t)
	o.Vanished(daemonName)
	o.Appeared(daemonName)
	o.events = nil
	o.Signal(bus.Signal{Path: "/", Interface: managerInterface, Member: "ServicesChanged",
		Body: []any{list(entry(wiredPath, wired("idle"))), []dbus.ObjectPath{}}})
	o.signalProperty(wiredPath, "State", "ready")
	o.expect()
	o.replyAll(list(), list(entry(wiredPath, wired("ready"))))
	o.expect("Wired active 0", "complete")
}

// The first picture waits for a bus that answers.
func TestPresenceIsTold(t *testing.T) {
	o := newHarness(t)
	o.Vanished(daemonName)
	o.Connected()
	o.Appeared(daemonName)
	o.expect("complete", "loading", "call GetProperties /", "call GetTechnologies /", "call GetServices /")
}

func TestManagedIsToldWhenItChanges(t *testing.T) {
	o := newHarness(t, entry(wiredPath, wired("idle")))
	o.signalProperty(wiredPath, "State", "association")
	o.signalProperty(wiredPath, "Ethernet", link("eth7"))
	o.signalProperty(wiredPath, "State", "ready")
	o.expect("Wired discovered 1", "Wired discovered 1", "speaks for [{eth7 02:00:00:00:ab:37}]", "Wired active 0")
}

func TestReadingIsTriedAgain(t *testing.T) {
	o := newHarness(t)
	o.Vanished(daemonName)
	o.Appeared(daemonName)
	o.events = nil
	pause := minRetryDelay
	for i := 0; i < 10; i++ {
		o.reply("GetTechnologies", said("Failed"))
		o.reply("GetServices", said("Failed"))
		o.fireTimer(pause)
		if pause *= 2; pause > maxRetryDelay {
			pause = maxRetryDelay
		}
	}
	if pause != maxRetryDelay {
		t.Errorf("the pause is %v", pause)
	}
	o.replyAll(list(), list(entry(wiredPath, wired("ready"))))
	if len(o.events) < 2 || o.events[len(o.events)-2] != "Wired active 0" || o.events[len(o.events)-1] != "complete" {
		t.Errorf("the story ends: %q", o.events)
	}
}
