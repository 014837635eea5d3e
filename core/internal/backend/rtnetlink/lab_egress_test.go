package rtnetlink

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// scene is lines of the ip command, and the configurations that they must lead
// to: "eth0 100" for an egress with that metric, with a star if unbound packets
// leave by it.
type scene struct {
	lines []string
	want  string
}

// egressScenes are cases that the default routes of the main table do not show.
var egressScenes = map[string][]scene{
	"a default in another table, by a rule": {
		{[]string{"route add default via 192.0.2.254 dev eth0 table 100"}, ""},
		{[]string{"rule add from all lookup 100"}, "eth0 0*"},
		{[]string{"rule del from all lookup 100"}, ""},
	},
	"the same for IPv6": {
		{[]string{"-6 route add default via 2001:db8::fe dev eth0 table 100", "-6 rule add from all lookup 100"}, "eth0 1024*"},
		{[]string{"-6 rule del from all lookup 100"}, ""},
	},
	"a rule for one link": {
		{[]string{"route add default via 192.0.2.254 dev eth0 metric 5", "route add default via 198.51.100.254 dev eth1 table 100", "rule add oif eth1 lookup 100"}, "eth0 5*, eth1 0"},
	},
	"a nexthop object that vanishes without a word about the route": {
		{[]string{"nexthop add id 1 via 192.0.2.254 dev eth0", "route add default nhid 1"}, "eth0 0*"},
		{[]string{"nexthop del id 1"}, ""},
	},
	"a member that leaves its group": {
		{[]string{"nexthop add id 1 via 192.0.2.254 dev eth0", "nexthop add id 2 via 198.51.100.254 dev eth1", "nexthop add id 3 group 1/2", "route add default nhid 3"}, "eth0 0*, eth1 0*"},
		{[]string{"nexthop del id 1"}, "eth1 0*"},
		{[]string{"nexthop add id 1 via 192.0.2.254 dev eth0", "nexthop replace id 3 group 1"}, "eth0 0*"},
		{[]string{"link del eth0"}, ""},
	},
	"a gateway of the other family, appended": {
		{[]string{"-4 route add default via inet6 fe80::1 dev eth0", "-4 route append default via inet6 fe80::2 dev eth0"}, "eth0 0*"},
		{[]string{"-4 route del default via inet6 fe80::1 dev eth0"}, "eth0 0*"},
		{[]string{"-4 route del default via inet6 fe80::2 dev eth0"}, ""},
	},
	"an address that leads nowhere": {
		{[]string{"addr del 192.0.2.1/24 dev eth0", "addr add 169.254.7.7/16 dev eth0", "route add default dev eth0"}, ""},
		{[]string{"addr add 192.0.2.1/24 dev eth0", "route replace default dev eth0 src 192.0.2.1"}, "eth0 0*"},
	},
	"a source that comes later": {
		{[]string{"addr del 192.0.2.1/24 dev eth0", "addr del 198.51.100.1/24 dev eth1", "addr add 203.0.113.5/32 dev eth1 scope host", "-4 route add default dev eth0"}, ""},
		{[]string{"addr add 203.0.113.1/32 dev lo"}, "eth0 0*"},
		{[]string{"addr del 203.0.113.1/32 dev lo"}, ""},
	},
	"it is forbidden": {
		{[]string{"route add default via 192.0.2.254 dev eth0 metric 100"}, "eth0 100*"},
		{[]string{"rule add from all prohibit"}, ""},
		{[]string{"rule del from all prohibit", "route add default via 198.51.100.254 dev eth1 metric 40"}, "eth0 100, eth1 40*"},
		{[]string{"route add prohibit default metric 50"}, "eth1 40*"},
		{[]string{"route del prohibit default metric 50", "route del default dev eth1"}, "eth0 100*"},
		{[]string{"rule add from all lookup 100", "route add blackhole default table 100"}, ""},
		{[]string{"route replace throw default table 100"}, "eth0 100*"},
	},
	"halves instead of a default": {
		{[]string{"route add 0.0.0.0/1 via 192.0.2.254 dev eth0"}, ""},
		{[]string{"route add 128.0.0.0/1 via 192.0.2.254 dev eth0"}, "eth0 0*"},
		{[]string{"-6 route add 2000::/4 via 2001:db8::fe dev eth0 metric 7", "-6 route add 3000::/4 via 2001:db8::fe dev eth0 metric 7", "route del 0.0.0.0/1"}, "eth0 7*"},
		{[]string{"-6 route del 2000::/4", "-6 route add ::/1 via 2001:db8::fe dev eth0 metric 9"}, "eth0 9*"},
	},
	"halves in front of a default": {
		{[]string{"route add default via 192.0.2.254 dev eth0 metric 5", "route add 0.0.0.0/1 via 198.51.100.254 dev eth1", "route add 128.0.0.0/1 via 198.51.100.254 dev eth1"}, "eth0 5, eth1 0*"},
		{[]string{"route del 0.0.0.0/1", "route del 128.0.0.0/1"}, "eth0 5*"},
	},
	"for some type of service only": {
		{[]string{"route add default via 192.0.2.254 dev eth0 tos 0x10"}, ""},
		{[]string{"route add default via 192.0.2.254 dev eth0 metric 9"}, "eth0 9*"},
	},
	"unnumbered": {
		{[]string{"addr del 192.0.2.1/24 dev eth0", "-6 addr del 2001:db8::1/64 dev eth0", "addr add 203.0.113.1/32 dev lo", "route add default dev eth0 src 203.0.113.1"}, "eth0 0*"},
		{[]string{"addr del 203.0.113.1/32 dev lo"}, ""},
	},
	"unnumbered, until it has an address that leads nowhere": {
		{[]string{"addr add 203.0.113.1/32 dev lo", "addr del 192.0.2.1/24 dev eth0", "route add default dev eth0"}, "eth0 0*"},
		{[]string{"addr add 169.254.7.7/16 dev eth0"}, ""},
	},
	"equal metrics": {
		{[]string{"route add default via 192.0.2.254 dev eth0", "route append default via 198.51.100.254 dev eth1"}, "eth0 0*, eth1 0"},
		{[]string{"route del default via 192.0.2.254 dev eth0"}, "eth1 0*"},
	},
	"preferences of routers": {
		{[]string{"-6 route add default dev eth0 metric 9 pref low", "-6 route append default dev eth1 metric 9 pref high"}, "eth0 9, eth1 9*"},
		{[]string{"-6 route del default dev eth1 metric 9"}, "eth0 9*"},
	},
	"for one source only": {
		{[]string{"-6 route add default via 2001:db8::fe dev eth0 from 2001:db8::/64"}, "eth0 1024*"},
		{[]string{"-6 addr del 2001:db8::1/64 dev eth0"}, ""},
		{[]string{"-6 addr add 2001:db8::2/64 dev eth0 nodad", "-6 route add default via 2001:db8::fe dev eth0 from 2001:db8::/64"}, "eth0 1024*"},
		{[]string{"-6 route del default from 2001:db8::/64 dev eth0"}, ""},
	},
	"IPv4 before IPv6": {
		{[]string{"route add default via 192.0.2.254 dev eth0 metric 9", "-6 addr add 2001:db8:1::1/64 dev eth1 nodad", "-6 route add default via 2001:db8:1::fe dev eth1 metric 3"}, "eth0 9*, eth1 3"},
		{[]string{"route del default"}, "eth1 3*"},
	},
	"two ways at once, of which one goes with its link": {
		{[]string{"route add default nexthop via 192.0.2.254 dev eth0 nexthop via 198.51.100.254 dev eth1"}, "eth0 0*, eth1 0*"},
		{[]string{"link set eth0 down"}, "eth1 0*"},
		{[]string{"link del eth0"}, ""},
	},
	"foreign routes": {
		{[]string{"route add default via 192.0.2.254 dev eth0", "route add 10.0.0.0/8 via 198.51.100.254 dev eth1", "route add blackhole 11.0.0.0/8"}, "eth0 0*"},
	},
	"routes of a nexthop object alone": {
		{[]string{"sysctl", "nexthop add id 1 via 192.0.2.254 dev eth0", "nexthop add id 2 via 198.51.100.254 dev eth1", "nexthop add id 3 group 1/2", "route add default nhid 3"}, "eth0 0*, eth1 0*"},
	},
	"members of a VRF": {
		{[]string{"vrf", "link add red type vrf table 7", "link set red up", "link set eth1 master red", "route add default via 198.51.100.254 dev eth1 table 7"}, "eth1 0"},
		{[]string{"route add default dev red", "addr add 203.0.113.1/32 dev red"}, "eth1 0*"},
	},
}

func TestLabEgress(t *testing.T) {
	for name, scenes := range egressScenes {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			_, _ = ready(l)
			eth1, peer1 := l.veth("eth1", "peer1")
			l.up(eth1, peer1, l.link("lo"))
			l.address(eth1, "198.51.100.1/24")
			l.address(l.link("eth0"), "2001:db8::1/64")
			r := l.run()
			for _, s := range scenes {
				l.prepare(t, &s)
				l.ip(s.lines...)
				r.Await(fmt.Sprintf("%q after %q", s.want, s.lines), func(rec *backendtest.Record) bool { return egresses(rec) == s.want })
			}
			r.stop()
		})
	}
}

// prepare executes the first line of a scene.
func (l *lab) prepare(t *testing.T, s *scene) {
	t.Helper()
	switch s.lines[0] {
	case "sysctl":
		l.setting("ipv4/nexthop_compat_mode", "0")
		s.lines = s.lines[1:]
	case "vrf":
		s.lines = s.lines[1:]
		l.ipMay(t, s.lines[0])
		s.lines = s.lines[1:]
	}
}

// egresses describes what is reported.
func egresses(rec *backendtest.Record) string {
	var words []string
	for _, name := range []string{"eth0", "eth1"} {
		if c := rec.Known["link:"+name]; c.DefaultRoute {
			star := ""
			if c.Preferred {
				star = "*"
			}
			words = append(words, fmt.Sprintf("%s %d%s", name, c.Metric, star))
		}
	}
	return strings.Join(words, ", ")
}

// The kernel does not announce the expiry of an IPv6 route.
func TestLabExpiredRoute(t *testing.T) {
	l := newLab(t)
	ready(l)
	l.address(l.link("eth0"), "2001:db8::1/64")
	r := l.run()
	begin := time.Now()
	l.ip("-6 route add default via 2001:db8::fe dev eth0 metric 7 expires 1", "-6 route add default via 2001:db8::fd dev eth0 metric 9")
	r.awaitRoute(t, true, 7)
	r.awaitRoute(t, true, 9)
	if time.Since(begin) < time.Second {
		t.Error("the report did not wait for the expiry")
	}
}

// No report says that the machine is offline if packets leave by another link
// as soon as the first is lost.
func TestLabALossIsOneReport(t *testing.T) {
	for name, cause := range map[string][]string{
		"link down":    {"link set eth0 down"},
		"link removed": {"link del eth0"},
		"address gone": {"addr del 192.0.2.1/24 dev eth0"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			_, _ = ready(l)
			eth1, peer1 := l.veth("eth1", "peer1")
			l.up(eth1, peer1)
			l.address(eth1, "198.51.100.1/24")
			l.ip("route add default via 192.0.2.254 dev eth0 metric 1", "route add default via 198.51.100.254 dev eth1 metric 2")
			r := l.run()
			r.Await("both links have an egress", func(rec *backendtest.Record) bool { return egresses(rec) == "eth0 1*, eth1 2" })
			r.ForgetAll()
			l.ip(cause...)
			r.Await("the other link is preferred", func(rec *backendtest.Record) bool { return egresses(rec) == "eth1 2*" })
			online := map[string]bool{"link:eth0": true}
			for _, b := range r.Batches() {
				for _, c := range b.Changed {
					online[c.ID] = c.Online()
				}
				for _, id := range b.Gone {
					online[id] = false
				}
				if !online["link:eth0"] && !online["link:eth1"] {
					t.Fatalf("offline after %+v\n%s", b, r)
				}
			}
			if c := r.Configuration("link:eth1"); c.State != bearer.Active {
				t.Errorf("got %+v", c)
			}
		})
	}
}
