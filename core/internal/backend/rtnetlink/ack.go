package rtnetlink

import (
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// ack is the result of an executed command. It waits until the monitor has read
// every notification that the command caused.
type ack struct {
	command
	seq    uint32
	err    error
	joined bool // the link was up already, set by another process
}

// answer is the reply to the engine, given the state of the link now.
func (a *ack) answer(l *link) backend.Answer {
	answer := backend.Answer{Op: a.op, ID: a.id, Err: a.err, Joined: a.joined}
	answer.Undone = a.op == backend.OpStart && a.err == nil && l != nil && !l.up()
	return answer
}

// ackQueue holds the results whose acknowledgement has not arrived. For each result
// it sends a no-op on the subscription: the kernel's acknowledgement of the no-op is
// queued behind every notification that the command caused.
type ackQueue struct {
	mu      sync.Mutex // guards the fields below, and keeps the no-ops in sequence
	seq     uint32     // last sequence number in use
	waiting []ack
	sub     *subscription // nil: no subscription is open
}

// attach sets the subscription for the no-ops. Acknowledgements that are under way on
// an earlier subscription are lost; lastSeq and takeUpTo recover their results after
// the resync.
func (q *ackQueue) attach(s *subscription) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sub = s
}

// put adds a result and sends its no-op.
func (q *ackQueue) put(c command, joined bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.seq++
	q.waiting = append(q.waiting, ack{c, q.seq, err, joined})
	if q.sub == nil {
		return
	}
	if _, err := q.sub.Write(noop(q.seq)); err != nil {
		_ = q.sub.Close() // the monitor opens another one
	}
}

// reserve takes n sequence numbers for requests of the monitor, and returns the
// first of them.
func (q *ackQueue) reserve(n uint32) uint32 {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.seq += n
	return q.seq - n + 1
}

// lastSeq is the newest sequence number.
func (q *ackQueue) lastSeq() uint32 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.seq
}

// takeUpTo removes and returns the results up to a sequence number.
func (q *ackQueue) takeUpTo(seq uint32) []ack {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for n < len(q.waiting) && int32(q.waiting[n].seq-seq) <= 0 {
		n++
	}
	done := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return done
}

// noop is a message that the kernel only acknowledges.
func noop(seq uint32) []byte {
	req := nl.NewNetlinkRequest(unix.NLMSG_NOOP, unix.NLM_F_ACK)
	req.Seq = seq
	return req.Serialize()
}
