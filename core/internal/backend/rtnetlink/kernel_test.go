package rtnetlink

import (
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// kernel is a fake kernel: it answers requests from its own state, and lets
// tests produce rare events.
type kernel struct {
	mu               sync.Mutex // guards the fields below
	links, addresses [][]byte   // bodies
	routes           table
	sub              *socket // the newest subscription
	opened, closed   int     // sockets of both kinds
	subscriptions    int
	refuse           []error    // the errors of the next subscriptions
	refused          unix.Errno // the answer to a request that sets a link
	noStats          bool
	flags            uint32   // of every link, as the flags query returns them
	requests         []uint16 // kinds of requests on subscriptions

	// during is called after a dump request, before the reply, and may send
	// notifications. It returns the flags of the reply.
	during func(s *socket, kind uint16) (flags uint16)
	// applied is called when the change that was announced last takes effect.
	applied func()
	// set is called when a link is set, before the answer.
	set func(index int, up bool)
	// loseAcks drops the acknowledgements of commands.
	loseAcks bool
}

const fakePort = 4711

func (k *kernel) backend() *Backend {
	return newBackend(k.subscribe, k.requestSocket, otherDevice)
}

func (k *kernel) subscribe() (*subscription, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.subscriptions++
	if len(k.refuse) > 0 {
		err := k.refuse[0]
		k.refuse = k.refuse[1:]
		return nil, err
	}
	k.sub = k.socket(k.onSubscription)
	return &subscription{k.sub, fakePort, 3}, nil
}

func (k *kernel) requestSocket() (io.ReadWriteCloser, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.socket(k.onRequest), nil
}

func (k *kernel) socket(write func(*socket, message)) *socket {
	k.opened++
	return &socket{k: k, write: write, queue: make(chan item, 10000), gone: make(chan struct{})}
}

// say sends notifications in one datagram.
func (k *kernel) say(messages ...[]byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sub.put(join(messages...))
}

// fail makes the subscription's next read fail.
func (k *kernel) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sub.queue <- item{err: err}
}

func (k *kernel) change(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f()
}

func (k *kernel) countRequests(kind uint16) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := 0
	for _, a := range k.requests {
		if a == kind {
			n++
		}
	}
	return n
}

// onSubscription answers the requests on a subscription.
func (k *kernel) onSubscription(s *socket, m message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.requests = append(k.requests, m.kind)
	if m.kind == unix.NLMSG_NOOP {
		if !k.loseAcks {
			s.put(datagramOf(unix.NLMSG_ERROR, 0, m.seq, fakePort, join(u32(0), make([]byte, 16))))
		}
		return
	}
	var flags uint16
	if k.during != nil {
		flags = k.during(s, m.kind)
	}
	if m.kind == unix.RTM_GETROUTE {
		kind, body := k.routes.answer(&m)
		s.put(datagramOf(kind, 0, m.seq, fakePort, body))
		return
	}
	if m.flags&unix.NLM_F_DUMP == 0 { // of no link
		if k.applied != nil {
			k.applied()
		}
		s.put(datagramOf(unix.NLMSG_ERROR, 0, m.seq, fakePort, join(code(unix.EINVAL), make([]byte, 16))))
		return
	}
	kind, bodies := uint16(unix.RTM_NEWLINK), k.links
	if m.kind == unix.RTM_GETADDR {
		kind, bodies = unix.RTM_NEWADDR, k.addresses
	}
	for _, b := range bodies {
		s.put(datagramOf(kind, unix.NLM_F_MULTI|flags, m.seq, fakePort, b))
	}
	s.put(datagramOf(unix.NLMSG_DONE, unix.NLM_F_MULTI|flags, m.seq, fakePort, u32(0)))
}

// onRequest answers the requests on the other sockets.
func (k *kernel) onRequest(s *socket, m message) {
	k.mu.Lock()
	refused, set, noStats, flags := k.refused, k.set, k.noStats, k.flags
	k.mu.Unlock()
	index := int(int32(native.Uint32(m.body[4:])))
	answer := refused
	switch {
	case m.kind == unix.RTM_GETSTATS && !noStats:
		stats := join(make([]byte, rxBytes), u64(uint64(index)*1000), u64(uint64(index)*10))
		s.put(datagramOf(unix.RTM_NEWSTATS, 0, m.seq, 1, join(m.body[:sizeofStatsMsg], attr(unix.IFLA_STATS_LINK_64, stats))))
		return
	case m.kind == unix.RTM_GETSTATS:
		answer = unix.EOPNOTSUPP
	case m.kind == unix.RTM_GETLINK:
		stats := join(make([]byte, rxBytes), u64(7), u64(8))
		s.put(datagramOf(unix.RTM_NEWLINK, 0, m.seq, 1, linkBody(index, "eth0", flags, attr(unix.IFLA_STATS64, stats))))
		return
	case answer == 0 && index == 0:
		answer = unix.EINVAL
	case answer == 0 && set != nil:
		set(index, m.body[8]&unix.IFF_UP != 0)
	}
	s.put(datagramOf(unix.NLMSG_ERROR, 0, m.seq, 1, join(code(answer), make([]byte, 16))))
}

// item is the result of one read.
type item struct {
	data []byte
	err  error
}

// socket is one end of a connection to the kernel.
type socket struct {
	k        *kernel
	write    func(*socket, message)
	queue    chan item
	gone     chan struct{}
	once     sync.Once
	deadline time.Time // set by the reader
}

func (s *socket) put(b []byte) { s.queue <- item{data: b} }

func (s *socket) Write(b []byte) (int, error) {
	select {
	case <-s.gone:
		return 0, net.ErrClosed
	default:
	}
	for rest := b; len(rest) > 0; {
		m, more, err := next(rest)
		if err != nil {
			panic(err)
		}
		s.write(s, m)
		rest = more
	}
	return len(b), nil
}

func (s *socket) Read(b []byte) (int, error) {
	var late <-chan time.Time
	if !s.deadline.IsZero() {
		t := time.NewTimer(time.Until(s.deadline))
		defer t.Stop()
		late = t.C
	}
	select {
	case i := <-s.queue:
		return copy(b, i.data), i.err
	case <-s.gone:
		return 0, net.ErrClosed
	case <-late:
		return 0, os.ErrDeadlineExceeded
	}
}

func (s *socket) SetReadDeadline(t time.Time) error {
	s.deadline = t
	return nil
}

func (s *socket) Close() error {
	s.once.Do(func() {
		close(s.gone)
		s.k.mu.Lock()
		s.k.closed++
		s.k.mu.Unlock()
	})
	return nil
}

// oneLink is a kernel with a link that is up, has an address and no route.
func oneLink() *kernel {
	return &kernel{
		links:     [][]byte{linkBody(2, "eth0", flagsUp)},
		addresses: [][]byte{addressBody(2, "192.0.2.1/24", 0, 0)},
	}
}

// start runs a backend on the kernel until its first snapshot is complete.
func (k *kernel) start(t *testing.T) *running {
	t.Helper()
	r := run(t, k.backend())
	r.AwaitComplete(1)
	return r
}
