package engine

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// attach adds a listener under a name.
func (r *rig) attach(name string) *Client {
	r.t.Helper()
	c, err := r.e.Attach(ear{name: name, log: r.log})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(c.Detach)
	return c
}

func TestListenersGetChanges(t *testing.T) {
	r := newRig(t, "eth down")
	r.attach("a")
	r.want("")
	r.set("wlan down")
	r.want("a +wlan, a ~netsession:internet") // roaming is available now
	r.set("eth up")
	r.want("a ~eth, a ~netsession:internet")
	r.set("eth up online")
	r.want("a ~eth, a online true")
	r.set("eth up online, wlan down")
	r.want("")
	r.set("eth gone")
	r.want("a ~netsession:internet, a -eth, a online false")
}

// An unchanged configuration is not reported, and the online state only when it changes.
func TestNoFloods(t *testing.T) {
	r := newRig(t, "eth up online")
	r.attach("a")
	n, e := r.session("n", bearer.InternetID), r.session("e", "eth")
	_, _ = n, e
	for i := 0; i < 100; i++ {
		r.set("eth up online")
	}
	r.set("wlan up online")
	r.want("a +wlan, a ~netsession:internet")
	r.set("eth down")
	r.want("e Disconnected, a ~eth")
}

func TestTwoListeners(t *testing.T) {
	r := newRig(t, "")
	a := r.attach("a")
	r.set("eth up")
	b := r.attach("b")
	r.want("a +eth, a ~netsession:internet")
	r.set("eth down")
	r.want("a ~eth, a ~netsession:internet, b ~eth, b ~netsession:internet")
	a.Detach()
	a.Detach()
	r.set("eth up")
	r.want("b ~eth, b ~netsession:internet")
	b.Detach()
	r.set("eth down")
	r.want("")
}

// Sessions emit the events that follow from a change of a configuration before
// listeners get the change, as in Qt 5. New configurations are reported first, so that
// no session is offered one that the host does not know.
func TestSessionsBeforeConfigurations(t *testing.T) {
	r := newRig(t, "eth down")
	r.attach("a")
	s := r.session("s", "eth")
	s.Open()
	r.set("eth up")
	r.want("s Connecting, start eth, s opened, s Connected, a ~eth, a ~netsession:internet")
	n := r.session("n", "netsession:internet")
	n.SetApplicationRoaming(true)
	n.Open()
	r.want("n opened")
	r.set("better up online")
	r.want("a +better, n preferred(better), a ~netsession:internet, a online true")
}

// mapping keeps the snapshot that a listener builds from its events.
type mapping struct {
	quiet
	mu    sync.Mutex
	known map[string]bool
}

func (m *mapping) Added(e *store.Entry)   { m.note(e.ID(), true) }
func (m *mapping) Removed(e *store.Entry) { m.note(e.ID(), false) }

func (m *mapping) note(id string, there bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[id] = there
}

// A listener that attaches while reports arrive misses nothing: what it sees then and
// the events that it gets later add up to the snapshot.
func TestAttachDuringReports(t *testing.T) {
	r := newRig(t, "")
	stop, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			b := bearer.Batch{Changed: []bearer.Configuration{storetest.AccessPoint(fmt.Sprintf("eth%d up", i%7))}}
			b.Gone = []string{fmt.Sprintf("eth%d", (i*5+3)%7)}
			r.sink.Report(b)
			if i%50 == 0 {
				time.Sleep(time.Microsecond) // let the loop catch up
			}
		}
	}()
	var all []*mapping
	for i := 0; i < 50; i++ {
		m := &mapping{known: map[string]bool{}}
		c, err := r.e.Attach(m)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Detach()
		m.mu.Lock()
		r.e.Each(0, func(e *store.Entry) {
			if _, known := m.known[e.ID()]; !known {
				m.known[e.ID()] = true
			}
		})
		m.mu.Unlock()
		all = append(all, m)
	}
	close(stop)
	<-over
	r.sync()
	for i, m := range all {
		for n := 0; n < 7; n++ {
			id := fmt.Sprintf("eth%d", n)
			if there := r.e.Find(id, func(*store.Entry) {}); there != m.known[id] {
				t.Errorf("listener %d has the wrong state of %s: exists %v", i, id, m.known[id])
			}
		}
	}
}

func TestRefresh(t *testing.T) {
	r := newRig(t, "")
	a, b := r.attach("a"), r.attach("b")
	a.Refresh()
	b.Refresh()
	a.Refresh()
	r.want("refresh, refresh, refresh")
	for _, want := range []string{"a updated", "b updated", "a updated", ""} {
		r.answer(backend.OpRefresh, "", nil)
		r.want(want)
	}
}

func TestRefreshThatFails(t *testing.T) {
	r := newRig(t, "")
	r.attach("a").Refresh()
	r.answer(backend.OpRefresh, "", errors.New("no"))
	r.want("refresh, a updated")
}

// A backend that does not answer keeps no client waiting, and its late answer
// counts for the refresh that it belongs to.
func TestRefreshWithoutAnAnswer(t *testing.T) {
	r := parked(t, "", func(_ *rig, o *Options) { o.RefreshTimeout = time.Millisecond })
	r.run()
	a := r.attach("a")
	a.Refresh()
	r.log.waitFor(t, "a updated")
	r.want("refresh, a updated")
	r.answer(backend.OpRefresh, "", nil)
	r.want("")
}

func TestRefreshOfADetachedClient(t *testing.T) {
	r := newRig(t, "")
	a := r.attach("a")
	a.Refresh()
	a.Detach()
	r.answer(backend.OpRefresh, "", nil)
	r.want("refresh")
}

func TestRefreshOfAFailedBackend(t *testing.T) {
	r := parked(t, "", func(r *rig, _ *Options) { r.broken = errors.New("There is no network here.") })
	r.run()
	a := r.attach("a")
	r.log.take()
	for failed := false; !failed; {
		r.onLoop(func(l *loop) { failed = l.failed })
	}
	a.Refresh()
	r.want("a updated")
}

func TestAFailingBackendAnswersTheRefreshesBefore(t *testing.T) {
	r := newRig(t, "")
	a := r.attach("a")
	a.Refresh()
	a.Refresh()
	r.onLoop(func(l *loop) { l.failBackend() })
	r.want("refresh, refresh, a updated, a updated")
}

// A listener that attaches gets earlier log lines once.
func TestJournal(t *testing.T) {
	r := newRig(t, "")
	r.sink.Log(backend.LevelInfo, "one")
	r.attach("a")
	r.sink.Log(backend.LevelInfo, "two")
	r.attach("b")
	r.want("a log one, a log two, b log one, b log two")
}

func TestJournalKeepsTheLastLines(t *testing.T) {
	r := newRig(t, "")
	for i := 0; i < 100; i++ {
		r.sink.Log(backend.LevelDebug, fmt.Sprint(i))
	}
	r.attach("a")
	want := ""
	for i := 100 - journalSize; i < 100; i++ {
		want += fmt.Sprintf("a log %d, ", i)
	}
	r.want(want[:len(want)-2])
}

// counting counts the lines that it gets.
type counting struct {
	quiet
	mu       sync.Mutex
	received map[string]int
}

func (c *counting) Log(_ backend.Level, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.received[text]++
}

// A line that is logged while a listener attaches is delivered once.
func TestLinesLoggedDuringAttachAreDeliveredOnce(t *testing.T) {
	for i := 0; i < 100; i++ {
		r := newRig(t, "")
		over := make(chan struct{})
		go func() {
			defer close(over)
			for n := 0; n < journalSize; n++ {
				r.sink.Log(backend.LevelDebug, fmt.Sprint(n))
			}
		}()
		c := &counting{received: map[string]int{}}
		client, err := r.e.Attach(c)
		if err != nil {
			t.Fatal(err)
		}
		<-over
		client.Detach()
		for n := 0; n < journalSize; n++ {
			if c.received[fmt.Sprint(n)] != 1 {
				t.Fatalf("line %d was delivered %d times", n, c.received[fmt.Sprint(n)])
			}
		}
	}
}

// talkative is a listener that logs and attaches while it handles a line.
type talkative struct {
	quiet
	received atomic.Int32
	e        *Engine
}

func (l *talkative) Log(backend.Level, string) {
	if l.received.Add(1) > 1 {
		return
	}
	l.e.log(backend.LevelDebug, "received")
	l.e.Capabilities()
	if c, err := l.e.Attach(quiet{}); err == nil {
		c.Detach()
	}
}

func TestALogListenerMayCallTheEngine(t *testing.T) {
	r := newRig(t, "")
	r.e.log(backend.LevelDebug, "before")
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c, err := r.e.Attach(&talkative{e: r.e}); err == nil {
			c.Detach()
		}
	}()
	r.wait(done, "Attach does not return")
}

// bomb is a listener that panics.
type bomb struct{ quiet }

func (bomb) Changed(*store.Entry) { panic("boom") }

// A panic neither ends the process nor keeps events from sessions.
func TestPanicsAreCaught(t *testing.T) {
	r := newRig(t, "eth down")
	c, err := r.e.Attach(bomb{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Detach()
	s := r.session("s", "eth")
	s.Open()
	r.set("eth up")
	r.want("s Connecting, start eth, s opened, s Connected")
	r.attach("a")
	r.want("a log internal error: boom")
	r.onLoop(func(*loop) { panic("again") })
}

// A process that closes its session and ends must not leave a link up that the
// session had started. A backend that does not answer must not delay the end.
func TestDetachAfterLinksAreTakenDown(t *testing.T) {
	r := newRig(t, "eth down")
	s := r.session("s", "eth")
	s.Open()
	r.set("eth up")
	r.started("eth")
	other, err := r.e.Attach(quiet{})
	if err != nil {
		t.Fatal(err)
	}
	busy := make(chan struct{})
	r.e.post(func(*loop) { <-busy })
	s.Close()
	time.AfterFunc(time.Millisecond, func() { close(busy) })
	other.Detach()
	if r.log.count("stop eth") != 1 {
		t.Error("Detach returned before the link was taken down")
	}
}
