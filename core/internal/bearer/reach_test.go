package bearer

import (
	"net/netip"
	"testing"
)

func TestReachable(t *testing.T) {
	global := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	local := []netip.Prefix{netip.MustParsePrefix("169.254.1.2/16"), netip.MustParsePrefix("fe80::1/64")}
	for _, c := range []struct {
		name string
		c    Configuration
		want Reach
	}{
		{"down", Configuration{State: Discovered, DefaultRoute: true, Reach: ReachOnline}, ReachNone},
		{"out of reach", Configuration{State: Defined}, ReachNone},
		{"a default route", Configuration{State: Active, DefaultRoute: true}, ReachOnline},
		{"addresses", Configuration{State: Active, Addresses: global}, ReachSite},
		{"addresses of the link", Configuration{State: Active, Addresses: local}, ReachLocal},
		{"nothing", Configuration{State: Active}, ReachLocal},
		{"the daemon knows less", Configuration{State: Active, DefaultRoute: true, Reach: ReachSite}, ReachSite},
		{"the daemon knows better", Configuration{State: Active, Reach: ReachOnline}, ReachOnline},
		{"the daemon knows the worst", Configuration{State: Active, DefaultRoute: true, Reach: ReachNone}, ReachNone},
	} {
		if got := c.c.Reachable(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestTransports(t *testing.T) {
	want := map[BearerType]Transport{
		BearerUnknown: TransportUnknown, BearerEthernet: TransportEthernet, BearerWLAN: TransportWiFi,
		Bearer2G: TransportCellular, BearerCDMA2000: TransportCellular, BearerWCDMA: TransportCellular,
		BearerHSPA: TransportCellular, BearerBluetooth: TransportBluetooth, BearerWiMAX: TransportCellular,
		BearerEVDO: TransportCellular, BearerLTE: TransportCellular, Bearer3G: TransportCellular, Bearer4G: TransportCellular,
	}
	for b, transport := range want {
		if got := b.Transport(); got != transport {
			t.Errorf("%v: %d, want %d", b, got, transport)
		}
	}
	if ReachOnline != 4 || TransportBluetooth != 4 {
		t.Error("the numbers are not Qt's")
	}
}
