package rtnetlink

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

func on(index int) []byte { return attr(unix.IFLA_LINK, u32(uint32(index))) }

func info(kind string, data ...[]byte) []byte {
	return attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_KIND, cstring(kind)), attr(unix.IFLA_INFO_DATA, data...))
}

func TestLowerLinks(t *testing.T) {
	remote := attr(iptunRemote, netip.MustParseAddr("203.0.113.9").AsSlice())
	for name, c := range map[string]struct {
		link []byte
		want []string
	}{
		"nothing":                {newLink(5, "x", flagsUp), nil},
		"VLAN":                   {newLink(5, "x", flagsUp, kindAttr("vlan"), on(2)), []string{"eth0"}},
		"in another namespace":   {newLink(5, "x", flagsUp, kindAttr("macvlan"), on(2), attr(unix.IFLA_LINK_NETNSID, u32(0))), nil},
		"the other end":          {newLink(5, "x", flagsUp, kindAttr("veth"), on(2)), nil},
		"itself":                 {newLink(5, "x", flagsUp, on(5)), nil},
		"parent not known":       {newLink(5, "x", flagsUp, kindAttr("vlan"), on(77)), nil},
		"the route to its end":   {newLink(5, "x", flagsUp, info("ipip", remote)), []string{"eth1"}},
		"bound to a link":        {newLink(5, "x", flagsUp, info("ipip", remote), on(2)), []string{"eth0"}},
		"without an end":         {newLink(5, "x", flagsUp, info("ipip", attr(iptunRemote, []byte{0, 0, 0, 0}))), nil},
		"to a group":             {newLink(5, "x", flagsUp, info("vxlan", attr(unix.IFLA_VXLAN_LINK, u32(2)), attr(unix.IFLA_VXLAN_GROUP, []byte{239, 0, 0, 1}))), []string{"eth0"}},
		"no end of that kind":    {newLink(5, "x", flagsUp, info("dummy", remote)), nil},
		"a malformed end":        {newLink(5, "x", flagsUp, info("ipip", attr(iptunRemote, []byte{1, 2, 3}))), nil},
		"WireGuard decides late": {newLink(5, "x", flagsUp, kindAttr("wireguard")), nil},
	} {
		s := pair(t)
		feed(t, s, c.link)
		table{default4(5, 3)}.resolve(s)
		feed(t, s)
		if got := s.links[5].reported.Lower; fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The lookup of a tunnel's remote end is repeated when the routes to it change.
func TestATunnelMovesToAnotherLink(t *testing.T) {
	s := pair(t)
	feed(t, s, newLink(5, "x", flagsUp, info("ipip", attr(iptunRemote, []byte{203, 0, 113, 9}))))
	table{default4(5, 3)}.resolve(s)
	b := routeBody(unix.AF_INET, attr(unix.RTA_DST, []byte{203, 0, 113, 0}), by(2))
	b[1] = 24
	feed(t, s, notification(unix.RTM_NEWROUTE, b))
	if n := (table{default4(5, 2)}).resolve(s); n != 1 {
		t.Errorf("%d lookups", n)
	}
	feed(t, s)
	expect(t, s.links[5].reported.Lower, "eth0")
	feed(t, s, newLink(2, "lan", flagsUp))
	expect(t, s.links[5].reported.Lower, "lan")
	feed(t, s, delLink(5, "x"))
	if len(s.tunnels) != 0 || len(s.upperCount) != 0 {
		t.Errorf("left: %v, %v", s.tunnels, s.upperCount)
	}
}

// A bridge without a port leads nowhere, even if it is up.
func TestPorts(t *testing.T) {
	unknown := attr(unix.IFLA_OPERSTATE, []byte{operUnknown})
	for _, kind := range []string{"bridge", "bond", "team"} {
		s := pair(t)
		expect(t, feed(t, s, newLink(9, "br0", flagsUp, kindAttr(kind), unknown), newAddress(9, "10.0.0.1/24")), "link:br0 defined")
		if r := s.links[9].reported.Role; r != bearer.Downlink {
			t.Errorf("%s: role %v", kind, r)
		}
		expect(t, feed(t, s, newLink(3, "eth1", flagsUp, slaveAttr(9, kind))), "link:br0 active", "link:eth1 gone")
		if c := s.links[9].reported; c.Role != bearer.Uplink || fmt.Sprint(c.Lower) != "[eth1]" {
			t.Errorf("%s: role %v over %q", kind, c.Role, c.Lower)
		}
		expect(t, feed(t, s, delLink(3, "eth1")), "link:br0 defined")
	}
}

func TestRoles(t *testing.T) {
	for name, c := range map[string]struct {
		info linkInfo
		want bearer.Role
	}{
		"card":           {linkInfo{arphrd: unix.ARPHRD_ETHER}, bearer.Uplink},
		"tun":            {linkInfo{arphrd: unix.ARPHRD_NONE, kind: "tun"}, bearer.Tunnel},
		"tap":            {linkInfo{arphrd: unix.ARPHRD_ETHER, kind: "tun"}, bearer.Tunnel},
		"WireGuard":      {linkInfo{arphrd: unix.ARPHRD_NONE, kind: "wireguard"}, bearer.Tunnel},
		"OpenVPN":        {linkInfo{arphrd: unix.ARPHRD_NONE, kind: "ovpn"}, bearer.Tunnel},
		"by hardware":    {linkInfo{arphrd: unix.ARPHRD_SIT}, bearer.Tunnel},
		"GRE":            {linkInfo{arphrd: unix.ARPHRD_IPGRE, kind: "gre"}, bearer.Tunnel},
		"overlay":        {linkInfo{arphrd: unix.ARPHRD_ETHER, kind: "vxlan"}, bearer.Tunnel},
		"PPP":            {linkInfo{arphrd: unix.ARPHRD_PPP, kind: "ppp"}, bearer.Uplink},
		"modem":          {linkInfo{arphrd: unix.ARPHRD_RAWIP, kind: "rmnet"}, bearer.Uplink},
		"wwan":           {linkInfo{arphrd: unix.ARPHRD_NONE, kind: "wwan"}, bearer.Uplink},
		"veth":           {linkInfo{arphrd: unix.ARPHRD_ETHER, kind: "veth"}, bearer.Uplink},
		"bridge, no one": {linkInfo{arphrd: unix.ARPHRD_ETHER, kind: "bridge"}, bearer.Downlink},
	} {
		got, _ := configuration(eth(func(l *link) { n, i := l.name, l.flags; l.linkInfo = c.info; l.name, l.flags = n, i }), "")
		private := got.Purpose == bearer.PrivatePurpose
		if got.Role != c.want || private != (c.want == bearer.Tunnel) {
			t.Errorf("%s: role %v, purpose %v", name, got.Role, got.Purpose)
		}
	}
}

func TestHardwareAddress(t *testing.T) {
	s := pair(t)
	for name, c := range map[string]struct {
		attribute []byte
		want      string
	}{
		"card":     {nil, "02:00:00:00:00:05"},
		"all zero": {attr(unix.IFLA_ADDRESS, make([]byte, 6)), ""},
		"none":     {attr(unix.IFLA_ADDRESS, nil), ""},
		"tunnel":   {attr(unix.IFLA_ADDRESS, []byte{192, 0, 2, 0xAB}), "c0:00:02:ab"},
	} {
		feed(t, s, newLink(5, "x", flagsUp, c.attribute))
		if got := s.links[5].reported.Hardware; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A link that is down, and that this process may not set up, stays down unless
// another process acts.
func TestWithoutTheRightADownLinkIsDefined(t *testing.T) {
	s := newSnapshot(otherDevice, "no right.")
	expect(t, feed(t, s, newLink(2, "eth0", flagsDown)), "link:eth0 defined")
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp)), "link:eth0 discovered")
}
