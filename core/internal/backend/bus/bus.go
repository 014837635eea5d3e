package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
)

// Owner is told what happens on the bus. Its methods are called by Run, one
// after the other, and must not block.
type Owner interface {
	// Reached says that the bus has answered: what it knows of the names follows for
	// sure, however long that takes on a busy machine.
	Reached()
	// Appeared says that a daemon took a name. Nothing that was known from
	// the name's owner before holds any more.
	Appeared(name string)
	// Vanished says that nobody owns the name, or that the bus is lost. For
	// each watched name either Appeared or Vanished is called as soon as
	// that is known first, and again whenever it changes.
	Vanished(name string)
	// Signal passes on a signal of a daemon that owns a watched name.
	Signal(Signal)
	// Log passes on what a developer may want to know.
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

// Bus is a connection to the system bus that is made anew whenever it is lost.
type Bus struct {
	address string
	inbox   *inbox

	// The rest belongs to the goroutine that calls Run.
	owner   Owner
	sockets []string
	names   []*watched
	conn    *conn // nil while there is none
	since   time.Time
	calls   map[uint32]*pending
	dialed  chan dialed
	dialing bool // an attempt to connect is under way
	pause   pause
	retry   *Timer
	lookout *lookout // while there is no socket to connect to
}

// dialed is what came of an attempt to connect.
type dialed struct {
	conn *conn
	err  error
}

// New makes a Bus for the daemons with the given names. An empty address stands
// for the usual socket of the system bus; the environment is not looked at.
func New(address string, names ...string) *Bus {
	b := &Bus{
		address: resolve(address), inbox: newInbox(),
		calls: make(map[uint32]*pending), dialed: make(chan dialed, 1),
	}
	for _, name := range names {
		b.names = append(b.names, &watched{name: name})
	}
	return b
}

// Post lets f be called by the owner's goroutine, after what was posted before.
// It may be called on any goroutine, before, while and after Run runs; what is
// posted after Run has ended is never called.
func (b *Bus) Post(f func()) { b.inbox.put(f) }

// Run keeps the owner in touch with the bus until ctx ends.
func (b *Bus) Run(ctx context.Context, owner Owner) {
	b.owner = owner
	ctx, cancel := context.WithCancel(ctx)
	defer b.end(cancel)
	var err error
	if b.sockets, err = parseAddress(b.address); err != nil {
		owner.Log(backend.LevelWarning, err.Error())
		b.vanish()
	} else {
		b.dial(ctx)
	}
	for b.step(ctx) {
	}
}

// step waits for one thing to happen and deals with it.
func (b *Bus) step(ctx context.Context) bool {
	var incoming chan item
	if b.conn != nil {
		incoming = b.conn.incoming
	}
	select {
	case <-ctx.Done():
		return false
	case <-b.inbox.wake:
		for _, f := range b.inbox.take() {
			b.safely(f)
		}
	case d := <-b.dialed:
		b.dialing = false
		b.safely(func() { b.connected(ctx, d) })
	case it, ok := <-incoming:
		if !ok {
			b.safely(func() { b.lost(ctx) })
			break
		}
		b.safely(func() { b.receive(it) })
	}
	return true
}

// end leaves nothing behind: no connection, no goroutine, no timer.
func (b *Bus) end(cancel context.CancelFunc) {
	cancel()
	b.retry.Stop()
	b.closeLookout()
	for _, c := range b.calls {
		c.timer.Stop()
	}
	if b.dialing {
		if d := <-b.dialed; d.conn != nil {
			d.conn.close()
		}
	}
	if b.conn != nil {
		b.conn.close()
	}
}

// dial makes an attempt to connect, on a goroutine of its own.
func (b *Bus) dial(ctx context.Context) {
	b.dialing = true
	go func() {
		var d dialed
		d.err = guard(func() (err error) {
			d.conn, err = open(ctx, b.sockets)
			return err
		})
		b.dialed <- d
	}()
}

func (b *Bus) connected(ctx context.Context, d dialed) {
	if d.err != nil {
		b.owner.Log(backend.LevelDebug, fmt.Sprintf("The system bus cannot be reached: %v.", d.err))
		b.vanish()
		if exists(b.sockets) || !b.lookOut(ctx) {
			b.again(ctx, 0)
		}
		return
	}
	b.conn, b.since = d.conn, time.Now()
	b.owner.Reached()
	b.greet()
}

func (b *Bus) lost(ctx context.Context) {
	b.owner.Log(backend.LevelInfo, fmt.Sprintf("The connection to the system bus was lost: %v.", b.conn.why()))
	b.conn.close()
	b.conn = nil
	b.vanish()
	b.again(ctx, time.Since(b.since))
}

// lookOut connects when there is a socket; an idle process need not wake up
// until then. It reports whether that is possible.
func (b *Bus) lookOut(ctx context.Context) bool {
	l, err := newLookout(b.sockets)
	if err != nil {
		return false
	}
	b.lookout = l
	go func() {
		if l.wait() {
			b.Post(func() {
				b.closeLookout()
				b.dial(ctx)
			})
		}
	}()
	return true
}

func (b *Bus) closeLookout() {
	if b.lookout != nil {
		b.lookout.close()
		b.lookout = nil
	}
}

// again connects after a pause.
func (b *Bus) again(ctx context.Context, lasted time.Duration) {
	b.retry = b.After(b.pause.next(lasted), func() { b.dial(ctx) })
}

func (b *Bus) receive(it item) {
	if it.problem != nil {
		b.owner.Log(backend.LevelWarning, fmt.Sprintf("A message on the system bus could not be read: %v.", it.problem))
		return
	}
	switch it.message.Type {
	case dbus.TypeMethodReply, dbus.TypeError:
		b.replied(it.message)
	case dbus.TypeSignal:
		b.signalled(it.message)
	}
}

// safely keeps a panic from ending the host.
func (b *Bus) safely(f func()) {
	if err := guard(func() error { f(); return nil }); err != nil {
		b.owner.Log(backend.LevelWarning, err.Error())
	}
}

func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return f()
}

// The reasons for which a call failed without the daemon's word.
var (
	// ErrGone: the daemon is not there, or went away before it answered.
	ErrGone = errors.New("it went away before it answered")
	// ErrTimeout: the daemon did not answer in time.
	ErrTimeout = errors.New("it does not answer")
)
