package bus

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
)

const (
	testName  = "org.example.Daemon"
	testPath  = dbus.ObjectPath("/org/example/Daemon")
	testIface = "org.example.Daemon1"
)

// recordingHandler records its calls as lines of text.
type recordingHandler struct {
	t      *testing.T
	bus    *Bus
	events chan string
	logs   chan string
	// connected has an entry for each connection: whether a name was reported before.
	connected chan bool
	panics    string // a member on whose signal it panics
	end       context.CancelFunc
	ended     chan struct{}
}

func run(t *testing.T, b *Bus) *recordingHandler {
	ctx, cancel := context.WithCancel(context.Background())
	o := &recordingHandler{
		t: t, bus: b, end: cancel, ended: make(chan struct{}),
		events: make(chan string, 10000), logs: make(chan string, 10000), connected: make(chan bool, 100),
	}
	go func() {
		defer close(o.ended)
		b.Run(ctx, o)
	}()
	t.Cleanup(o.stop)
	return o
}

func (o *recordingHandler) stop() {
	o.end()
	select {
	case <-o.ended:
	case <-time.After(bustest.Wait):
		o.t.Error("Run does not end")
	}
}

func (o *recordingHandler) Connected()           { o.connected <- len(o.events) > 0 }
func (o *recordingHandler) Appeared(name string) { o.events <- "appeared " + name }
func (o *recordingHandler) Vanished(name string) { o.events <- "vanished " + name }
func (o *recordingHandler) Signal(s Signal) {
	if s.Member == o.panics {
		panic("the handler has a bug")
	}
	o.events <- fmt.Sprint("signal ", s.Name, " ", s.Path, " ", s.Interface, ".", s.Member, " ", s.Body)
}
func (o *recordingHandler) Log(level backend.Level, text string) {
	o.logs <- fmt.Sprint(level, " ", text)
}

// expect waits for the next event, which must be the given one.
func (o *recordingHandler) expect(want string) {
	o.t.Helper()
	select {
	case got := <-o.events:
		if got != want {
			o.t.Fatalf("%q happened, want %q", got, want)
		}
	case <-time.After(bustest.Wait):
		o.t.Fatalf("timeout while waiting for %q", want)
	}
}

func (o *recordingHandler) expectLog(part string) {
	o.t.Helper()
	late := time.After(bustest.Wait)
	for {
		select {
		case text := <-o.logs:
			if strings.Contains(text, part) {
				return
			}
		case <-late:
			o.t.Fatalf("nothing was logged about %q", part)
		}
	}
}

// call calls a method of the test's daemon; the answer becomes an event.
func (o *recordingHandler) call(method string, timeout time.Duration, args ...any) {
	o.bus.Post(func() {
		c := Call{Name: testName, Path: testPath, Interface: testIface, Method: method, Args: args, Timeout: timeout}
		o.bus.Call(c, func(r Reply) { o.events <- fmt.Sprint("reply ", r.Body, " ", r.Err) })
	})
}

// daemon is a peer that owns testName and has some methods.
type daemon struct {
	conn *dbus.Conn
	hold chan struct{} // Wait answers when this is closed
}

func (d *daemon) Echo(s string) (string, *dbus.Error) { return s, nil }
func (d *daemon) Refuse() *dbus.Error {
	return dbus.NewError("org.example.Refused", []any{"not on Sundays"})
}
func (d *daemon) Wait() *dbus.Error {
	<-d.hold
	return nil
}

// Between answers between two signals.
func (d *daemon) Between(n int32) (int32, *dbus.Error) {
	_ = d.conn.Emit(testPath, testIface+".Before", n)
	return n, nil
}

func newDaemon(t *testing.T, b *bustest.Daemon) *daemon {
	d := &daemon{conn: b.Dial(), hold: make(chan struct{})}
	if err := d.conn.Export(d, testPath, testIface); err != nil {
		t.Fatal(err)
	}
	bustest.Own(t, d.conn, testName)
	return d
}

func TestNameIsWatched(t *testing.T) {
	b := bustest.Start(t)
	o := run(t, New(b.Address, testName))
	o.expect("vanished " + testName)
	for i := 0; i < 3; i++ {
		d := newDaemon(t, b)
		o.expect("appeared " + testName)
		_ = d.conn.Close()
		o.expect("vanished " + testName)
	}
}

func TestSeveralNames(t *testing.T) {
	b := bustest.Start(t)
	newDaemon(t, b)
	o := run(t, New(b.Address, testName, "org.example.Other"))
	o.expect("appeared " + testName)
	o.expect("vanished org.example.Other")
	b.Own("org.example.Other")
	o.expect("appeared org.example.Other")
}

func TestNameChangesHands(t *testing.T) {
	b := bustest.Start(t)
	first := b.Dial()
	if _, err := first.RequestName(testName, dbus.NameFlagAllowReplacement); err != nil {
		t.Fatal(err)
	}
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	second := b.Dial()
	if _, err := second.RequestName(testName, dbus.NameFlagReplaceExisting); err != nil {
		t.Fatal(err)
	}
	o.expect("vanished " + testName)
	o.expect("appeared " + testName)
	_ = first.Emit(testPath, testIface+".Old", int32(1))
	_ = second.Emit(testPath, testIface+".New", int32(2))
	o.expect("signal org.example.Daemon /org/example/Daemon org.example.Daemon1.New [2]")
}

// Connected is called before the owners of names are reported.
func TestConnected(t *testing.T) {
	b := bustest.Start(t)
	o := run(t, New(b.Address, testName))
	o.expect("vanished " + testName)
	if len(o.connected) != 1 || <-o.connected {
		t.Error("a name was reported before Connected was called")
	}
	b.Kill()
	b.Restart()
	newDaemon(t, b)
	o.expect("appeared " + testName)
	if len(o.connected) != 1 {
		t.Error("Connected was not called for another bus")
	}
}

func TestBusKilledAndRestarted(t *testing.T) {
	b := bustest.Start(t)
	newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	before := runtime.NumGoroutine()
	for i := 0; i < 5; i++ {
		b.Kill()
		o.expect("vanished " + testName)
		b.Restart()
		newDaemon(t, b)
		o.expect("appeared " + testName)
		o.call("Echo", 0, "hello")
		o.expect("reply [hello] <nil>")
	}
	if now := runtime.NumGoroutine(); now > before+5 {
		t.Errorf("%d goroutines after five restarts, %d before", now, before)
	}
}

func TestBusStartedLate(t *testing.T) {
	b := bustest.Start(t)
	b.Kill()
	o := run(t, New(b.Address, testName))
	o.expect("vanished " + testName)
	b.Restart()
	newDaemon(t, b)
	o.expect("appeared " + testName)
}

func TestCalls(t *testing.T) {
	b := bustest.Start(t)
	newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	o.call("Echo", 0, "hello")
	o.expect("reply [hello] <nil>")
	o.call("Refuse", 0)
	o.expect("reply [] not on Sundays")
	o.call("Echo", 0, struct{}{}, func() {})
	select {
	case got := <-o.events:
		if !strings.HasPrefix(got, "reply [] ") {
			t.Errorf("a call that cannot be encoded was answered by %q", got)
		}
	case <-time.After(bustest.Wait):
		t.Error("a call that cannot be encoded is not answered")
	}
}

func TestCallWithoutDaemon(t *testing.T) {
	b := bustest.Start(t)
	o := run(t, New(b.Address, testName))
	o.expect("vanished " + testName)
	o.call("Echo", 0, "hello")
	o.expect("reply [] " + ErrGone.Error())
}

func TestCallIsAnsweredBeforeVanished(t *testing.T) {
	for _, killBus := range []bool{false, true} {
		b := bustest.Start(t)
		d := newDaemon(t, b)
		o := run(t, New(b.Address, testName))
		o.expect("appeared " + testName)
		o.call("Wait", 0)
		o.call("Echo", 0, "under way")
		o.expect("reply [under way] <nil>")
		if killBus {
			b.Kill()
			o.expect("reply [] " + ErrGone.Error())
		} else {
			_ = d.conn.Close()
			select {
			case got := <-o.events:
				if !strings.HasPrefix(got, "reply [] ") {
					t.Fatalf("%q happened, want a reply", got)
				}
			case <-time.After(bustest.Wait):
				t.Fatal("a call to a daemon that went away is not answered")
			}
		}
		o.expect("vanished " + testName)
		close(d.hold)
	}
}

func TestTimeoutAndLateAnswer(t *testing.T) {
	b := bustest.Start(t)
	d := newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	o.call("Wait", time.Millisecond)
	o.expect("reply [] " + ErrTimeout.Error())
	close(d.hold)
	o.call("Echo", 0, "next")
	o.expect("reply [next] <nil>")
}

func TestFrozenBus(t *testing.T) {
	b := bustest.Start(t)
	newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	b.Freeze()
	// More than the socket holds, so that the writer is stuck.
	for i := 0; i < 40; i++ {
		o.call("Echo", 100*time.Millisecond, strings.Repeat("x", 100<<10))
	}
	for i := 0; i < 40; i++ {
		o.expect("reply [] " + ErrTimeout.Error())
	}
	b.Thaw()
	o.call("Echo", 0, "again")
	o.expect("reply [again] <nil>")
	b.Freeze()
	for i := 0; i < 40; i++ {
		o.call("Echo", 0, strings.Repeat("x", 100<<10))
	}
	o.stop() // must not wait for the bus
	b.Thaw()
}

func TestRunEndsWhileTheBusSaysNothing(t *testing.T) {
	b := bustest.Start(t)
	b.Freeze()
	o := run(t, New(b.Address, testName))
	o.stop()
	b.Thaw()
}

func TestSignalsAndRepliesKeepTheirOrder(t *testing.T) {
	b := bustest.Start(t)
	newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	for i := int32(0); i < 300; i++ {
		o.call("Between", 0, i)
		o.expect(fmt.Sprint("signal org.example.Daemon /org/example/Daemon org.example.Daemon1.Before [", i, "]"))
		o.expect(fmt.Sprint("reply [", i, "] <nil>"))
	}
}

func TestSignalsOfOtherSendersAreIgnored(t *testing.T) {
	b := bustest.Start(t)
	d := newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	stranger := b.Dial()
	_ = stranger.Emit(testPath, testIface+".Lie", int32(1))
	// A signal that is sent to one receiver needs no rule to arrive.
	var names []string
	if err := stranger.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&names); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, ":") {
			sendSignal(stranger, name, testPath, testIface, "Lie")
			sendSignal(stranger, name, busPath, busName, "NameOwnerChanged", testName, ":1.0", "")
		}
	}
	_ = d.conn.Emit(testPath, testIface+".Truth", int32(2))
	o.expect("signal org.example.Daemon /org/example/Daemon org.example.Daemon1.Truth [2]")
}

func sendSignal(from *dbus.Conn, to string, path dbus.ObjectPath, iface, member string, body ...any) {
	m := &dbus.Message{
		Type: dbus.TypeSignal, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldDestination: dbus.MakeVariant(to), dbus.FieldPath: dbus.MakeVariant(path),
			dbus.FieldInterface: dbus.MakeVariant(iface), dbus.FieldMember: dbus.MakeVariant(member),
		},
	}
	if len(body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
	}
	from.Send(m, nil)
}

func TestHandlerPanicIsRecovered(t *testing.T) {
	b := bustest.Start(t)
	d := newDaemon(t, b)
	o := run(t, New(b.Address, testName))
	o.expect("appeared " + testName)
	o.bus.Post(func() { o.panics = "Bad" })
	o.call("Echo", 0, "set")
	o.expect("reply [set] <nil>")
	_ = d.conn.Emit(testPath, testIface+".Bad", int32(1))
	_ = d.conn.Emit(testPath, testIface+".Good", int32(2))
	o.expect("signal org.example.Daemon /org/example/Daemon org.example.Daemon1.Good [2]")
	o.expectLog("the handler has a bug")
}

func TestAddressThatCannotBeUsed(t *testing.T) {
	o := run(t, New("tcp:host=localhost,port=1", testName))
	o.expect("vanished " + testName)
	o.expectLog(`0 No daemon can be reached: the bus address "tcp:host=localhost,port=1" cannot be used: the transport "tcp" is not supported`)
}

// server is a bus that a test plays byte by byte.
func server(t *testing.T, play func(net.Conn)) string {
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			play(c)
			_ = c.Close()
		}
	}()
	return "unix:path=" + path
}

func TestBusThatRejects(t *testing.T) {
	address := server(t, func(c net.Conn) { _, _ = c.Write([]byte("REJECTED COOKIE\r\n")) })
	o := run(t, New(address, testName))
	o.expect("vanished " + testName)
	o.expectLog("did not let this process in: it answered \"REJECTED COOKIE\"")
	if len(o.connected) != 0 {
		t.Error("a bus that rejects every client was reached")
	}
}

func TestBusThatTalksNonsense(t *testing.T) {
	for _, nonsense := range []string{
		"", "OK 1234\r\n", "OK 1234\r\nnot a message at all, but long enough",
		"OK 1234\r\nl\x04\x00\x01\xff\xff\xff\xff\x01\x00\x00\x00\xff\xff\xff\xff",
	} {
		address := server(t, func(c net.Conn) { _, _ = c.Write([]byte(nonsense)) })
		o := run(t, New(address, testName))
		o.expect("vanished " + testName)
		o.stop()
	}
}

func TestBadMessageDoesNotSpoilTheNext(t *testing.T) {
	good, err := encode(&dbus.Message{
		Type: dbus.TypeSignal,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath: dbus.MakeVariant(testPath), dbus.FieldInterface: dbus.MakeVariant(testIface),
			dbus.FieldMember: dbus.MakeVariant("Good"),
		},
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	bad := append([]byte{}, good...)
	bad[1] = 99 // no such type of message
	address := server(t, func(c net.Conn) {
		_, _ = c.Write(append(append([]byte("DATA\r\nOK 1234\r\n"), bad...), good...))
		_, _ = c.Read(make([]byte, 1<<16))
		_, _ = c.Read(make([]byte, 1<<16))
	})
	o := run(t, New(address, testName))
	o.expectLog("could not be read: malformed message")
}

func TestMatchRulesSelectSignals(t *testing.T) {
	b := bustest.Start(t)
	d := newDaemon(t, b)
	client := New(b.Address, testName)
	client.SetMatchRules(testName, "member='Wanted',arg0='a'", "member='Also'")
	o := run(t, client)
	o.expect("appeared " + testName)
	for _, s := range []struct{ member, arg string }{{"Wanted", "b"}, {"Other", "a"}, {"Wanted", "a"}, {"Also", "c"}} {
		_ = d.conn.Emit(testPath, testIface+"."+s.member, s.arg)
	}
	o.expect("signal org.example.Daemon /org/example/Daemon org.example.Daemon1.Wanted [a]")
	o.expect("signal org.example.Daemon /org/example/Daemon org.example.Daemon1.Also [c]")
}
