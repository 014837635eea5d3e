package rtnetlink

import (
	"errors"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// asker puts questions to the kernel, one at a time, on a socket of its own.
// The answer is there when the call that sends the question returns.
type requester struct {
	open func() (io.ReadWriteCloser, error)

	mu     sync.Mutex // guards what follows, and is held until the answer is read
	conn   io.ReadWriteCloser
	closed bool
	seq    uint32
	// noStats: the kernel is older than RTM_GETSTATS.
	noStats  bool
	request  [maxRequest]byte
	response [8192]byte
}

// sizeofQuestion has room for the largest request of counters.
const maxRequest = unix.SizeofNlMsghdr + unix.SizeofIfInfomsg

var errClosed = errors.New("the backend has ended")

// do sends the request that make makes, and returns the kernel's refusal.
func (r *requester) do(make func(seq uint32) []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	_, err := r.roundTrip(make(r.seq))
	return err
}

// exchange sends a request that has a.seq, and returns the body of its answer,
// which is valid while a.mu is held.
func (r *requester) roundTrip(request []byte) ([]byte, error) {
	if err := r.ensureOpen(); err != nil {
		return nil, err
	}
	body, refused, err := r.exchange(request)
	if err != nil {
		_ = r.conn.Close()
		r.conn = nil
		return nil, err
	}
	if refused != 0 {
		return nil, refused
	}
	return body, nil
}

// ready makes sure that there is a socket.
func (r *requester) ensureOpen() error {
	if r.closed {
		return errClosed
	}
	if r.conn != nil {
		return nil
	}
	c, err := r.open()
	if err == nil {
		r.conn = c
	}
	return err
}

// converse reads until the answer comes, past late answers to others.
func (r *requester) exchange(request []byte) (body []byte, refused unix.Errno, err error) {
	if _, err := r.conn.Write(request); err != nil {
		return nil, 0, err
	}
	for {
		n, err := r.conn.Read(r.response[:])
		if err != nil {
			return nil, 0, err
		}
		m, _, err := next(r.response[:n])
		if err != nil {
			return nil, 0, err
		}
		if m.seq != r.seq {
			continue
		}
		if m.kind == unix.NLMSG_ERROR {
			return nil, m.errno(), nil
		}
		return m.body, 0, nil
	}
}

// prepare opens the socket now, in the network namespace of this thread.
func (r *requester) openNow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.ensureOpen()
}

func (r *requester) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.conn != nil {
		_ = r.conn.Close()
	}
}
