package rtnetlink

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

func otherDevice(string, int) device { return deviceOther }

// feed applies messages to a snapshot and describes the changes.
func feed(t *testing.T, p *snapshot, datagrams ...[]byte) []string {
	t.Helper()
	for _, b := range datagrams {
		m, _, err := next(b)
		if err != nil {
			t.Fatal(err)
		}
		p.apply(&m)
	}
	lost, b := p.changes()
	var events []string
	for _, id := range lost {
		events = append(events, id+" lost")
	}
	for _, c := range b.Changed {
		s := fmt.Sprintf("%s %v", c.ID, c.State)
		if c.DefaultRoute {
			s += fmt.Sprintf(" default %d", c.Metric)
		}
		if c.Preferred {
			s += " preferred"
		}
		events = append(events, s)
	}
	for _, id := range b.Gone {
		events = append(events, id+" gone")
	}
	return events
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func newLink(index int, name string, flags uint32, more ...[]byte) []byte {
	return notification(unix.RTM_NEWLINK, linkBody(index, name, flags, more...))
}

func delLink(index int, name string) []byte {
	return notification(unix.RTM_DELLINK, linkBody(index, name, flagsDown))
}

func newAddress(index int, prefix string) []byte {
	return notification(unix.RTM_NEWADDR, addressBody(index, prefix, 0, 0))
}

func delAddress(index int, prefix string) []byte {
	return notification(unix.RTM_DELADDR, addressBody(index, prefix, 0, 0))
}

func newRoute(family uint8, more ...[]byte) []byte {
	return notification(unix.RTM_NEWROUTE, routeBody(family, more...))
}

func delRoute(family uint8, more ...[]byte) []byte {
	return notification(unix.RTM_DELROUTE, routeBody(family, more...))
}

// usual is a snapshot with one link that is up and has an address.
func usual(t *testing.T) *snapshot {
	s := newSnapshot(otherDevice, "")
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp), newAddress(2, "192.0.2.1/24")), "link:eth0 active")
	return s
}

func TestSnapshotOfALink(t *testing.T) {
	s := newSnapshot(otherDevice, "")
	expect(t, feed(t, s, newLink(2, "eth0", flagsDown)), "link:eth0 discovered")
	expect(t, feed(t, s, newLink(2, "eth0", flagsNoCable)), "link:eth0 defined")
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp)), "link:eth0 discovered")
	expect(t, feed(t, s, newAddress(2, "192.0.2.1/24")), "link:eth0 active")
	expect(t, feed(t, s, delAddress(2, "192.0.2.1/24")), "link:eth0 discovered")
	expect(t, feed(t, s, delLink(2, "eth0")), "link:eth0 gone")
}

func TestNoReportWithoutAChange(t *testing.T) {
	s := usual(t)
	expect(t, feed(t, s,
		newLink(2, "eth0", flagsUp),
		newLink(2, "eth0", flagsUp|unix.IFF_PROMISC),
		newAddress(2, "192.0.2.1/24"),
		newLink(1, "lo", unix.IFF_LOOPBACK|unix.IFF_UP),
		delLink(77, "unknown"), delAddress(77, "192.0.2.7/24"), delAddress(2, "192.0.2.7/24"),
		delRoute(unix.AF_INET, by(77)), delRoute(unix.AF_INET, by(2)),
		notification(unix.RTM_NEWNEIGH, make([]byte, 64)),
	))
}

func TestChangesOfOneDatagramAreOneBatch(t *testing.T) {
	s := usual(t)
	expect(t, feed(t, s, newLink(2, "eth0", flagsDown), newLink(2, "eth0", flagsUp)))
	expect(t, feed(t, s, newLink(2, "eth0", flagsDown), newLink(3, "eth1", flagsDown), newLink(2, "eth0", flagsNoCable)),
		"link:eth0 defined", "link:eth1 discovered")
}

func TestRename(t *testing.T) {
	s := usual(t)
	expect(t, feed(t, s, newLink(2, "lan", flagsUp)), "link:lan active", "link:eth0 gone")
}

func TestRemovedAndMadeAgainWithTheSameName(t *testing.T) {
	s := usual(t)
	expect(t, feed(t, s, delLink(2, "eth0"), newLink(7, "eth0", flagsDown)), "link:eth0 lost", "link:eth0 discovered")
	expect(t, feed(t, s, delLink(7, "eth0")), "link:eth0 gone")
	expect(t, feed(t, s, newLink(8, "eth0", flagsUp)), "link:eth0 discovered")
}

func TestNamesSwapped(t *testing.T) {
	s := usual(t)
	expect(t, feed(t, s, newLink(3, "eth1", flagsNoCable)), "link:eth1 defined")
	expect(t, feed(t, s,
		newLink(2, "tmp", flagsUp), newLink(3, "eth0", flagsNoCable), newLink(2, "eth1", flagsUp)),
		"link:eth0 lost", "link:eth1 lost", "link:eth1 active", "link:eth0 defined")
}

func TestEnslaving(t *testing.T) {
	s := usual(t)
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp, slaveAttr(9, "bridge"))), "link:eth0 gone")
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp)), "link:eth0 active")
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp, slaveAttr(9, "vrf"))))
}

// The message with which a bridge removes a port looks like the removal of the
// link, except for its family.
func TestBridgePortMessagesDoNotChangeLinks(t *testing.T) {
	s := usual(t)
	body := linkBody(2, "eth0", flagsUp)
	body[0] = unix.AF_BRIDGE
	expect(t, feed(t, s, notification(unix.RTM_DELLINK, body), notification(unix.RTM_NEWLINK, body)))
	expect(t, feed(t, s, newLink(2, "eth0", flagsDown)), "link:eth0 discovered")
}

// Wireless extensions send link messages that contain nothing but the event.
func TestWirelessEventLeavesTheLinkAsItIs(t *testing.T) {
	s := usual(t)
	dormant := attr(unix.IFLA_OPERSTATE, []byte{5})
	for name, named := range map[string][]byte{"without a name": nil, "with the name": attr(unix.IFLA_IFNAME, cstring("eth0"))} {
		feed(t, s, newLink(2, "eth0", flagsUp, dormant, attr(unix.IFLA_IFALIAS, cstring("Radio")), slaveAttr(9, "vrf")))
		bare := join([]byte{unix.AF_UNSPEC, 0}, u16(unix.ARPHRD_ETHER), u32(2), u32(flagsUp), u32(0),
			named, attr(unix.IFLA_WIRELESS, make([]byte, 8)))
		feed(t, s, notification(unix.RTM_NEWLINK, bare))
		l := s.links[2]
		if l.name != "eth0" || l.operState != 5 || l.master != 9 || !l.beyondLink || bearerOf(&l.linkInfo) != bearer.BearerWLAN ||
			l.reported.State != bearer.Defined || l.reported.Hardware != "02:00:00:00:00:02" || l.alias != "Radio" {
			t.Errorf("%s: got %+v", name, l)
		}
	}
}

func TestHardwareLinksAreIdentified(t *testing.T) {
	var asked []string
	s := newSnapshot(func(name string, index int) device {
		asked = append(asked, fmt.Sprint(name, index))
		if name == "radio" {
			return deviceWLAN
		}
		return deviceUnknown
	}, "")
	feed(t, s, newLink(5, "wlan0", flagsDown), newLink(5, "wlan0", flagsUp), newLink(6, "veth0", flagsUp, kindAttr("veth")))
	if s.links[5].reported.Bearer != bearer.BearerUnknown || s.links[6].reported.Bearer != bearer.BearerEthernet {
		t.Errorf("bearer %v before its name, and bearer %v of a veth", s.links[5].reported.Bearer, s.links[6].reported.Bearer)
	}
	feed(t, s, newLink(5, "radio", flagsUp))
	if s.links[5].reported.Bearer != bearer.BearerWLAN {
		t.Errorf("bearer %v", s.links[5].reported.Bearer)
	}
	feed(t, s, newLink(5, "other", flagsUp), newLink(5, "other", flagsDown))
	if s.links[5].reported.Bearer != bearer.BearerWLAN {
		t.Error("a known value was lost")
	}
	expect(t, asked, "wlan05", "radio5", "other5")
}

func TestAddressBeforeItsLink(t *testing.T) {
	s := newSnapshot(otherDevice, "")
	expect(t, feed(t, s, newAddress(2, "192.0.2.1/24")))
	expect(t, feed(t, s, newLink(2, "eth0", flagsUp)), "link:eth0 active")
}

func TestAddressBecomesUsable(t *testing.T) {
	s := usual(t)
	feed(t, s, delAddress(2, "192.0.2.1/24"))
	tentative := notification(unix.RTM_NEWADDR, addressBody(2, "2001:db8::1/64", 0, unix.IFA_F_TENTATIVE))
	expect(t, feed(t, s, tentative))
	expect(t, feed(t, s, newAddress(2, "2001:db8::1/64")), "link:eth0 active")
}

func TestPointToPointAddresses(t *testing.T) {
	peer := func(kind uint16, peer string) []byte {
		return notification(kind, join([]byte{unix.AF_INET, 32, 0, 0}, u32(2),
			attr(unix.IFA_LOCAL, []byte{10, 0, 0, 1}), attr(unix.IFA_ADDRESS, []byte{10, 0, 0, peer[0]})))
	}
	s := usual(t)
	feed(t, s, delAddress(2, "192.0.2.1/24"), peer(unix.RTM_NEWADDR, "\x02"), peer(unix.RTM_NEWADDR, "\x03"))
	expect(t, feed(t, s, peer(unix.RTM_DELADDR, "\x02")), "link:eth0 active")
	if got := s.links[2].reported.Addresses; len(got) != 1 || got[0].String() != "10.0.0.1/32" {
		t.Errorf("got %v", got)
	}
	expect(t, feed(t, s, peer(unix.RTM_DELADDR, "\x03")), "link:eth0 discovered")
}

func TestMalformedBodiesAreIgnored(t *testing.T) {
	for _, kind := range []uint16{unix.RTM_NEWLINK, unix.RTM_DELLINK, unix.RTM_NEWADDR, unix.RTM_DELADDR, unix.RTM_NEWROUTE, unix.RTM_DELROUTE} {
		for _, body := range [][]byte{linkBody(2, "eth0", flagsDown), addressBody(2, "192.0.2.1/24", 0, 0), routeBody(unix.AF_INET, by(2), nexthops(2, 3))} {
			for n := 0; n < len(body); n++ {
				s := usual(t)
				feed(t, s, notification(kind, body[:n]))
			}
		}
	}
	s := usual(t)
	expect(t, feed(t, s, newLink(0, "nothing", flagsUp), newLink(-1, "less", flagsUp),
		notification(unix.RTM_NEWADDR, join([]byte{unix.AF_INET, 99, 0, 0}, u32(2), attr(unix.IFA_LOCAL, []byte{1, 2, 3, 4}))),
		notification(unix.RTM_NEWADDR, join([]byte{unix.AF_INET, 24, 0, 0}, u32(2), attr(unix.IFA_LOCAL, []byte{1, 2, 3}))),
		notification(unix.RTM_NEWADDR, join([]byte{99, 24, 0, 0}, u32(2), attr(unix.IFA_LOCAL, []byte{1, 2, 3, 4}))),
	))
}

func TestFullReport(t *testing.T) {
	s := newSnapshot(otherDevice, "no right.")
	for i, name := range []string{"c", "a", "b"} {
		m, _, _ := next(newLink(i+2, name, flagsDown))
		s.apply(&m)
	}
	m, _, _ := next(newLink(9, "port", flagsUp, slaveAttr(2, "bridge")))
	s.apply(&m)
	b := s.full()
	var ids []string
	for _, c := range b.Changed {
		ids = append(ids, c.ID)
		if c.Denied != c.Name+" cannot be set up or down, because no right." {
			t.Errorf("%s: denied %q", c.ID, c.Denied)
		}
	}
	expect(t, ids, "link:a", "link:b", "link:c")
	if !b.Complete {
		t.Error("the batch does not say that it is complete")
	}
	expect(t, feed(t, s, newLink(2, "c", flagsDown)))
}

func TestAnUnchangedLinkDoesNotAllocate(t *testing.T) {
	s := usual(t)
	m, _, _ := next(newLink(2, "eth0", flagsUp, kindAttr("veth")))
	s.apply(&m)
	s.changes()
	if n := testing.AllocsPerRun(100, func() { s.apply(&m); s.changes() }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
