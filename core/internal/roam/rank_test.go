package roam

import (
	"math/rand"
	"net/netip"
	"testing"
)

// ranked is a list in the order of RanksBefore: each candidate differs from the
// next in the property that decides.
var ranked = []Candidate{
	{ID: "kernel's", Active: true, Available: true, DefaultRoute: true, Preferred: true, Metric: 9, Class: ClassOther},
	{ID: "cheap", Active: true, Available: true, DefaultRoute: true, Metric: 1, Class: ClassOther},
	{ID: "dear", Active: true, Available: true, DefaultRoute: true, Metric: 2, Class: ClassEthernet},
	{ID: "vpn-first", Active: true, Available: true, Tunnel: true, DefaultRoute: true, Preferred: true, Metric: 5},
	{ID: "vpn", Active: true, Available: true, Tunnel: true, DefaultRoute: true, Metric: 1},
	{ID: "eth", Available: true, Class: ClassEthernet},
	{ID: "wlan-first", Available: true, Class: ClassWLAN, Priority: 2, Strength: 10},
	{ID: "wlan-strong", Available: true, Class: ClassWLAN, Priority: 1, Strength: 90},
	{ID: "wlan-a", Available: true, Class: ClassWLAN, Priority: 1, Strength: 20},
	{ID: "wlan-b", Available: true, Class: ClassWLAN, Priority: 1, Strength: 20},
	{ID: "lte", Available: true, Class: Class4G},
	{ID: "umts", Available: true, Class: Class3G},
	{ID: "gprs", Available: true, Class: Class2G},
	{ID: "phone", Available: true, Class: ClassBluetooth},
	{ID: "other", Available: true, Class: ClassOther},
	{ID: "foreign", Available: true, Unmanaged: true, Class: ClassEthernet, Priority: 9},
	{ID: "containers", Active: true, Available: true, Class: ClassEthernet, Metric: 0},
	{ID: "wlan-up", Active: true, Available: true, Class: ClassWLAN, Priority: 9},
	{ID: "overlay", Active: true, Available: true, Tunnel: true, Class: ClassOther},
	{ID: "idle-vpn", Available: true, Tunnel: true, Class: ClassEthernet},
	{ID: "hotspot-up", Active: true, Available: true, Downlink: true, DefaultRoute: true, Preferred: true, Class: ClassEthernet},
	{ID: "hotspot", Available: true, Downlink: true, Class: ClassEthernet},
	{ID: "unplugged", Class: ClassEthernet, Priority: 100, Strength: 100},
}

func TestRanksBefore(t *testing.T) {
	for i := range ranked {
		for j := range ranked {
			if got := RanksBefore(&ranked[i], &ranked[j]); got != (i < j) {
				t.Errorf("%s before %s: %v", ranked[i].ID, ranked[j].ID, got)
			}
		}
	}
}

// random generates candidates that agree in most properties, so that each
// property decides some comparison.
func random(r *rand.Rand, id string) Candidate {
	c := Candidate{
		ID: id, Available: r.Intn(3) > 0, DefaultRoute: r.Intn(2) == 0, Metric: uint32(r.Intn(2)),
		Class: Class(r.Intn(2)), Priority: r.Intn(2), Strength: uint8(r.Intn(30)),
		Tunnel: r.Intn(4) == 0, Downlink: r.Intn(6) == 0, Unmanaged: r.Intn(4) == 0, Preferred: r.Intn(2) == 0,
	}
	c.Active = c.Available && r.Intn(3) > 0
	return c
}

func names(n int) []string {
	var ids []string
	for i := 0; i < n; i++ {
		ids = append(ids, string(rune('a'+i)))
	}
	return ids
}

// RanksBefore is a strict total order over candidates with different identifiers.
func TestRanksBeforeIsATotalOrder(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for i := 0; i < 20000; i++ {
		a, b, c := random(r, "a"), random(r, "b"), random(r, "c")
		if RanksBefore(&a, &b) == RanksBefore(&b, &a) {
			t.Fatalf("%+v and %+v: not exactly one is better", a, b)
		}
		if RanksBefore(&a, &a) {
			t.Fatalf("%+v is better than itself", a)
		}
		if RanksBefore(&a, &b) && RanksBefore(&b, &c) && !RanksBefore(&a, &c) {
			t.Fatalf("%+v, %+v, %+v: not transitive", a, b, c)
		}
	}
}

func TestShouldRoam(t *testing.T) {
	up := Candidate{ID: "up", Active: true, Available: true, DefaultRoute: true, Class: ClassWLAN, Strength: 50}
	with := func(change func(*Candidate)) Candidate {
		c := up
		c.ID = "other"
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		other Candidate
		want  bool
	}{
		"itself":                       {up, false},
		"equal":                        {with(func(c *Candidate) {}), false},
		"a jitter stronger":            {with(func(c *Candidate) { c.Strength = 59 }), false},
		"much stronger":                {with(func(c *Candidate) { c.Strength = 60 }), true},
		"much weaker":                  {with(func(c *Candidate) { c.Strength = 1 }), false},
		"the kernel's choice":          {with(func(c *Candidate) { c.Preferred = true; c.Strength = 1 }), true},
		"without a way out":            {with(func(c *Candidate) { c.DefaultRoute = false; c.Class = ClassEthernet }), false},
		"about to be lost":             {with(func(c *Candidate) { c.Faltering, c.Preferred = true, true }), false},
		"a tunnel":                     {with(func(c *Candidate) { c.Tunnel, c.Preferred = true, true }), false},
		"a hotspot":                    {with(func(c *Candidate) { c.Downlink, c.Class = true, ClassEthernet }), false},
		"of a better class":            {with(func(c *Candidate) { c.Class = ClassEthernet }), true},
		"of a worse class, stronger":   {with(func(c *Candidate) { c.Class = Class4G; c.Strength = 100 }), false},
		"preferred by the daemon":      {with(func(c *Candidate) { c.Priority = 1 }), true},
		"of a better class, not up":    {with(func(c *Candidate) { c.Class = ClassEthernet; c.Active = false }), false},
		"not preferred, much stronger": {with(func(c *Candidate) { c.Priority = -1; c.Strength = 100 }), false},
	} {
		if got := ShouldRoam(&up, &c.other); got != c.want {
			t.Errorf("%s: worth a move: %v", name, got)
		}
	}
}

func TestShouldRoamFromALostOne(t *testing.T) {
	lost := Candidate{ID: "lost", Class: ClassEthernet, Priority: 9, Strength: 100}
	other := Candidate{ID: "other", Active: true, Available: true, Class: ClassOther}
	if !ShouldRoam(&lost, &other) {
		t.Error("what is up is not worth a move from what is out of reach")
	}
	lost.Available = true // it has only lost its address
	if ShouldRoam(&lost, &other) {
		t.Error("a session would move from a possible route to the internet to an access point without one")
	}
	if other.DefaultRoute = true; !ShouldRoam(&lost, &other) {
		t.Error("what leads out is not worth a move from what is down")
	}
}

// No chain of moves that are each worth it returns to its start.
func TestShouldRoamHasNoCircles(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for i := 0; i < 20000; i++ {
		a, b, c := random(r, "a"), random(r, "b"), random(r, "c")
		if ShouldRoam(&a, &b) && ShouldRoam(&b, &a) {
			t.Fatalf("%+v and %+v are worth a move from each other", a, b)
		}
		if ShouldRoam(&a, &b) && ShouldRoam(&b, &c) && ShouldRoam(&c, &a) {
			t.Fatalf("%+v, %+v, %+v: moves in a circle", a, b, c)
		}
		if ShouldRoam(&a, &b) && !RanksBefore(&b, &a) {
			t.Fatalf("%+v is worth a move from %+v, but ranks after it", b, a)
		}
	}
}

// Sessions never alternate between two equal access points whose signals vary.
func TestJitterNeverFlaps(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	jitter := func(id string) Candidate {
		return Candidate{ID: id, Active: true, Available: true, Class: ClassWLAN, Strength: uint8(56 + r.Intn(9))}
	}
	ranking := NewRanking()
	all := func(*Candidate) bool { return true }
	for i := 0; i < 5000; i++ {
		ranking.Put(jitter("a"))
		ranking.Put(jitter("b"))
		if c := ranking.Preferred("a", "", all); c != nil {
			t.Fatalf("%+v is preferred over %+v", *c, *ranking.Get("a"))
		}
	}
}

func TestMaterial(t *testing.T) {
	old := Candidate{ID: "a", Active: true, Available: true, DefaultRoute: true, Metric: 5, Class: ClassWLAN, Priority: 1, Strength: 40}
	for name, c := range map[string]struct {
		change func(*Candidate)
		want   bool
	}{
		"nothing":       {func(c *Candidate) {}, false},
		"strength":      {func(c *Candidate) { c.Strength = 100 }, false},
		"down":          {func(c *Candidate) { c.Active = false }, true},
		"out of reach":  {func(c *Candidate) { c.Active, c.Available = false, false }, true},
		"default route": {func(c *Candidate) { c.DefaultRoute = false }, true},
		"metric":        {func(c *Candidate) { c.Metric = 6 }, true},
		"preferred":     {func(c *Candidate) { c.Preferred = true }, true},
		"tunnel":        {func(c *Candidate) { c.Tunnel = true }, true},
		"class":         {func(c *Candidate) { c.Class = ClassEthernet }, true},
		"priority":      {func(c *Candidate) { c.Priority = 0 }, true},
	} {
		now := old
		c.change(&now)
		if RankChanged(&old, &now) != c.want || RankChanged(&now, &old) != c.want {
			t.Errorf("%s: material: %v", name, !c.want)
		}
	}
	old.DefaultRoute = false
	now := old
	if now.Metric = 99; RankChanged(&old, &now) {
		t.Error("the metric of no route is material")
	}
}

func TestPresentable(t *testing.T) {
	for name, c := range map[string]struct {
		c    Candidate
		want bool
	}{
		"a cable":          {Candidate{Available: true}, true},
		"a tunnel":         {Candidate{Active: true, Available: true, Tunnel: true}, true},
		"an idle tunnel":   {Candidate{Available: true, Tunnel: true}, false},
		"a hotspot":        {Candidate{Available: true, Downlink: true}, false},
		"a hotspot in use": {Candidate{Active: true, Available: true, Downlink: true, DefaultRoute: true}, false},
	} {
		if got := c.c.MayBeDefault(); got != c.want {
			t.Errorf("%s can be the default: %v", name, got)
		}
	}
}

func TestSeamless(t *testing.T) {
	list := func(texts ...string) (p []netip.Prefix) {
		for _, s := range texts {
			p = append(p, netip.MustParsePrefix(s))
		}
		return p
	}
	for _, c := range []struct {
		name     string
		from, to []netip.Prefix
		want     bool
	}{
		{"nothing", nil, nil, false},
		{"nothing to lose", nil, list("10.0.0.2/24"), false},
		{"nothing in common", list("10.0.0.2/24"), list("10.0.0.3/24"), false},
		{"the same address", list("10.0.0.2/24"), list("10.0.0.2/24"), true},
		{"the same address in another network", list("10.0.0.2/24"), list("10.0.0.2/16"), true},
		{"one more", list("10.0.0.2/24"), list("10.0.0.2/24", "2001:db8::2/64"), true},
		{"all of several", list("10.0.0.2/24", "2001:db8::2/64"), list("2001:db8::2/64", "10.0.0.2/24"), true},
		{"one of several", list("10.0.0.2/24", "2001:db8::2/64"), list("10.0.0.3/24", "2001:db8::2/64"), false},
		{"all that lead beyond the link", list("10.0.0.2/24", "fe80::1/64"), list("10.0.0.2/24", "fe80::2/64"), true},
		{"link-local, version 6", list("fe80::1/64"), list("fe80::1/64"), false},
		{"link-local, version 4", list("169.254.1.1/16"), list("169.254.1.1/16"), false},
		{"loopback", list("127.0.0.1/8"), list("127.0.0.1/8"), false},
	} {
		if got := Seamless(c.from, c.to); got != c.want {
			t.Errorf("%s: seamless: %v", c.name, got)
		}
	}
}
