package rtnetlink

import (
	"net/netip"
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// eth is a link that is up, with an address and a default route; f changes it.
func eth(f func(*link)) *link {
	l := &link{index: 2, id: "link:eth0"}
	l.name, l.arphrd, l.flags, l.operState = "eth0", unix.ARPHRD_ETHER, flagsUp, operUp
	l.setAddress(address{prefix: netip.MustParsePrefix("192.0.2.1/24")})
	l.device = deviceOther
	l.egress[four] = egress{match: true, source: netip.MustParseAddr("192.0.2.1"), metric: 100}
	l.preferred = true
	if f != nil {
		f(l)
	}
	return l
}

func TestConfiguration(t *testing.T) {
	c, ok := configuration(eth(nil), "no right.")
	want := bearer.Configuration{
		ID: "link:eth0", Name: "eth0", Type: bearer.InternetAccessPoint, State: bearer.Active,
		Bearer: bearer.BearerEthernet, Interface: "eth0", Index: 2,
		Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")},
		Up:        true, DefaultRoute: true, Preferred: true, Metric: 100, Denied: "eth0 cannot be set up or down, because no right.",
	}
	if !ok || !c.Equal(&want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestConfigurationIsNamedByItsAlias(t *testing.T) {
	c, _ := configuration(eth(func(l *link) { l.alias = "Uplink" }), "")
	if c.Name != "Uplink" || c.ID != "link:eth0" || c.Interface != "eth0" {
		t.Errorf("got %+v", c)
	}
}

func TestState(t *testing.T) {
	bare := func(l *link) { l.egress, l.addresses = [both]egress{}, nil; l.refreshUsable() }
	only := func(prefix string, scope uint8, flags uint32) func(*link) {
		return func(l *link) {
			bare(l)
			l.setAddress(address{prefix: netip.MustParsePrefix(prefix), scope: scope, flags: flags})
		}
	}
	for name, c := range map[string]struct {
		change func(*link)
		want   bearer.State
	}{
		"up, carrier, address":         {nil, bearer.Active},
		"down":                         {func(l *link) { l.flags = flagsDown }, bearer.Discovered},
		"down, whatever it was before": {func(l *link) { l.flags = flagsDown; l.operState = 2 }, bearer.Discovered},
		"no cable":                     {func(l *link) { l.flags, l.operState = flagsNoCable, 2 }, bearer.Defined},
		"lower layer down":             {func(l *link) { l.operState = 3 }, bearer.Defined},
		"being tested":                 {func(l *link) { l.operState = 4 }, bearer.Defined},
		"dormant":                      {func(l *link) { l.operState = 5 }, bearer.Defined},
		"operational state unknown":    {func(l *link) { l.operState = operUnknown }, bearer.Active},
		"unknown, but no carrier":      {func(l *link) { l.flags, l.operState = flagsNoCable, operUnknown }, bearer.Defined},
		"raw carrier lost first":       {func(l *link) { l.flags &^= unix.IFF_LOWER_UP }, bearer.Defined},
		"no address":                   {bare, bearer.Discovered},
		"loopback address":             {only("127.0.0.2/8", 0, 0), bearer.Discovered},
		"self-assigned IPv4":           {only("169.254.3.4/16", unix.RT_SCOPE_LINK, 0), bearer.Active},
		"IPv6 of the link":             {only("fe80::1/64", unix.RT_SCOPE_LINK, 0), bearer.Discovered},
		"IPv6 of the site":             {only("fec0::1/64", unix.RT_SCOPE_SITE, 0), bearer.Active},
		"IPv6":                         {only("2001:db8::1/64", 0, 0), bearer.Active},
		"IPv6, being proved":           {only("2001:db8::1/64", 0, unix.IFA_F_TENTATIVE), bearer.Discovered},
		"IPv6, trusted while so":       {only("2001:db8::1/64", 0, unix.IFA_F_TENTATIVE|unix.IFA_F_OPTIMISTIC), bearer.Active},
		"IPv6, used by another host":   {only("2001:db8::1/64", 0, unix.IFA_F_DADFAILED), bearer.Discovered},
		"IPv6, deprecated":             {only("2001:db8::1/64", 0, unix.IFA_F_DEPRECATED), bearer.Active},
		"IPv6 loopback":                {only("::1/128", 0, 0), bearer.Discovered},
		"unspecified":                  {only("0.0.0.0/0", 0, 0), bearer.Discovered},
		"an address of a down link":    {func(l *link) { l.flags = flagsDown }, bearer.Discovered},
		"unnumbered": {func(l *link) {
			only("fe80::1/64", unix.RT_SCOPE_LINK, 0)(l)
			l.egress[four] = egress{match: true, source: netip.MustParseAddr("198.51.100.1")}
		}, bearer.Active},
		"unnumbered, without carrier": {func(l *link) {
			bare(l)
			l.egress[four] = egress{match: true, source: netip.MustParseAddr("198.51.100.1")}
			l.flags, l.operState = flagsNoCable, 2
		}, bearer.Defined},
		"bridge":                         {func(l *link) { l.kind, l.ports = "bridge", 1 }, bearer.Active},
		"bridge without a port":          {func(l *link) { l.kind = "bridge" }, bearer.Defined},
		"such a link that is down":       {func(l *link) { l.kind, l.flags = "bridge", flagsDown }, bearer.Defined},
		"IPv4 counts whatever its scope": {only("10.0.0.1/32", unix.RT_SCOPE_HOST, 0), bearer.Active},
	} {
		got, ok := configuration(eth(c.change), "")
		if !ok || got.State != c.want {
			t.Errorf("%s: %v (listed %v), want %v", name, got.State, ok, c.want)
		}
	}
}

func TestListed(t *testing.T) {
	hardware := func(h uint16) func(*link) { return func(l *link) { l.arphrd = h } }
	kind := func(k string) func(*link) { return func(l *link) { l.kind = k } }
	slave := func(k string) func(*link) { return func(l *link) { l.master, l.slaveKind = 9, k } }
	for name, c := range map[string]struct {
		change func(*link)
		want   bool
	}{
		"Ethernet":           {nil, true},
		"not known by name":  {func(l *link) { l.name = "" }, false},
		"loopback":           {func(l *link) { l.flags |= unix.IFF_LOOPBACK; l.arphrd = unix.ARPHRD_LOOPBACK }, false},
		"loopback by type":   {hardware(unix.ARPHRD_LOOPBACK), false},
		"InfiniBand":         {hardware(unix.ARPHRD_INFINIBAND), true},
		"PPP":                {hardware(unix.ARPHRD_PPP), true},
		"SLIP":               {hardware(unix.ARPHRD_CSLIP6), true},
		"raw IP":             {hardware(unix.ARPHRD_RAWIP), true},
		"IP in IP":           {hardware(unix.ARPHRD_TUNNEL), true},
		"GRE":                {hardware(unix.ARPHRD_IPGRE), true},
		"no hardware":        {hardware(unix.ARPHRD_NONE), true},
		"6LoWPAN":            {hardware(unix.ARPHRD_6LOWPAN), true},
		"CAN":                {hardware(unix.ARPHRD_CAN), false},
		"netlink monitor":    {hardware(unix.ARPHRD_NETLINK), false},
		"monitored radio":    {hardware(unix.ARPHRD_IEEE80211_RADIOTAP), false},
		"802.15.4 itself":    {hardware(unix.ARPHRD_IEEE802154), false},
		"ifb":                {kind("ifb"), false},
		"vrf":                {kind("vrf"), false},
		"bridge":             {kind("bridge"), true},
		"veth":               {kind("veth"), true},
		"port of a bridge":   {slave("bridge"), false},
		"part of a bond":     {slave("bond"), false},
		"part of a team":     {slave("team"), false},
		"port of a switch":   {slave("openvswitch"), false},
		"slave of something": {slave(""), false},
		"in a VRF":           {slave("vrf"), true},
		"template": {func(l *link) {
			l.arphrd, l.kind, l.flags, l.zeroHWAddr = unix.ARPHRD_IPGRE, "gre", unix.IFF_NOARP, true
		}, false},
		"template in use": {func(l *link) {
			l.arphrd, l.kind, l.flags, l.zeroHWAddr = unix.ARPHRD_IPGRE, "gre", unix.IFF_NOARP|unix.IFF_UP, true
		}, true},
		"card without address": {func(l *link) { l.flags, l.zeroHWAddr = flagsDown, true }, true},
	} {
		if _, ok := configuration(eth(c.change), ""); ok != c.want {
			t.Errorf("%s: listed %v, want %v", name, ok, c.want)
		}
	}
}

func TestDefaultRoute(t *testing.T) {
	at := func(metric uint32, source string) egress {
		return egress{match: true, metric: metric, source: netip.MustParseAddr(source)}
	}
	good4, good6 := "192.0.2.1", "2001:db8::1"
	for name, c := range map[string]struct {
		ways   [both]egress
		flags  uint32
		want   bool
		metric uint32
	}{
		"none":                        {[both]egress{}, flagsUp, false, 0},
		"one":                         {[both]egress{at(7, good4)}, flagsUp, true, 7},
		"metric zero":                 {[both]egress{at(0, good4)}, flagsUp, true, 0},
		"the lowest counts":           {[both]egress{at(600, good4), at(100, good6)}, flagsUp, true, 100},
		"without carrier":             {[both]egress{at(7, good4)}, flagsNoCable, true, 7},
		"dropped with the link":       {[both]egress{at(7, good4)}, flagsDown, false, 0},
		"IPv6 alone is one, too":      {[both]egress{six: at(1024, good6)}, flagsUp, true, 1024},
		"a source of the link":        {[both]egress{at(7, "169.254.7.7"), at(8, "fe80::1")}, flagsUp, false, 0},
		"a source of this machine":    {[both]egress{at(7, "127.0.0.1"), at(8, "::1")}, flagsUp, false, 0},
		"no source":                   {[both]egress{{match: true}, {match: true}}, flagsUp, false, 0},
		"its metric does not count":   {[both]egress{at(7, "169.254.7.7"), at(900, good6)}, flagsUp, true, 900},
		"a source of the site is one": {[both]egress{six: at(9, "fd00::1")}, flagsUp, true, 9},
	} {
		got, _ := configuration(eth(func(l *link) { l.egress, l.flags = c.ways, c.flags }), "")
		if got.DefaultRoute != c.want || got.Metric != c.metric || got.Preferred != c.want {
			t.Errorf("%s: %v metric %d, want %v metric %d", name, got.DefaultRoute, got.Metric, c.want, c.metric)
		}
	}
}

func TestAddressesAreSortedAndShared(t *testing.T) {
	l := eth(func(l *link) {
		for _, p := range []string{"2001:db8::2/64", "10.0.0.1/24", "fe80::1/64", "10.0.0.1/8"} {
			l.setAddress(address{prefix: netip.MustParsePrefix(p)})
		}
		l.setAddress(address{prefix: netip.MustParsePrefix("2001:db8::3/64"), flags: unix.IFA_F_TENTATIVE})
	})
	c, _ := configuration(l, "")
	want := []string{"10.0.0.1/8", "10.0.0.1/24", "192.0.2.1/24", "2001:db8::2/64", "fe80::1/64"}
	if len(c.Addresses) != len(want) {
		t.Fatalf("got %v", c.Addresses)
	}
	for i, p := range want {
		if c.Addresses[i] != netip.MustParsePrefix(p) {
			t.Fatalf("got %v, want %v", c.Addresses, want)
		}
	}
	l.dropAddress(address{prefix: netip.MustParsePrefix("10.0.0.1/8")})
	if c.Addresses[0] != netip.MustParsePrefix("10.0.0.1/8") {
		t.Error("a configuration that was handed out changed")
	}
}
