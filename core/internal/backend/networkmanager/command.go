package networkmanager

import (
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// How long a command may take before it is answered whatever happens: held back
// until the first picture is there, up or down, and scanning.
const (
	holdLimit  = 10 * time.Second
	startLimit = 3 * time.Minute
	stopLimit  = time.Minute
	scanLimit  = 10 * time.Second
)

// operation is a command until it is answered.
type operation struct {
	op   backend.Op
	id   string
	name string // of the network, for people
	// obstacle is what stood in the way when the command came, if that was known.
	obstacle string

	asked   int               // calls that have not been answered
	actives []dbus.ObjectPath // what the outcome depends on
	scans   map[dbus.ObjectPath]int64
	limit   *bus.Timer
	over    bool
	abreast bool // what was started before this start is in the picture
	joined  bool // it was somebody else who started what this start waited for
	// heir is the stop that withdrew this start while its call was under way.
	heir *operation
}

// commands follows what becomes of commands.
type commands struct {
	reader *reader
	held   []*operation // until the first picture is there
	open   []*operation // under way, in their order
	ends   map[dbus.ObjectPath]cause
	recent []dbus.ObjectPath // the keys of ends, oldest first
	// own are the active connections that starts of this process have brought about.
	own map[dbus.ObjectPath]bool
	// patience bounds the waits for NetworkManager to say anything; 0 means the
	// usual.
	patience time.Duration
}

// take carries out a command, or holds it back while nothing is known.
func (c *commands) take(o *operation) {
	if c.reader.phase == asking || c.reader.phase == loading {
		c.held = append(c.held, o)
		c.bound(o, c.atMost(holdLimit), o.refused(bus.ErrTimeout))
		return
	}
	c.perform(o)
}

// release carries out what was held back.
func (c *commands) release() {
	held := c.held
	c.held = nil
	for _, o := range held {
		o.limit.Stop()
		c.perform(o)
	}
}

func (c *commands) perform(o *operation) {
	c.open = append(c.open, o)
	switch {
	case o.op == backend.OpRefresh:
		c.scan(o)
	case !c.name(o):
		c.finish(o, o.refusal(missing, c.whyMissing()))
	case o.op == backend.OpStart:
		c.start(o)
	default:
		c.stop(o)
	}
}

// name looks the configuration up, and notes its name.
func (c *commands) name(o *operation) bool {
	shown, ok := c.reader.picture.shown[o.id]
	o.name, o.obstacle = shown.Name, shown.Obstacle
	return ok
}

func (c *commands) whyMissing() string {
	if c.reader.phase == absent {
		return "NetworkManager does not run any more."
	}
	return "NetworkManager has no such network any more."
}

// atMost is how long to wait for NetworkManager, usually.
func (c *commands) atMost(usual time.Duration) time.Duration {
	if c.patience > 0 {
		return c.patience
	}
	return usual
}

// bound answers the operation after a time, if nothing else did. It takes the
// place of an earlier bound.
func (c *commands) bound(o *operation, d time.Duration, err error) {
	o.limit.Stop()
	o.limit = c.reader.bus.After(d, func() { c.finish(o, err) })
}

// finish answers an operation, once.
func (c *commands) finish(o *operation, err error) {
	if o.over {
		return
	}
	o.over = true
	o.limit.Stop()
	c.held, c.open = without(c.held, o), without(c.open, o)
	c.reader.sink.Done(backend.Answer{Op: o.op, ID: o.id, Err: err, Joined: o.joined && err == nil})
}

// without is a list without an operation that may be in it.
func without(list []*operation, o *operation) []*operation {
	for i := range list {
		if list[i] == o {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}

// settle answers the operations whose outcome shows in the picture.
func (c *commands) settle() {
	for _, o := range append([]*operation{}, c.open...) {
		switch {
		case o.over || o.asked > 0:
		case o.op == backend.OpStart:
			c.settleStart(o)
		case o.op == backend.OpStop:
			c.settleStop(o)
		default:
			c.settleScan(o)
		}
	}
}

// ended remembers why an active connection ended. The answer to the call that
// started it may be still to come.
func (c *commands) ended(path dbus.ObjectPath, why cause) {
	const most = 32
	delete(c.own, path)
	if c.ends == nil {
		c.ends = make(map[dbus.ObjectPath]cause)
	}
	if _, ok := c.ends[path]; !ok {
		c.recent = append(c.recent, path)
	}
	c.ends[path] = why
	if len(c.recent) > most {
		delete(c.ends, c.recent[0])
		c.recent = c.recent[1:]
	}
}

// failAll is for a NetworkManager that went away.
func (c *commands) failAll() {
	c.ends, c.recent, c.own = nil, nil, nil
	for _, o := range append([]*operation{}, c.open...) {
		c.finish(o, o.refusal(aborted, "NetworkManager was stopped or died meanwhile."))
	}
}

// scan lets every Wi-Fi device look for networks.
func (c *commands) scan(o *operation) {
	o.scans = make(map[dbus.ObjectPath]int64)
	c.bound(o, scanLimit, nil)
	for path, d := range c.reader.picture.devices {
		if c.reader.phase != complete || d.kind != deviceWiFi || !d.managed {
			continue
		}
		path := path
		o.scans[path] = d.lastScan
		c.call(o, path, wirelessInterface, "RequestScan", func(r bus.Reply) {
			if r.Err != nil { // it was asked for a moment ago, or is switched off
				delete(o.scans, path)
			}
			c.settle()
		}, map[string]dbus.Variant{})
	}
	c.settle()
}

func (c *commands) settleScan(o *operation) {
	for path, before := range o.scans {
		if d := c.reader.picture.devices[path]; d != nil && d.lastScan == before {
			return
		}
	}
	c.finish(o, nil)
}

// call asks NetworkManager on behalf of an operation, which is not settled
// before the answer. When NetworkManager is gone, failAll answers.
func (c *commands) call(o *operation, path dbus.ObjectPath, iface, method string, done func(bus.Reply), args ...any) {
	c.ask(o, bus.Call{Path: path, Interface: iface, Method: method, Args: args, Timeout: c.patience}, done)
}

func (c *commands) ask(o *operation, call bus.Call, done func(bus.Reply)) {
	call.Name = daemonName
	o.asked++
	c.reader.bus.Call(call, func(r bus.Reply) {
		o.asked--
		if r.Err != bus.ErrGone {
			done(r)
		}
	})
}
