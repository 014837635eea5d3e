package bus

import (
	"sort"
	"time"

	"github.com/godbus/dbus/v5"
)

// DefaultTimeout is how long a daemon may take to answer a call. That of
// libdbus is the same.
const DefaultTimeout = 25 * time.Second

// Call is a question to a daemon.
type Call struct {
	Name      string // one of the watched names
	Path      dbus.ObjectPath
	Interface string
	Method    string
	Args      []any
	// Timeout bounds the wait for the answer; 0 means DefaultTimeout, and a
	// negative one that the call waits for as long as the daemon is there.
	Timeout time.Duration
}

// Reply is the answer. Err is an *Error if the daemon or the bus refused, ErrGone
// or ErrTimeout.
type Reply struct {
	Body []any
	Err  error
}

// Error is a refusal in the words of the daemon or of the bus.
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

// pending is a call that has not been answered.
type pending struct {
	serial uint32
	to     string // a unique name, or that of the bus
	done   func(Reply)
	timer  *Timer
}

// Call asks a daemon. It returns at once; the answer is given to done on the
// owner's goroutine, exactly once unless Run ends first, and before Vanished if
// the daemon goes away. Only the owner may call it.
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
	err := guard(func() (err error) { // godbus panics on what it cannot encode
		serial, err = b.conn.send(message(to, &c))
		return err
	})
	if err != nil {
		b.Post(func() { done(Reply{Err: err}) })
		return
	}
	p := &pending{serial: serial, to: to, done: done}
	b.calls[serial] = p
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Timeout > 0 {
		p.timer = b.After(c.Timeout, func() { b.answer(p, Reply{Err: ErrTimeout}) })
	}
}

func message(to string, c *Call) *dbus.Message {
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

// replied finds the call that a message answers. An answer that comes after
// its timeout finds none. The bus says itself who sent a message.
func (b *Bus) replied(m *dbus.Message) {
	p := b.calls[replySerial(m)]
	if p == nil {
		return
	}
	if sender := text(m, dbus.FieldSender); sender != p.to && sender != busName {
		return
	}
	if m.Type == dbus.TypeMethodReply {
		b.answer(p, Reply{Body: m.Body})
		return
	}
	said, _ := Arg(m.Body, 0).(string)
	b.answer(p, Reply{Err: &Error{Name: text(m, dbus.FieldErrorName), Message: said}})
}

func (b *Bus) answer(p *pending, r Reply) {
	if b.calls[p.serial] != p {
		return
	}
	delete(b.calls, p.serial)
	p.timer.Stop()
	p.done(r)
}

// abandon answers the calls to a peer that is gone, in the order in which they
// were made; those to all peers if to is empty.
func (b *Bus) abandon(to string) {
	var gone []*pending
	for _, p := range b.calls {
		if to == "" || p.to == to {
			gone = append(gone, p)
		}
	}
	sort.Slice(gone, func(i, j int) bool { return gone[i].serial < gone[j].serial })
	for _, p := range gone {
		p := p
		b.safely(func() { b.answer(p, Reply{Err: ErrGone}) })
	}
}
