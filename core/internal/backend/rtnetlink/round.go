package rtnetlink

import "time"

// round is a number of chains that are asked together. What they find counts when
// the last of them is through.
type round struct {
	busy    bool
	window  int // how many questions wait for answers at once
	chains  []chain
	begun   int    // of the chains
	open    []int  // those that are being asked, in the order of their questions
	first   uint32 // number of the first of these questions
	barrier uint32 // that of what stood before the first ones of all
	heard   int    // how many of them were answered
	buffer  []byte

	whole bool // everything is asked
	loss  bool // reports wait for the answers
	start time.Time
}

// begin starts to ask, so many questions at once. There is at least one chain.
func (r *round) begin(window int, now time.Time) {
	r.window, r.busy, r.begun, r.heard, r.start = window, true, 0, 0, now
	r.open = r.open[:0]
	r.fill()
}

// fill keeps the chains that have more to ask, and begins others in the place of
// those that have not.
func (r *round) fill() {
	kept := r.open[:0]
	for _, i := range r.open {
		if r.chains[i].step != finished {
			kept = append(kept, i)
		}
	}
	for len(kept) < r.window && r.begun < len(r.chains) {
		kept = append(kept, r.begun)
		r.begun++
	}
	r.open, r.heard = kept, 0
}

// questions are those of all open chains, numbered from first on. The first ones of
// a round stand behind a barrier, which has the number before.
func (r *round) questions(first uint32, barrier bool) []byte {
	r.first, r.buffer = first, r.buffer[:0]
	if barrier {
		r.barrier = first - 1
		r.buffer = appendBarrier(r.buffer, first-1)
	}
	for n, i := range r.open {
		r.buffer = r.chains[i].ask(r.buffer, first+uint32(n))
	}
	return r.buffer
}

// expects reports whether a number is that of a question that waits.
func (r *round) expects(seq uint32) bool {
	return r.busy && seq-r.first >= uint32(r.heard) && seq-r.first < uint32(len(r.open))
}

// take takes the answer to a question in, and reports whether it was the last
// one. The kernel answers in order, and loses none: then the subscription ends.
func (r *round) take(m *message, now time.Time) (last bool) {
	n := int(m.seq - r.first)
	r.heard = n + 1
	r.chains[r.open[n]].answer(m, now)
	return r.heard == len(r.open)
}

// end forgets what was asked.
func (r *round) end() {
	for i := range r.chains {
		r.chains[i] = chain{}
	}
	r.chains, r.open, r.busy, r.whole, r.loss = r.chains[:0], r.open[:0], false, false, false
}
