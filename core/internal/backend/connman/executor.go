// The execution of commands on services, one after the other on each service.

package connman

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/backend/commands"
)

// How long a command may take. ConnMan itself gives up an attempt after two minutes; the
// rest is for an attempt that first has to wait for another service.
const (
	startTimeout = 150 * time.Second
	stopTimeout  = 20 * time.Second
	// settleTimeout bounds the wait for a state that ConnMan has reported as reached.
	settleTimeout = 5 * time.Second
)

// executor carries out the commands on services: the first command on each service is
// in progress, the others wait for it.
type executor struct {
	monitor *monitor
	queue   *commands.Queue[*command]
}

func newExecutor(m *monitor) *executor {
	return &executor{monitor: m, queue: commands.New[*command](
		func(d time.Duration, f func()) *bus.Timer { return m.after(d, f) }, m.sink.Done)}
}

// start submits a start.
func (x *executor) start(id string) { x.submit(newCommand(backend.OpStart, id)) }

// stop submits a stop, which aborts the starts before it.

func (x *executor) stop(id string) {
	c := newCommand(backend.OpStop, id)
	for other := range x.queue.Of(id) {
		if other.Op == backend.OpStart {
			c.force = c.force || other.tries > 0
			x.refuse(other, failureReason{backend.ReasonAborted, "it was stopped before it was up"})
		}
	}
	x.submit(c)
}

func (x *executor) submit(c *command) {
	if !x.monitor.present {
		x.refuse(c, failureReason{backend.ReasonNoConfiguration, "ConnMan is not running, or does not talk to this process"})
		return
	}
	x.queue.Add(c)
	x.setTimeout(c, timeoutOf(c.Op))
	x.advance(c.ID)
}

func timeoutOf(op backend.Op) time.Duration {
	if op == backend.OpStop {
		return stopTimeout
	}
	return startTimeout
}

// setTimeout bounds how long the command may take from now on.
func (x *executor) setTimeout(c *command, d time.Duration) {
	x.queue.SetTimeout(c, d, func() { x.expire(c) })
}

// expire handles the timeout of a command.

func (x *executor) expire(c *command) {
	if c.settling && x.view(c.ID).state.up() {
		c.sent, c.connected = false, true
		x.advance(c.ID)
		return
	}
	if c.accepted && !c.extended && x.view(c.ID).state.connecting() {
		// ConnMan answered Connect although the attempt has only begun.
		c.extended = true
		x.setTimeout(c, timeoutOf(c.Op))
		return
	}
	text := fmt.Sprintf("it did not get there within %v", timeoutOf(c.Op))
	switch {
	case c.sent:
		text = "ConnMan does not answer"
	case c.accepted && !c.extended:
		text = "ConnMan said that it was done, and nothing changed"
	}
	x.fail(c, failureReason{backend.ReasonUnknown, text})
	x.advance(c.ID)
}

// advanceAll continues every command, after something has changed.
func (x *executor) advanceAll() {
	for c := range x.queue.All() {
		x.advance(c.ID)
	}
}

// advance continues the commands on one service as far as is possible now.
func (x *executor) advance(id string) {
	for {
		c, found := x.queue.First(id)
		if !found {
			return
		}
		switch c.nextAction(x.view(id)) {
		case wait:
			return
		case call:
			x.call(c)
			return
		case settle:
			if !c.settling {
				c.settling = true
				x.setTimeout(c, settleTimeout)
			}
			return
		case finish:
			x.succeed(c)
		case fail:
			x.fail(c, x.monitor.state.startFailure(id))
		}
	}
}

// view returns the state of a service as far as commands need it.
func (x *executor) view(id string) view {
	s, absent := x.monitor.state.find(id)
	if s == nil || absent {
		return view{}
	}
	now := s.state
	if s.awaitingInterface {
		now = s.effectiveState() // as sessions see it
	}
	return view{available: true, state: now, busy: x.monitor.state.interfaceBusy(s), failures: s.failures}
}

// call calls Connect or Disconnect.
func (x *executor) call(c *command) {
	s, _ := x.monitor.state.find(c.ID)
	c.sent, c.blocked, c.failures = true, false, s.failures
	c.tries++
	x.setDisconnecting(s, c.Op == backend.OpStop)
	method := "Connect"
	if c.Op == backend.OpStop {
		method = "Disconnect"
	}
	connect := bus.Call{Path: s.path, Interface: "net.connman.Service", Method: method, Timeout: timeoutOf(c.Op)}
	x.monitor.call(connect, func(r bus.Reply) { x.handleReply(c, r.Err) })
}

func (x *executor) handleReply(c *command, err error) {
	if c.Answered() || err == bus.ErrGone {
		return // failAll follows and answers it
	}
	if isUnknownObject(err) {
		x.monitor.scheduleRead(rereadDelay)
	}
	if c.handleResult(err, x.view(c.ID)) {
		x.fail(c, x.monitor.state.refusalReason(c.ID, err))
	} else if c.accepted && c.Op == backend.OpStart {
		x.setTimeout(c, settleTimeout)
	}
	x.advance(c.ID)
}

// succeed answers a command with success.
func (x *executor) succeed(c *command) {
	x.queue.Answer(c, nil, c.Op == backend.OpStart && !c.connected)
}

// fail refuses a command. The starts that wait right behind a failed start fail for the
// same reason: nothing has changed since.
func (x *executor) fail(c *command, why failureReason) {
	rest := x.queue.Behind(c)
	if s, _ := x.monitor.state.find(c.ID); s != nil {
		x.setDisconnecting(s, false)
	}
	x.refuse(c, why)
	for _, next := range rest {
		if c.Op != backend.OpStart || next.Op != backend.OpStart {
			return
		}
		x.refuse(next, why)
	}
}

// setDisconnecting stores whether this process has asked a service to go down, and
// publishes the service if that changes its effective state.
func (x *executor) setDisconnecting(s *service, disconnecting bool) {
	before := s.effectiveState()
	s.disconnecting = disconnecting
	if s.effectiveState() != before {
		x.monitor.state.markDirty(s.id)
		x.monitor.publish()
	}
}

// refuse answers a command with a failure.
func (x *executor) refuse(c *command, why failureReason) {
	s, _ := x.monitor.state.find(c.ID)
	x.queue.Answer(c, refuse(c.Op, c.ID, s, why), false)
}

// failAll refuses every command, because ConnMan does not run any more.
func (x *executor) failAll() {
	for c := range x.queue.All() {
		x.refuse(c, failureReason{backend.ReasonUnknown, "ConnMan is not running any more"})
	}
}
