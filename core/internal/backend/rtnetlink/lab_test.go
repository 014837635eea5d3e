package rtnetlink

import (
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// lab is a network namespace of a test's own, on the test's own thread.
type lab struct {
	t  testing.TB
	nl *netlink.Handle
}

// newLab makes a lab, or skips the test without the right to do so. The thread
// ends with the test, and the namespace with its last socket.
func newLab(t testing.TB) *lab {
	t.Helper()
	if os.Getenv("NETSESSION_LAB") != "1" {
		t.Skip("needs real links: run in a user and network namespace with NETSESSION_LAB=1")
	}
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatalf("a network namespace: %v", err)
	}
	h, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		t.Fatalf("a netlink socket: %v", err)
	}
	t.Cleanup(h.Close)
	return &lab{t: t, nl: h}
}

func (l *lab) must(what string, err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatalf("%s: %v", what, err)
	}
}

// veth makes a pair of links.
func (l *lab) veth(name, peer string) (a, b netlink.Link) {
	l.t.Helper()
	attrs := netlink.NewLinkAttrs()
	attrs.Name = name
	l.must("veth "+name, l.nl.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: peer}))
	return l.link(name), l.link(peer)
}

func (l *lab) bridge(name string) netlink.Link {
	l.t.Helper()
	attrs := netlink.NewLinkAttrs()
	attrs.Name = name
	l.must("bridge "+name, l.nl.LinkAdd(&netlink.Bridge{LinkAttrs: attrs}))
	return l.link(name)
}

func (l *lab) link(name string) netlink.Link {
	l.t.Helper()
	k, err := l.nl.LinkByName(name)
	l.must("link "+name, err)
	return k
}

func (l *lab) up(links ...netlink.Link) {
	l.t.Helper()
	for _, k := range links {
		l.must("up", l.nl.LinkSetUp(k))
	}
}

func (l *lab) down(k netlink.Link) {
	l.t.Helper()
	l.must("down", l.nl.LinkSetDown(k))
}

// address adds an address such as "192.0.2.1/24". IPv6 ones are valid at once.
func (l *lab) address(k netlink.Link, cidr string) *netlink.Addr {
	l.t.Helper()
	a := mustAddr(cidr)
	l.must("address "+cidr, l.nl.AddrAdd(k, a))
	return a
}

// defaultRoute adds a default route by a gateway.
func (l *lab) defaultRoute(k netlink.Link, gateway string, metric int) *netlink.Route {
	l.t.Helper()
	r := &netlink.Route{LinkIndex: k.Attrs().Index, Gw: net.ParseIP(gateway), Priority: metric}
	l.must("default route", l.nl.RouteAdd(r))
	return r
}

func mustAddr(cidr string) *netlink.Addr {
	a, err := netlink.ParseAddr(cidr)
	if err != nil {
		panic(err)
	}
	if a.IP.To4() == nil {
		a.Flags = unix.IFA_F_NODAD
	}
	return a
}

// setting writes a setting of the namespace of this thread.
func (l *lab) setting(name, value string) {
	l.t.Helper()
	l.must("setting "+name, os.WriteFile("/proc/sys/net/"+name, []byte(value), 0))
}

// ipMay skips the test if this kernel has no such links.
func (l *lab) ipMay(t *testing.T, line string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
		t.Skipf("ip %s: %s", line, out)
	}
}
