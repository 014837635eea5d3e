package store

import (
	"fmt"
	"math/rand"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

func TestLowestLink(t *testing.T) {
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
		s := New(nil)
		var batch bearer.Batch
		for _, words := range strings.Split(c.links, ", ") {
			batch.Changed = append(batch.Changed, storetest.AccessPoint(words))
		}
		s.Apply(batch, time.Now())
		got := "none"
		if under := s.lowestLink(s.registry.Get(c.id)); under != nil {
			got = under.ID
		}
		if got != c.want {
			t.Errorf("%s: the lowest link of %s is %s, want %s", c.links, c.id, got, c.want)
		}
	}
}

// lowerOf is what a link runs over, found by a search through all access points.
func lowerOf(s *Store, c *bearer.Configuration) string {
	var found []*roam.Candidate
	for _, e := range s.accessPoints {
		o := s.registry.Get(e.id)
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
	sort.Slice(found, func(i, j int) bool { return roam.RanksBefore(found[i], found[j]) })
	if len(c.Lower) == 0 && len(found) > 1 {
		found = found[:1]
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

// After any change the layers equal the result of a full search.
func TestLayersEqualAFullSearch(t *testing.T) {
	s, random := New(nil), rand.New(rand.NewSource(1))
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
			c := storetest.AccessPoint(text)
			c.Interface = string(rune('a' + random.Intn(4))) // several profiles of one link
			batch.Changed = append(batch.Changed, c)
			if random.Intn(5) == 0 {
				batch.Gone = append(batch.Gone, id)
			}
		}
		s.Apply(batch, time.Now())
		compareLayers(t, s)
	}
	s.Apply(bearer.Batch{Complete: true}, time.Now())
	if len(s.layers.byInterface) != 0 || len(s.layers.tunnels) != 0 || s.layers.uplinks.Len() != 0 {
		t.Errorf("kept: %v %v %d", s.layers.byInterface, s.layers.tunnels, s.layers.uplinks.Len())
	}
}

func compareLayers(t *testing.T, s *Store) {
	t.Helper()
	for _, e := range s.accessPoints {
		c := s.registry.Get(e.id)
		if got, want := strings.Join(s.underlying(c), " "), lowerOf(s, c); got != want {
			t.Fatalf("%+v runs over %q, want %q", c, got, want)
		}
		if v := e.Value(); !v.Equal(s.effective(c)) {
			t.Fatalf("readers see %+v, want %+v", v, s.effective(c))
		}
	}
}

// Thousands of unused profiles do not slow a query down.
func BenchmarkUnderlying(b *testing.B) {
	s := New(nil)
	batch := bearer.Batch{Changed: []bearer.Configuration{storetest.AccessPoint("eth up online"), storetest.AccessPoint("vpn local tunnel"), storetest.AccessPoint("vlan local over:eth")}}
	for i := 0; i < 20000; i++ {
		batch.Changed = append(batch.Changed, storetest.AccessPoint(fmt.Sprintf("p%d down", i)))
	}
	s.Apply(batch, time.Now())
	r := s.Reader()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		r.Underlying("vpn", func(*Entry) {})
		r.Underlying("vlan", func(*Entry) {})
	}
}
