// The execution of commands. Commands wait for changes of the state: after each change
// the executor advances all commands.

package networkmanager

import (
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/backend/commands"
)

// How long a command may take before it is answered in any case: held back until the
// state is complete, a start, a stop, and a scan.
const (
	holdTimeout  = 10 * time.Second
	startTimeout = 3 * time.Minute
	stopTimeout  = time.Minute
	scanTimeout  = 10 * time.Second
)

// executor carries out the commands, all at once.
type executor struct {
	monitor *monitor
	queue   *commands.Queue[*command]
	// endCauses are the causes for which active connections ended.
	endCauses map[dbus.ObjectPath]cause
	endOrder  []dbus.ObjectPath // the keys of endCauses, oldest first
	// ownActives are the active connections that starts of this process have made.
	ownActives map[dbus.ObjectPath]bool
	// replyTimeout replaces all waits for replies of NetworkManager, for tests; 0 means
	// that each has its own.
	replyTimeout time.Duration
}

func newExecutor(m *monitor) *executor {
	return &executor{
		monitor: m, queue: commands.New[*command](m.bus.After, func(a backend.Answer) { m.sink.Done(a) }),
		endCauses: make(map[dbus.ObjectPath]cause), ownActives: make(map[dbus.ObjectPath]bool),
	}
}

// submit executes a command, or holds it back while the state is not complete.
func (x *executor) submit(c *command) {
	if x.monitor.phase == presenceUnknown || x.monitor.phase == loading {
		x.queue.Hold(c)
		x.setTimeout(c, x.timeoutOr(holdTimeout), c.errorFromReply(bus.ErrTimeout))
		return
	}
	x.execute(c)
}

// releaseHeld executes the commands that were held back.
func (x *executor) releaseHeld() {
	for _, c := range x.queue.Release() {
		x.execute(c)
	}
}

// execute begins to carry out a command.
func (x *executor) execute(c *command) {
	x.queue.Add(c)
	switch {
	case c.Op == backend.OpRefresh:
		x.scan(c)
	case !x.resolve(c):
		x.finish(c, c.newError(missing, x.missingText()))
	case c.Op == backend.OpStart:
		x.start(c)
	default:
		x.stop(c)
	}
}

// resolve looks up the command's configuration, and reports whether there is one.
func (x *executor) resolve(c *command) bool {
	shown, ok := x.monitor.state.published[c.ID]
	c.name, c.obstacle = shown.Name, shown.Obstacle
	return ok
}

// missingText explains why there is no configuration for a command.
func (x *executor) missingText() string {
	if x.monitor.phase == absent {
		return "NetworkManager does not run any more."
	}
	return "NetworkManager has no such network any more."
}

// timeoutOr returns how long to wait for NetworkManager.
func (x *executor) timeoutOr(usual time.Duration) time.Duration {
	if x.replyTimeout > 0 {
		return x.replyTimeout
	}
	return usual
}

// setTimeout answers the command with err after d, unless it is answered before. It
// replaces an earlier timeout.
func (x *executor) setTimeout(c *command, d time.Duration, err error) {
	x.queue.SetTimeout(c, d, func() { x.finish(c, err) })
}

// finish answers a command, if it is not answered yet.
func (x *executor) finish(c *command, err error) {
	x.queue.Answer(c, err, c.joined)
}

// advanceAll continues every command that waits for no reply, and answers those whose
// outcome shows in the state.
func (x *executor) advanceAll() {
	for c := range x.queue.All() {
		switch {
		case c.pendingCalls > 0:
		case c.Op == backend.OpStart:
			x.advanceStart(c)
		case c.Op == backend.OpStop:
			x.advanceStop(c)
		default:
			x.advanceScan(c)
		}
	}
}

// noteEnd remembers why an active connection ended. The reply to the call that started it
// may arrive later.
func (x *executor) noteEnd(path dbus.ObjectPath, why cause) {
	const most = 32
	delete(x.ownActives, path)
	if _, ok := x.endCauses[path]; !ok {
		x.endOrder = append(x.endOrder, path)
	}
	x.endCauses[path] = why
	if len(x.endOrder) > most {
		delete(x.endCauses, x.endOrder[0])
		x.endOrder = x.endOrder[1:]
	}
}

// failAll refuses every command, because NetworkManager does not run any more.
func (x *executor) failAll() {
	clear(x.endCauses)
	clear(x.ownActives)
	x.endOrder = nil
	for c := range x.queue.All() {
		x.finish(c, c.newError(aborted, "NetworkManager was stopped or died meanwhile."))
	}
}

// scan makes every Wi-Fi device scan.
func (x *executor) scan(c *command) {
	c.scans = make(map[dbus.ObjectPath]int64)
	x.setTimeout(c, scanTimeout, nil)
	for path, d := range x.monitor.state.devices {
		if x.monitor.phase != complete || d.kind != deviceWiFi || !d.managed {
			continue
		}
		c.scans[path] = d.lastScan
		x.call(c, path, wirelessInterface, "RequestScan", func(r bus.Reply) {
			if r.Err != nil { // there was a scan a moment ago, or the radio is switched off
				delete(c.scans, path)
			}
			x.advanceAll()
		}, map[string]dbus.Variant{})
	}
	x.advanceAll()
}

// advanceScan finishes a refresh when every device has scanned since it began.
func (x *executor) advanceScan(c *command) {
	for path, before := range c.scans {
		if d := x.monitor.state.devices[path]; d != nil && d.lastScan == before {
			return
		}
	}
	x.finish(c, nil)
}

// call calls a method of NetworkManager for a command, which does not advance before the
// reply. If NetworkManager goes away, failAll answers the command.
func (x *executor) call(c *command, path dbus.ObjectPath, iface, method string, done func(bus.Reply), args ...any) {
	x.send(c, bus.Call{Path: path, Interface: iface, Method: method, Args: args, Timeout: x.replyTimeout}, done)
}

// send is call with a timeout of its own.
func (x *executor) send(c *command, call bus.Call, done func(bus.Reply)) {
	call.Name = daemonName
	c.pendingCalls++
	x.monitor.bus.Call(call, func(r bus.Reply) {
		c.pendingCalls--
		if r.Err != bus.ErrGone {
			done(r)
		}
	})
}
