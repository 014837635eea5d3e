package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store"
)

// stall ends the time of the current attempt.
func (r *rig) stall(p *probe, id string) {
	r.t.Helper()
	r.onLoop(func(l *loop) {
		if p.Session.attempt != id {
			r.t.Errorf("%q is being tried, not %q", p.Session.attempt, id)
		}
		p.Session.attemptTimer.Reset(0)
	})
}

func TestAnAccessPointWithoutAnAddressIsGivenUp(t *testing.T) {
	r := newRig(t, "eth down, wlan down")
	n := r.network("n")
	n.Open()
	r.want("n Connecting, start eth")
	r.set("eth down raised")
	r.started("eth")
	r.stall(n, "eth")
	r.log.waitFor(t, "start wlan")
	r.want("stop eth, start wlan")
	r.set("wlan up")
	r.want("n opened, n Connected")
	r.onLoop(func(*loop) {
		if n.Session.attempt != "" || n.Session.attemptTimer != nil {
			t.Error("the timer of the attempt runs on")
		}
	})
}

func TestTheShareIsAPartOfTheConnectTimeout(t *testing.T) {
	r := newRig(t, "eth down, wlan down")
	r.e.Find(bearer.InternetID, func(e *store.Entry) { e.SetConnectTimeout(300 * time.Millisecond) })
	n := r.network("n")
	n.Open()
	r.log.waitFor(t, "start wlan")
	r.log.waitFor(t, "n error(UnknownSessionError)")
}

// An access point that leads nowhere is used if all others have had their time.
func TestALinkThatLeadsNowhereIsUsedLast(t *testing.T) {
	r := newRig(t, "docker local, eth down")
	n := r.network("n")
	n.Open()
	r.want("n Connecting, start eth")
	r.stall(n, "eth")
	r.log.waitFor(t, "n opened")
	if v := n.Snapshot(); v.Active != "docker" {
		t.Errorf("open on %s", v.Active)
	}
}

func TestASessionOnOneAccessPointHasAllTheTime(t *testing.T) {
	r := newRig(t, "eth down, wlan down")
	s := r.session("s", "eth")
	s.Open()
	r.onLoop(func(*loop) {
		if s.Session.attemptTimer != nil {
			t.Error("it has an attempt timer")
		}
	})
}

// If another process or a policy keeps a link down, the open fails at once.
func TestALinkThatIsSetDownDuringAnAttempt(t *testing.T) {
	r := newRig(t, "eth down")
	s := r.session("s", "eth")
	s.Open()
	r.set("eth down raised")
	r.started("eth")
	r.want("s Connecting, start eth")
	r.set("eth down")
	r.want("s Disconnected, s error(SessionAbortedError)")
	if v := s.Snapshot(); !strings.Contains(v.ErrText, "ETH was set down again") {
		t.Error(v.ErrText)
	}
}

// A daemon may take the link down before the start is answered.
func TestALinkThatIsSetDownBeforeTheAnswer(t *testing.T) {
	r := newRig(t, "eth down")
	s := r.session("s", "eth")
	s.Open()
	r.set("eth down raised")
	r.set("eth down")
	r.want("s Connecting, start eth")
	r.done(backend.Answer{Op: backend.OpStart, ID: "eth", Undone: true})
	r.want("s Disconnected, s error(SessionAbortedError)")
	if v := s.Snapshot(); !strings.Contains(v.ErrText, "ETH was set down again") {
		t.Error(v.ErrText)
	}
}

// A stop by this process also undoes a start, and the error names no other process.
func TestAStopUndoesAStart(t *testing.T) {
	r := newRig(t, "eth down")
	s := r.session("s", "eth")
	s.Open()
	r.want("s Connecting, start eth")
	s.Close()
	r.done(backend.Answer{Op: backend.OpStart, ID: "eth", Undone: true})
	r.want("s Closing, stop eth")
	r.answer(backend.OpStop, "eth", nil)
	r.want("s Disconnected")
}

func TestALinkThatMayNotBeSetUp(t *testing.T) {
	r := newRig(t, "eth forbidden")
	s := r.session("s", "eth")
	s.Open()
	r.want("s error(OperationNotSupportedError)")
	if v := s.Snapshot(); v.ErrText != "Only root may." {
		t.Error(v.ErrText)
	}
}
