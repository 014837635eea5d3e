package rtnetlink

import (
	"fmt"
	"os"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/vishvananda/netlink"
)

// ready is a veth pair that is up, with an address on its first end.
func ready(l *lab) (first, peer netlink.Link) {
	first, peer = l.veth("eth0", "peer0")
	l.up(first, peer)
	l.address(first, "192.0.2.1/24")
	return first, peer
}

// running starts a backend in the lab and waits until eth0 is Active.
func (l *lab) run() *running {
	l.t.Helper()
	r := run(l.t, New())
	r.AwaitState("link:eth0", "active")
	return r
}

func TestLabAdminState(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	r := l.run()
	l.down(eth0)
	r.AwaitState("link:eth0", "discovered")
	r.AwaitState("link:peer0", "defined")
	l.up(eth0)
	r.AwaitState("link:eth0", "active")
}

func TestLabCarrier(t *testing.T) {
	l := newLab(t)
	_, peer := ready(l)
	r := l.run()
	l.down(peer)
	r.AwaitState("link:eth0", "defined")
	l.up(peer)
	r.AwaitState("link:eth0", "active")
}

func TestLabWhatIsListed(t *testing.T) {
	l := newLab(t)
	ready(l)
	attrs := netlink.NewLinkAttrs()
	attrs.Name = "ifb9"
	l.must("ifb", l.nl.LinkAdd(&netlink.Ifb{LinkAttrs: attrs}))
	attrs.Name, attrs.ParentIndex = "mac9", l.link("eth0").Attrs().Index
	l.must("macvlan", l.nl.LinkAdd(&netlink.Macvlan{LinkAttrs: attrs, Mode: netlink.MACVLAN_MODE_BRIDGE}))
	l.bridge("br9")
	r := l.run()
	want := map[string]bearer.BearerType{
		"link:eth0": bearer.BearerEthernet, "link:peer0": bearer.BearerEthernet, "link:br9": bearer.BearerEthernet,
		"link:mac9": bearer.BearerEthernet,
	}
	got := r.Configurations()
	for id, b := range want {
		if c, ok := got[id]; !ok || c.Bearer != b {
			t.Errorf("%s: listed %v, %v; want %v", id, ok, c.Bearer, b)
		}
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("%s is listed", id)
		}
	}
}

func TestLabTunIsListed(t *testing.T) {
	l := newLab(t)
	device, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this user may make no tun link: %v", err)
	}
	_ = device.Close()
	ready(l)
	attrs := netlink.NewLinkAttrs()
	attrs.Name = "tun9"
	l.must("tun", l.nl.LinkAdd(&netlink.Tuntap{LinkAttrs: attrs, Mode: netlink.TUNTAP_MODE_TUN}))
	if c := l.run().Configuration("link:tun9"); c.ID == "" || c.Bearer != bearer.BearerUnknown {
		t.Errorf("got %+v", c)
	}
}

func TestLabLinkInfo(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	l.must("alias", l.nl.LinkSetAlias(eth0, "Uplink"))
	r := l.run()
	c := r.Configuration("link:eth0")
	if c.Name != "Uplink" || c.Interface != "eth0" || c.Index != eth0.Attrs().Index || c.Denied != "" {
		t.Errorf("got %+v", c)
	}
}

func TestLabRename(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	r := l.run()
	l.down(eth0) // kernels before 6.2 rename no link that is up
	l.must("rename", l.nl.LinkSetName(eth0, "lan0"))
	l.up(eth0)
	r.AwaitState("link:lan0", "active")
	came := false
	for _, b := range r.Batches() {
		for _, c := range b.Changed {
			if c.ID == "link:lan0" && !came && (len(b.Gone) != 1 || b.Gone[0] != "link:eth0") {
				t.Errorf("the old name was not removed when the new name was added: %+v", b)
			}
			came = came || c.ID == "link:lan0"
		}
	}
	if c := r.Configuration("link:eth0"); c.ID != "" {
		t.Error("the old name still exists")
	}
}

func TestLabRemovedAndMadeAgain(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	r := l.run()
	for i := 0; i < 5; i++ {
		index := r.Configuration("link:eth0").Index
		l.must("remove", l.nl.LinkDel(eth0))
		r.Await("eth0 is gone", func(rec *backendtest.Record) bool { _, ok := rec.Known["link:eth0"]; return !ok })
		eth0, _ = ready(l)
		r.AwaitState("link:eth0", "active")
		if c := r.Configuration("link:eth0"); c.Index == index || c.Index != eth0.Attrs().Index {
			t.Errorf("index %d, was %d, is %d", c.Index, index, eth0.Attrs().Index)
		}
	}
}

func TestLabEnslaving(t *testing.T) {
	l := newLab(t)
	eth0, peer := ready(l)
	br := l.bridge("br0")
	l.up(br)
	r := l.run()
	l.must("enslave", l.nl.LinkSetMaster(peer, br))
	r.Await("the port is gone", func(rec *backendtest.Record) bool { _, ok := rec.Known["link:peer0"]; return !ok })
	l.address(br, "192.0.2.2/24")
	r.AwaitState("link:br0", "active")
	l.must("release", l.nl.LinkSetNoMaster(peer))
	r.Await("the port is back", func(rec *backendtest.Record) bool { _, ok := rec.Known["link:peer0"]; return ok })
	r.AwaitState("link:br0", "defined")
	l.down(eth0)
}

// A change without a meaning for sessions is not reported: the next change causes the
// first report.
func TestLabNoReportWithoutAChange(t *testing.T) {
	l := newLab(t)
	eth0, peer := ready(l)
	l.address(eth0, "2001:db8::1/64")
	r := l.run()
	awaitAddresses(t, l, r)
	r.ForgetAll()
	for i := 0; i < 20; i++ {
		l.must("mtu", l.nl.LinkSetMTU(eth0, 1400+i))
		l.must("queue", l.nl.LinkSetTxQLen(peer, 100+i))
		l.must("promiscuous", l.nl.SetPromiscOn(eth0))
		l.must("ordinary", l.nl.SetPromiscOff(eth0))
		l.must("renew", l.nl.AddrReplace(eth0, mustAddr("192.0.2.1/24")))
		l.up(eth0)
	}
	l.must("alias", l.nl.LinkSetAlias(peer, "end"))
	r.Await("the end is reported", func(rec *backendtest.Record) bool { return rec.Known["link:peer0"].Name == "end" })
	if reports := r.Batches(); len(reports) != 1 {
		t.Errorf("got %+v", reports)
	}
}

// awaitAddresses waits for the addresses that the kernel assigns by itself.
func awaitAddresses(t *testing.T, l *lab, r *running) {
	t.Helper()
	for _, name := range []string{"eth0", "peer0"} {
		r.Await(name+" has its own address", func(rec *backendtest.Record) bool {
			for _, a := range rec.Known["link:"+name].Addresses {
				if a.Addr().IsLinkLocalUnicast() {
					return true
				}
			}
			return false
		})
	}
}

func TestLabManyLinks(t *testing.T) {
	const pairs = 100
	l := newLab(t)
	ready(l)
	many(l, pairs)
	r := l.run()
	if n := r.Len(); n != 2*pairs+2 {
		t.Fatalf("%d links", n)
	}
	for i := 0; i < pairs; i++ {
		l.must("remove", l.nl.LinkDel(l.link(fmt.Sprintf("a%d", i))))
	}
	r.Await("all are gone", func(rec *backendtest.Record) bool { return len(rec.Known) == 2 })
	many(l, pairs)
	r.Await("all are back", func(rec *backendtest.Record) bool {
		for i := 0; i < pairs; i++ {
			if rec.Known[fmt.Sprintf("link:b%d", i)].State != bearer.Discovered {
				return false
			}
		}
		return true
	})
}
