package links

import (
	"errors"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/session"
)

// bringUp lets a session start a link that is down.
func (r *rig) bringUp(id string) {
	r.Hold(id)
	r.Start(id)
	r.set(id + " up")
	r.answer(backend.OpStart, id)
}

func TestTheLastReleaseStopsWhatSessionsStarted(t *testing.T) {
	r := newRig(t, "eth down", nil)
	r.bringUp("eth")
	r.Hold("eth")
	r.Release("eth")
	r.want("start eth")
	r.Release("eth")
	r.want("stop eth")
	if got := r.State("eth"); got != session.LinkStopping {
		t.Errorf("it is %v while the stop is not answered", got)
	}
}

func TestTheSystemsLinkIsLeftAlone(t *testing.T) {
	r := newRig(t, "eth up", nil)
	r.Hold("eth")
	r.Release("eth")
	r.want("")
}

// A link that was lost and is still up in the system belongs to the sessions when it
// is usable again, unless another process has taken it down or brought it up anew.
func TestOwnerOfALostLink(t *testing.T) {
	for meanwhile, want := range map[string]string{
		"eth unavailable raised": "stop eth",
		"eth unavailable":        "",
	} {
		r := newRig(t, "eth down", nil)
		r.bringUp("eth")
		r.set("eth unavailable raised")
		r.Lose("eth")
		r.set(meanwhile)
		r.set("eth up")
		r.Hold("eth")
		r.want("start eth")
		r.Release("eth")
		if r.want(want); t.Failed() {
			t.Fatalf("after %s", meanwhile)
		}
	}
}

func TestALinkThatAnotherProcessActivatesBelongsToIt(t *testing.T) {
	r := newRig(t, "eth down activation:0", nil)
	r.Hold("eth")
	r.Start("eth")
	r.set("eth up activation:1")
	r.answer(backend.OpStart, "eth")
	r.set("eth up activation:2")
	r.Release("eth")
	r.want("start eth")
}

func TestAnswersThatDoNotCount(t *testing.T) {
	r := newRig(t, "eth down", nil)
	if r.answer(backend.OpStart, "eth") {
		t.Error("the answer to nothing counts")
	}
	r.Hold("eth")
	r.Start("eth")
	r.Release("eth") // withdrawn: the system is asked to stop it
	r.Hold("eth")
	r.Start("eth")
	r.want("start eth, stop eth, start eth")
	if r.Answered(backend.Answer{Op: backend.OpStart, ID: "eth", Err: errors.New("withdrawn")}) {
		t.Error("the answer to a withdrawn start counts")
	}
	if !r.answer(backend.OpStop, "eth") {
		t.Error("the answer to the last stop does not count")
	}
	if !r.answer(backend.OpStart, "eth") || r.Pending() != 0 {
		t.Error("the answer to the last start does not count, or something is pending still")
	}
}

func TestNotifyStopped(t *testing.T) {
	r := newRig(t, "eth down, wlan down", nil)
	closed := func(c chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	at := func() chan struct{} { c := make(chan struct{}); r.NotifyStopped(c); return c }
	if !closed(at()) {
		t.Error("nothing is being stopped, but the channel is open")
	}
	r.bringUp("eth")
	r.bringUp("wlan")
	r.Release("eth")
	r.Release("wlan")
	over := at()
	r.answer(backend.OpStop, "eth")
	if closed(over) {
		t.Error("closed before the last stop was answered")
	}
	r.answer(backend.OpStop, "wlan")
	if !closed(over) {
		t.Error("not closed after the last stop")
	}
}
