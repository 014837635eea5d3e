package bus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// openTimeout bounds the wait for a bus that accepts a connection and does not
// answer.
const openTimeout = 10 * time.Second

// maxIncoming is how many messages wait for the handler before the reader stops
// reading, so that the bus and not the host stores what a slow handler has not taken
// yet.
const maxIncoming = 64

// incoming is a message, or the error of a malformed message.
type incoming struct {
	message *dbus.Message
	err     error
}

// conn is an authenticated connection to a bus.
type conn struct {
	stream   net.Conn
	incoming chan incoming // closed by the reader when the connection is lost
	closing  chan struct{} // closed by close
	wake     chan struct{} // wakes the writer when there is something to write
	serial   uint32        // of the last message sent; only the handler's goroutine uses it

	goroutines sync.WaitGroup
	closeOnce  sync.Once

	mu  sync.Mutex // guards the fields below
	out []byte     // encoded messages that are not written yet
	err error      // why the connection was lost
}

// open connects to the first of the sockets that answers.
func open(ctx context.Context, sockets []string) (*conn, error) {
	var problem error
	for _, socket := range sockets {
		c, err := openSocket(ctx, socket)
		if err == nil {
			return c, nil
		}
		if problem == nil {
			problem = err
		}
	}
	return nil, problem
}

func openSocket(ctx context.Context, socket string) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	var d net.Dialer
	stream, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(stream, 16<<10)
	if err := closeOnCancel(ctx, stream, func() error { return authenticate(stream, in) }); err != nil {
		_ = stream.Close()
		return nil, fmt.Errorf("the bus at %s did not let this process in: %w", socket, err)
	}
	c := &conn{
		stream: stream, incoming: make(chan incoming, maxIncoming),
		closing: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	c.goroutines.Add(2)
	go c.read(in)
	go c.write()
	return c, nil
}

// closeOnCancel calls f, and closes the stream that f works on if ctx is done
// first.
func closeOnCancel(ctx context.Context, stream io.Closer, f func() error) error {
	over, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-ctx.Done():
			_ = stream.Close()
		case <-over:
		}
	}()
	err := f()
	close(over)
	<-watched
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// authenticate uses the EXTERNAL mechanism with the credentials that the kernel attests.
// It sends no user ID: inside a user namespace the ID could differ from the ID that the
// bus sees. It sends everything in one piece, which saves two round trips.
func authenticate(out io.Writer, in *bufio.Reader) error {
	if _, err := io.WriteString(out, "\x00AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"); err != nil {
		return err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		word, _, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		switch word {
		case "DATA":
		case "OK":
			return nil
		default:
			return fmt.Errorf("it answered %q", strings.TrimSpace(string(line)))
		}
	}
}

// send queues a message and returns its serial. It does not block.
func (c *conn) send(m *dbus.Message) (uint32, error) {
	c.serial++
	if c.serial == 0 {
		c.serial++
	}
	b, err := encode(m, c.serial)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	c.out = append(c.out, b...)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return c.serial, nil
}

func (c *conn) write() {
	defer c.goroutines.Done()
	for {
		select {
		case <-c.closing:
			return
		case <-c.wake:
		}
		c.mu.Lock()
		b := c.out
		c.out = nil
		c.mu.Unlock()
		if _, err := c.stream.Write(b); err != nil {
			c.fail(err)
			return
		}
	}
}

func (c *conn) read(in *bufio.Reader) {
	defer c.goroutines.Done()
	defer close(c.incoming)
	for {
		m, err := readMessage(in)
		if err != nil && !errors.Is(err, errMalformed) {
			c.fail(err)
			return
		}
		select {
		case c.incoming <- incoming{m, err}:
		case <-c.closing:
			return
		}
	}
}

// fail stores why the connection was lost, and closes the stream, which ends the reader.
func (c *conn) fail(err error) {
	c.mu.Lock()
	if c.err == nil {
		c.err = err
	}
	c.mu.Unlock()
	_ = c.stream.Close()
}

func (c *conn) lostBecause() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// close ends the connection and waits for its goroutines, none of which can block any
// more.
func (c *conn) close() {
	c.closeOnce.Do(func() { close(c.closing) })
	_ = c.stream.Close()
	c.goroutines.Wait()
}
