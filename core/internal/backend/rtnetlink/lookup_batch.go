// Pipelined lookups: many requests are in flight at once.

package rtnetlink

import "time"

// lookupBatch is a number of lookups that run together. Their results count
// when the last lookup has finished. The monitor's goroutine owns the batch.
// The zero value is an idle batch.
type lookupBatch struct {
	busy       bool // lookups are running
	window     int  // how many requests may be in flight
	lookups    []lookup
	started    int    // how many lookups have started
	inFlight   []int  // indices of the lookups with a request in flight, in the order of the requests
	firstSeq   uint32 // sequence number of the first request in flight
	barrierSeq uint32 // sequence number of the barrier before the first requests
	answered   int    // how many of the requests in flight have a reply
	buffer     []byte

	full      bool // every lookup is repeated
	loss      bool // reports wait for the results
	startedAt time.Time
}

// begin starts the lookups, with so many requests in flight at once. There is
// at least one lookup.
func (b *lookupBatch) begin(window int, now time.Time) {
	b.window, b.busy, b.started, b.answered, b.startedAt = window, true, 0, 0, now
	b.inFlight = b.inFlight[:0]
	b.fill()
}

// fill keeps the lookups in flight that need another request, and replaces finished
// lookups by new ones.
func (b *lookupBatch) fill() {
	kept := b.inFlight[:0]
	for _, i := range b.inFlight {
		if b.lookups[i].step != finished {
			kept = append(kept, i)
		}
	}
	for len(kept) < b.window && b.started < len(b.lookups) {
		kept = append(kept, b.started)
		b.started++
	}
	b.inFlight, b.answered = kept, 0
}

// requests encodes the next requests of all lookups in flight, numbered from
// first on. The first requests of a batch follow a barrier with the number
// first-1.
func (b *lookupBatch) requests(first uint32, barrier bool) []byte {
	b.firstSeq, b.buffer = first, b.buffer[:0]
	if barrier {
		b.barrierSeq = first - 1
		b.buffer = appendBarrier(b.buffer, first-1)
	}
	for n, i := range b.inFlight {
		b.buffer = b.lookups[i].appendRequest(b.buffer, first+uint32(n))
	}
	return b.buffer
}

// expects reports whether a sequence number belongs to a request in flight.
func (b *lookupBatch) expects(seq uint32) bool {
	return b.busy && seq-b.firstSeq >= uint32(b.answered) && seq-b.firstSeq < uint32(len(b.inFlight))
}

// handle handles the reply to a request, and reports whether it was the last
// one in flight. The kernel replies in order; after a lost reply the
// subscription ends.
func (b *lookupBatch) handle(m *message, now time.Time) (last bool) {
	n := int(m.seq - b.firstSeq)
	b.answered = n + 1
	b.lookups[b.inFlight[n]].handleAnswer(m, now)
	return b.answered == len(b.inFlight)
}

// reset abandons the batch.
func (b *lookupBatch) reset() {
	for i := range b.lookups {
		b.lookups[i] = lookup{}
	}
	b.lookups, b.inFlight, b.busy, b.full, b.loss = b.lookups[:0], b.inFlight[:0], false, false, false
}
