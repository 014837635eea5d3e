package connman

import (
	"errors"
	"strings"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/backend/commands"
)

// maxTries bounds how often Connect is called for one command. ConnMan refuses Connect
// while it takes another service off the same interface.
const maxTries = 4

// command is a start or stop of a service, and its progress.
type command struct {
	commands.Command

	sent     bool // the call was sent and has not been answered
	accepted bool // the call succeeded, or is not needed; the state has to follow
	extended bool // its timeout was extended, because ConnMan was still connecting
	// connected: a Connect of this command brought the service up. If the service came
	// up without it, another process had brought it up, or was about to.
	connected bool
	// settling: the service is up, and the command waits a little for the answer to Connect.
	settling bool
	failures int // of the service, when the call was sent
	tries    int
	// blocked: ConnMan was busy when the service had the view blockedView. The call is
	// repeated when the view has changed.
	blocked     bool
	blockedView view
	// force makes a stop call Disconnect even if nothing seems to be up: an attempt was
	// begun that ConnMan has not signalled yet.
	force bool
}

func newCommand(op backend.Op, id string) *command {
	return &command{Command: commands.Command{Op: op, ID: id}}
}

// view is the state of a service as far as a command needs it. The zero view is the view
// of a service that is out of reach.
type view struct {
	available bool // the service is in reach
	state     serviceState
	busy      bool // another service has its interface
	failures  int  // how often the service has failed since it is known
}

// action is what to do next about a command.
type action uint8

const (
	wait   action = iota
	call          // call Connect or Disconnect
	settle        // the command has succeeded, except for the answer to the call
	finish        // the command has succeeded
	fail          // the command has failed, for the reason in the service's state
)

// nextAction decides what to do about the command, given the view of its service.
func (c *command) nextAction(v view) action {
	if c.Op == backend.OpStop {
		return c.nextStopAction(v)
	}
	return c.nextStartAction(v)
}

func (c *command) nextStartAction(v view) action {
	switch {
	case !v.available:
		return fail
	case v.state.up() && c.sent:
		// The answer says whether the service was up before the call.
		return settle
	case v.state.up():
		return finish
	case c.sent && v.state == stateFailure && v.failures != c.failures:
		// ConnMan may keep the answer back until the user has read the error in a
		// dialogue of its agent.
		return fail
	case c.sent || v.state.connecting() || v.state == stateDisconnect:
		return wait
	case c.accepted && v.state == stateFailure:
		return fail
	case c.accepted || c.blocked && v == c.blockedView:
		return wait
	case c.tries >= maxTries:
		return fail
	}
	return call
}

func (c *command) nextStopAction(v view) action {
	switch {
	case !v.available:
		return finish
	case c.sent:
		return wait
	case v.state.down() && (c.accepted || !c.force):
		return finish
	case c.accepted:
		return wait
	}
	return call
}

// handleResult updates the command by ConnMan's answer to the call. It returns true if
// the answer is a final refusal.
func (c *command) handleResult(err error, v view) (refused bool) {
	c.sent = false
	if isUnknownObject(err) {
		// The object is removed a little before ConnMan signals its removal.
		c.accepted = true
		return false
	}
	switch errorName(err) {
	case "":
		c.accepted, c.connected = err == nil, err == nil
		return err != nil
	case "AlreadyConnected", "NotConnected":
		c.accepted = true
		return false
	case "InProgress":
		return c.handleBusy(v)
	case "OperationTimeout":
		// ConnMan also gives this answer while it takes the other service down.
		if c.Op == backend.OpStart && v.busy && !v.state.connecting() {
			return c.handleBusy(v)
		}
	}
	return c.Op == backend.OpStop || !v.state.up()
}

func (c *command) handleBusy(v view) (refused bool) {
	if c.Op == backend.OpStop {
		c.accepted = true
		return false
	}
	c.blocked, c.blockedView = true, v
	return false
}

const errorPrefix = "net.connman.Error."

// errorName returns the name of one of ConnMan's own errors without its prefix; empty
// for any other error.
func errorName(err error) string {
	var e *bus.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Name, errorPrefix) {
		return ""
	}
	return strings.TrimPrefix(e.Name, errorPrefix)
}

// isUnknownObject reports whether a call found no service at its path any more.
func isUnknownObject(err error) bool {
	var e *bus.Error
	return errors.As(err, &e) && strings.HasPrefix(e.Name, "org.freedesktop.DBus.Error.Unknown")
}
