package connman

import (
	"errors"
	"strings"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// maxTries bounds how often Connect is called for one command. ConnMan refuses
// it while it takes another service off the same interface.
const maxTries = 4

// errand is one command to start or stop a service, while it is under way.
type errand struct {
	op backend.Op
	id string

	sent     bool // the call was sent and has not been answered
	accepted bool // it was answered with success, or is not needed; the state has to follow
	extended bool // its limit was set anew, because ConnMan was still on its way
	// made: a Connect of this errand did it. Where the service came up without one,
	// others had brought it up, or were about to.
	made bool
	// settling: the service is up, and the answer to Connect is waited for a little.
	settling bool
	failures int // of the service, when the call was sent
	tries    int
	// blocked says that ConnMan was busy when the service stood at then; it is
	// asked again when something has changed.
	blocked bool
	then    view
	// insist makes a stop call Disconnect even if nothing seems to be up: an
	// attempt was begun, of which ConnMan has not told yet.
	insist bool

	limit *bus.Timer
	over  bool // it was answered: what ConnMan says about it does not count
}

// view is what an errand has to know of its service.
type view struct {
	here  bool // it is in reach
	state state
	busy  bool // another service has its interface
	// failures is how often it failed since it is known.
	failures int
}

// verdict is what to do next about an errand.
type verdict uint8

const (
	wait   verdict = iota
	call           // call Connect or Disconnect
	settle         // it has succeeded, but for the answer to the call
	finish         // it has succeeded
	fail           // it has failed, for the reason that the service's state tells
)

// next says what to do about the errand, as the service stands.
func (e *errand) next(v view) verdict {
	if e.op == backend.OpStop {
		return e.nextOfStop(v)
	}
	return e.nextOfStart(v)
}

func (e *errand) nextOfStart(v view) verdict {
	switch {
	case !v.here:
		return fail
	case v.state.up() && e.sent:
		// The answer says whether it was up before it was asked.
		return settle
	case v.state.up():
		return finish
	case e.sent && v.state == stateFailure && v.failures != e.failures:
		// ConnMan may keep the answer back until somebody has read the error in a
		// dialogue of its agent.
		return fail
	case e.sent || v.state.connecting() || v.state == stateDisconnect:
		return wait
	case e.accepted && v.state == stateFailure:
		return fail
	case e.accepted || e.blocked && v == e.then:
		return wait
	case e.tries >= maxTries:
		return fail
	}
	return call
}

func (e *errand) nextOfStop(v view) verdict {
	switch {
	case !v.here:
		return finish
	case e.sent:
		return wait
	case v.state.down() && (e.accepted || !e.insist):
		return finish
	case e.accepted:
		return wait
	}
	return call
}

// answer takes ConnMan's answer to the call in. It fails where the answer is a
// refusal that settles the matter.
func (e *errand) answer(err error, v view) (refused bool) {
	e.sent = false
	if vanished(err) {
		// The object goes a little before ConnMan says that it went.
		e.accepted = true
		return false
	}
	switch errorName(err) {
	case "":
		e.accepted, e.made = err == nil, err == nil
		return err != nil
	case "AlreadyConnected", "NotConnected":
		e.accepted = true
		return false
	case "InProgress":
		return e.answerBusy(v)
	case "OperationTimeout":
		// The word that ConnMan has for "I am taking the other one down".
		if e.op == backend.OpStart && v.busy && !v.state.connecting() {
			return e.answerBusy(v)
		}
	}
	return e.op == backend.OpStop || !v.state.up()
}

func (e *errand) answerBusy(v view) (refused bool) {
	if e.op == backend.OpStop {
		e.accepted = true
		return false
	}
	e.blocked, e.then = true, v
	return false
}

const errorPrefix = "net.connman.Error."

// errorName is the name of one of ConnMan's own errors without its prefix, and
// empty for any other.
func errorName(err error) string {
	var e *bus.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Name, errorPrefix) {
		return ""
	}
	return strings.TrimPrefix(e.Name, errorPrefix)
}

// vanished reports whether a call found no service at its path any more.
func vanished(err error) bool {
	var e *bus.Error
	return errors.As(err, &e) && strings.HasPrefix(e.Name, "org.freedesktop.DBus.Error.Unknown")
}
