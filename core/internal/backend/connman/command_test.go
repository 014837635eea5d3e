package connman

import (
	"errors"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

func at(s serviceState) view { return view{available: true, state: s} }

func TestNextStartAction(t *testing.T) {
	start := *newCommand(backend.OpStart, wiredID)
	sent, accepted, tired := start, start, start
	sent.sent, accepted.accepted, tired.tries = true, true, maxTries
	blocked := start
	blocked.blocked, blocked.blockedView = true, view{available: true, state: stateIdle, busy: true}
	cases := []struct {
		name string
		e    command
		v    view
		want action
	}{
		{"out of reach", start, view{}, fail},
		{"up already", start, at(stateReady), finish},
		{"online already", start, at(stateOnline), finish},
		{"up before the answer", sent, at(stateReady), settle},
		{"down", start, at(stateIdle), call},
		{"failed before", start, at(stateFailure), call},
		{"in a state from the future", start, at(stateUnknown), call},
		{"on its way by itself", start, at(stateAssociation), wait},
		{"further on its way", start, at(stateConfiguration), wait},
		{"on its way down", start, at(stateDisconnect), wait},
		{"asked for", sent, at(stateIdle), wait},
		{"asked for after a failure", sent, at(stateFailure), wait},
		{"failing, not answered", sent, view{available: true, state: stateFailure, failures: 1}, fail},
		{"gone meanwhile", sent, view{}, fail},
		{"answered, the state follows", accepted, at(stateIdle), wait},
		{"answered, but failed", accepted, at(stateFailure), fail},
		{"answered and up", accepted, at(stateOnline), finish},
		{"busy as before", blocked, view{available: true, state: stateIdle, busy: true}, wait},
		{"busy no more", blocked, at(stateIdle), call},
		{"tried too often", tired, at(stateIdle), fail},
	}
	for _, c := range cases {
		if got := c.e.nextAction(c.v); got != c.want {
			t.Errorf("%s: %d, expected %d", c.name, got, c.want)
		}
	}
}

func TestNextStopAction(t *testing.T) {
	stop := *newCommand(backend.OpStop, wiredID)
	sent, accepted, insisting := stop, stop, stop
	sent.sent, accepted.accepted, insisting.force = true, true, true
	done := insisting
	done.accepted = true
	cases := []struct {
		name string
		e    command
		v    view
		want action
	}{
		{"out of reach", stop, view{}, finish},
		{"down already", stop, at(stateIdle), finish},
		{"failed already", stop, at(stateFailure), finish},
		{"down, but an attempt was begun", insisting, at(stateIdle), call},
		{"that was broken off", done, at(stateIdle), finish},
		{"up", stop, at(stateOnline), call},
		{"on its way up", stop, at(stateAssociation), call},
		{"on its way down", stop, at(stateDisconnect), call},
		{"in a state from the future", stop, at(stateUnknown), call},
		{"asked for", sent, at(stateReady), wait},
		{"down before the answer", sent, at(stateIdle), wait},
		{"answered, still up", accepted, at(stateReady), wait},
		{"answered and down", accepted, at(stateIdle), finish},
		{"gone meanwhile", sent, view{}, finish},
	}
	for _, c := range cases {
		if got := c.e.nextAction(c.v); got != c.want {
			t.Errorf("%s: %d, expected %d", c.name, got, c.want)
		}
	}
}

// said is an error of ConnMan's own.
func said(name string) error { return &bus.Error{Name: errorPrefix + name, Message: "in words"} }

// gone is the answer if the service does not exist any more.
var gone = &bus.Error{Name: "org.freedesktop.DBus.Error.UnknownObject"}

func TestHandleResult(t *testing.T) {
	idle, taken := at(stateIdle), view{available: true, state: stateIdle, busy: true}
	cases := []struct {
		name     string
		op       backend.Op
		err      error
		v        view
		refused  bool
		accepted bool
		blocked  bool
	}{
		{"success", backend.OpStart, nil, idle, false, true, false},
		{"up already", backend.OpStart, said("AlreadyConnected"), idle, false, true, false},
		{"busy", backend.OpStart, said("InProgress"), idle, false, false, true},
		{"taking another one down", backend.OpStart, said("OperationTimeout"), taken, false, false, true},
		{"a true timeout", backend.OpStart, said("OperationTimeout"), idle, true, false, false},
		{"refused", backend.OpStart, said("NotRegistered"), idle, true, false, false},
		{"refused by the bus", backend.OpStart, &bus.Error{Name: "org.freedesktop.DBus.Error.AccessDenied"}, idle, true, false, false},
		{"refused, but up", backend.OpStart, said("Failed"), at(stateReady), false, false, false},
		{"a stop refused", backend.OpStop, said("Failed"), at(stateReady), true, false, false},
		{"gone already", backend.OpStart, gone, idle, false, true, false},
		{"gone before the stop", backend.OpStop, gone, idle, false, true, false},
		{"no answer", backend.OpStart, bus.ErrTimeout, idle, true, false, false},
		{"down", backend.OpStop, nil, idle, false, true, false},
		{"down already", backend.OpStop, said("NotConnected"), idle, false, true, false},
		{"being taken down", backend.OpStop, said("InProgress"), idle, false, true, false},
		{"a stop that took too long", backend.OpStop, said("OperationTimeout"), taken, true, false, false},
	}
	for _, c := range cases {
		e := newCommand(c.op, wiredID)
		e.sent = true
		refused := e.handleResult(c.err, c.v)
		if refused != c.refused || e.accepted != c.accepted || e.blocked != c.blocked || e.sent {
			t.Errorf("%s: refused %v, %+v", c.name, refused, e)
		}
	}
}

func TestErrorName(t *testing.T) {
	for want, err := range map[string]error{"NoCarrier": said("NoCarrier")} {
		if got := errorName(err); got != want {
			t.Errorf("%v: %q", err, got)
		}
	}
	for _, err := range []error{nil, errors.New("x"), bus.ErrGone, said(""), &bus.Error{Name: "org.bluez.Error.Failed"}} {
		if got := errorName(err); got != "" {
			t.Errorf("%v: %q", err, got)
		}
	}
}
