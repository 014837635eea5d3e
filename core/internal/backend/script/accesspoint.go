// Access points while a script is played.

package script

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// accessPoint is one access point while a script is played.
type accessPoint struct {
	// config has the values of the script. Its addresses and its route apply to
	// the link in state Active.
	config            bearer.Configuration
	received, written meter
	metered           time.Duration // when the meters were updated last

	onStart, onStop rule
	current         *attempt     // the command in progress, or nil
	queue           []backend.Op // commands behind it, in order
}

// attempt is a command in progress.
type attempt struct {
	point *accessPoint
	op    backend.Op
	rule  rule
	due   time.Duration // when it ends, unless it hangs
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

// interfaceOf is the interface name in an identifier such as link:eth0, or
// empty.
func interfaceOf(id string) string {
	name := id[strings.LastIndexByte(id, ':')+1:]
	if linkName(name) != nil {
		return ""
	}
	return name
}

// visible is the configuration to report.
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

// updateMeters runs the meters up to now, before a change.
func (a *accessPoint) updateMeters(now time.Duration) {
	if a.config.State == bearer.Active {
		a.received.ran += now - a.metered
		a.written.ran += now - a.metered
	}
	a.metered = now
}

// apply applies settings.
func (a *accessPoint) apply(settings []setting) {
	for _, set := range settings {
		set(a)
	}
}

// refusal is the reason why a command is refused at once, or nil. Withdrawing
// an attempt is always allowed.
func (a *accessPoint) refusal(op backend.Op) error {
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

// isNoop reports whether a command has no effect.
func (a *accessPoint) isNoop(op backend.Op) bool {
	if op == backend.OpStart {
		return a.config.State == bearer.Active
	}
	return a.config.State != bearer.Active && !a.config.Starting()
}

// rule is the current rule for a command.
func (a *accessPoint) rule(op backend.Op) rule {
	if op == backend.OpStart {
		return a.onStart
	}
	return a.onStop
}

// isRunning reports whether a command of a kind is in progress.
func (a *accessPoint) isRunning(op backend.Op) bool { return a.current != nil && a.current.op == op }

// isWithdrawn reports whether a stop is queued.
func (a *accessPoint) isWithdrawn() bool {
	return slices.Contains(a.queue, backend.OpStop)
}

// isReached reports whether the access point is in the state that an attempt
// leads to.
func (t *attempt) isReached() bool {
	return (t.op == backend.OpStart) == (t.point.config.State == bearer.Active)
}

// complete ends an attempt, and returns its answer.
func (t *attempt) complete() error {
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

// aborted is the answer to an interrupted command.
func aborted(op backend.Op, id, why string) error {
	return backend.Refuse(backend.ReasonAborted, "%s %s was broken off: %s.", commandNames[op], id, why)
}

// gone is the answer to a command on an access point that does not exist.
func gone(id string) error {
	return backend.Refuse(backend.ReasonNoConfiguration, "There is no access point %s in the script now.", fmt.Sprintf("%.64s", id))
}
