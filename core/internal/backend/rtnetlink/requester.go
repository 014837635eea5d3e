package rtnetlink

import (
	"errors"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// requester sends requests to the kernel, one at a time, on its own socket. The
// kernel queues the reply before the send call returns, so that the read does
// not block.
type requester struct {
	open func() (io.ReadWriteCloser, error)

	mu     sync.Mutex         // guards the fields below; held from a request until its reply is read
	conn   io.ReadWriteCloser // nil: not open, or closed after a failure
	closed bool
	seq    uint32
	// noStats: the kernel is too old for RTM_GETSTATS. False until a request
	// was refused.
	noStats  bool
	request  [maxRequest]byte
	response [8192]byte
}

// maxRequest is the size of the largest request for counters.
const maxRequest = unix.SizeofNlMsghdr + unix.SizeofIfInfomsg

var errClosed = errors.New("the backend has ended")

// do sends the request that make returns, and returns the kernel's error.
func (r *requester) do(make func(seq uint32) []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	_, err := r.roundTrip(make(r.seq))
	return err
}

// roundTrip sends a request with the sequence number r.seq, and returns the
// body of the reply, which is valid while r.mu is held.
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

// ensureOpen opens the socket if it is not open.
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

// exchange sends a request and reads until its reply, skipping late replies to
// earlier requests.
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

// openNow opens the socket in the network namespace of this thread.
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
