package rtnetlink

import (
	"net"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/vishvananda/netlink"
)

func TestLabAddresses(t *testing.T) {
	for name, cidr := range map[string]string{"IPv4": "192.0.2.1/24", "IPv6": "2001:db8::1/64"} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			eth0, peer := l.veth("eth0", "peer0")
			l.up(eth0, peer)
			r := run(t, New())
			r.AwaitState("link:eth0", "discovered")
			a := l.address(eth0, cidr)
			r.AwaitState("link:eth0", "active")
			l.must("remove", l.nl.AddrDel(eth0, a))
			r.AwaitState("link:eth0", "discovered")
		})
	}
}

// An IPv6 address counts after duplicate address detection.
func TestLabTentativeAddress(t *testing.T) {
	l := newLab(t)
	eth0, peer := l.veth("eth0", "peer0")
	l.up(eth0, peer)
	r := run(t, New())
	r.AwaitState("link:eth0", "discovered")
	a := mustAddr("2001:db8::1/64")
	a.Flags = 0
	l.must("address", l.nl.AddrAdd(eth0, a))
	r.AwaitState("link:eth0", "active")
}

// awaitRoute waits until eth0 has a default route of that metric, or none.
func (r *running) awaitRoute(t *testing.T, want bool, metric uint32) {
	t.Helper()
	r.Await("the default route is as it should be", func(rec *backendtest.Record) bool {
		c := rec.Known["link:eth0"]
		return c.DefaultRoute == want && c.Metric == metric
	})
}

func TestLabDefaultRoutes(t *testing.T) {
	for name, gateway := range map[string]string{"IPv4": "192.0.2.254", "IPv6": "2001:db8::ff"} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			eth0, _ := ready(l)
			l.address(eth0, "2001:db8::1/64")
			r := l.run()
			first := l.defaultRoute(eth0, gateway, 600)
			r.awaitRoute(t, true, 600)
			second := l.defaultRoute(eth0, gateway, 100)
			r.awaitRoute(t, true, 100)
			l.must("remove", l.nl.RouteDel(second))
			r.awaitRoute(t, true, 600)
			l.must("remove", l.nl.RouteDel(first))
			r.awaitRoute(t, false, 0)
		})
	}
}

func TestLabReplacedRoute(t *testing.T) {
	l := newLab(t)
	eth0, peer := ready(l)
	l.address(peer, "198.51.100.1/24")
	l.defaultRoute(eth0, "192.0.2.254", 100)
	r := l.run()
	r.awaitRoute(t, true, 100)
	l.must("replace", l.nl.RouteReplace(&netlink.Route{
		LinkIndex: peer.Attrs().Index, Gw: net.ParseIP("198.51.100.254"), Priority: 100,
	}))
	r.awaitRoute(t, false, 0)
	r.Await("the other link has it", func(rec *backendtest.Record) bool { return rec.Known["link:peer0"].DefaultRoute })
}

// The kernel does not announce the IPv4 routes that it removes with a link or
// an address.
func TestLabRoutesRemovedWithoutANotification(t *testing.T) {
	for name, cause := range map[string]func(*lab, netlink.Link){
		"down, and up again": func(l *lab, k netlink.Link) { l.down(k); l.up(k) },
		"down":               func(l *lab, k netlink.Link) { l.down(k) },
		"last address":       func(l *lab, k netlink.Link) { l.must("remove", l.nl.AddrDel(k, mustAddr("192.0.2.1/24"))) },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			eth0, _ := ready(l)
			l.defaultRoute(eth0, "192.0.2.254", 100)
			r := l.run()
			r.awaitRoute(t, true, 100)
			cause(l, eth0)
			r.awaitRoute(t, false, 0)
		})
	}
}

func TestLabRouteThatPrefersAnAddress(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	l.address(eth0, "198.51.100.1/24")
	l.must("route", l.nl.RouteAdd(&netlink.Route{
		LinkIndex: eth0.Attrs().Index, Gw: net.ParseIP("192.0.2.254"), Priority: 100, Src: net.ParseIP("198.51.100.1"),
	}))
	r := l.run()
	r.awaitRoute(t, true, 100)
	l.must("remove", l.nl.AddrDel(eth0, mustAddr("198.51.100.1/24")))
	r.awaitRoute(t, false, 0)
}

var everywhere = &net.IPNet{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}

// One nexthop of a multipath route dies with its link and comes back with it.
func TestLabMultipathRoute(t *testing.T) {
	l := newLab(t)
	eth0, peer := ready(l)
	other, otherPeer := l.veth("eth1", "peer1")
	l.up(other, otherPeer)
	l.address(other, "198.51.100.1/24")
	l.must("route", l.nl.RouteAdd(&netlink.Route{Dst: everywhere, Priority: 100, MultiPath: []*netlink.NexthopInfo{
		{LinkIndex: eth0.Attrs().Index, Gw: net.ParseIP("192.0.2.254")},
		{LinkIndex: other.Attrs().Index, Gw: net.ParseIP("198.51.100.254")},
	}}))
	r := l.run()
	r.awaitRoute(t, true, 100)
	l.down(eth0)
	r.awaitRoute(t, false, 0)
	if c := r.Configuration("link:eth1"); !c.DefaultRoute {
		t.Errorf("the other nexthop: %+v", c)
	}
	l.up(eth0, peer)
	r.awaitRoute(t, true, 100)
}
