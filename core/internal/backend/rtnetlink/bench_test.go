package rtnetlink

import "testing"

// BenchmarkNotification measures one change of one link among 2,000, from the
// datagram to the batch.
func BenchmarkNotification(b *testing.B) {
	s := newSnapshot(otherDevice, "")
	for i := 1; i <= 2000; i++ {
		m, _, _ := next(newLink(i, "veth"+string(rune('a'+i%26))+string(rune('a'+i/26)), flagsUp, kindAttr("veth")))
		s.apply(&m)
	}
	s.full()
	up, _, _ := next(newLink(77, "vethz", flagsUp, kindAttr("veth")))
	down, _, _ := next(newLink(77, "vethz", flagsNoCable, kindAttr("veth")))
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		m := &up
		if i%2 == 0 {
			m = &down
		}
		s.apply(m)
		_, batch := s.changes()
		if n := len(batch.Changed); n != 1 && i > 0 {
			b.Fatal(n)
		}
	}
}
