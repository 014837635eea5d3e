package script

import (
	"fmt"
	"strings"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// accessPoint is one access point while it is played.
type accessPoint struct {
	// config is what the script says. Its addresses and its route are those
	// that the link has while it is Active.
	config            bearer.Configuration
	received, written meter
	metered           time.Duration // up to when the meters were brought up to date

	onStart, onStop rule
	current         *attempt     // the command under way, or nil
	waiting         []backend.Op // commands behind it, in order
}

// attempt is a command under way.
type attempt struct {
	point *accessPoint
	op    backend.Op
	rule  rule
	due   time.Duration // when it ends, but for one that hangs
}

func newAccessPoint(id string, index int, now time.Duration) *accessPoint {
	return &accessPoint{
		config: bearer.Configuration{
			ID: id, Name: id, Type: bearer.InternetAccessPoint, State: bearer.Discovered,
			Interface: interfaceOf(id), Index: index,
		},
		metered: now,
	}
}

// interfaceOf is the name of the link that an identifier such as link:eth0
// suggests, or empty.
func interfaceOf(id string) string {
	name := id[strings.LastIndexByte(id, ':')+1:]
	if linkName(name) != nil {
		return ""
	}
	return name
}

// visible is the configuration as it is reported.
func (a *accessPoint) visible() bearer.Configuration {
	c := a.config
	if c.State != bearer.Active {
		c.Addresses, c.DefaultRoute = nil, false
	}
	c.Preferred = c.DefaultRoute
	if !c.DefaultRoute {
		c.Metric = 0
	}
	return c
}

// tick lets the meters run up to now. It comes before any change.
func (a *accessPoint) tick(now time.Duration) {
	if a.config.State == bearer.Active {
		a.received.ran += now - a.metered
		a.written.ran += now - a.metered
	}
	a.metered = now
}

// apply carries settings out.
func (a *accessPoint) apply(settings []setting) {
	for _, set := range settings {
		set(a)
	}
}

// denial is why a command is refused before it is begun, or nil. To withdraw
// an attempt is always allowed.
func (a *accessPoint) denial(op backend.Op) error {
	switch {
	case op == backend.OpStop && a.config.Starting():
	case a.config.Denied != "":
		return backend.Refuse(backend.ReasonNotSupported, "%s", a.config.Denied)
	case op == backend.OpStart && a.config.State == bearer.Defined:
		return backend.Refuse(backend.ReasonUnknown, "%s cannot be started: it has no carrier or is out of range.", a.config.ID)
	case op == backend.OpStart && a.config.State == bearer.Undefined:
		return backend.Refuse(backend.ReasonUnknown, "%s cannot be started: it is undefined.", a.config.ID)
	}
	return nil
}

// idle reports whether a command has nothing to do.
func (a *accessPoint) idle(op backend.Op) bool {
	if op == backend.OpStart {
		return a.config.State == bearer.Active
	}
	return a.config.State != bearer.Active && !a.config.Starting()
}

// rule is how a command is answered now.
func (a *accessPoint) rule(op backend.Op) rule {
	if op == backend.OpStart {
		return a.onStart
	}
	return a.onStop
}

// under reports whether a command of a kind is under way.
func (a *accessPoint) under(op backend.Op) bool { return a.current != nil && a.current.op == op }

// withdrawn reports whether a command to stop waits.
func (a *accessPoint) withdrawn() bool {
	for _, op := range a.waiting {
		if op == backend.OpStop {
			return true
		}
	}
	return false
}

// reached reports whether the access point is where an attempt leads to.
func (t *attempt) reached() bool {
	return (t.op == backend.OpStart) == (t.point.config.State == bearer.Active)
}

// conclude brings an attempt to its end, and returns its answer.
func (t *attempt) conclude() error {
	c := &t.point.config
	c.Progress = bearer.Settled
	switch {
	case t.rule.outcome == fails:
		return t.rule.refusal
	case t.op == backend.OpStop:
		c.State = bearer.Discovered
	case t.rule.outcome == succeeds:
		c.State = bearer.Active
	}
	return nil
}

var commandNames = map[backend.Op]string{backend.OpStart: "Starting", backend.OpStop: "Stopping"}

// aborted is the answer to a command that something came between.
func aborted(op backend.Op, id, why string) error {
	return backend.Refuse(backend.ReasonAborted, "%s %s was broken off: %s.", commandNames[op], id, why)
}

// gone is the answer to a command on an access point that does not exist.
func gone(id string) error {
	return backend.Refuse(backend.ReasonNoConfiguration, "There is no access point %s in the script now.", fmt.Sprintf("%.64s", id))
}
