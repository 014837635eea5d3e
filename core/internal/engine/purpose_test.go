package engine

import (
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

func (r *rig) wantDefault(want string) {
	r.t.Helper()
	got := ""
	r.e.Default(func(e *store.Entry) { got = e.ID() })
	if got != want {
		r.t.Errorf("the default is %q, want %q", got, want)
	}
}

// A session keeps its access point under a tunnel, whatever the default route is.
func TestNoSessionMovesToATunnel(t *testing.T) {
	r := newRig(t, "eth down, wlan unavailable")
	n := r.network("n")
	n.Open()
	r.want("n Connecting, start eth")
	r.set("eth up online")
	r.started("eth")
	r.want("n opened, n Connected")
	r.set("eth up, tun up online tunnel")
	r.want("")
	r.wantDefault("eth")
	r.set("eth unavailable raised")
	r.want("n closed, n error(RoamingError), n NotAvailable")
}

func TestATunnelOfANetworkOfTheApplication(t *testing.T) {
	r := newRig(t, "eth up, tun up tunnel, wlan unavailable")
	if err := r.e.DefineServiceNetwork(bearer.Definition{Identifier: "n", Children: []string{"eth", "tun"}}, func(*store.Entry) {}); err != nil {
		t.Fatal(err)
	}
	n := r.session("n", "network:n")
	n.Open()
	r.want("n opened")
	r.set("eth unavailable raised")
	r.want("n closed, n error(RoamingError)")
	n.Open()
	r.want("n opened")
	if v := n.Snapshot(); v.Active != "tun" {
		t.Errorf("open on %s", v.Active)
	}
}

// The default for each set of links, in this order.
func TestTheDefault(t *testing.T) {
	for _, c := range []struct{ links, want string }{
		{"eth up, wlan up online, tun up online tunnel", "wlan"},
		{"eth local, tun up online tunnel, wlan down", "tun"},
		{"docker local, eth down", "eth"},
		{"docker local, eth unavailable", "docker"},
		{"hotspot down downlink, eth unavailable", bearer.InternetID},
		{"hotspot up downlink, eth down", "eth"},
		{"tun down tunnel, eth unavailable", bearer.InternetID},
		{"tun local tunnel, docker local", "docker"},
		{"eth down unmanaged, wlan down", "wlan"},
		{"eth faltering, wlan up", "eth"},
	} {
		t.Run(c.links, func(t *testing.T) { newRig(t, c.links).wantDefault(c.want) })
	}
}

// "Internet" uses an access point that leads nowhere only if no other can be tried.
func TestLinksThatLeadNowhere(t *testing.T) {
	r := newRig(t, "docker local, eth down")
	n := r.network("n")
	n.Open()
	r.want("n Connecting, start eth")
	r.set("eth unavailable raised")
	r.want("")
	r.set("eth up")
	r.started("eth")
	r.want("n opened, n Connected")
	r.set("eth unavailable raised")
	r.want("n closed, n error(RoamingError)")
	n.Open()
	r.want("n opened")
	if v := n.Snapshot(); v.Active != "docker" {
		t.Errorf("open on %s", v.Active)
	}
}

// If no link has a route to the internet, a session moves among the others.
func TestNetworksWithoutAWayOut(t *testing.T) {
	r := newRig(t, "eth local, wlan local")
	n := r.network("n")
	n.Open()
	r.want("n opened")
	r.set("eth unavailable raised")
	r.want("n Roaming, n newConfigurationActivated, n Connected")
}

func TestAHotspotIsInNoInternet(t *testing.T) {
	r := newRig(t, "hotspot up downlink")
	r.e.Find(bearer.InternetID, func(e *store.Entry) {
		if s := e.Value().State; s != bearer.Undefined {
			t.Errorf("Internet is %v", s)
		}
	})
	s := r.session("s", "hotspot")
	s.Open()
	r.want("s opened")
}

// A session that only watches shows the link of an access point that is up, whatever
// its rank.
func TestTheLinkOfASessionThatWatches(t *testing.T) {
	for _, links := range []string{"docker local, eth down", "docker faltering, eth down", "docker faltering, eth unavailable"} {
		r := newRig(t, links)
		n := r.network("n")
		if v := n.Snapshot(); v.State != session.Connected || v.Interface != "docker" {
			t.Errorf("%s: %v on %q", links, v.State, v.Interface)
		}
	}
	r := newRig(t, "docker local, eth faltering")
	if v := r.network("n").Snapshot(); v.Interface != "eth" { // while it may not come up
		t.Errorf("on %q", v.Interface)
	}
}
