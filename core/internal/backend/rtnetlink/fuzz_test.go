package rtnetlink

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// FuzzDatagram feeds whole datagrams to a snapshot, as notifications and as
// parts of a dump. Malformed input must be ignored.
func FuzzDatagram(f *testing.F) {
	f.Add(newLink(2, "eth0", flagsUp, kindAttr("veth")))
	f.Add(newLink(3, "eth1", flagsUp, slaveAttr(9, "bridge")))
	f.Add(join(newLink(2, "eth0", flagsUp), newAddress(2, "192.0.2.1/24"), newRoute(unix.AF_INET, by(2), metric(5))))
	f.Add(join(newLink(2, "eth0", flagsUp), newAddress(2, "2001:db8::1/64"), newRoute(unix.AF_INET6, nexthops(2, 3))))
	f.Add(join(newLink(2, "eth0", flagsUp), delLink(2, "eth0"), newLink(2, "eth0", flagsDown)))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		s := newSnapshot(otherDevice, "")
		whole := newSnapshot(otherDevice, "")
		whole.notified = &notified{addresses: make(map[addressKey]bool)}
		d := dump{snapshot: newSnapshot(otherDevice, "")}
		d.snapshot.notified = &notified{addresses: make(map[addressKey]bool)}
		for b := datagram; len(b) > 0; {
			m, rest, err := next(b)
			if err != nil {
				break
			}
			if len(rest) >= len(b) {
				t.Fatal("no progress")
			}
			_ = m.errno()
			s.apply(&m)
			whole.applyDump(&m)
			d.handle(&m)
			b = rest
		}
		_, batch := s.changes()
		for _, c := range batch.Changed {
			if !c.Valid() || c.Interface == "" {
				t.Fatalf("listed: %+v", c)
			}
		}
		if _, b := s.changes(); len(b.Changed)+len(b.Gone) > 0 {
			t.Fatalf("reported twice: %+v", b)
		}
		d.snapshot.full()
		answerLookups(t, s, datagram)
		s.full()
		whole.full()
	})
}

// answerLookups runs all lookups of a snapshot, and takes a datagram for the
// reply to each request.
func answerLookups(t *testing.T, s *snapshot, datagram []byte) {
	var b lookupBatch
	s.invalidateAll(all)
	s.collectLookups(&b, false)
	for i := range b.lookups {
		q := &b.lookups[i]
		for n := 0; q.step != finished; n++ {
			if n > 3*(1+maxSourceCandidates) {
				t.Fatalf("no end: %+v", q)
			}
			request, rest, err := next(q.appendRequest(nil, 1))
			if err != nil || len(rest) > 0 || len(request.body)+unix.SizeofNlMsghdr > maxRouteRequest {
				t.Fatalf("request %+v: %v", request, err)
			}
			m, _, err := next(datagram)
			if err != nil {
				m = message{kind: unix.RTM_NEWROUTE, body: datagram}
			}
			q.handleAnswer(&m, time.Time{})
		}
	}
	s.applyLookups(&b, nil)
}

// FuzzReply parses counters from arbitrary replies.
func FuzzReply(f *testing.F) {
	f.Add(join(make([]byte, sizeofStatsMsg), attr(unix.IFLA_STATS_LINK_64, make([]byte, 200))))
	f.Add(join(make([]byte, unix.SizeofIfInfomsg), attr(unix.IFLA_STATS64, make([]byte, 24))))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _ = pick(body, sizeofStatsMsg, unix.IFLA_STATS_LINK_64, nil)
		_, _ = pick(body, unix.SizeofIfInfomsg, unix.IFLA_STATS64, nil)
		if r, ok := parseFIBResult(body); ok {
			r.eachOIF(func(index int) {
				if index <= 0 {
					t.Fatalf("a link with the index %d", index)
				}
			})
			r.lifetime()
		}
		for kind := range remotes {
			if a, _ := remoteOf(kind, body); a.IsValid() && (a.IsUnspecified() || a.IsMulticast()) {
				t.Fatalf("a tunnel to %v", a)
			}
		}
	})
}
