// Starts and stops.

package networkmanager

import (
	"cmp"
	"slices"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// start activates a profile, unless it is up or on its way.
func (x *executor) start(c *command) {
	x.setAttemptTimeout(c)
	x.advanceAll()
}

// setAttemptTimeout bounds an attempt that NetworkManager has begun.
func (x *executor) setAttemptTimeout(c *command) {
	x.setTimeout(c, startTimeout, c.newError(unknown, "it was tried for three minutes in vain."))
}

// beginStart adopts an activation that is under way, or activates.
func (x *executor) beginStart(c *command) {
	switch {
	case x.adopt(c):
	case x.activationPending(c.ID):
	case !c.synced:
		x.syncBarrier(c)
	default:
		x.activate(c)
	}
}

// adopt makes a start wait for an activation by another process, if there is one.
func (x *executor) adopt(c *command) bool {
	a := x.inUse(c.ID)
	if a == nil || a.state == activeDeactivating || x.inProgress(backend.OpStop, a.path) {
		return false
	}
	c.actives = []dbus.ObjectPath{a.path}
	x.advanceStart(c)
	return true
}

// syncBarrier makes sure that the state includes what other processes started before this
// start: activating a network that is up would take it down first, for all its users. When
// the reply to any call has arrived, the state includes all signals that NetworkManager sent
// before it.
func (x *executor) syncBarrier(c *command) {
	x.call(c, managerPath, propertiesInterface, "Get", func(r bus.Reply) {
		c.synced = true
		switch {
		case c.supersededBy != nil:
			x.stopAfterAbort(c.supersededBy, noObject, false)
		case r.Err == bus.ErrTimeout:
			x.finish(c, c.errorFromReply(r.Err))
		}
		x.advanceAll()
	}, managerInterface, "State")
}

// activationPending reports whether a start of the network waits for the reply to its
// call.
func (x *executor) activationPending(id string) bool {
	for c := range x.queue.Of(id) {
		if c.Op == backend.OpStart && c.pendingCalls > 0 {
			return true
		}
	}
	return false
}

// activate activates the profile, or a device without a profile. The call itself has no
// timeout, so that the outcome of a late reply is noticed.
func (x *executor) activate(c *command) {
	call := bus.Call{Path: managerPath, Interface: managerInterface, Timeout: -1}
	profile, d, index := x.monitor.state.profileOf(c.ID), x.monitor.state.deviceOf(c.ID), 0
	switch {
	case profile != nil:
		call.Method, call.Args = "ActivateConnection", []any{profile.path, noObject, noObject}
	case d != nil:
		// NetworkManager deletes the new profile when it is not in use any more.
		options := map[string]dbus.Variant{"persist": dbus.MakeVariant("volatile")}
		settings := map[string]map[string]dbus.Variant{}
		call.Method, call.Args = "AddAndActivateConnection2", []any{settings, d.path, noObject, options}
		index = 1
	default:
		x.finish(c, c.newError(missing, x.missingText()))
		return
	}
	x.setTimeout(c, x.timeoutOr(bus.DefaultTimeout), c.errorFromReply(bus.ErrTimeout))
	x.send(c, call, func(r bus.Reply) { x.handleActivation(c, r, index) })
}

// handleActivation handles the reply: the active connection, at an index of the body.
func (x *executor) handleActivation(c *command, r bus.Reply, index int) {
	path, ok := bus.Arg(r.Body, index).(dbus.ObjectPath)
	if ok && r.Err == nil {
		x.addOwnActive(path)
	}
	switch {
	case c.Answered() && c.supersededBy == nil && ok:
		// The start was refused because the reply took too long: the network must not
		// come up after that.
		if !x.inProgress(backend.OpStart, path) {
			x.deactivate(c, path)
		}
	case r.Err != nil:
		x.finish(c, c.errorFromReply(r.Err))
	case !ok:
		x.finish(c, c.newError(unknown, "NetworkManager's answer cannot be understood."))
	case !c.Answered():
		c.actives = []dbus.ObjectPath{path}
		x.setAttemptTimeout(c)
	}
	if c.supersededBy != nil {
		x.stopAfterAbort(c.supersededBy, path, ok && r.Err == nil)
	}
	x.advanceAll()
}

// addOwnActive remembers that a start of this process has made an active connection.
func (x *executor) addOwnActive(path dbus.ObjectPath) {
	if _, over := x.endCauses[path]; !over {
		x.ownActives[path] = true
	}
}

// inProgress reports whether a command of a kind on an active connection is under way.
func (x *executor) inProgress(op backend.Op, path dbus.ObjectPath) bool {
	for c := range x.queue.All() {
		if c.Op == op && slices.Contains(c.actives, path) {
			return true
		}
	}
	return false
}

// advanceStart begins a start, or finishes it by the state of its active connection.
func (x *executor) advanceStart(c *command) {
	if len(c.actives) == 0 {
		x.beginStart(c)
		return
	}
	path := c.actives[0]
	a := x.monitor.state.actives[path]
	switch {
	case a != nil && a.state == activeActivated:
		c.joined = !x.ownActives[path]
		x.finish(c, nil)
	case a != nil && a.state != activeDeactivated:
	case x.adopt(c): // another process has started the network again, which ended this attempt
	default:
		x.finish(c, c.errorFromCause(x.refineCause(c.ID, x.endCause(path, a))))
	}
}

// endCause returns why an active connection ended; a is nil if it was removed.
func (x *executor) endCause(path dbus.ObjectPath, a *active) cause {
	if why, ok := x.endCauses[path]; ok {
		return why
	}
	if a != nil {
		return causeOf(reasonDevice, x.monitor.deviceReason(a))
	}
	return causeOf(0, 0)
}

// refineCause makes a cause more precise by the profile: if its secrets are stored in it,
// NetworkManager asked for others because they were not accepted.
func (x *executor) refineCause(id string, why cause) cause {
	if o := x.monitor.state.profileOf(id); o != nil && o.settings.secretsStored && why.name == noSecrets {
		return refusedSecrets
	}
	return why
}

// stop aborts the starts of a network, and deactivates all of its active connections.
func (x *executor) stop(c *command) {
	x.setTimeout(c, stopTimeout, c.newError(unknown, "it is still not down."))
	for s := range x.queue.Of(c.ID) {
		if s.Op == backend.OpStart {
			x.abort(s, c)
		}
	}
	for _, a := range x.activesOf(c.ID) {
		c.actives = append(c.actives, a.path)
		if a.state != activeDeactivating {
			x.deactivate(c, a.path)
		}
	}
	x.advanceAll()
}

// abort ends a start in favour of a stop.
func (x *executor) abort(s, by *command) {
	if s.pendingCalls > 0 {
		s.supersededBy = by
		by.pendingCalls++
	}
	x.finish(s, s.newError(aborted, "it was stopped before it was up."))
}

// stopAfterAbort makes a stop deactivate what an aborted start has activated after all.
func (x *executor) stopAfterAbort(c *command, path dbus.ObjectPath, started bool) {
	c.pendingCalls--
	if !started {
		return
	}
	c.actives = append(c.actives, path)
	x.deactivate(c, path)
}

// deactivate ends an active connection for a command.
func (x *executor) deactivate(c *command, path dbus.ObjectPath) {
	x.call(c, managerPath, managerInterface, "DeactivateConnection", func(r bus.Reply) {
		if r.Err != nil && !notActive(r.Err) {
			x.finish(c, c.errorFromReply(r.Err))
		}
		x.advanceAll()
	}, path)
}

// notActive reports whether a connection could not be deactivated because it is not
// active any more.
func notActive(err error) bool {
	said, ok := err.(*bus.Error)
	return ok && said.Name == daemonName+".ConnectionNotActive"
}

// advanceStop finishes a stop when none of its active connections is left.
func (x *executor) advanceStop(c *command) {
	for _, path := range c.actives {
		if a := x.monitor.state.actives[path]; a != nil && a.state != activeDeactivated {
			return
		}
	}
	x.finish(c, nil)
}

// activesTopic returns the topic of the index for the active connections of a network.
func (x *executor) activesTopic(id string) topic {
	if o := x.monitor.state.profileOf(id); o != nil {
		return topicOf(activesByProfile, o.path)
	}
	if d := x.monitor.state.deviceOf(id); d != nil {
		return topicOf(activesByDevice, d.path)
	}
	return topic{}
}

// activesOf returns the active connections of a network, oldest first.
func (x *executor) activesOf(id string) []*active {
	var list []*active
	for _, path := range x.monitor.state.index.group(x.activesTopic(id)) {
		if a := x.monitor.state.actives[path]; a.state != activeDeactivated {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b *active) int { return cmp.Compare(a.number, b.number) })
	return list
}

// inUse returns the active connection that represents a network, or nil.
func (x *executor) inUse(id string) *active { return x.monitor.state.inUse(x.activesTopic(id)) }
