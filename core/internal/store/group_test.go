package store

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// The cost of a change does not grow with the unchanged configurations: only the
// networks of the changed access point are visited.
func TestAChangeTouchesItsOwnNetworksOnly(t *testing.T) {
	s := New(nil)
	var batch bearer.Batch
	for i := 0; i < 1000; i++ {
		batch.Changed = append(batch.Changed, bearer.Configuration{ID: fmt.Sprintf("ap%04d", i), State: bearer.Discovered})
	}
	s.Apply(batch, time.Now())
	for i := 0; i < 100; i++ {
		d := bearer.Definition{Identifier: fmt.Sprintf("n%02d", i)}
		for j := 0; j < 10; j++ {
			d.Children = append(d.Children, fmt.Sprintf("ap%04d", i*10+j))
		}
		if _, err := s.DefineGroup(&d, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	count := 0
	s.eachGroupOf("ap0123", func(g *Group) {
		count++
		if id := g.ID(); id != bearer.InternetID && id != bearer.UserChoiceID && id != "network:n12" {
			t.Errorf("visits %s", id)
		}
		if g.ID() == "network:n12" && g.ranking.Len() != 10 {
			t.Errorf("ranks %d access points", g.ranking.Len())
		}
	})
	if count != 3 {
		t.Errorf("visits %d groups", count)
	}
	u := s.Apply(bearer.Batch{Changed: []bearer.Configuration{{ID: "ap0123", State: bearer.Active}}}, time.Now())
	if len(u.Changed) != 3 || u.Changed[2].id != "network:n12" {
		t.Errorf("changed: %v", u.Changed)
	}
}

// After any sequence of changes of access points and definitions, every group equals a
// group that is made anew.
func TestGroupsFollow(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	s := New(nil)
	ids := []string{"a", "b", "c", "d", "e"}
	defined := map[string][]string{}
	for i := 0; i < 4000; i++ {
		switch name := string(rune('x' + r.Intn(3))); r.Intn(6) {
		case 0:
			children := slices.Clone(ids[:1+r.Intn(len(ids))])
			r.Shuffle(len(children), func(i, j int) { children[i], children[j] = children[j], children[i] })
			if _, err := s.DefineGroup(&bearer.Definition{Identifier: name, Children: children}, time.Now()); err == nil {
				defined[name] = children
			}
		case 1:
			if u := s.RemoveGroup("network:"+name, time.Now()); u.Empty() == (defined[name] != nil) {
				t.Fatalf("removed %s: %v, but it was defined: %v", name, !u.Empty(), defined[name] != nil)
			}
			delete(defined, name)
		case 2:
			s.Apply(bearer.Batch{Gone: []string{ids[r.Intn(len(ids))]}}, time.Now())
		default:
			c := storetest.AccessPoint(ids[r.Intn(len(ids))] + " " + []string{"up", "down", "unavailable", "starting", "stopping", "up private"}[r.Intn(6)])
			s.Apply(bearer.Batch{Changed: []bearer.Configuration{c}}, time.Now())
		}
		s.wantGroups(t, defined)
	}
}

// wantGroups compares every group with a newly made one.
func (s *Store) wantGroups(t *testing.T, defined map[string][]string) {
	t.Helper()
	fresh := []*bearer.Group{bearer.InternetGroup(), bearer.UserChoiceGroup()}
	for name, children := range defined {
		fresh = append(fresh, bearer.NewGroup(&bearer.Definition{Identifier: name, Children: children}))
	}
	if len(s.byID) != len(fresh) || len(s.networks) != len(defined)+1 {
		t.Fatalf("%d groups, %d networks, for %v", len(s.byID), len(s.networks), defined)
	}
	for id, list := range s.byMember {
		for _, g := range list {
			if s.byID[g.ID()] != g {
				t.Fatalf("%s is visited for a change of %s, but was replaced or removed", g.ID(), id)
			}
		}
	}
	for _, g := range fresh {
		members := ""
		for _, e := range s.accessPoints {
			if g.Has(e.Value()) {
				g.Replace(nil, e.Value())
				members += e.ID()
			}
		}
		got, listed := s.byID[g.ID()], ""
		got.each(func(e *Entry) { listed += e.ID() })
		if !g.Configuration().Equal(got.entry.Value()) || listed != members {
			t.Fatalf("%s is %+v of %s, want %+v of %s", g.ID(), got.entry.Value(), listed, g.Configuration(), members)
		}
		if _, isList := g.Children(); isList && got.ranking.Len() != len(members) {
			t.Fatalf("%s ranks %d of %s", g.ID(), got.ranking.Len(), members)
		}
	}
}

// A new definition leaves nothing of the old one in the index.
func TestRedefinitionReplacesTheIndex(t *testing.T) {
	s := New(nil)
	s.Apply(bearer.Batch{Changed: []bearer.Configuration{storetest.AccessPoint("eth up"), storetest.AccessPoint("wlan down")}}, time.Now())
	for _, children := range [][]string{{"eth"}, {"eth", "eth"}, {"wlan"}} {
		if _, err := s.DefineGroup(&bearer.Definition{Identifier: "office", Children: children}, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.byMember) != 1 || len(s.networks) != 2 {
		t.Errorf("kept: %v, %v", s.byMember, s.networks)
	}
}

// BenchmarkChange measures adding and removing one access point, by the number of
// access points. A hundred networks have ten each.
func BenchmarkChange(b *testing.B) {
	for _, links := range []int{1000, 10000} {
		b.Run(fmt.Sprint(links), func(b *testing.B) {
			s := New(nil)
			var batch bearer.Batch
			for i := 0; i < links; i++ {
				batch.Changed = append(batch.Changed, bearer.Configuration{ID: fmt.Sprintf("ap%05d", i), State: bearer.Discovered})
			}
			s.Apply(batch, time.Now())
			for i := 0; i < 100; i++ {
				d := bearer.Definition{Identifier: fmt.Sprint(i)}
				for j := 0; j < 10; j++ {
					d.Children = append(d.Children, fmt.Sprintf("ap%05d", i*10+j))
				}
				if _, err := s.DefineGroup(&d, time.Now()); err != nil {
					b.Fatal(err)
				}
			}
			states := []bearer.State{bearer.Active, bearer.Discovered}
			now := time.Now()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				s.Apply(bearer.Batch{Changed: []bearer.Configuration{{ID: "ap00123", State: states[i%2]}}}, now)
			}
		})
	}
}
