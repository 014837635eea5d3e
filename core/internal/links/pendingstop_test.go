package links

import (
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/session"
)

// use uses an access point like an open does.
func (r *rig) use(id string, f func(session.AccessPoint)) {
	r.WithReservation(func() session.AccessPoint { return r.AccessPoint(id) }, f)
}

func TestAStartWaitsForTheStopOfAnotherProcess(t *testing.T) {
	d := directories(t, 2)
	a, b := newRig(t, "eth down", d[0]), newRig(t, "eth down", d[1])
	a.bringUp("eth")
	b.set("eth up")
	a.Release("eth")
	a.want("start eth, stop eth")
	b.use("eth", func(eth session.AccessPoint) {
		if eth.Link != session.LinkStopping {
			t.Errorf("it is %v while the other process stops it", eth.Link)
		}
		b.Hold("eth")
		b.Start("eth")
	})
	b.want("")
	a.set("eth down")
	a.answer(backend.OpStop, "eth")
	b.set("eth down")
	b.runUntil(func() bool { return b.Undisturbed("eth") || len(b.lines) >= 2 })
	b.want("start eth, resumed eth")
	if got := b.State("eth"); got != session.LinkStarting {
		t.Errorf("it is %v before the start is answered", got)
	}
	b.set("eth up")
	b.answer(backend.OpStart, "eth")
	if !b.Undisturbed("eth") || !b.Up("eth") {
		t.Errorf("it is %v in the end", b.State("eth"))
	}
}

// If the session gives up meanwhile, the backend is never called.
func TestADeferredStartIsWithdrawn(t *testing.T) {
	d := directories(t, 2)
	a, b := newRig(t, "eth down", d[0]), newRig(t, "eth down", d[1])
	a.bringUp("eth")
	b.set("eth up")
	a.Release("eth")
	b.use("eth", func(session.AccessPoint) {
		b.Hold("eth")
		b.Start("eth")
	})
	b.Release("eth")
	b.want("moved eth")
	if b.Pending() != 0 || !b.Undisturbed("eth") {
		t.Error("the start was not removed")
	}
}

func TestHoldersAreNotifiedOfAStop(t *testing.T) {
	d := directories(t, 2)
	a, b := newRig(t, "eth up", d[0]), newRig(t, "eth up", d[1])
	b.Hold("eth")
	a.BeginStop("eth")
	a.Stop("eth")
	b.set("eth down")
	b.want("aborted eth")
	b.Forget("eth")
	if b.Holders("eth") != 0 {
		t.Error("it is still held")
	}
}

func TestAnOrphanIsStoppedByAProcessWithTheRight(t *testing.T) {
	d := directories(t, 3)
	a, b, c := newRig(t, "eth down", d[0]), newRig(t, "eth down", d[1]), newRig(t, "eth up denied", d[2])
	a.bringUp("eth")
	b.set("eth up")
	a.end()
	c.CheckOrphan("eth")
	c.want("")
	b.CheckOrphan("eth")
	b.want("stop eth")
}
