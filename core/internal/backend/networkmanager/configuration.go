package networkmanager

import (
	"maps"
	"slices"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The prefixes of identifiers. The identifier of a device is as stable as the name of its
// interface.
const (
	profilePrefix = "nm:"
	devicePrefix  = "nm:device:"
)

// id returns the identifier of the profile's configuration.
func (o *profile) id() string { return profilePrefix + o.settings.uuid }

// changes returns the configurations that have changed since its last call, and the
// identifiers of removed configurations, both in a deterministic order.
func (st *daemonState) changes() (changed []bearer.Configuration, gone []string) {
	touched := st.index.dirty
	if len(touched) == 0 {
		return nil, nil
	}
	st.index.dirty = make(map[string]bool) // clear would keep the size, and iteration as slow as with the most entries
	for _, id := range slices.Sorted(maps.Keys(touched)) {
		c, ok := st.configuration(id)
		old, known := st.published[id]
		switch {
		case ok && !(known && old.Equal(&c)):
			st.published[id] = c
			changed = append(changed, c)
		case known && !ok:
			delete(st.published, id)
			gone = append(gone, id)
		}
	}
	return changed, gone
}

// configuration derives one configuration, and reports whether it exists.
func (st *daemonState) configuration(id string) (c bearer.Configuration, ok bool) {
	st.index.derive(id, func() {
		if d := st.deviceOf(id); d != nil && st.listed(d) {
			c, ok = st.ofDevice(d), true
		} else if o := st.profileOf(id); o != nil {
			c, ok = st.ofProfile(o), true
		} else if d == nil {
			st.index.dropDependencies(id) // the object marks it dirty when it appears
		}
	})
	return c, ok
}

func (st *daemonState) ofProfile(o *profile) bearer.Configuration {
	s := &o.settings
	c := bearer.Configuration{
		ID: o.id(), Alias: string(o.path), Name: s.name, Type: bearer.InternetAccessPoint,
		Purpose: purposeOf(s.kind), Role: roleOf(s.kind), Priority: int(s.priority), Denied: st.denied,
		Metered: meteredOf(meteredSetting(s.metered)),
	}
	if s.ssid != "" {
		c.Strength = st.strength(s.ssid)
	}
	a := st.inUse(topicOf(activesByProfile, o.path))
	d := st.applyActive(&c, a)
	if c.State == 0 {
		c.State, d, c.Obstacle = st.idleState(o)
	}
	if s.shared || needsPorts[s.kind] && !st.hasPorts(o, d) && (a == nil || !a.hasDefaultRoute()) {
		c.Role = bearer.Downlink
	}
	c.Bearer = bearerOf(s.kind, d, st.modem(d.modem))
	st.applyDevice(&c, d)
	return c
}

// hasPorts reports whether a bridge or the like has ports, or would have ports.
// NetworkManager does not show the ports that others have added.
func (st *daemonState) hasPorts(o *profile, d deviceSummary) bool {
	return d.hasPorts || st.index.nonEmpty(topicOf(portsByController, o.settings.uuid)) || st.index.nonEmpty(topicOf(portsByController, o.settings.interfaceName))
}

func (st *daemonState) ofDevice(d *device) bearer.Configuration {
	kind := profileTypes[d.kind]
	c := bearer.Configuration{
		ID: d.id(), Name: d.name, Type: bearer.InternetAccessPoint, Denied: st.denied,
		Purpose: purposeOf(kind), Role: roleOf(kind), WholeLink: true,
	}
	st.applyActive(&c, st.inUse(topicOf(activesByDevice, d.path)))
	if c.State == 0 {
		c.State, c.Obstacle = st.idleDeviceState(d)
	}
	c.Bearer = bearerOf(kind, d.summary(), st.modem(d.summary().modem))
	st.applyDevice(&c, d.summary())
	return c
}

// isReplaced reports whether an active connection ends because another one begins on its
// device, perhaps of the same profile.
func (st *daemonState) isReplaced(a *active) bool {
	for _, path := range a.devices {
		if d := st.device(path); d != nil && d.state == stateDeactivating && d.reason == reasonNewActivation {
			return true
		}
	}
	return false
}

// applyActive sets what follows from an active connection, and returns a summary of its
// device. It leaves the state 0 if a is nil.
func (st *daemonState) applyActive(c *bearer.Configuration, a *active) deviceSummary {
	if a == nil {
		return deviceSummary{}
	}
	switch a.state {
	case activeActivated:
		c.State, c.Activation = bearer.Active, string(a.path)
		c.Reach, c.Portal = st.reach(a)
	case activeDeactivating:
		c.State, c.Progress = bearer.Discovered, bearer.Closing
		if st.isReplaced(a) {
			c.Progress = bearer.Connecting
		}
	default:
		c.State, c.Progress, c.Activation = bearer.Discovered, bearer.Connecting, string(a.path)
	}
	if o := st.profile(a.profile); o != nil {
		c.AddressOptional = o.addressOptional()
	}
	st.applyMetered(c, a)
	if len(a.devices) == 0 || a.vpn {
		return deviceSummary{}
	}
	d := st.device(a.devices[0])
	if d == nil {
		return deviceSummary{}
	}
	if o := st.point(d.point); o != nil && c.State == bearer.Active {
		c.Strength = o.strength
	}
	return d.summary()
}

// applyMetered sets whether traffic of a configuration in use costs. NetworkManager's
// value for the device of a tunnel is a guess: the connection under the tunnel decides.
func (st *daemonState) applyMetered(c *bearer.Configuration, a *active) {
	if c.Role == bearer.Tunnel {
		if a = st.underlying(a); a == nil {
			return
		}
	}
	if m := st.meteredOf(a); m != bearer.MeteredUnknown {
		c.Metered = m
	}
}

// applyDevice sets what follows from the device.
func (st *daemonState) applyDevice(c *bearer.Configuration, d deviceSummary) {
	// The link of a VRF carries no traffic itself; its members do.
	if d.kind != deviceVRF {
		c.Interface, c.Hardware = d.iface, d.hardware
	}
	if m := st.modem(d.modem); m != nil {
		c.Strength = m.quality
		c.Abroad = m.registration == registeredRoaming || m.registration == registeredRoamingSMS ||
			m.registration == registeredRoamingNoCSFB
	}
}
