package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
)

// Handler receives what happens on the bus. Run calls its methods one after the
// other, on its own goroutine; they must not block.
type Handler interface {
	// Connected is called when the bus has accepted this process: the owners of the
	// names will follow, however long that takes on a busy machine.
	Connected()
	// Appeared is called when a daemon has taken a name. All state from the
	// name's previous owner is invalid.
	Appeared(name string)
	// Vanished is called when the name has no owner, or when the connection is lost.
	// For each watched name either Appeared or Vanished is called as soon as the
	// owner is known, and again whenever it changes.
	Vanished(name string)
	// Signal is called for each signal of a daemon that owns a watched name.
	Signal(Signal)
	// Log is called with messages for developers.
	Log(level backend.Level, text string)
}

// Signal is a signal of a daemon.
type Signal struct {
	Name      string // the watched name of the sender
	Path      dbus.ObjectPath
	Interface string
	Member    string
	Body      []any
}

// Bus is a connection to the system bus that is re-established whenever it is lost.
type Bus struct {
	address string
	tasks   *taskQueue

	// Only the goroutine that calls Run uses the fields below.
	handler       Handler
	sockets       []string
	names         []*watchedName
	conn          *conn // nil while there is none
	connectedAt   time.Time
	calls         map[uint32]*pendingCall
	dialResult    chan dialResult
	dialing       bool // an attempt to connect is under way
	backoff       backoff
	retry         *Timer
	socketWatcher *socketWatcher // nil unless there is no socket to connect to
}

// dialResult is the outcome of an attempt to connect.
type dialResult struct {
	conn *conn
	err  error
}

// New makes a Bus for the daemons with the given names. An empty address means the
// usual socket of the system bus; the environment is not read.
func New(address string, names ...string) *Bus {
	b := &Bus{
		address: orDefault(address), tasks: newTaskQueue(),
		calls: make(map[uint32]*pendingCall), dialResult: make(chan dialResult, 1),
	}
	for _, name := range names {
		b.names = append(b.names, &watchedName{name: name})
	}
	return b
}

// Post queues f to be called on the handler's goroutine, after all functions posted before.
// It may be called on any goroutine, before, during and after Run; a function that
// is posted after Run has returned is never called.
func (b *Bus) Post(f func()) { b.tasks.push(f) }

// Run keeps the handler in touch with the bus until ctx is done.
func (b *Bus) Run(ctx context.Context, owner Handler) {
	b.handler = owner
	ctx, cancel := context.WithCancel(ctx)
	defer b.shutdown(cancel)
	var err error
	if b.sockets, err = parseAddress(b.address); err != nil {
		owner.Log(backend.LevelWarning, "No daemon can be reached: "+err.Error()+".")
		b.loseNames()
	} else {
		b.startDialing(ctx)
	}
	for b.step(ctx) {
	}
}

// step waits for one event and handles it. It returns false when ctx is done.
func (b *Bus) step(ctx context.Context) bool {
	var incoming chan incoming
	if b.conn != nil {
		incoming = b.conn.incoming
	}
	select {
	case <-ctx.Done():
		return false
	case <-b.tasks.wake:
		for _, f := range b.tasks.drain() {
			b.runSafely(f)
		}
	case d := <-b.dialResult:
		b.dialing = false
		b.runSafely(func() { b.handleDial(ctx, d) })
	case it, ok := <-incoming:
		if !ok {
			b.runSafely(func() { b.handleDisconnect(ctx) })
			break
		}
		b.runSafely(func() { b.handleMessage(it) })
	}
	return true
}

// shutdown leaves no connection, goroutine or timer behind.
func (b *Bus) shutdown(cancel context.CancelFunc) {
	cancel()
	b.retry.Stop()
	b.closeSocketWatcher()
	for _, c := range b.calls {
		c.timer.Stop()
	}
	if b.dialing {
		if d := <-b.dialResult; d.conn != nil {
			d.conn.close()
		}
	}
	if b.conn != nil {
		b.conn.close()
	}
}

// startDialing starts an attempt to connect, on a goroutine of its own.
func (b *Bus) startDialing(ctx context.Context) {
	b.dialing = true
	go func() {
		var d dialResult
		d.err = recoverPanic(func() (err error) {
			d.conn, err = open(ctx, b.sockets)
			return err
		})
		b.dialResult <- d
	}()
}

func (b *Bus) handleDial(ctx context.Context, d dialResult) {
	if d.err != nil {
		b.handler.Log(backend.LevelDebug, fmt.Sprintf("The system bus cannot be reached: %v.", d.err))
		b.loseNames()
		if anyExists(b.sockets) || !b.watchSockets(ctx) {
			b.retryLater(ctx, 0)
		}
		return
	}
	b.conn, b.connectedAt = d.conn, time.Now()
	b.handler.Connected()
	b.introduce()
}

func (b *Bus) handleDisconnect(ctx context.Context) {
	b.handler.Log(backend.LevelInfo, fmt.Sprintf("The connection to the system bus was lost: %v.", b.conn.lostBecause()))
	b.conn.close()
	b.conn = nil
	b.loseNames()
	b.retryLater(ctx, time.Since(b.connectedAt))
}

// watchSockets dials as soon as there is a socket; an idle process need not wake up
// until then. It returns false if sockets cannot be watched.
func (b *Bus) watchSockets(ctx context.Context) bool {
	l, err := newSocketWatcher(b.sockets)
	if err != nil {
		return false
	}
	b.socketWatcher = l
	go func() {
		if l.wait() {
			b.Post(func() {
				b.closeSocketWatcher()
				b.startDialing(ctx)
			})
		}
	}()
	return true
}

func (b *Bus) closeSocketWatcher() {
	if b.socketWatcher != nil {
		b.socketWatcher.close()
		b.socketWatcher = nil
	}
}

// retryLater dials again after the backoff; lasted is how long the last connection had
// been up.
func (b *Bus) retryLater(ctx context.Context, lasted time.Duration) {
	b.retry = b.After(b.backoff.next(lasted), func() { b.startDialing(ctx) })
}

func (b *Bus) handleMessage(it incoming) {
	if it.err != nil {
		b.handler.Log(backend.LevelWarning, fmt.Sprintf("A message on the system bus could not be read: %v.", it.err))
		return
	}
	switch it.message.Type {
	case dbus.TypeMethodReply, dbus.TypeError:
		b.handleReply(it.message)
	case dbus.TypeSignal:
		b.handleSignal(it.message)
	}
}

// runSafely calls f and keeps a panic in it from ending the host.
func (b *Bus) runSafely(f func()) {
	if err := recoverPanic(func() error { f(); return nil }); err != nil {
		b.handler.Log(backend.LevelWarning, err.Error())
	}
}

// recoverPanic calls f and turns a panic in it into an error.
func recoverPanic(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return f()
}

// The errors of a call that neither the daemon nor the bus has answered.
var (
	// ErrGone: the daemon does not run, or went away before it answered.
	ErrGone = errors.New("it went away before it answered")
	// ErrTimeout: the daemon did not answer in time.
	ErrTimeout = errors.New("it does not answer")
)
