package rtnetlink

import "time"

// round is a number of chains that are asked together. What they find counts when
// the last of them is through.
type lookupBatch struct {
	busy       bool
	window     int // how many questions wait for answers at once
	lookups    []lookup
	started    int    // of the chains
	inFlight   []int  // those that are being asked, in the order of their questions
	firstSeq   uint32 // number of the first of these questions
	barrierSeq uint32 // that of what stood before the first ones of all
	answered   int    // how many of them were answered
	buffer     []byte

	full      bool // everything is asked
	loss      bool // reports wait for the answers
	startedAt time.Time
}

// begin starts to ask, so many questions at once. There is at least one chain.
func (b *lookupBatch) begin(window int, now time.Time) {
	b.window, b.busy, b.started, b.answered, b.startedAt = window, true, 0, 0, now
	b.inFlight = b.inFlight[:0]
	b.fill()
}

// fill keeps the chains that have more to ask, and begins others in the place of
// those that have not.
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

// questions are those of all open chains, numbered from first on. The first ones of
// a round stand behind a barrier, which has the number before.
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

// expects reports whether a number is that of a question that waits.
func (b *lookupBatch) expects(seq uint32) bool {
	return b.busy && seq-b.firstSeq >= uint32(b.answered) && seq-b.firstSeq < uint32(len(b.inFlight))
}

// take takes the answer to a question in, and reports whether it was the last
// one. The kernel answers in order, and loses none: then the subscription ends.
func (b *lookupBatch) handle(m *message, now time.Time) (last bool) {
	n := int(m.seq - b.firstSeq)
	b.answered = n + 1
	b.lookups[b.inFlight[n]].handleAnswer(m, now)
	return b.answered == len(b.inFlight)
}

// end forgets what was asked.
func (b *lookupBatch) reset() {
	for i := range b.lookups {
		b.lookups[i] = lookup{}
	}
	b.lookups, b.inFlight, b.busy, b.full, b.loss = b.lookups[:0], b.inFlight[:0], false, false, false
}
