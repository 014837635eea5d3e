package engine

import (
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

func (r *rig) underlying(id string) string {
	var ids []string
	r.e.Underlying(id, func(e *store.Entry) { ids = append(ids, e.ID()) })
	return strings.Join(ids, " ")
}

func TestUnderlying(t *testing.T) {
	for _, c := range []struct{ links, id, want string }{
		{"eth up online", "eth", ""},
		{"eth up online", bearer.InternetID, ""},
		{"eth up online", "x", ""},
		{"eth up online", "", ""},

		// What the kernel reports about the links below.
		{"eth local, vlan local over:eth", "vlan", "eth"},
		{"eth local, vlan local over:eth", "eth", ""},
		{"eth local, vlan down over:eth", "vlan", ""},
		{"eth down, vlan local over:eth", "vlan", ""},
		{"eth stopping, vlan local over:eth", "vlan", "eth"},
		{"vlan local over:eth", "vlan", ""},
		{"eth up online, vlan local over:p1", "vlan", ""},
		{"eth local, wlan local, bond local over:eth over:p9 over:wlan", "bond", "eth wlan"},
		{"eth local, wlan up online, bond local over:eth over:wlan", "bond", "wlan eth"},
		{"eth local, bond local over:eth over:eth", "bond", "eth"},
		{"odd local over:odd", "odd", ""},
		{"a local over:b, b local over:a", "a", "b"},

		// A tunnel whose lower links are not known uses the best other access point.
		{"eth up online, wlan up online, vpn local tunnel", "vpn", "eth"},
		{"eth local, wlan up online, vpn local tunnel online", "vpn", "wlan"},
		{"eth local, vpn local tunnel online", "vpn", ""},
		{"eth down online, vpn local tunnel", "vpn", ""},
		{"eth stopping online, vpn local tunnel", "vpn", "eth"},
		{"eth stopping online, wlan up online, vpn local tunnel", "vpn", "wlan"},
		{"eth up online, vpn down tunnel", "vpn", ""},
		{"wg local tunnel online, vpn local tunnel online", "vpn", ""},
		{"lte up online private, vpn local tunnel", "vpn", "lte"},
		{"ap up online downlink, lte up online, vpn local tunnel", "vpn", "lte"},
		{"ap up online downlink, vpn local tunnel", "vpn", ""},
		{"eth faltering, wlan up, vpn local tunnel", "vpn", "eth"},
		{"eth faltering, vpn local tunnel", "vpn", "eth"},

		// A tunnel whose lower links the kernel knows uses no guess.
		{"eth up online, wlan local, ipip local tunnel over:wlan", "ipip", "wlan"},
		{"eth up online, ipip local tunnel over:wlan", "ipip", ""},
		{"eth up online, wg local tunnel, vxlan local tunnel over:wg", "vxlan", "wg"},
	} {
		if got := newRig(t, c.links).underlying(c.id); got != c.want {
			t.Errorf("%s: %s runs over %q, want %q", c.links, c.id, got, c.want)
		}
	}
}

func TestUnderlyingFollowsTheLinks(t *testing.T) {
	r := newRig(t, "")
	for _, step := range []struct{ links, want string }{
		{"vpn local tunnel", ""},
		{"wlan up online", "wlan"},
		{"eth up online", "eth"},
		{"vpn local tunnel over:wlan", "wlan"},
		{"wlan gone", ""},
		{"vpn local tunnel", "eth"},
		{"eth local", ""},
		{"wlan up online", "wlan"},
		{"wlan local tunnel online", ""},
		{"wlan up online, vpn up online", ""},
		{"vpn local tunnel", "wlan"},
		{"vpn gone", ""},
	} {
		if r.set(step.links); r.underlying("vpn") != step.want {
			t.Errorf("after %s: %q, want %q", step.links, r.underlying("vpn"), step.want)
		}
	}
}

func TestUnderlyingByAlias(t *testing.T) {
	r := newRig(t, "eth up online")
	vpn := storetest.AccessPoint("vpn local tunnel")
	vpn.Alias = "/7"
	r.sink.Report(bearer.Batch{Changed: []bearer.Configuration{vpn}})
	r.sync()
	if got := r.underlying("/7"); got != "eth" {
		t.Errorf("%q", got)
	}
}

// A VPN over a mobile link is metered, whatever it claims, and its sessions are
// notified when that changes.
func TestPoliciesOfATunnel(t *testing.T) {
	r := newRig(t, "lte up online mobile metered, vpn local tunnel unmetered")
	r.listen("l")
	s := r.session("s", "vpn")
	r.define("both", "vpn lte")
	n := r.session("n", "network:both")
	n.Open()
	s.Open()
	r.want("l +network:both, n opened, n policies(1), s opened")
	if s.Snapshot().Policies != session.NoBackgroundTraffic {
		t.Fatalf("%+v", s.Snapshot())
	}
	r.set("lte up online mobile unmetered")
	r.want("s policies(0), n policies(0), l ~lte, l ~vpn")
	r.set("lte up online mobile abroad")
	r.want("s policies(1), n policies(1), l ~lte, l ~vpn")
	if c := r.value("vpn"); !c.Abroad || c.Metered != bearer.MeteredUnknown {
		t.Errorf("%+v", c)
	}
	r.set("eth up online") // the default route moves, and the tunnel with it
	r.want("l +eth, s policies(0), l ~netsession:internet, l ~vpn")
	r.set("eth gone")
	r.want("s policies(1), l ~netsession:internet, l ~vpn, l -eth")
}

// A tunnel that the kernel knows follows its own link, not the default.
func TestPoliciesOfAnExactTunnel(t *testing.T) {
	r := newRig(t, "eth up online, lte local mobile metered, wg local tunnel over:lte, gre local tunnel over:wg")
	s := r.session("s", "gre")
	if s.Snapshot().Policies != session.NoBackgroundTraffic {
		t.Fatalf("%+v", s.Snapshot())
	}
	r.set("wg local tunnel over:eth") // nothing new for wg itself, except its cost
	r.want("s policies(0)")
	r.set("lte local mobile metered strong, wg local tunnel over:lte")
	r.want("s policies(1)")
	r.set("wg down tunnel over:lte")
	r.want("s policies(0)")
}

// A value that does not change for readers is not reported; a change is reported once.
func TestChangesOfTunnelsAreReportedOnce(t *testing.T) {
	r := newRig(t, "lte up online mobile metered, vpn local tunnel")
	r.listen("l")
	r.set("vpn local tunnel metered") // readers have seen it as metered before
	r.want("")
	r.set("vpn local tunnel unmetered portal")
	r.want("l ~vpn")
	r.set("vpn local tunnel addressed, lte up online mobile unmetered")
	r.want("l ~vpn, l ~lte")
	r.set("lte local mobile abroad")
	r.want("l ~lte, l ~vpn, l online false")
	// The link under a tunnel may be reported after the tunnel.
	r.set("vpn local tunnel, lte up online mobile abroad")
	r.want("l ~vpn, l ~lte, l online true")
	if c := r.value("vpn"); !c.Abroad {
		t.Errorf("%+v", c)
	}
	r.set("lte local mobile abroad")
	r.log.take()
	r.set("wg local tunnel, lte up online mobile abroad")
	r.want("l +wg, l ~lte, l ~vpn, l online true")
	r.set("lte gone")
	r.want("l ~netsession:internet, l ~vpn, l ~wg, l -lte, l online false")
	if c := r.value("vpn"); c.Metered != bearer.MeteredUnknown || c.Abroad {
		t.Errorf("over nothing, but not as it claims: %+v", c)
	}
}

func TestNetworkStateOfATunnel(t *testing.T) {
	r := newRig(t, "")
	for _, step := range []struct {
		links string
		want  store.NetworkState
	}{
		{"vpn local tunnel online unmetered", store.NetworkState{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportEthernet}},
		{"lte local mobile metered portal, vpn local tunnel online unmetered over:lte", store.NetworkState{
			Online: true, Reach: bearer.ReachOnline, Portal: true, Transport: bearer.TransportCellular, Metered: true,
		}},
		{"lte local mobile unmetered", store.NetworkState{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportCellular}},
		{"lte gone", store.NetworkState{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportEthernet}},
	} {
		if r.set(step.links); r.e.NetworkState() != step.want {
			t.Errorf("%s: %+v, want %+v", step.links, r.e.NetworkState(), step.want)
		}
	}
}
