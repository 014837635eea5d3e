package networkmanager

import (
	"sort"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// start activates a profile, unless it is up or on its way.
func (c *commands) start(o *operation) {
	c.boundAttempt(o)
	c.settle()
}

func (c *commands) boundAttempt(o *operation) {
	c.bound(o, startLimit, o.refusal(unknown, "it was tried for three minutes in vain."))
}

// begin joins what is on its way already, or activates.
func (c *commands) begin(o *operation) {
	switch {
	case c.join(o):
	case c.starting(o.id):
	case !o.abreast:
		c.catchUp(o)
	default:
		c.activate(o)
	}
}

// join lets a start wait for what has been started by others, if there is any.
func (c *commands) join(o *operation) bool {
	a := c.inUse(o.id)
	if a == nil || a.state == activeDeactivating || c.concerned(backend.OpStop, a.path) {
		return false
	}
	o.actives = []dbus.ObjectPath{a.path}
	c.settleStart(o)
	return true
}

// catchUp makes sure that a start knows what others have started before it. To
// activate what is up takes it down first, under everybody who uses it. Whatever
// NetworkManager told before it answers has been heard when the answer has.
func (c *commands) catchUp(o *operation) {
	c.call(o, managerPath, propertiesInterface, "Get", func(r bus.Reply) {
		o.abreast = true
		switch {
		case o.heir != nil:
			c.inherit(o.heir, nowhere, false)
		case r.Err == bus.ErrTimeout:
			c.finish(o, o.refused(r.Err))
		}
		c.settle()
	}, managerInterface, "State")
}

// starting reports whether a start of the same network waits for the answer to
// its call.
func (c *commands) starting(id string) bool {
	for _, o := range c.open {
		if o.op == backend.OpStart && o.id == id && o.asked > 0 {
			return true
		}
	}
	return false
}

// activate asks NetworkManager for the profile, or for a device without one.
// The call itself has no bound, so that what a late answer brings is noticed.
func (c *commands) activate(o *operation) {
	call := bus.Call{Path: managerPath, Interface: managerInterface, Timeout: -1}
	profile, d, place := c.reader.picture.profileOf(o.id), c.reader.picture.deviceOf(o.id), 0
	switch {
	case profile != nil:
		call.Method, call.Args = "ActivateConnection", []any{profile.path, nowhere, nowhere}
	case d != nil:
		// The profile that this makes lasts as long as it is in use.
		options := map[string]dbus.Variant{"persist": dbus.MakeVariant("volatile")}
		settings := map[string]map[string]dbus.Variant{}
		call.Method, call.Args = "AddAndActivateConnection2", []any{settings, d.path, nowhere, options}
		place = 1
	default:
		c.finish(o, o.refusal(missing, c.whyMissing()))
		return
	}
	c.bound(o, c.atMost(bus.DefaultTimeout), o.refused(bus.ErrTimeout))
	c.ask(o, call, func(r bus.Reply) { c.activated(o, r, place) })
}

// activated takes the answer: the active connection, at a place in the body.
func (c *commands) activated(o *operation, r bus.Reply, place int) {
	path, ok := bus.Arg(r.Body, place).(dbus.ObjectPath)
	if ok && r.Err == nil {
		c.owns(path)
	}
	switch {
	case o.over && o.heir == nil && ok:
		// It was refused because the answer took too long: it must not come up
		// behind everybody's back.
		if !c.concerned(backend.OpStart, path) {
			c.deactivate(o, path)
		}
	case r.Err != nil:
		c.finish(o, o.refused(r.Err))
	case !ok:
		c.finish(o, o.refusal(unknown, "NetworkManager's answer cannot be understood."))
	case !o.over:
		o.actives = []dbus.ObjectPath{path}
		c.boundAttempt(o)
	}
	if o.heir != nil {
		c.inherit(o.heir, path, ok && r.Err == nil)
	}
	c.settle()
}

// owns notes that a start of this process has brought an active connection about.
func (c *commands) owns(path dbus.ObjectPath) {
	if c.own == nil {
		c.own = make(map[dbus.ObjectPath]bool)
	}
	if _, over := c.ends[path]; !over {
		c.own[path] = true
	}
}

// concerned reports whether a start, or a stop, of an active connection is under way.
func (c *commands) concerned(op backend.Op, path dbus.ObjectPath) bool {
	for _, o := range c.open {
		if o.op == op && contains(o.actives, path) {
			return true
		}
	}
	return false
}

// settleStart looks what became of an attempt.
func (c *commands) settleStart(o *operation) {
	if len(o.actives) == 0 {
		c.begin(o)
		return
	}
	path := o.actives[0]
	a := c.reader.picture.actives[path]
	switch {
	case a != nil && a.state == activeActivated:
		o.joined = !c.own[path]
		c.finish(o, nil)
	case a != nil && a.state != activeDeactivated:
	case c.join(o): // somebody has started it anew, which ended this attempt
	default:
		c.finish(o, o.failed(c.inDetail(o.id, c.whyEnded(path, a))))
	}
}

func (c *commands) whyEnded(path dbus.ObjectPath, a *active) cause {
	if why, ok := c.ends[path]; ok {
		return why
	}
	if a != nil {
		return causeOf(reasonDevice, c.reader.deviceReason(a))
	}
	return causeOf(0, 0)
}

// inDetail is a cause with what the profile adds to it: where its secrets are stored,
// somebody was asked for others because they were not accepted.
func (c *commands) inDetail(id string, why cause) cause {
	if o := c.reader.picture.profileOf(id); o != nil && o.settings.stored && why.name == noSecrets {
		return refusedSecrets
	}
	return why
}

// stop deactivates whatever there is of a network, and withdraws starts of it.
func (c *commands) stop(o *operation) {
	c.bound(o, stopLimit, o.refusal(unknown, "it is still not down."))
	for _, s := range append([]*operation{}, c.open...) {
		if s.op == backend.OpStart && s.id == o.id {
			c.withdraw(s, o)
		}
	}
	for _, a := range c.activesOf(o.id) {
		o.actives = append(o.actives, a.path)
		if a.state != activeDeactivating {
			c.deactivate(o, a.path)
		}
	}
	c.settle()
}

// withdraw ends a start in favour of a stop.
func (c *commands) withdraw(s, by *operation) {
	if s.asked > 0 {
		s.heir = by
		by.asked++
	}
	c.finish(s, s.refusal(aborted, "it was stopped before it was up."))
}

// inherit lets a stop end what a withdrawn start has brought about after all.
func (c *commands) inherit(o *operation, path dbus.ObjectPath, started bool) {
	o.asked--
	if !started {
		return
	}
	o.actives = append(o.actives, path)
	c.deactivate(o, path)
}

func (c *commands) deactivate(o *operation, path dbus.ObjectPath) {
	c.call(o, managerPath, managerInterface, "DeactivateConnection", func(r bus.Reply) {
		if r.Err != nil && !notActive(r.Err) {
			c.finish(o, o.refused(r.Err))
		}
		c.settle()
	}, path)
}

// notActive reports whether a connection could not be ended because it has
// ended.
func notActive(err error) bool {
	said, ok := err.(*bus.Error)
	return ok && said.Name == daemonName+".ConnectionNotActive"
}

func (c *commands) settleStop(o *operation) {
	for _, path := range o.actives {
		if a := c.reader.picture.actives[path]; a != nil && a.state != activeDeactivated {
			return
		}
	}
	c.finish(o, nil)
}

// topicOf is what the active connections of a network are found by.
func (c *commands) topicOf(id string) topic {
	if o := c.reader.picture.profileOf(id); o != nil {
		return about(using, o.path)
	}
	if d := c.reader.picture.deviceOf(id); d != nil {
		return about(on, d.path)
	}
	return topic{}
}

// activesOf are the active connections of a network, oldest first.
func (c *commands) activesOf(id string) []*active {
	var list []*active
	for _, path := range c.reader.picture.index.group(c.topicOf(id)) {
		if a := c.reader.picture.actives[path]; a.state != activeDeactivated {
			list = append(list, a)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].number < list[j].number })
	return list
}

// inUse is the active connection of a network that counts, or nil.
func (c *commands) inUse(id string) *active { return c.reader.picture.inUse(c.topicOf(id)) }

func contains(list []dbus.ObjectPath, path dbus.ObjectPath) bool {
	for _, p := range list {
		if p == path {
			return true
		}
	}
	return false
}
