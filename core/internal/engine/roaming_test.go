package engine

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// network makes a session on "Internet".
func (r *rig) network(name string) *probe { return r.session(name, bearer.InternetID) }

// asking makes a session on "Internet" whose application decides, and opens it.
func (r *rig) asking(name string) *probe {
	r.t.Helper()
	n := r.network(name)
	n.SetApplicationRoaming(true)
	n.Open()
	r.want(name + " opened")
	return n
}

func TestForcedRoaming(t *testing.T) {
	r := newRig(t, "eth unavailable, wlan up")
	n := r.network("n")
	n.Open()
	r.want("n opened")
	r.set("eth down")
	r.want("")
	r.set("eth up")
	r.want("n Roaming, n newConfigurationActivated, n Connected")
	if v := n.Snapshot(); v.Active != "eth" || v.Interface != "eth" {
		t.Errorf("%+v", v)
	}
	r.set("eth unavailable")
	r.want("n Roaming, n newConfigurationActivated, n Connected")
	r.set("wlan unavailable")
	r.want("n closed, n error(RoamingError), n NotAvailable")
}

func TestForcedRoamingBringsUpAnother(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	n := r.network("n")
	n.Open()
	r.set("eth unavailable")
	r.want("n opened, n Roaming, start wlan")
	if v := n.Snapshot(); v.Interface != "" || !v.Open {
		t.Errorf("%+v", v)
	}
	r.set("wlan up")
	r.started("wlan")
	r.want("n newConfigurationActivated, n Connected")
	n.Close()
	r.want("n closed, n Closing, stop wlan")
}

// If all candidates refuse, a session on a network tries each once.
func TestForcedRoamingGivesUp(t *testing.T) {
	r := newRig(t, "eth up, wlan down, wlan2 down")
	n := r.network("n")
	n.Open()
	r.set("eth unavailable")
	r.want("n opened, n Roaming, start wlan")
	r.answer(backend.OpStart, "wlan", errors.New("no"))
	r.want("start wlan2")
	r.answer(backend.OpStart, "wlan2", errors.New("no"))
	r.want("n closed, n error(RoamingError), n Disconnected")
}

func TestRoamingTimeout(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	r.e.Find(bearer.InternetID, func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	n := r.network("n")
	n.Open()
	r.set("eth unavailable")
	r.log.waitFor(t, "n error(RoamingError)")
	r.want("n opened, n Roaming, start wlan, n closed, n error(RoamingError), n Disconnected, stop wlan")
}

func TestOpenTriesTheNextCandidate(t *testing.T) {
	r := newRig(t, "eth down, wlan down")
	n := r.network("n")
	n.Open()
	r.want("n Connecting, start eth")
	r.answer(backend.OpStart, "eth", errors.New("no"))
	r.want("start wlan")
	r.answer(backend.OpStart, "wlan", backend.Refuse(backend.ReasonNotSupported, "No PIN."))
	r.want("n Disconnected, n error(OperationNotSupportedError)")
	if v := n.Snapshot(); v.ErrText != "No PIN." {
		t.Errorf("%+v", v)
	}
	n.Open()
	r.want("n Connecting, start eth")
	r.set("wlan up")
	r.want("n opened, n Connected, stop eth")
}

func TestOpenUsesALinkThatStaysUp(t *testing.T) {
	r := newRig(t, "eth stopping, wlan up")
	n := r.network("n")
	n.Open()
	r.want("n opened")
	if v := n.Snapshot(); v.Active != "wlan" {
		t.Errorf("%+v", v)
	}
}

// A link that another session has just stopped is still up, but not for long.
func TestOpenAvoidsALinkThatIsBeingStopped(t *testing.T) {
	r := newRig(t, "eth down, wlan up")
	e, n := r.session("e", "eth"), r.network("n")
	e.Open()
	r.set("eth up")
	r.started("eth")
	e.Close()
	n.Open()
	r.want("e Connecting, start eth, e opened, e Connected, e closed, e Closing, stop eth, n opened")
	if v := n.Snapshot(); v.Active != "wlan" {
		t.Errorf("%+v", v)
	}
}

func TestOpenAgainWhileStopping(t *testing.T) {
	r := newRig(t, "eth down")
	n := r.network("n")
	n.Open()
	r.set("eth up")
	r.started("eth")
	n.Close()
	n.Open()
	r.want("n Connecting, start eth, n opened, n Connected, n closed, n Closing, stop eth, n Connecting, start eth")
}

func TestApplicationLevelRoaming(t *testing.T) {
	r := newRig(t, "wlan up")
	n := r.asking("n")
	r.set("eth up")
	r.set("eth up online")
	r.want("n preferred(eth)")
	if n.Snapshot().Active != "wlan" {
		t.Error("moved without Migrate")
	}
	n.Migrate()
	r.want("n Roaming, n newConfigurationActivated, n Connected")
	if n.Snapshot().Active != "eth" {
		t.Error("not moved")
	}
	n.Reject()
	r.want("n Roaming, n Connected")
	r.set("wlan up strong")
	r.want("")
	r.set("eth up")
	r.want("n preferred(eth)")
	n.Migrate()
	n.Accept()
	n.Reject()
	r.want("n Roaming, n newConfigurationActivated, n Connected")
	if n.Snapshot().Active != "eth" {
		t.Error("not accepted")
	}
}

func TestAcceptReleasesThePreviousOne(t *testing.T) {
	r := newRig(t, "wlan down")
	n := r.network("n")
	n.SetApplicationRoaming(true)
	n.Open()
	r.set("wlan up")
	r.started("wlan")
	r.set("eth up")
	n.Migrate()
	r.want("n Connecting, start wlan, n opened, n Connected, n preferred(eth), n Roaming, n newConfigurationActivated, n Connected")
	n.Accept()
	r.want("stop wlan")
}

// An application that wants no roaming ignores every offer, and gets each only once.
func TestIgnoringEveryOffer(t *testing.T) {
	r := newRig(t, "wlan up")
	n := r.asking("n")
	r.set("eth up, eth2 up")
	r.want("n preferred(eth)")
	n.Ignore()
	r.want("n preferred(eth2)")
	n.Ignore()
	r.set("wlan up strong")
	n.Migrate()
	r.want("")
	r.set("eth2 up online")
	r.want("n preferred(eth2)")
	n.Ignore()
	r.set("eth2 gone, eth gone")
	r.set("eth up")
	r.want("n preferred(eth)")
}

func TestOffersComeAndGo(t *testing.T) {
	r := newRig(t, "wlan up")
	n := r.asking("n")
	r.set("eth up")
	r.set("eth down")
	n.Migrate()
	r.want("n preferred(eth)")
	r.set("eth up")
	r.set("eth gone")
	n.Migrate()
	r.want("n preferred(eth)")
}

// Equal access points whose signals jitter cause neither moves nor offers.
func TestJitter(t *testing.T) {
	r := newRig(t, "wlan up strong, wlan2 up stronger, wlan3 up")
	forced := r.network("f")
	forced.Open()
	r.want("f opened")
	asked := r.network("a")
	asked.SetApplicationRoaming(true)
	asked.Open()
	for i := 0; i < 10; i++ {
		r.set("wlan up stronger, wlan2 up strong")
		r.set("wlan up strong, wlan2 up stronger")
	}
	r.want("a opened")
	r.set("eth up, eth2 up")
	r.want("f Roaming, f newConfigurationActivated, f Connected, a preferred(eth)")
}

func TestLostWithoutAnAnswer(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	n := r.asking("n")
	r.e.Find(bearer.InternetID, func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	r.set("eth unavailable")
	r.log.waitFor(t, "n error(RoamingError)")
	r.want("n preferred(wlan), n Roaming, n closed, n error(RoamingError), n Disconnected")
	_ = n
}

func TestLostAndMigrated(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	n := r.asking("n")
	r.set("eth unavailable")
	r.want("n preferred(wlan), n Roaming")
	n.Migrate()
	r.want("start wlan")
	r.set("wlan up")
	r.want("n newConfigurationActivated, n Connected")
}

func TestLostAndBack(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	n := r.asking("n")
	r.set("eth unavailable")
	r.set("eth up")
	r.want("n preferred(wlan), n Roaming, n Connected")
	if n.Snapshot().Active != "eth" {
		t.Error("moved")
	}
}

// A previous access point that is down by now does not count as another access point.
func TestRejectWhenThePreviousOneIsDown(t *testing.T) {
	r := newRig(t, "wlan up")
	n := r.asking("n")
	r.set("eth up")
	n.Migrate()
	r.set("wlan down")
	r.log.take()
	n.Reject()
	r.want("n closed, n error(RoamingError)")
}

func TestRejectWhenThePreviousOneIsLost(t *testing.T) {
	r := newRig(t, "wlan up, lte down")
	n := r.asking("n")
	r.set("eth up")
	n.Migrate()
	r.set("wlan unavailable")
	r.log.take()
	n.Reject()
	r.want("n preferred(lte), n Roaming")
	if v := n.Snapshot(); !v.Open || v.Interface != "" {
		t.Errorf("%+v", v)
	}
}

func TestTheApplicationCeasesToDecide(t *testing.T) {
	r := newRig(t, "wlan up")
	n := r.asking("n")
	r.set("eth up")
	n.SetApplicationRoaming(true)
	r.want("n preferred(eth)")
	n.SetApplicationRoaming(false)
	r.want("n Roaming, n newConfigurationActivated, n Connected")
}

// Stop of a session on a network stops the access point in use.
func TestStopOnANetwork(t *testing.T) {
	r := newRig(t, "eth up, wlan up")
	n, e, w, m := r.network("n"), r.session("e", "eth"), r.session("w", "wlan"), r.network("m")
	for _, s := range []*probe{n, e, w, m} {
		s.Open()
	}
	r.want("n opened, e opened, w opened, m opened")
	n.Stop()
	r.want("n Closing, n closed, n error(SessionAbortedError), " +
		"e closed, e error(SessionAbortedError), m closed, m error(SessionAbortedError), stop eth")
	r.set("eth down")
	r.want("e Disconnected, n Connected") // over the other access point
	if n.Snapshot().Interface != "wlan" {
		t.Errorf("%+v", n.Snapshot())
	}
}

func TestStopOnANetworkThatIsNotOpen(t *testing.T) {
	r := newRig(t, "eth down, wlan starting")
	n := r.network("n")
	n.Stop()
	r.want("n Closing, stop wlan")
	r.stopped("wlan")
	r.want("n Connecting")
	r.set("wlan down")
	r.want("n Disconnected")
	n.Stop()
	r.want("")
	r.set("eth up, wlan up")
	n.Stop()
	r.want("n Connected, n Closing, stop eth")
}

func TestAnotherSessionStopsTheCandidate(t *testing.T) {
	r := newRig(t, "eth up, wlan down, wlan2 down")
	n, w := r.network("n"), r.session("w", "wlan")
	n.Open()
	r.set("eth unavailable")
	r.set("wlan starting")
	r.want("n opened, n Roaming, start wlan, w Connecting")
	w.Stop()
	r.want("w Closing, start wlan2, stop wlan")
}

// The state of a session that watches a network follows the access points.
func TestStateOfAServiceNetwork(t *testing.T) {
	r := newRig(t, "")
	n := r.network("n")
	for _, c := range []struct{ links, want string }{
		{"eth unavailable", ""}, {"eth down", "n Disconnected"}, {"wlan starting", "n Connecting"},
		{"wlan up", "n Connected"}, {"eth up", ""}, {"wlan stopping", ""}, {"eth stopping", "n Closing"},
		{"eth down, wlan down", "n Disconnected"}, {"eth gone, wlan unavailable", "n NotAvailable"},
		{"lte up private", ""},
	} {
		r.set(c.links)
		r.want(c.want)
	}
	if v := n.Snapshot(); v.State != session.NotAvailable || v.Interface != "" {
		t.Errorf("%+v", v)
	}
	r.set("eth up")
	if v := n.Snapshot(); v.Interface != "eth" || v.Since.IsZero() {
		t.Errorf("%+v", v)
	}
}

func TestPrivateAccessPointsAreNotRoamedTo(t *testing.T) {
	r := newRig(t, "wlan up, eth up private")
	n := r.network("n")
	n.Open()
	r.want("n opened")
	if n.Snapshot().Active != "wlan" {
		t.Errorf("%+v", n.Snapshot())
	}
	r.set("wlan unavailable")
	r.want("n closed, n error(RoamingError), n NotAvailable")
}

func TestSeamlessOffer(t *testing.T) {
	for _, same := range []bool{false, true} {
		r := newRig(t, "wlan up")
		n := r.asking("n")
		var got []bool
		n.onOffer = func(e session.Effect) { got = append(got, e.Seamless) }
		address := netip.MustParsePrefix("10.0.0.2/24")
		w, e := storetest.AccessPoint("wlan up"), storetest.AccessPoint("eth up")
		w.Addresses = []netip.Prefix{address}
		if same {
			e.Addresses = w.Addresses
		}
		r.sink.Report(bearer.Batch{Changed: []bearer.Configuration{w, e}})
		r.want("n preferred(eth)")
		if fmt.Sprint(got) != fmt.Sprint([]bool{same}) {
			t.Errorf("the same address: %v, seamless: %v", same, got)
		}
	}
}
