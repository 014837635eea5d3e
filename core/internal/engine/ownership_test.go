package engine

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/store"
)

// joined answers a start that has changed nothing.
func (r *rig) joined(id string) { r.done(backend.Answer{Op: backend.OpStart, ID: id, Joined: true}) }

// A link that is up and waits for its address belongs to the process that set it up.
func TestALinkThatWaitsForItsAddressIsNotOwned(t *testing.T) {
	for name, end := range map[string]func(*rig, *probe){
		"closed": func(r *rig, s *probe) {
			r.set("eth up")
			r.want("s opened, s Connected")
			s.Close()
			r.want("s closed")
		},
		"withdrawn": func(r *rig, s *probe) {
			s.Close()
			r.want("s Disconnected")
		},
		"freed": func(r *rig, s *probe) {
			s.Free()
			r.want("")
		},
		"refused": func(r *rig, s *probe) {
			r.answer(backend.OpStart, "eth", errors.New("no"))
			r.want("s Disconnected, s error(UnknownSessionError)")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "eth down raised")
			s := r.session("s", "eth")
			s.Open()
			r.want("s Connecting, start eth")
			end(r, s)
		})
	}
}

func TestATimeoutLeavesUpWhatOthersSetUp(t *testing.T) {
	r := newRig(t, "eth down raised")
	r.e.Find("eth", func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	s := r.session("s", "eth")
	s.Open()
	r.log.waitFor(t, "s error(UnknownSessionError)")
	r.want("s Connecting, start eth, s Disconnected, s error(UnknownSessionError)")
}

// The snapshot may be behind: the answer shows that another process was faster.
func TestAStartThatHasChangedNothingOwnsNothing(t *testing.T) {
	r := newRig(t, "eth down")
	s := r.session("s", "eth")
	s.Open()
	r.joined("eth")
	r.set("eth up")
	r.log.take()
	s.Close()
	r.want("s closed")
}

func TestAFailedAttemptOfANetworkLeavesUpWhatOthersSetUp(t *testing.T) {
	r := newRig(t, "eth down raised, wlan down")
	n := r.network("n")
	n.Open()
	r.want("n Connecting, start eth")
	r.answer(backend.OpStart, "eth", errors.New("no"))
	r.want("start wlan")
	r.set("wlan up")
	r.started("wlan")
	r.log.take()
	n.Close()
	r.want("n closed, n Closing, stop wlan")
}

// The process that brings a link up after it was taken down under a session owns it.
func TestReopeningAfterALoss(t *testing.T) {
	for _, c := range []struct{ name, between, want string }{
		{"the cable was pulled", "", "s opened, s closed, s Closing, stop eth"},
		{"it was taken down and up again by another process", "eth down", "s opened, s closed"},
		{"it was removed", "eth gone", "s opened, s closed"},
		{"it had lost its address, and was taken down and up", "eth down raised; eth down", "s opened, s closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, "eth down")
			s := opened(r, "s", "eth")
			r.set("eth unavailable raised")
			for _, step := range strings.Split(c.between, "; ") {
				if step != "" {
					r.set(step)
				}
			}
			r.set("eth up")
			r.log.take()
			s.Open()
			s.Close()
			r.want(c.want)
		})
	}
}

// Another process starts the network anew under a session that had brought it up.
func TestALinkThatOthersBringUpAnewBelongsToThem(t *testing.T) {
	r := newRig(t, "eth down")
	s := opened(r, "s", "eth")
	r.set("eth up activation:1")
	r.set("eth up activation:2")
	r.want("")
	s.Close()
	r.want("s closed")
}

// A link that others are bringing up again is not taken down by its former holder.
func TestALinkThatComesBackByItselfIsNotTakenDown(t *testing.T) {
	r := newRig(t, "eth down")
	opened(r, "s", "eth")
	r.set("eth up activation:1")
	r.set("eth starting activation:2")
	r.want("s closed, s error(SessionAbortedError), s Connecting")
}

// A link of the system still belongs to the system after a loss.
func TestALinkOfTheSystemKeepsItsOwnerOverALoss(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	s.Open()
	r.set("eth unavailable raised")
	r.set("eth up")
	r.log.take()
	s.Open()
	s.Close()
	r.want("s opened, s closed")
}

// An orphan without an address counts as up.
func TestAnOrphanThatHasNoAddressIsTakenDown(t *testing.T) {
	a, b := sharedRigs(t, "eth down")
	s := a.session("s", "eth")
	s.Open()
	a.log.waitFor(t, "start eth")
	b.set("eth down raised")
	a.vanish()
	b.log.waitFor(t, "stop eth")
}
