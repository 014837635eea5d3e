package engine

import (
	"fmt"
	"math/rand"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/session"
)

func (r *rig) underlying(id string) string {
	var ids []string
	r.e.Underlying(id, func(e *Entry) { ids = append(ids, e.ID()) })
	return strings.Join(ids, " ")
}

func TestUnderlying(t *testing.T) {
	for _, c := range []struct{ links, id, want string }{
		{"eth up online", "eth", ""},
		{"eth up online", bearer.InternetID, ""},
		{"eth up online", "x", ""},
		{"eth up online", "", ""},

		// What the kernel says of the links below.
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

		// A tunnel of which nobody knows leaves by the best way out.
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

		// One of which the kernel knows does not guess.
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
	vpn := access("vpn local tunnel")
	vpn.Alias = "/7"
	r.sink.Report(bearer.Batch{Changed: []bearer.Configuration{vpn}})
	r.sync()
	if got := r.underlying("/7"); got != "eth" {
		t.Errorf("%q", got)
	}
}

func TestBase(t *testing.T) {
	for _, c := range []struct{ links, id, want string }{
		{"eth up online", "eth", "eth"},
		{"eth down", "eth", "eth"},
		{"eth local, vlan local over:eth", "vlan", "vlan"},
		{"eth up online, vpn local tunnel", "vpn", "eth"},
		{"eth up online, wg local tunnel, vxlan local tunnel over:wg", "vxlan", "eth"},
		{"eth up online, a local tunnel over:b, b local tunnel over:a", "a", "none"},
		{"eth local, a local tunnel over:b over:eth, b local tunnel online over:a", "a", "eth"},
		{"eth local, a local tunnel over:b over:eth, b local tunnel online over:a", "b", "eth"},
		{"odd local tunnel over:odd", "odd", "none"},
		{"vpn local tunnel online", "vpn", "none"},
		{"vpn down tunnel, eth up online", "vpn", "none"},
		{"eth up online", "x", "none"},
	} {
		newRig(t, c.links).look(func(l *loop) {
			got := "none"
			if under := l.board.base(l.board.registry.Get(c.id)); under != nil {
				got = under.ID
			}
			if got != c.want {
				t.Errorf("%s: the base of %s is %s, want %s", c.links, c.id, got, c.want)
			}
		})
	}
}

// A VPN over a mobile link is metered, whatever it claims, and its sessions are
// told when that changes.
func TestPoliciesOfATunnel(t *testing.T) {
	r := newRig(t, "lte up online mobile metered, vpn local tunnel unmetered")
	r.listen("l")
	s := r.session("s", "vpn")
	r.define("both", "vpn lte")
	n := r.session("n", "network:both")
	n.Open()
	s.Open()
	r.want("l +network:both, n opened, n policies(1), s opened")
	if s.View().Policies != session.NoBackgroundTraffic {
		t.Fatalf("%+v", s.View())
	}
	r.set("lte up online mobile unmetered")
	r.want("s policies(0), n policies(0), l ~lte, l ~vpn")
	r.set("lte up online mobile abroad")
	r.want("s policies(1), n policies(1), l ~lte, l ~vpn")
	if c := r.value("vpn"); !c.Abroad || c.Metered != bearer.MeteredUnknown {
		t.Errorf("%+v", c)
	}
	r.set("eth up online") // the default route goes elsewhere, and the tunnel with it
	r.want("l +eth, s policies(0), l ~netsession:internet, l ~vpn")
	r.set("eth gone")
	r.want("s policies(1), l ~netsession:internet, l ~vpn, l -eth")
}

// A tunnel that the kernel knows follows its own link, not the default.
func TestPoliciesOfAnExactTunnel(t *testing.T) {
	r := newRig(t, "eth up online, lte local mobile metered, wg local tunnel over:lte, gre local tunnel over:wg")
	s := r.session("s", "gre")
	if s.View().Policies != session.NoBackgroundTraffic {
		t.Fatalf("%+v", s.View())
	}
	r.set("wg local tunnel over:eth") // quiet for wg itself, but for its cost
	r.want("s policies(0)")
	r.set("lte local mobile metered strong, wg local tunnel over:lte")
	r.want("s policies(1)")
	r.set("wg down tunnel over:lte")
	r.want("s policies(0)")
}

// What does not change for readers is not told, and what does is told once.
func TestTunnelsAreToldOnce(t *testing.T) {
	r := newRig(t, "lte up online mobile metered, vpn local tunnel")
	r.listen("l")
	r.set("vpn local tunnel metered") // it has been for all others
	r.want("")
	r.set("vpn local tunnel unmetered portal")
	r.want("l ~vpn")
	r.set("vpn local tunnel addressed, lte up online mobile unmetered")
	r.want("l ~vpn, l ~lte")
	r.set("lte local mobile abroad")
	r.want("l ~lte, l ~vpn, l online false")
	// What a tunnel runs over may be reported after it.
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

func TestOutlookOfATunnel(t *testing.T) {
	r := newRig(t, "")
	for _, step := range []struct {
		links string
		want  Outlook
	}{
		{"vpn local tunnel online unmetered", Outlook{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportEthernet}},
		{"lte local mobile metered portal, vpn local tunnel online unmetered over:lte", Outlook{
			Online: true, Reach: bearer.ReachOnline, Portal: true, Transport: bearer.TransportCellular, Metered: true,
		}},
		{"lte local mobile unmetered", Outlook{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportCellular}},
		{"lte gone", Outlook{Online: true, Reach: bearer.ReachOnline, Transport: bearer.TransportEthernet}},
	} {
		if r.set(step.links); r.e.Outlook() != step.want {
			t.Errorf("%s: %+v, want %+v", step.links, r.e.Outlook(), step.want)
		}
	}
}

// slowly is what the links run over, found by a look at all of them.
func slowly(b *board, c *bearer.Configuration) string {
	var found []*roam.Candidate
	for _, e := range b.listed {
		o := b.registry.Get(e.id)
		if o.State != bearer.Active || o == c || c.State != bearer.Active {
			continue
		}
		below := len(c.Lower) == 0 && c.Role == bearer.Tunnel && o.Role == bearer.Uplink && o.DefaultRoute
		for _, name := range c.Lower {
			below = below || o.Interface == name
		}
		if below {
			found = append(found, candidate(o))
		}
	}
	sort.Slice(found, func(i, j int) bool { return roam.Better(found[i], found[j]) })
	if len(c.Lower) == 0 && len(found) > 1 {
		found = found[:1]
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

// The layers are what a look at everything would find, whatever happens.
func TestLayersStayInStep(t *testing.T) {
	b, random := newBoard(nil), rand.New(rand.NewSource(1))
	words := []string{"tunnel", "downlink", "online", "over:a", "over:b", "over:c", "metered", "strong"}
	for i := 0; i < 20000; i++ {
		var batch bearer.Batch
		for n := random.Intn(4); n >= 0; n-- {
			id := string(rune('a' + random.Intn(7)))
			text := id + []string{" local", " local", " local", " down", " unavailable", " stopping"}[random.Intn(6)]
			for _, w := range words {
				if random.Intn(4) == 0 {
					text += " " + w
				}
			}
			c := access(text)
			c.Interface = string(rune('a' + random.Intn(4))) // several profiles of one link
			batch.Changed = append(batch.Changed, c)
			if random.Intn(5) == 0 {
				batch.Gone = append(batch.Gone, id)
			}
		}
		b.apply(batch, time.Now())
		compareLayers(t, b)
	}
	b.apply(bearer.Batch{Complete: true}, time.Now())
	if len(b.links) != 0 || len(b.tunnels) != 0 || b.ways.Len() != 0 {
		t.Errorf("kept: %v %v %d", b.links, b.tunnels, b.ways.Len())
	}
}

func compareLayers(t *testing.T, b *board) {
	t.Helper()
	for _, e := range b.listed {
		c := b.registry.Get(e.id)
		if got, want := strings.Join(b.underlying(c), " "), slowly(b, c); got != want {
			t.Fatalf("%+v runs over %q, want %q", c, got, want)
		}
		if v := e.Value(); !v.Equal(b.seen(c)) {
			t.Fatalf("readers see %+v, want %+v", v, b.seen(c))
		}
	}
}

// Thousands of profiles that are not in use cost a question nothing.
func BenchmarkUnderlying(b *testing.B) {
	board := newBoard(nil)
	batch := bearer.Batch{Changed: []bearer.Configuration{access("eth up online"), access("vpn local tunnel"), access("vlan local over:eth")}}
	for i := 0; i < 20000; i++ {
		batch.Changed = append(batch.Changed, access(fmt.Sprintf("p%d down", i)))
	}
	board.apply(batch, time.Now())
	e := &Engine{board: board}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		e.Underlying("vpn", func(*Entry) {})
		e.Underlying("vlan", func(*Entry) {})
	}
}
