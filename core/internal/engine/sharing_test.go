package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/lease"
)

// shortPoll is how soon a table of links checks a stop of another process again.
const shortPoll = 2 * time.Millisecond

// sharedRigs makes two engines that act as two processes, see the same links and share
// a directory.
func sharedRigs(t *testing.T, links string) (a, b *rig) {
	t.Helper()
	runtime := filepath.Join(t.TempDir(), "runtime")
	if err := os.Mkdir(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	return sharedRig(t, links, runtime), sharedRig(t, links, runtime)
}

func sharedRig(t *testing.T, links, runtime string) *rig {
	t.Helper()
	r := parked(t, links, func(_ *rig, o *Options) {
		o.Share = func() (*lease.Directory, error) {
			return lease.OpenDirectory(lease.Sharing{Runtime: runtime, Network: func(string) string { return "of the rigs" }})
		}
	})
	r.run()
	return r
}

// opened lets a session open a link that is down.
func opened(r *rig, name, id string) *probe {
	r.t.Helper()
	s := r.session(name, id)
	s.Open()
	r.log.waitFor(r.t, "start "+id)
	r.set(id + " up")
	r.started(id)
	r.log.waitFor(r.t, name+" opened")
	r.log.take()
	return s
}

func TestTheLastOfTwoProcessesStopsTheLink(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	first := opened(a, "first", "eth")
	b.set("eth up")
	second := b.session("second", "eth")
	second.Open()
	b.want("second opened")
	first.Close()
	a.want("first closed")
	second.Close()
	b.want("second closed, second Closing, stop eth")
}

func TestProcessesAreCountedTogetherOnlyWithASharedDirectory(t *testing.T) {
	a, _ := sharedRigs(t, "eth down")
	alone := newRig(t, "eth down")
	if a.e.Capabilities()&SystemSessionSupport == 0 || alone.e.Capabilities()&SystemSessionSupport != 0 {
		t.Error("SystemSessionSupport is wrong")
	}
	opened(a, "a", "eth")
	s := opened(alone, "s", "eth")
	s.Close()
	alone.want("s closed, s Closing, stop eth")
}

func TestWithoutAUsableDirectory(t *testing.T) {
	r := parked(t, "eth down", func(_ *rig, o *Options) {
		o.Share = func() (*lease.Directory, error) { return nil, errors.New("no folder") }
	})
	log := newRecord()
	c, err := r.e.Attach(ear{"m", log, false})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Detach()
	r.sync()
	if said := log.take(); !strings.Contains(said, "Sessions of other processes are not counted: no folder.") {
		t.Errorf("said: %s", said)
	}
	s := opened(r, "s", "eth")
	s.Close()
	r.want("s closed, s Closing, stop eth")
}

// A stop by one process is reported to the sessions of another before they see that
// the link goes down, or together with it.
func TestStopReachesOtherProcesses(t *testing.T) {
	for _, links := range []string{"", "eth down"} {
		a, b := sharedRigs(t, "eth up")
		s := b.session("s", "eth")
		s.Open()
		b.want("s opened")
		caller := a.session("caller", "eth")
		caller.Stop()
		a.want("caller Closing, stop eth")
		if links != "" {
			b.set(links)
		}
		b.log.waitFor(t, "s error(SessionAbortedError)")
		if v := s.Snapshot(); v.Open || !strings.Contains(v.ErrText, "was stopped") {
			t.Errorf("%q: %+v", links, v)
		}
		b.set("eth down")
		b.want("s closed, s error(SessionAbortedError), s Disconnected")
	}
}

// A lost link is not mistaken for a stopped one.
func TestALossIsNoStop(t *testing.T) {
	a, b := sharedRigs(t, "eth up")
	x, y := a.session("x", "eth"), b.session("y", "eth")
	x.Open()
	y.Open()
	a.want("x opened")
	b.want("y opened")
	b.set("eth down")
	b.want("y closed, y error(SessionAbortedError), y Disconnected")
	if v := y.Snapshot(); !strings.Contains(v.ErrText, "lost its link") {
		t.Errorf("%+v", v)
	}
}

// While one process takes the link down, another waits with its start, although
// its snapshot still shows the link up.
func TestOpenWhileAnotherProcessStops(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	first := opened(a, "first", "eth")
	b.set("eth up")
	first.Close()
	a.want("first closed, first Closing, stop eth")
	second := b.session("second", "eth")
	second.Open()
	b.want("second Connecting")
	time.Sleep(4 * shortPoll)
	b.want("")
	a.set("eth down")
	a.stopped("eth")
	a.log.waitFor(t, "first Disconnected")
	b.set("eth down")
	b.log.waitFor(t, "start eth")
	b.log.take()
	b.set("eth up") // the snapshot may still show this
	b.want("")
	b.started("eth")
	b.want("second opened, second Connected")
	second.Close()
	b.want("second closed, second Closing, stop eth")
}

// The start is withdrawn before it could begin.
func TestCloseWhileAnotherProcessStops(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	first := opened(a, "first", "eth")
	b.set("eth up")
	first.Close()
	a.log.waitFor(t, "stop eth")
	second := b.session("second", "eth")
	second.Open()
	second.Close()
	b.want("second Connecting, second Connected") // as its snapshot still shows
	a.set("eth down")
	a.stopped("eth")
	b.set("eth down")
	time.Sleep(2 * shortPoll)
	b.want("second Disconnected")
	second.Open() // and it behaves as usual
	b.want("second Connecting, start eth")
	b.set("eth up")
	b.started("eth")
	second.Close()
	b.want("second opened, second Connected, second closed, second Closing, stop eth")
	if n := b.counts("eth"); n != 0 {
		t.Errorf("%d holders", n)
	}
}

func (r *rig) counts(id string) (n int) {
	r.onLoop(func(l *loop) { n = l.links.Holders(id) })
	return n
}

// vanish ends an engine as the end of its process would.
func (r *rig) vanish() {
	r.onLoop(func(l *loop) { l.links.Close() })
}

func TestAnOrphanIsTakenDown(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	opened(a, "s", "eth")
	b.set("eth up")
	a.vanish()
	b.log.waitFor(t, "stop eth")
	b.set("eth down")
	b.stopped("eth")
	again := opened(b, "again", "eth")
	again.Close()
	b.log.waitFor(t, "stop eth")
}

// An orphan that is not up is forgotten, but not at the first check.
func TestAnOrphanThatIsDown(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	opened(a, "s", "eth")
	a.vanish() // b has not seen it up yet
	for late := time.Now().Add(bound); ; time.Sleep(time.Millisecond) {
		checks := 0
		b.onLoop(func(l *loop) { checks = l.links.Orphans() })
		if checks > 0 {
			break
		}
		if time.Now().After(late) {
			t.Fatal("the orphan was not checked")
		}
	}
	b.set("eth up")
	b.log.waitFor(t, "stop eth")
}

// A process that may not stop a link leaves the orphan to other processes.
func TestAnOrphanThatMayNotBeStopped(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	opened(a, "s", "eth")
	b.set("eth up denied")
	b.onLoop(func(l *loop) {
		a.vanish()
		l.links.CheckOrphan("eth")
	})
	b.want("")
}

func TestALinkThatAnotherProcessStartsCanBeOpened(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	opened(a, "first", "eth")
	b.set("eth unavailable") // for a moment, on its way up
	second := b.session("second", "eth")
	second.Open()
	b.want("second Connecting, start eth")
	b.set("eth up")
	b.started("eth")
	b.want("second opened, second Connected")
}

// A link that another process is stopping can be opened afterwards, although the
// snapshot shows no carrier yet.
func TestALinkThatAnotherProcessStopsCanBeOpened(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	first := opened(a, "first", "eth")
	b.set("eth unavailable raised") // the snapshot is behind
	first.Close()
	a.log.waitFor(t, "stop eth")
	second := b.session("second", "eth")
	second.Open()
	b.want("second Connecting")
	a.set("eth down")
	a.stopped("eth")
	b.set("eth down")
	b.log.waitFor(t, "start eth")
	b.set("eth up")
	b.started("eth")
	b.log.waitFor(t, "second opened")
	second.Close()
	b.log.waitFor(t, "stop eth")
}

// roamer is an open session on "Internet" in b, on wlan, while a has started eth and
// is about to stop it. It moves by itself unless its application decides.
func roamer(t *testing.T, asks bool) (a, b *rig, first, s *probe) {
	t.Helper()
	a, b = sharedRigs(t, "eth down")
	b.set("wlan up")
	first = opened(a, "first", "eth")
	s = b.network("s")
	if asks {
		s.SetApplicationRoaming(true)
	}
	s.Open()
	b.want("s opened")
	return a, b, first, s
}

// A session does not move to a link that another process is stopping, although
// its snapshot shows that up.
func TestAMoveWhileAnotherProcessStops(t *testing.T) {
	a, b, first, _ := roamer(t, false)
	first.Close()
	a.log.waitFor(t, "stop eth")
	b.set("eth up")
	b.want("")
	a.set("eth down")
	a.stopped("eth")
	b.set("eth down")
	time.Sleep(2 * shortPoll)
	b.want("")
}

// It moves if the stop fails.
func TestAMoveAfterAnotherProcessFailedToStop(t *testing.T) {
	a, b, first, _ := roamer(t, false)
	first.Close()
	a.log.waitFor(t, "stop eth")
	b.set("eth up")
	b.want("")
	a.answer(backend.OpStop, "eth", errors.New("no"))
	b.log.waitFor(t, "s Connected")
	b.want("s Roaming, s newConfigurationActivated, s Connected")
}

// A link that was offered before the stop is started again when the application
// accepts the offer.
func TestMigrateWhileAnotherProcessStops(t *testing.T) {
	a, b, first, s := roamer(t, true)
	b.set("eth up")
	b.want("s preferred(eth)")
	first.Close()
	a.log.waitFor(t, "stop eth")
	s.Migrate()
	b.want("s Roaming")
	a.set("eth down")
	a.stopped("eth")
	b.set("eth down")
	b.log.waitFor(t, "start eth")
	b.set("eth up")
	b.started("eth")
	b.log.waitFor(t, "s Connected")
	s.Accept()
	s.Close()
	b.log.waitFor(t, "stop eth")
}
