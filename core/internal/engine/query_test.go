package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

func (r *rig) each(filter bearer.State) string {
	var ids []string
	r.e.Each(filter, func(e *store.Entry) { ids = append(ids, e.ID()) })
	return strings.Join(ids, " ")
}

func (r *rig) byDefault() string {
	id := "none"
	if r.e.Default(func(e *store.Entry) { id = e.ID() }) != (id != "none") {
		r.t.Error("Default's call of f and its result disagree")
	}
	return id
}

func TestEach(t *testing.T) {
	r := newRig(t, "wlan down, eth up, dsl unavailable, lte up private")
	for filter, want := range map[bearer.State]string{
		0:                 "dsl eth lte wlan netsession:internet",
		bearer.Defined:    "dsl eth lte wlan netsession:internet",
		bearer.Discovered: "eth lte wlan netsession:internet",
		bearer.Active:     "eth lte netsession:internet",
		bearer.Undefined:  "",
	} {
		if got := r.each(filter); got != want {
			t.Errorf("filter %v: %s, want %s", filter, got, want)
		}
	}
	if r.e.Len() < 5 {
		t.Errorf("Len is %d", r.e.Len())
	}
	r.set("eth gone, dsl down, abc down")
	if got := r.each(0); got != "abc dsl lte wlan netsession:internet" {
		t.Error(got)
	}
}

func TestFind(t *testing.T) {
	r := newRig(t, "eth up")
	for id, want := range map[string]bool{"eth": true, bearer.InternetID: true, "x": false, "": false} {
		called := false
		if found := r.e.Find(id, func(e *store.Entry) { called = e.ID() == id }); found != want || called != want {
			t.Errorf("%q: found %v, called %v", id, found, called)
		}
	}
	r.set("eth gone")
	if r.e.Find("eth", func(*store.Entry) {}) {
		t.Error("removed, but found")
	}
}

func TestDefault(t *testing.T) {
	for links, want := range map[string]string{
		"":                                    "none",
		"eth unavailable":                     bearer.InternetID,
		"eth unavailable, wlan down":          "wlan",
		"eth down, wlan down":                 "eth",
		"eth down, wlan up":                   "wlan",
		"eth up, wlan up online":              "wlan",
		"eth stopping online, wlan up":        "wlan",
		"eth up online, wlan up online":       "eth",
		"wlan down, wlan2 down strong":        "wlan2",
		"lte up online private, eth down":     "lte",
		"wlan starting, eth unavailable":      "wlan",
		"eth stopping online, wlan2 starting": "eth",
	} {
		if got := newRig(t, links).byDefault(); got != want {
			t.Errorf("%s: %s, want %s", links, got, want)
		}
	}
}

func TestDefaultNetwork(t *testing.T) {
	for links, want := range map[string]string{"": "none", "eth up online": bearer.InternetID} {
		r := parked(t, links, func(_ *rig, o *Options) { o.Default = bearer.ServiceNetwork })
		r.run()
		if got := r.byDefault(); got != want {
			t.Errorf("%s: %s, want %s", links, got, want)
		}
	}
}

func TestChildren(t *testing.T) {
	r := newRig(t, "wlan up, eth unavailable, lte up private")
	for id, want := range map[string]string{bearer.InternetID: "eth wlan", "wlan": "", "x": ""} {
		var ids []string
		r.e.Children(id, func(e *store.Entry) { ids = append(ids, e.ID()) })
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}

func TestOnline(t *testing.T) {
	r := newRig(t, "eth up")
	if r.e.NetworkState().Online {
		t.Error("online without a default route")
	}
	for _, c := range []struct {
		links string
		want  bool
	}{
		{"eth up online", true}, {"wlan up online", true}, {"eth gone", true},
		{"wlan down online", false}, {"wlan up online", true}, {"wlan gone", false},
	} {
		if r.set(c.links); r.e.NetworkState().Online != c.want {
			t.Errorf("%s: online: %v", c.links, !c.want)
		}
	}
}

func TestCapabilities(t *testing.T) {
	const always = ApplicationLevelRoaming | ForcedRoaming
	r := newRig(t, "")
	for has, want := range map[backend.Capabilities]Capabilities{
		0: always, backend.CanStartAndStop: always | CanStartAndStopInterfaces,
		backend.HasStatistics:                           always | DataStatistics,
		backend.CanStartAndStop | backend.HasStatistics: always | CanStartAndStopInterfaces | DataStatistics,
		backend.HasLinks:                                always | DirectConnectionRouting,
	} {
		r.mu.Lock()
		r.caps = has
		r.mu.Unlock()
		if got := r.e.Capabilities(); got != want {
			t.Errorf("%b: %b, want %b", has, got, want)
		}
	}
	if got := parked(t, "", nil).e.Capabilities(); got != always {
		t.Errorf("parked: %b", got)
	}
}

func TestCapabilityNumbers(t *testing.T) {
	for got, want := range map[Capabilities]uint32{
		CanStartAndStopInterfaces: 0x01, DirectConnectionRouting: 0x02, SystemSessionSupport: 0x04, ApplicationLevelRoaming: 0x08,
		ForcedRoaming: 0x10, DataStatistics: 0x20,
	} {
		if uint32(got) != want {
			t.Errorf("%#x, want %#x", got, want)
		}
	}
}

func TestEntry(t *testing.T) {
	r := newRig(t, "eth down")
	var eth *store.Entry
	r.e.Find("eth", func(e *store.Entry) { eth = e })
	if !eth.ActiveSince().IsZero() || eth.ConnectTimeout() != bearer.DefaultConnectTimeout || eth.ID() != "eth" {
		t.Error("wrong values before the link is up")
	}
	before := time.Now()
	r.set("eth up")
	since := eth.ActiveSince()
	if since.Before(before) || since.After(time.Now()) {
		t.Errorf("active since %v", since)
	}
	r.set("eth up online")
	if eth.ActiveSince() != since || !eth.Value().DefaultRoute {
		t.Error("active since another time, or not changed")
	}
	r.set("eth gone")
	if v := eth.Value(); v.Type != bearer.Invalid || v.State != bearer.Undefined || v.ID != "eth" || v.Name != "ETH" {
		t.Errorf("removed, but %+v", v)
	}
	if !eth.ActiveSince().IsZero() {
		t.Error("removed, but active")
	}
}

// Two values for one configuration, and identifiers that only the engine may report.
func TestOddReports(t *testing.T) {
	r := newRig(t, "eth down")
	r.sink.Report(bearer.Batch{Changed: []bearer.Configuration{
		storetest.AccessPoint("netsession:internet down"), {}, storetest.AccessPoint("eth up"), storetest.AccessPoint("wlan up"), storetest.AccessPoint("netsession:internet up"),
		storetest.AccessPoint("eth unavailable"), {ID: "bad", Type: bearer.Invalid},
	}, Gone: []string{"wlan", "x"}})
	r.sync()
	if got := r.each(0); got != "eth netsession:internet" {
		t.Error(got)
	}
	r.sink.Report(bearer.Batch{Gone: []string{bearer.InternetID}})
	r.sync()
	if got := r.each(0); got != "eth netsession:internet" {
		t.Error(got)
	}
	r.e.Find(bearer.InternetID, func(e *store.Entry) {
		if e.Value().Type != bearer.ServiceNetwork || e.Value().State != bearer.Defined {
			t.Errorf("%+v", e.Value())
		}
	})
}

func TestNetworkState(t *testing.T) {
	r := newRig(t, "")
	l := ear{name: "l", log: r.log, networkState: true}
	c, err := r.e.Attach(l)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Detach()
	for _, step := range []struct {
		links  string
		want   store.NetworkState
		events string
	}{
		{"eth down", store.NetworkState{Reach: bearer.ReachNone}, ""},
		{"eth local", store.NetworkState{Reach: bearer.ReachLocal, Transport: bearer.TransportEthernet},
			"l reach 2 portal false transport 1 metered false"},
		{"eth local addressed", store.NetworkState{Reach: bearer.ReachSite, Transport: bearer.TransportEthernet},
			"l reach 3 portal false transport 1 metered false"},
		{"eth local addressed metered", store.NetworkState{Reach: bearer.ReachSite, Transport: bearer.TransportEthernet, Metered: true},
			"l reach 3 portal false transport 1 metered true"},
		{"wlan up online portal", store.NetworkState{Online: true, Reach: bearer.ReachSite, Portal: true, Transport: bearer.TransportWiFi},
			"l online true, l reach 3 portal true transport 3 metered false"},
		{"wlan up online", store.NetworkState{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportWiFi},
			"l reach 4 portal false transport 3 metered false"},
		{"eth unavailable", store.NetworkState{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportWiFi}, ""},
		{"wlan gone", store.NetworkState{Reach: bearer.ReachNone}, "l online false, l reach 1 portal false transport 0 metered false"},
	} {
		r.log.take()
		r.set(step.links)
		if got := r.e.NetworkState(); got != step.want {
			t.Errorf("%s: %+v, want %+v", step.links, got, step.want)
		}
		var events []string
		for _, line := range strings.Split(r.log.take(), ", ") {
			if strings.HasPrefix(line, "l online") || strings.HasPrefix(line, "l reach") {
				events = append(events, line)
			}
		}
		if got := strings.Join(events, ", "); got != step.events {
			t.Errorf("%s: got %q, want %q", step.links, got, step.events)
		}
	}
}

// A radio's signal strength jitters all the time: it changes the ranking, but is not
// reported to listeners.
func TestSignalStrengthIsNotReported(t *testing.T) {
	r := newRig(t, "wlan0 up, wlan1 up strong")
	c := r.attach("l")
	defer c.Detach()
	if r.byDefault() != "wlan1" {
		t.Fatal("the stronger one is not the default")
	}
	r.set("wlan0 up stronger")
	r.want("")
	if r.byDefault() != "wlan0" {
		t.Error("the ranking does not follow the strength")
	}
	r.set("wlan0 up stronger metered")
	r.want("l ~wlan0")
}

// A configuration that appears gets the entry that something refers to already.
func TestRefer(t *testing.T) {
	m := &memory{keep: true}
	r := parked(t, "eth up", func(_ *rig, o *Options) { o.Publisher = m })
	r.run()
	r.sync()
	m.take()
	refer := func(id string) (e *store.Entry) {
		r.e.Refer(id, func(found *store.Entry) { e = found })
		return e
	}
	wlan := refer("wlan")
	if v := wlan.Value(); wlan.ID() != "wlan" || v.Valid() || v.State != bearer.Undefined || !wlan.ActiveSince().IsZero() {
		t.Errorf("%+v", v)
	}
	if refer("wlan") != wlan || refer("eth") == wlan || refer("eth").Value().State != bearer.Active {
		t.Error("not the entry of that identifier")
	}
	if r.e.Find("wlan", func(*store.Entry) {}) || r.each(0) != "eth netsession:internet" {
		t.Error("listed before it exists")
	}
	r.set("wlan up")
	if v := wlan.Value(); v.State != bearer.Active || refer("wlan") != wlan {
		t.Errorf("%+v", v)
	}
	if got := m.take(); got != "?wlan <nil>, ?wlan <nil>, +wlan <nil>, ~netsession:internet known, announced" {
		t.Error(got)
	}
	ghost := refer("x")
	r.e.Reap(ghost, func() bool { return true })
	if refer("x") == ghost {
		t.Error("reaped, but kept")
	}
}

func TestReferWithoutAPublisher(t *testing.T) {
	r := newRig(t, "")
	r.e.Refer("x", func(e *store.Entry) {
		if e.Value().Valid() {
			t.Errorf("%+v", e.Value())
		}
	})
	if c, _ := r.e.store.Recall("x"); c != nil {
		t.Error("kept, though without a publisher nothing can release it")
	}
}
