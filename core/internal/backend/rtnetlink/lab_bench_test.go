package rtnetlink

import (
	"fmt"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// many makes pairs of links that are up, two links each.
func many(l *lab, pairs int) {
	for i := 0; i < pairs; i++ {
		a, b := l.veth(fmt.Sprintf("a%d", i), fmt.Sprintf("b%d", i))
		l.up(a, b)
	}
}

// listener sends to a channel on each report, without blocking.
type listener struct{ reports chan bearer.Batch }

func (s listener) Report(b bearer.Batch) {
	select {
	case s.reports <- b:
	default:
	}
}

func (s listener) Done(backend.Answer)               {}
func (s listener) Loading()                          {}
func (s listener) Log(level backend.Level, _ string) {}

// BenchmarkLabFirstSnapshot is the time from New to the first complete report
// about 2,000 links without routable addresses.
func BenchmarkLabFirstSnapshot(b *testing.B) { firstSnapshot(b) }

// BenchmarkLabFirstSnapshotWithLookups is the same with a lookup through each
// link.
func BenchmarkLabFirstSnapshotWithLookups(b *testing.B) { firstSnapshot(b, "192.0.2.1/24") }

func firstSnapshot(b *testing.B, addresses ...string) {
	l := newLab(b)
	many(l, 1000)
	for _, a := range addresses {
		l.address(l.link("a0"), a)
	}
	quiet(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		s := listener{make(chan bearer.Batch, 1)}
		stop := backendtest.Start(b, New(), s)
		if n := len((<-s.reports).Changed); n != 2000 {
			b.Fatalf("%d links", n)
		}
		b.StopTimer()
		stop()
		b.StartTimer()
	}
}

// quiet waits until every link has its own IPv6 address, proved.
func quiet(b *testing.B) {
	r := run(b, New())
	r.Await("2,000 links have addresses", func(rec *backendtest.Record) bool {
		for _, c := range rec.Known {
			if len(c.Addresses) == 0 {
				return false
			}
		}
		return len(rec.Known) == 2000
	})
	r.stop()
}

// BenchmarkLabEvent is the time from a change of a link to its report,
// including the request that makes the change.
func BenchmarkLabEvent(b *testing.B) {
	l := newLab(b)
	ready(l)
	k := l.link("eth0")
	s := listener{make(chan bearer.Batch, 100)}
	defer backendtest.Start(b, New(), s)()
	<-s.reports
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if i%2 == 0 {
			l.must("address", l.nl.AddrAdd(k, mustAddr("198.51.100.1/24")))
		} else {
			l.must("address", l.nl.AddrDel(k, mustAddr("198.51.100.1/24")))
		}
		<-s.reports
	}
}

// BenchmarkLabCounters reads the counters of one link.
func BenchmarkLabCounters(b *testing.B) {
	l := newLab(b)
	ready(l)
	s := listener{make(chan bearer.Batch, 100)}
	backend := New()
	defer backendtest.Start(b, backend, s)()
	<-s.reports
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if _, err := backend.Counters("link:eth0"); err != nil {
			b.Fatal(err)
		}
	}
}
