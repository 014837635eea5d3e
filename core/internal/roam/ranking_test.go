package roam

import (
	"math/rand"
	"sort"
	"testing"
)

// model is a ranking as a map that is sorted on each access.
type model map[string]Candidate

func (m model) sorted() []Candidate {
	var list []Candidate
	for _, c := range m {
		list = append(list, c)
	}
	sort.Slice(list, func(i, j int) bool { return RanksBefore(&list[i], &list[j]) })
	return list
}

// change puts or drops one candidate in both.
func change(ranking *Ranking, m model, r *rand.Rand, ids []string) {
	id := ids[r.Intn(len(ids))]
	if r.Intn(4) == 0 {
		ranking.Drop(id)
		delete(m, id)
		return
	}
	c := random(r, id)
	ranking.Put(c)
	m[id] = c
}

func compareWith(t *testing.T, r *Ranking, m model) {
	t.Helper()
	want := m.sorted()
	if r.Len() != len(want) {
		t.Fatalf("%d candidates, want %d", r.Len(), len(want))
	}
	for i, c := range want {
		if *r.At(i) != c {
			t.Fatalf("rank %d is %+v, want %+v", i, *r.At(i), c)
		}
		if got := r.Get(c.ID); got == nil || *got != c {
			t.Fatalf("%s is %+v, want %+v", c.ID, got, c)
		}
	}
}

func TestRankingIsSorted(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	ids := names(12)
	for life := 0; life < 100; life++ {
		ranking, m := NewRanking(), model{}
		for i := 0; i < 60; i++ {
			change(ranking, m, r, ids)
			compareWith(t, ranking, m)
		}
	}
}

func FuzzRanking(f *testing.F) {
	f.Add(int64(1), uint8(5), uint8(40))
	f.Add(int64(2), uint8(20), uint8(200))
	f.Fuzz(func(t *testing.T, seed int64, size, steps uint8) {
		r := rand.New(rand.NewSource(seed))
		ids := names(int(size%26) + 1)
		ranking, m := NewRanking(), model{}
		for i := 0; i < int(steps); i++ {
			change(ranking, m, r, ids)
		}
		compareWith(t, ranking, m)
	})
}

func TestReturnedCandidatesDoNotChange(t *testing.T) {
	r := NewRanking()
	r.Put(Candidate{ID: "a", Strength: 1})
	held := r.Get("a")
	r.Put(Candidate{ID: "a", Strength: 2})
	if held.Strength != 1 || r.Get("a").Strength != 2 {
		t.Error("a value that was handed out has changed")
	}
	r.Put(*r.Get("a"))
	if r.Len() != 1 {
		t.Error("the same value counts twice")
	}
	r.Drop("b")
	if r.Drop("a"); r.Len() != 0 || r.Get("a") != nil {
		t.Error("dropped, but still there")
	}
}

func TestBest(t *testing.T) {
	r := NewRanking()
	if r.Best(nil) != nil {
		t.Error("the best of none")
	}
	for _, c := range ranked {
		r.Put(c)
	}
	if c := r.Best(nil); c.ID != "kernel's" {
		t.Errorf("the best is %s", c.ID)
	}
	if c := r.Best(func(c *Candidate) bool { return c.Class == ClassWLAN && !c.Active }); c.ID != "wlan-first" {
		t.Errorf("the best that passes is %s", c.ID)
	}
	if c := r.Best(func(c *Candidate) bool { return c.ID == "unplugged" }); c != nil {
		t.Error("what is out of reach is the best")
	}
}

// Preferred is the best candidate worth a move, independent of all others.
func TestPreferredIsTheBestTarget(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	ids := names(8)
	for i := 0; i < 3000; i++ {
		ranking, m := NewRanking(), model{}
		for j := 0; j < 12; j++ {
			change(ranking, m, r, ids)
		}
		odd := func(c *Candidate) bool { return c.ID != "b" && c.ID != "d" }
		from, known := m["a"]
		var want string
		for _, c := range m.sorted() {
			if known && odd(&c) && ShouldRoam(&from, &c) {
				want = c.ID
				break
			}
		}
		got := ""
		if c := ranking.Preferred("a", "", odd); c != nil {
			got = c.ID
		}
		if got != want {
			t.Fatalf("preferred %q, want %q among %+v", got, want, m.sorted())
		}
	}
}

// An offer stays until a move back from it would be worth it, or another
// candidate is clearly better.
func TestPreferredKeepsTheOffer(t *testing.T) {
	wlan := func(id string, strength uint8) Candidate {
		return Candidate{ID: id, Active: true, Available: true, Class: ClassWLAN, Strength: strength}
	}
	all := func(*Candidate) bool { return true }
	for _, c := range []struct {
		name    string
		b, c    uint8
		offered string
		pass    func(*Candidate) bool
		want    string
	}{
		{"nothing offered: the strongest", 60, 61, "", all, "c"},
		{"a jitter stronger", 60, 64, "b", all, "b"},
		{"much stronger", 60, 70, "b", all, "c"},
		{"no longer worth it, by a jitter", 52, 61, "b", all, "b"},
		{"much weaker than the one in use", 40, 61, "b", all, "c"},
		{"does not pass any more", 60, 61, "b", func(c *Candidate) bool { return c.ID != "b" }, "c"},
		{"not known any more", 60, 61, "x", all, "c"},
		{"weaker than the one in use, by a jitter", 41, 53, "b", all, "b"},
		{"none is worth it any more", 40, 53, "b", all, ""},
		{"does not pass any more, and no other is worth it", 60, 53, "b", func(c *Candidate) bool { return c.ID != "b" }, ""},
	} {
		r := NewRanking()
		r.Put(wlan("a", 50))
		r.Put(wlan("b", c.b))
		r.Put(wlan("c", c.c))
		got := ""
		if p := r.Preferred("a", c.offered, c.pass); p != nil {
			got = p.ID
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if NewRanking().Preferred("a", "", all) != nil {
		t.Error("something is preferred over nothing")
	}
}

func TestReplacement(t *testing.T) {
	r := NewRanking()
	for _, c := range []Candidate{
		{ID: "eth", Active: true, Available: true},
		{ID: "wlan", Active: true, Available: true, Class: ClassWLAN},
		{ID: "lte", Available: true, Class: Class4G},
	} {
		r.Put(c)
	}
	up := func(c *Candidate) bool { return c.Active }
	none := func(*Candidate) bool { return false }
	for _, c := range []struct {
		offered string
		pass    func(*Candidate) bool
		want    string
	}{
		{"", up, "eth"}, {"wlan", up, "wlan"}, {"lte", up, "eth"}, {"gone", up, "eth"}, {"wlan", none, ""}, {"", none, ""},
	} {
		got := ""
		if best := r.Replacement(c.offered, c.pass); best != nil {
			got = best.ID
		}
		if got != c.want {
			t.Errorf("offered %q: %q, want %q", c.offered, got, c.want)
		}
	}
}

// An offered candidate that went down is not offered any more.
func TestPreferredIsUp(t *testing.T) {
	r := NewRanking()
	r.Put(Candidate{ID: "a", Active: true, Available: true, Class: ClassWLAN})
	r.Put(Candidate{ID: "b", Available: true, Class: ClassEthernet})
	if c := r.Preferred("a", "b", func(*Candidate) bool { return true }); c != nil {
		t.Errorf("%s is down, and preferred", c.ID)
	}
}

// The signals of thirty access points vary around different levels: only a
// lasting change causes an offer.
func TestJitterOffersNothingTwice(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	all := func(*Candidate) bool { return true }
	for life := 0; life < 10; life++ {
		ranking := NewRanking()
		ids := names(26)
		levels := make([]int, len(ids))
		for i := range levels {
			levels[i] = 40 + r.Intn(20)
		}
		offers, offered := 0, ""
		made := map[string]bool{}
		for tick := 0; tick < 600; tick++ {
			for i, id := range ids {
				ranking.Put(Candidate{ID: id, Active: true, Available: true, Class: ClassWLAN,
					Strength: uint8(levels[i] - 4 + r.Intn(9))})
			}
			now := ""
			if c := ranking.Preferred("a", offered, all); c != nil {
				now = c.ID
			}
			if now != offered && now != "" {
				offers++
				if made[now] {
					t.Fatalf("%s was offered twice, at levels %v", now, levels)
				}
				made[now] = true
			}
			offered = now
		}
		if offers > 3 {
			t.Fatalf("%d offers, at levels %v", offers, levels)
		}
	}
}
