package rtnetlink

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// resolve answers the lookups of a snapshot from the table.
func (t table) resolve(s *snapshot) (lookups int) {
	var b lookupBatch
	s.collectLookups(&b, false)
	for i := range b.lookups {
		for q := &b.lookups[i]; q.step != finished; lookups++ {
			m, _, _ := next(q.appendRequest(nil, 1))
			kind, body := t.answer(&m)
			q.handleAnswer(&message{kind: kind, body: body}, time.Unix(1000, 0))
		}
	}
	s.applyLookups(&b, nil)
	return lookups
}

// egresses describes the egress of eth0 and eth1.
func (t table) egresses(s *snapshot) (words []string) {
	s.invalidateAll(all)
	t.resolve(s)
	for _, index := range []int{2, 3} {
		l := s.links[index]
		if metric, ok := l.lowestMetric(); ok {
			words = append(words, fmt.Sprintf("%s %d %v", l.name, metric, l.preferred))
		}
	}
	return words
}

// pair is a snapshot of two links with addresses of both families.
func pair(t *testing.T) *snapshot {
	s := usual(t)
	feed(t, s, newAddress(2, "2001:db8::1/64"), newLink(3, "eth1", flagsUp), newAddress(3, "198.51.100.1/24"))
	return s
}

func TestEgress(t *testing.T) {
	half := func(n int, e entry) entry { e.half = n; return e }
	with := func(e entry, f func(*entry)) entry { f(&e); return e }
	for name, c := range map[string]struct {
		table table
		want  []string
	}{
		"none":           {nil, nil},
		"IPv4":           {table{default4(5, 2)}, []string{"eth0 5 true"}},
		"IPv6":           {table{default6(1024, 2)}, []string{"eth0 1024 true"}},
		"of two":         {table{default4(5, 2), default4(7, 3)}, []string{"eth0 5 true", "eth1 7 false"}},
		"IPv4 first":     {table{default6(5, 2), default4(7, 3)}, []string{"eth0 5 false", "eth1 7 true"}},
		"multipath":      {table{default4(5, 2, 3)}, []string{"eth0 5 true", "eth1 5 true"}},
		"one way dead":   {table{with(default4(5, 2, 3), func(e *entry) { e.dead = 3 })}, []string{"eth0 5 true"}},
		"one half":       {table{half(1, default4(5, 2))}, nil},
		"the other half": {table{half(2, default4(5, 2))}, nil},
		"both halves":    {table{half(1, default4(5, 2)), half(2, default4(4, 2))}, []string{"eth0 4 true"}},
		"forbidden":      {table{default4(5, 2), {af: unix.AF_INET, refuse: unix.EACCES}}, nil},
		"no source":      {table{with(default4(5, 2), func(e *entry) { e.source = "" })}, nil},
		"no good source": {table{with(default4(5, 2), func(e *entry) { e.source = "169.254.1.1" })}, nil},
		"IPv6 has one":   {table{with(default4(5, 2), func(e *entry) { e.source = "" }), default6(9, 2)}, []string{"eth0 9 true"}},
		"one source":     {table{with(default6(9, 2), func(e *entry) { e.from = "2001:db8::/64" })}, []string{"eth0 9 true"}},
		"another source": {table{with(default6(9, 2), func(e *entry) { e.from = "2001:db8:1::/64" })}, nil},
		"object":         {table{with(default4(5, 2), func(e *entry) { e.nexthop, e.hidden = 7, true })}, []string{"eth0 5 true"}},
		"group": {table{with(default4(5, 2, 3), func(e *entry) { e.nexthop, e.hidden = 7, true })},
			[]string{"eth0 5 true", "eth1 5 true"}},
	} {
		if got := c.table.egresses(pair(t)); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// If the kernel fails to answer, the earlier result stays.
func TestAFailedLookupKeepsTheEgress(t *testing.T) {
	s := pair(t)
	table{default4(5, 2)}.egresses(s)
	got := table{default4(5, 2), {af: unix.AF_INET, refuse: unix.ENOBUFS}}.egresses(s)
	if fmt.Sprint(got) != "[eth0 5 true]" {
		t.Errorf("got %q", got)
	}
}

// Kernels before 4.13 reply with the decision for a packet.
func TestOldKernelsAnswerForUnboundPacketsOnly(t *testing.T) {
	s := pair(t)
	s.invalidateAll(all)
	var b lookupBatch
	s.collectLookups(&b, false)
	for i := range b.lookups {
		for q := &b.lookups[i]; q.step != finished; {
			m, _, _ := next(q.appendRequest(nil, 1))
			native.PutUint32(m.body[8:], 0) // the flag is unknown to them
			kind, body := table{default4(0, 2)}.answer(&m)
			q.handleAnswer(&message{kind: kind, body: body}, time.Now())
		}
	}
	s.applyLookups(&b, nil)
	c0, _ := configuration(s.links[2], "")
	c1, _ := configuration(s.links[3], "")
	if !c0.DefaultRoute || !c0.Preferred || c1.DefaultRoute || c1.Preferred {
		t.Errorf("eth0 %v %v, eth1 %v %v", c0.DefaultRoute, c0.Preferred, c1.DefaultRoute, c1.Preferred)
	}
}

func TestAVRFStandsForItsMembers(t *testing.T) {
	s := pair(t)
	feed(t, s, newLink(9, "red", flagsUp, kindAttr("vrf")), newLink(3, "eth1", flagsUp, slaveAttr(9, "vrf")))
	got := table{default4(5, 9), default4(7, 3)}.egresses(s)
	if fmt.Sprint(got) != "[eth1 7 true]" {
		t.Errorf("got %q", got)
	}
}

func TestLookupIsRepeatedWhenARouteExpires(t *testing.T) {
	s := pair(t)
	e := default6(9, 2)
	e.expires = 150
	table{e}.egresses(s)
	want := time.Unix(1001, 520e6)
	if got := s.firstExpiry(); !got.Equal(want) {
		t.Fatalf("expires at %v, want %v", got, want)
	}
	s.invalidateExpired(want.Add(-time.Millisecond))
	if s.stale.any() {
		t.Error("the lookup was repeated too early")
	}
	s.invalidateExpired(want)
	if n := (table{}).resolve(s); n == 0 || !s.firstExpiry().IsZero() || s.links[2].egress[six].match {
		t.Errorf("%d lookups, expiry %v", n, s.firstExpiry())
	}
}

// Each change makes only those lookups stale that it may affect, which keeps
// its cost low.
func TestInvalidation(t *testing.T) {
	rule := func(af uint8) []byte { return notification(unix.RTM_NEWRULE, append([]byte{af}, make([]byte, 11)...)) }
	to := func(bits uint8, ip string, more ...[]byte) []byte {
		b := routeBody(unix.AF_INET, append(more, attr(unix.RTA_DST, netip.MustParseAddr(ip).AsSlice()))...)
		b[1] = bits
		return notification(unix.RTM_NEWROUTE, b)
	}
	blackhole := routeBody(unix.AF_INET)
	blackhole[7] = unix.RTN_BLACKHOLE
	replaced := datagramOf(unix.RTM_NEWROUTE, unix.NLM_F_REPLACE, 0, 0, routeBody(unix.AF_INET, by(3)))
	for name, c := range map[string]struct {
		event []byte
		want  string
		loss  bool
	}{
		"a default route":               {newRoute(unix.AF_INET, by(3)), "unbound 1, links map[3:1], all 0", false},
		"of another table":              {newRoute(unix.AF_INET, by(3), attr(unix.RTA_TABLE, u32(1000))), "unbound 1, links map[3:1], all 0", false},
		"by several links":              {delRoute(unix.AF_INET6, nexthops(2, 3)), "unbound 2, links map[2:2 3:2], all 0", false},
		"a foreign route":               {to(8, "10.0.0.0", by(2)), "unbound 0, links map[], all 0", false},
		"a route that covers a probe":   {to(8, "4.0.0.0", by(3)), "unbound 1, links map[3:1], all 0", false},
		"a route that forbids":          {notification(unix.RTM_NEWROUTE, blackhole), "unbound 0, links map[], all 1", false},
		"a route that replaces another": {replaced, "unbound 1, links map[2:1 3:1], all 0", true},
		"a cached one":                  {notification(unix.RTM_NEWROUTE, join(routeBody(unix.AF_INET6)[:8], u32(unix.RTM_F_CLONED))), "unbound 0, links map[], all 0", false},
		"a rule":                        {rule(unix.AF_INET6), "unbound 0, links map[], all 2", false},
		"a nexthop object":              {notification(rtmDelNexthop, make([]byte, 8)), "unbound 0, links map[], all 3", false},
		"a link that leads out goes":    {newLink(2, "eth0", flagsDown), "unbound 1, links map[2:1], all 0", true},
		"its cable is pulled":           {newLink(2, "eth0", flagsNoCable), "unbound 1, links map[2:1], all 0", true},
		"its address goes":              {delAddress(2, "192.0.2.1/24"), "unbound 1, links map[2:1], all 0", true},
		"it is removed":                 {delLink(2, "eth0"), "unbound 1, links map[2:1], all 0", true},
		"another link goes":             {newLink(3, "eth1", flagsDown), "unbound 0, links map[], all 0", false},
		"another's address goes":        {delAddress(3, "198.51.100.1/24"), "unbound 0, links map[], all 0", false},
		"a link comes":                  {newLink(4, "eth2", flagsUp), "unbound 3, links map[4:3], all 0", false},
		"a link that is down comes":     {newLink(4, "eth2", flagsDown), "unbound 0, links map[], all 0", false},
		"nothing":                       {newLink(2, "eth0", flagsUp), "unbound 0, links map[], all 0", false},
	} {
		s := pair(t)
		table{default4(5, 2)}.egresses(s)
		s.stale = staleLookups{links: map[int]families{}}
		feed(t, s, c.event)
		w := s.stale
		if got := fmt.Sprintf("unbound %d, links %v, all %d", w.unbound, w.links, w.all); got != c.want || w.loss != c.loss {
			t.Errorf("%s: %s, loss %v; want %s, %v", name, got, w.loss, c.want, c.loss)
		}
	}
}

// Without a routable address no lookup is needed.
func TestNoLookupWithoutAnAddress(t *testing.T) {
	s := newSnapshot(otherDevice, "")
	feed(t, s, newLink(2, "eth0", flagsUp), newAddress(2, "169.254.1.1/16"))
	s.invalidateAll(all)
	if n := (table{default4(5, 2)}).resolve(s); n != 0 {
		t.Errorf("%d lookups", n)
	}
	feed(t, s, newAddress(2, "192.0.2.1/24"))
	if n := (table{default4(5, 2)}).resolve(s); n != 6 || s.stale.all != 0 {
		t.Errorf("%d lookups with the first address", n)
	}
}

func TestProbesCover(t *testing.T) {
	for prefix, want := range map[string]bool{
		"0.0.0.0/0": true, "0.0.0.0/1": true, "128.0.0.0/1": true, "::/0": true, "::/1": true, "2000::/4": true,
		"4.69.128.1/32": true, "2a00::/12": true, "10.0.0.0/8": false, "64.0.0.0/2": false, "3000::/4": false, "8000::/1": false,
		"4.69.128.0/32": false, "4.69.128.0/31": true,
	} {
		p := netip.MustParsePrefix(prefix)
		if got := coversProbe(familyOf(p.Addr()), p.Addr().AsSlice(), p.Bits()); got != want {
			t.Errorf("%s: %v", prefix, got)
		}
	}
	for _, bad := range []struct {
		prefix []byte
		bits   int
	}{{nil, 8}, {make([]byte, 4), 33}, {make([]byte, 16), 8}} {
		if coversProbe(four, bad.prefix, bad.bits) {
			t.Errorf("%+v covers a probe", bad)
		}
	}
}
