package engine

import (
	"errors"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// define makes a service network of access points, given as "eth wlan".
func (r *rig) define(name, children string) {
	r.t.Helper()
	if err := r.e.DefineServiceNetwork(bearer.Definition{Identifier: name, Children: strings.Fields(children)}, func(*store.Entry) {}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) undefine(name string) {
	r.t.Helper()
	if err := r.e.RemoveServiceNetwork(bearer.NetworkPrefix + name); err != nil {
		r.t.Fatal(err)
	}
}

// listen makes a listener that records its calls.
func (r *rig) listen(name string) {
	r.t.Helper()
	c, err := r.e.Attach(ear{name: name, log: r.log})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(c.Detach)
}

func (r *rig) children(id string) string {
	var ids []string
	r.e.Children(id, func(e *store.Entry) { ids = append(ids, e.ID()) })
	return strings.Join(ids, " ")
}

func (r *rig) value(id string) (c bearer.Configuration) {
	r.e.Find(id, func(e *store.Entry) { c = *e.Value() })
	return c
}

func TestDefineNotifiesEveryListener(t *testing.T) {
	r := newRig(t, "eth up, wlan down, lte unavailable private")
	r.listen("a")
	r.listen("b")
	r.define("office", "wlan lte")
	r.want("a +network:office, b +network:office")
	c := r.value("network:office")
	if c.State != bearer.Discovered || c.RoamingAvailable || c.Type != bearer.ServiceNetwork || c.Name != "office" {
		t.Errorf("%+v", c)
	}
	if got := r.children("network:office"); got != "lte wlan" {
		t.Errorf("children: %s", got)
	}
	if got := r.each(0); got != "eth lte wlan netsession:internet network:office" {
		t.Errorf("list: %s", got)
	}
	r.undefine("office")
	r.want("a -network:office, b -network:office")
	if got := r.each(0); got != "eth lte wlan netsession:internet" {
		t.Errorf("list: %s", got)
	}
}

// The network has the highest state of its children, and depends on nothing else.
func TestNetworkFollowsItsChildren(t *testing.T) {
	r := newRig(t, "eth unavailable, wlan unavailable, lte unavailable")
	r.listen("a")
	r.define("office", "eth wlan")
	r.want("a +network:office")
	r.set("lte up")
	r.want("a ~lte, a ~netsession:internet")
	r.set("eth down")
	r.want("a ~eth, a ~netsession:internet, a ~network:office")
	r.set("wlan down")
	r.want("a ~wlan, a ~network:office") // roaming is available now
	if !r.value("network:office").RoamingAvailable {
		t.Error("no roaming between two that can be opened")
	}
	r.set("eth gone")
	r.want("a ~network:office, a -eth")
	if got := r.children("network:office"); got != "wlan" {
		t.Errorf("without eth: %s", got)
	}
	r.set("wlan gone")
	if c := r.value("network:office"); c.State != bearer.Undefined || !c.Valid() {
		t.Errorf("without children: %+v", c)
	}
	r.log.take()
	r.set("eth up")
	r.want("a +eth, a ~netsession:internet, a ~network:office")
	if got := r.children("network:office"); got != "eth" {
		t.Errorf("eth is back: %s", got)
	}
}

func TestRedefine(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	r.define("office", "eth")
	r.listen("a")
	r.define("office", "eth eth")
	r.want("")
	r.define("office", "wlan")
	r.want("a ~network:office")
	if c := r.value("network:office"); c.State != bearer.Discovered || r.children("network:office") != "wlan" {
		t.Errorf("%+v", c)
	}
	d := bearer.Definition{Identifier: "office", Name: "Work", Purpose: bearer.PrivatePurpose, Children: []string{"wlan"}}
	if err := r.e.DefineServiceNetwork(d, func(*store.Entry) {}); err != nil {
		t.Fatal(err)
	}
	r.want("a ~network:office")
	if c := r.value("network:office"); c.Name != "Work" || c.Purpose != bearer.PrivatePurpose {
		t.Errorf("%+v", c)
	}
	r.set("eth down")
	r.want("a ~eth, a ~netsession:internet")
}

func TestBadDefinitionsChangeNothing(t *testing.T) {
	r := newRig(t, "eth up")
	r.define("office", "eth")
	r.listen("a")
	for children, want := range map[string]string{
		"":                     "no children",
		"eth x":                `"x" as a child: there is no such access point`,
		"eth network:office":   "its own child",
		"netsession:internet":  "service network netsession:internet",
		bearer.UserChoiceID:    "user choice",
		"eth netsession:other": "no such access point",
	} {
		err := r.e.DefineServiceNetwork(bearer.Definition{Identifier: "office", Children: strings.Fields(children)}, func(*store.Entry) { t.Error("called") })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", children, err, want)
		}
	}
	for _, id := range []string{"network:x", "x", "eth", bearer.InternetID, bearer.UserChoiceID, ""} {
		if err := r.e.RemoveServiceNetwork(id); !errors.Is(err, ErrNoServiceNetwork) {
			t.Errorf("undefine %q: %v", id, err)
		}
	}
	r.want("")
	if got := r.children("network:office"); got != "eth" {
		t.Errorf("children: %s", got)
	}
}

// A backend cannot report identifiers that are reserved for the engine.
func TestReservedIdentifiersAreNotReported(t *testing.T) {
	r := newRig(t, "eth up, network:office up, netsession:user-choice up")
	if got := r.each(0); got != "eth netsession:internet" {
		t.Error(got)
	}
}

func TestSessionOnANetwork(t *testing.T) {
	r := newRig(t, "eth up online, wlan down, wlan2 down strong")
	r.define("office", "wlan wlan2")
	n := r.session("n", "network:office")
	n.Open()
	r.want("n Connecting, start wlan2")
	r.set("wlan2 up")
	r.started("wlan2")
	r.want("n opened, n Connected")
	if v := n.Snapshot(); v.Active != "wlan2" || v.Interface != "wlan2" || v.Since.IsZero() {
		t.Errorf("%+v", v)
	}
	r.set("eth up online metered")
	r.want("") // eth is not in the network, whatever its rank
	r.set("wlan2 unavailable")
	r.want("n Roaming, start wlan")
	r.set("wlan up")
	r.started("wlan")
	r.want("n newConfigurationActivated, n Connected")
	r.set("wlan unavailable")
	r.want("n closed, n error(RoamingError), n NotAvailable")
}

func TestNetworkCounters(t *testing.T) {
	r := newRig(t, "eth up, wlan up, lte up")
	r.define("office", "eth wlan")
	for i, id := range []string{"eth", "wlan", "lte"} {
		r.counters[id] = backend.Counters{Received: 1 << uint(i), Written: 10 << uint(i)}
	}
	n := r.session("n", "network:office")
	if got := n.Counters(); got != (backend.Counters{Received: 3, Written: 30}) {
		t.Errorf("%+v", got)
	}
	r.set("wlan down")
	if got := n.Counters(); got != (backend.Counters{Received: 1, Written: 10}) {
		t.Errorf("one down: %+v", got)
	}
}

func TestRemovingANetworkThatIsOpen(t *testing.T) {
	r := newRig(t, "eth up, wlan down")
	r.define("office", "wlan")
	n, e := r.session("n", "network:office"), r.session("e", "wlan")
	n.Open()
	r.set("wlan up")
	r.started("wlan")
	r.log.take()
	r.undefine("office")
	// Its access point stays up, unless the session itself had started it.
	r.want("n closed, n Invalid, n error(InvalidConfigurationError), stop wlan")
	if v := n.Snapshot(); v.State != session.Invalid || !strings.Contains(v.ErrText, "network:office") {
		t.Errorf("%+v", v)
	}
	r.set("wlan down")
	r.stopped("wlan")
	r.log.take()
	n.Open()
	r.want("n error(InvalidConfigurationError)")
	r.define("office", "eth wlan")
	r.want("n Connected")
	n.Open()
	r.want("n opened")
	if n.Snapshot().Active != "eth" || e.Snapshot().Open {
		t.Errorf("%+v", n.Snapshot())
	}
	n.Close()
	r.want("n closed")
}

func TestRemovingANetworkWhileItOpens(t *testing.T) {
	r := newRig(t, "wlan down")
	r.define("office", "wlan")
	n := r.session("n", "network:office")
	n.Open()
	r.want("n Connecting, start wlan")
	r.undefine("office")
	r.want("n Invalid, n error(InvalidConfigurationError), stop wlan")
}

// A stored identifier becomes valid when its network has been defined.
func TestSessionBeforeItsNetwork(t *testing.T) {
	r := newRig(t, "eth up, wlan up")
	n := r.session("n", "network:office")
	if v := n.Snapshot(); v.State != session.Invalid || v.Err != session.InvalidConfigurationError {
		t.Errorf("%+v", v)
	}
	n.Open()
	r.want("n error(InvalidConfigurationError)")
	r.define("office", "wlan")
	r.want("n Connected")
	n.Open()
	r.want("n opened")
	if n.Snapshot().Active != "wlan" {
		t.Errorf("%+v", n.Snapshot())
	}
}

// A session whose access point does not belong to its network any more moves to an
// access point that does, whatever the ranks.
func TestRedefinedUnderASession(t *testing.T) {
	r := newRig(t, "eth up online, wlan up, wlan2 up strong, lte down")
	r.define("office", "eth")
	forced, asked := r.session("f", "network:office"), r.session("a", "network:office")
	asked.SetApplicationRoaming(true)
	forced.Open()
	asked.Open()
	r.want("f opened, a opened")
	r.define("office", "lte")
	r.want("")
	r.define("office", "wlan wlan2 lte")
	r.want("f Roaming, f newConfigurationActivated, f Connected, a preferred(wlan2)")
	r.set("wlan2 up strong, wlan up stronger")
	r.want("") // the offer stands
	r.define("office", "eth lte")
	r.want("f Roaming, f newConfigurationActivated, f Connected")
	if forced.Snapshot().Active != "eth" || asked.Snapshot().Active != "eth" {
		t.Errorf("%+v, %+v", forced.Snapshot(), asked.Snapshot())
	}
	asked.Migrate() // the offer does not exist any more
	r.want("")
}

func TestStopOnAnOwnNetwork(t *testing.T) {
	r := newRig(t, "eth up online, wlan up, wlan2 starting")
	r.define("office", "wlan wlan2")
	n, e := r.session("n", "network:office"), r.session("e", "eth")
	e.Open()
	n.Stop()
	r.want("e opened, n Closing, stop wlan")
}

// Networks outlive the engine's runs, and so do their entries.
func TestNetworksStayWhileTheEngineParks(t *testing.T) {
	r := parked(t, "eth up, wlan down", nil)
	c, err := r.e.Attach(quiet{})
	if err != nil {
		t.Fatal(err)
	}
	r.define("office", "wlan")
	c.Detach()
	r.pause()
	r.mu.Lock()
	delete(r.snapshot, "wlan")
	r.mu.Unlock()
	r.run()
	r.sync()
	if v := r.value("network:office"); !v.Valid() || v.State != bearer.Undefined {
		t.Errorf("%+v", v)
	}
	r.set("wlan up")
	if v := r.value("network:office"); v.State != bearer.Active {
		t.Errorf("%+v", v)
	}
}
