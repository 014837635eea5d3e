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

// openTimeout bounds the wait for a bus that accepts a connection and says
// nothing.
const openTimeout = 10 * time.Second

// backlog is how many messages wait for the owner before the reader stops
// reading, so that the bus and not the host keeps what a slow owner has not
// taken yet.
const backlog = 64

// item is a message, or what was wrong with one.
type item struct {
	message *dbus.Message
	problem error
}

// conn is an authenticated connection to a bus.
type conn struct {
	stream   net.Conn
	incoming chan item     // closed by the reader when the connection is lost
	closed   chan struct{} // closed by close
	wake     chan struct{} // tells the writer that there is something to write
	serial   uint32        // of the last message sent; the owner's

	running sync.WaitGroup
	once    sync.Once

	mu  sync.Mutex // guards what follows
	out []byte     // not written yet
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
	if err := interruptible(ctx, stream, func() error { return authenticate(stream, in) }); err != nil {
		_ = stream.Close()
		return nil, fmt.Errorf("the bus at %s did not let this process in: %w", socket, err)
	}
	c := &conn{
		stream: stream, incoming: make(chan item, backlog),
		closed: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	c.running.Add(2)
	go c.read(in)
	go c.write()
	return c, nil
}

// interruptible runs f, and closes the stream that f works on if ctx ends
// first.
func interruptible(ctx context.Context, stream io.Closer, f func() error) error {
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

// authenticate says who is calling by the credentials that the kernel attests.
// No user number is sent: inside a user namespace it could differ from the one
// that the bus sees. Everything goes out in one piece, which saves two round
// trips.
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
	defer c.running.Done()
	for {
		select {
		case <-c.closed:
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
	defer c.running.Done()
	defer close(c.incoming)
	for {
		m, err := receive(in)
		if err != nil && !errors.Is(err, errMalformed) {
			c.fail(err)
			return
		}
		select {
		case c.incoming <- item{m, err}:
		case <-c.closed:
			return
		}
	}
}

// fail notes why the connection was lost and makes the reader end.
func (c *conn) fail(err error) {
	c.mu.Lock()
	if c.err == nil {
		c.err = err
	}
	c.mu.Unlock()
	_ = c.stream.Close()
}

func (c *conn) why() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// close ends the connection and waits for its goroutines, which nothing keeps
// waiting any more.
func (c *conn) close() {
	c.once.Do(func() { close(c.closed) })
	_ = c.stream.Close()
	c.running.Wait()
}
