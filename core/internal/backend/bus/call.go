package bus

import (
	"cmp"
	"slices"
	"time"

	"github.com/godbus/dbus/v5"
)

// DefaultTimeout is how long a daemon may take to answer a call. libdbus has the same
// default.
const DefaultTimeout = 25 * time.Second

// Call is a method call to a daemon.
type Call struct {
	Name      string // one of the watched names
	Path      dbus.ObjectPath
	Interface string
	Method    string
	Args      []any
	// Timeout bounds the wait for the reply. 0 means DefaultTimeout; a negative value
	// means no bound, while the daemon runs.
	Timeout time.Duration
}

// Reply is the answer to a call. Err is an *Error if the daemon or the bus refused, or
// ErrGone or ErrTimeout.
type Reply struct {
	Body []any
	Err  error
}

// Error is an error reply of the daemon or of the bus.
type Error struct {
	Name    string // such as org.freedesktop.DBus.Error.AccessDenied
	Message string
}

func (e *Error) Error() string {
	if e.Message == "" {
		return e.Name
	}
	return e.Message
}

// pendingCall is a call that waits for its reply.
type pendingCall struct {
	serial      uint32
	destination string // a unique name, or busName
	done        func(Reply)
	timer       *Timer
}

// Call calls a method of a daemon. It returns at once; done gets the reply on the
// handler's goroutine, exactly once unless Run returns first, and before Vanished if
// the daemon goes away. Only the handler's goroutine may call it.
//
// The call goes to the daemon that owns the name now, and to no successor; the
// bus does not start one for it.
func (b *Bus) Call(c Call, done func(Reply)) {
	b.call(b.ownerOf(c.Name), c, done)
}

func (b *Bus) ownerOf(name string) string {
	for _, w := range b.names {
		if w.name == name {
			return w.owner
		}
	}
	return ""
}

func (b *Bus) call(to string, c Call, done func(Reply)) {
	if b.conn == nil || to == "" {
		b.Post(func() { done(Reply{Err: ErrGone}) })
		return
	}
	var serial uint32
	err := recoverPanic(func() (err error) { // godbus panics on values that it cannot encode
		serial, err = b.conn.send(newMethodCall(to, &c))
		return err
	})
	if err != nil {
		b.Post(func() { done(Reply{Err: err}) })
		return
	}
	p := &pendingCall{serial: serial, destination: to, done: done}
	b.calls[serial] = p
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Timeout > 0 {
		p.timer = b.After(c.Timeout, func() { b.complete(p, Reply{Err: ErrTimeout}) })
	}
}

func newMethodCall(to string, c *Call) *dbus.Message {
	m := &dbus.Message{
		Type: dbus.TypeMethodCall, Flags: dbus.FlagNoAutoStart, Body: c.Args,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldDestination: dbus.MakeVariant(to),
			dbus.FieldPath:        dbus.MakeVariant(c.Path),
			dbus.FieldInterface:   dbus.MakeVariant(c.Interface),
			dbus.FieldMember:      dbus.MakeVariant(c.Method),
		},
	}
	if len(c.Args) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(c.Args...))
	}
	return m
}

// handleReply completes the call that a message answers. A reply that arrives after the
// timeout finds no call. The bus guarantees the sender of a message.
func (b *Bus) handleReply(m *dbus.Message) {
	p := b.calls[replySerial(m)]
	if p == nil {
		return
	}
	if sender := headerString(m, dbus.FieldSender); sender != p.destination && sender != busName {
		return
	}
	if m.Type == dbus.TypeMethodReply {
		b.complete(p, Reply{Body: m.Body})
		return
	}
	said, _ := Arg(m.Body, 0).(string)
	b.complete(p, Reply{Err: &Error{Name: headerString(m, dbus.FieldErrorName), Message: said}})
}

func (b *Bus) complete(p *pendingCall, r Reply) {
	if b.calls[p.serial] != p {
		return
	}
	delete(b.calls, p.serial)
	p.timer.Stop()
	p.done(r)
}

// failCalls completes the calls to a vanished peer with ErrGone, in the order in
// which they were made; the calls to all peers if to is empty.
func (b *Bus) failCalls(to string) {
	var gone []*pendingCall
	for _, p := range b.calls {
		if to == "" || p.destination == to {
			gone = append(gone, p)
		}
	}
	slices.SortFunc(gone, func(a, b *pendingCall) int { return cmp.Compare(a.serial, b.serial) })
	for _, p := range gone {
		b.runSafely(func() { b.complete(p, Reply{Err: ErrGone}) })
	}
}
