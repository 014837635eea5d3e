package rtnetlink

import (
	"errors"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// asker puts questions to the kernel, one at a time, on a socket of its own.
// The answer is there when the call that sends the question returns.
type asker struct {
	open func() (io.ReadWriteCloser, error)

	mu     sync.Mutex // guards what follows, and is held until the answer is read
	conn   io.ReadWriteCloser
	closed bool
	seq    uint32
	// noStats: the kernel is older than RTM_GETSTATS.
	noStats  bool
	question [sizeofQuestion]byte
	answer   [8192]byte
}

// sizeofQuestion has room for the largest request of counters.
const sizeofQuestion = unix.SizeofNlMsghdr + unix.SizeofIfInfomsg

var errClosed = errors.New("the backend has ended")

// do sends the request that make makes, and returns the kernel's refusal.
func (a *asker) do(make func(seq uint32) []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq++
	_, err := a.exchange(make(a.seq))
	return err
}

// exchange sends a request that has a.seq, and returns the body of its answer,
// which is valid while a.mu is held.
func (a *asker) exchange(request []byte) ([]byte, error) {
	if err := a.ready(); err != nil {
		return nil, err
	}
	body, refused, err := a.converse(request)
	if err != nil {
		_ = a.conn.Close()
		a.conn = nil
		return nil, err
	}
	if refused != 0 {
		return nil, refused
	}
	return body, nil
}

// ready makes sure that there is a socket.
func (a *asker) ready() error {
	if a.closed {
		return errClosed
	}
	if a.conn != nil {
		return nil
	}
	c, err := a.open()
	if err == nil {
		a.conn = c
	}
	return err
}

// converse reads until the answer comes, past late answers to others.
func (a *asker) converse(request []byte) (body []byte, refused unix.Errno, err error) {
	if _, err := a.conn.Write(request); err != nil {
		return nil, 0, err
	}
	for {
		n, err := a.conn.Read(a.answer[:])
		if err != nil {
			return nil, 0, err
		}
		m, _, err := next(a.answer[:n])
		if err != nil {
			return nil, 0, err
		}
		if m.seq != a.seq {
			continue
		}
		if m.kind == unix.NLMSG_ERROR {
			return nil, m.errno(), nil
		}
		return m.body, 0, nil
	}
}

// prepare opens the socket now, in the network namespace of this thread.
func (a *asker) prepare() {
	a.mu.Lock()
	defer a.mu.Unlock()
	_ = a.ready()
}

func (a *asker) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	if a.conn != nil {
		_ = a.conn.Close()
	}
}
