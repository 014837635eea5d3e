package rtnetlink

import (
	"testing"

	"golang.org/x/sys/unix"
)

// FuzzDatagram hands whole datagrams to a picture, as notifications and as
// parts of a dump. Nothing that arrives may do more than be ignored.
func FuzzDatagram(f *testing.F) {
	f.Add(newLink(2, "eth0", flagsUp, kindAttr("veth")))
	f.Add(newLink(3, "eth1", flagsUp, slaveAttr(9, "bridge")))
	f.Add(join(newLink(2, "eth0", flagsUp), newAddress(2, "192.0.2.1/24"), newRoute(unix.AF_INET, by(2), metric(5))))
	f.Add(join(newLink(2, "eth0", flagsUp), newAddress(2, "2001:db8::1/64"), newRoute(unix.AF_INET6, nexthops(2, 3))))
	f.Add(join(newLink(2, "eth0", flagsUp), delLink(2, "eth0"), newLink(2, "eth0", flagsDown)))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		p := newPicture(unmarked, "")
		whole := newPicture(unmarked, "")
		whole.heard = &heard{addresses: make(map[addressKey]bool), hops: make(map[hop]bool)}
		var d dump
		for b := datagram; len(b) > 0; {
			m, rest, err := next(b)
			if err != nil {
				break
			}
			if len(rest) >= len(b) {
				t.Fatal("no progress")
			}
			_ = m.errno()
			p.apply(&m)
			whole.fill(&m)
			d.take(&m)
			b = rest
		}
		for _, c := range p.batch().Changed {
			if !c.Valid() || c.Interface == "" {
				t.Fatalf("listed: %+v", c)
			}
		}
		if b := p.batch(); len(b.Changed)+len(b.Gone) > 0 {
			t.Fatalf("told twice: %+v", b)
		}
		p.setRoutes(unix.AF_INET, d.hops)
		p.complete()
		whole.complete()
	})
}

// FuzzAnswer reads counters out of whatever the kernel might answer.
func FuzzAnswer(f *testing.F) {
	f.Add(join(make([]byte, sizeofStatsMsg), attr(unix.IFLA_STATS_LINK_64, make([]byte, 200))))
	f.Add(join(make([]byte, unix.SizeofIfInfomsg), attr(unix.IFLA_STATS64, make([]byte, 24))))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _ = pick(body, sizeofStatsMsg, unix.IFLA_STATS_LINK_64, nil)
		_, _ = pick(body, unix.SizeofIfInfomsg, unix.IFLA_STATS64, nil)
	})
}
