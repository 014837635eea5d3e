package rtnetlink

import (
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// receipt is the outcome of a command that was carried out, and waits to be
// told until the reader has come as far.
type ack struct {
	command
	seq    uint32
	err    error
	joined bool // somebody else had done it before
}

// answer is what is told of it, with the link as it is now.
func (r *ack) answer(l *link) backend.Answer {
	a := backend.Answer{Op: r.op, ID: r.id, Err: r.err, Joined: r.joined}
	a.Undone = r.op == backend.OpStart && r.err == nil && l != nil && !l.up()
	return a
}

// receipts are the outcomes that wait. For each, a message that does nothing is
// sent on the subscription: the kernel's acknowledgement of it stands in the
// queue behind every notification that the command caused.
type ackQueue struct {
	mu      sync.Mutex // guards what follows, and the order in which it is sent
	seq     uint32
	waiting []ack
	sub     *subscription
}

// use says where to send. Receipts that are under way on another subscription
// are lost, and found again by last and upTo when everything has been read.
func (q *ackQueue) attach(s *subscription) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sub = s
}

// put adds an outcome and sends its message.
func (q *ackQueue) put(c command, joined bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.seq++
	q.waiting = append(q.waiting, ack{c, q.seq, err, joined})
	if q.sub == nil {
		return
	}
	if _, err := q.sub.Write(noop(q.seq)); err != nil {
		_ = q.sub.Close() // the reader opens another one
	}
}

// numbers takes sequence numbers for messages of the reader's own, and returns
// the first of them.
func (q *ackQueue) reserve(n uint32) uint32 {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.seq += n
	return q.seq - n + 1
}

// last is the newest sequence number.
func (q *ackQueue) lastSeq() uint32 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.seq
}

// upTo takes out what was put until a sequence number was given.
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
