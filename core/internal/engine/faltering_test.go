package engine

import (
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
)

// A faltering link keeps its values, and nothing is reported.
func TestFalteringIsNotReported(t *testing.T) {
	r := newRig(t, "eth up online")
	c := r.attach("l")
	defer c.Detach()
	s, n := r.session("s", "eth"), r.network("n")
	s.Open()
	n.Open()
	r.want("s opened, n opened")
	r.set("eth faltering online")
	r.want("")
	if o := r.e.NetworkState(); !o.Online || o.Transport != bearer.TransportEthernet {
		t.Errorf("because a link falters: %+v", o)
	}
	r.set("eth up online")
	r.want("")
}

func TestGivingUpComesAfterTheGrace(t *testing.T) {
	r := newRig(t, "eth up")
	s := r.session("s", "eth")
	s.Open()
	r.set("eth faltering")
	r.want("s opened")
	r.set("eth unavailable raised")
	r.want("s closed, s error(SessionAbortedError), s NotAvailable")
}

// A session that has another way out moves at once.
func TestARoamingSessionMovesAtOnce(t *testing.T) {
	r := newRig(t, "eth up, wlan up")
	n, s := r.network("n"), r.session("s", "eth")
	n.Open()
	s.Open()
	r.want("n opened, s opened")
	r.set("eth faltering")
	r.want("n Roaming, n newConfigurationActivated, n Connected")
	if v := n.Snapshot(); v.Active != "wlan" {
		t.Errorf("it is on %s", v.Active)
	}
}

func TestAnApplicationIsAskedAtOnce(t *testing.T) {
	r := newRig(t, "eth up, wlan up")
	r.asking("n")
	r.set("eth faltering")
	r.want("n preferred(wlan), n Roaming")
	r.set("eth up")
	r.want("n Connected")
}

// Bringing another link up takes time, in which the old one may recover.
func TestASessionDoesNotStartAnotherLinkWhileOneFalters(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	n := r.network("n")
	n.Open()
	r.set("eth faltering")
	r.want("n opened")
	r.set("eth unavailable raised")
	r.want("n Roaming, start wlan")
}

func TestASessionMovesIfAnotherLinkComesUpWhileOneFalters(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	n := r.network("n")
	n.Open()
	r.set("eth faltering")
	r.want("n opened")
	r.set("wlan up")
	r.want("n Roaming, n newConfigurationActivated, n Connected")
}
