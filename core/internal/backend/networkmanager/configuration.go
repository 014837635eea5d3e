package networkmanager

import (
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The prefixes of identifiers. That of a device is as stable as the name of its
// interface.
const (
	profilePrefix = "nm:"
	devicePrefix  = "nm:device:"
)

// id is the identifier of the profile's configuration.
func (o *profile) id() string { return profilePrefix + o.settings.uuid }

// changes are the configurations that look different, and the identifiers of
// those that are no more, since it was called last. The order is the same each
// time.
func (p *daemonState) changes() (changed []bearer.Configuration, gone []string) {
	touched := p.index.dirty
	if len(touched) == 0 {
		return nil, nil
	}
	p.index.dirty = make(map[string]bool) // an emptied map is as slow to go through as it was full
	for _, id := range sortedKeys(touched) {
		c, ok := p.configuration(id)
		old, known := p.published[id]
		switch {
		case ok && !(known && old.Equal(&c)):
			p.published[id] = c
			changed = append(changed, c)
		case known && !ok:
			delete(p.published, id)
			gone = append(gone, id)
		}
	}
	return changed, gone
}

// configuration derives one configuration, and reports whether there is one.
func (p *daemonState) configuration(id string) (c bearer.Configuration, ok bool) {
	p.index.derive(id, func() {
		if d := p.deviceOf(id); d != nil && p.listed(d) {
			c, ok = p.ofDevice(d), true
		} else if o := p.profileOf(id); o != nil {
			c, ok = p.ofProfile(o), true
		} else if d == nil {
			p.index.dropDependencies(id) // it is touched when such an object appears
		}
	})
	return c, ok
}

func (p *daemonState) ofProfile(o *profile) bearer.Configuration {
	s := &o.settings
	c := bearer.Configuration{
		ID: o.id(), Alias: string(o.path), Name: s.name, Type: bearer.InternetAccessPoint,
		Purpose: purposeOf(s.kind), Role: roleOf(s.kind), Priority: int(s.priority), Denied: p.denied,
		Metered: meteredOf(meteredSetting(s.metered)),
	}
	if s.ssid != "" {
		c.Strength = p.strength(s.ssid)
	}
	a := p.inUse(topicOf(activesByProfile, o.path))
	d := p.applyActive(&c, a)
	if c.State == 0 {
		c.State, d, c.Obstacle = p.idleState(o)
	}
	if s.shared || needsPorts[s.kind] && !p.hasPorts(o, d) && (a == nil || !a.hasDefaultRoute()) {
		c.Role = bearer.Downlink
	}
	c.Bearer = bearerOf(s.kind, d, p.modem(d.modem))
	p.applyDevice(&c, d)
	return c
}

// hasPorts reports whether a bridge or the like has ports, or would have. What
// somebody else has made a port of it, NetworkManager does not tell.
func (p *daemonState) hasPorts(o *profile, d deviceSummary) bool {
	return d.hasPorts || p.index.nonEmpty(topicOf(portsByController, o.settings.uuid)) || p.index.nonEmpty(topicOf(portsByController, o.settings.interfaceName))
}

func (p *daemonState) ofDevice(d *device) bearer.Configuration {
	kind := profileTypes[d.kind]
	c := bearer.Configuration{
		ID: d.id(), Name: d.name, Type: bearer.InternetAccessPoint, Denied: p.denied,
		Purpose: purposeOf(kind), Role: roleOf(kind), WholeLink: true,
	}
	p.applyActive(&c, p.inUse(topicOf(activesByDevice, d.path)))
	if c.State == 0 {
		c.State, c.Obstacle = p.idleDeviceState(d)
	}
	c.Bearer = bearerOf(kind, d.summary(), p.modem(d.summary().modem))
	p.applyDevice(&c, d.summary())
	return c
}

// isReplaced reports whether an active connection ends because another one begins on its
// device: of the same profile, perhaps, which somebody starts anew.
func (p *daemonState) isReplaced(a *active) bool {
	for _, path := range a.devices {
		if d := p.device(path); d != nil && d.state == stateDeactivating && d.reason == reasonNewActivation {
			return true
		}
	}
	return false
}

// applyActive says what an active connection makes of a configuration, and returns the
// device that it uses. It leaves the state 0 if there is none.
func (p *daemonState) applyActive(c *bearer.Configuration, a *active) deviceSummary {
	if a == nil {
		return deviceSummary{}
	}
	switch a.state {
	case activeActivated:
		c.State, c.Activation = bearer.Active, string(a.path)
		c.Reach, c.Portal = p.reach(a)
	case activeDeactivating:
		c.State, c.Progress = bearer.Discovered, bearer.Closing
		if p.isReplaced(a) {
			c.Progress = bearer.Connecting
		}
	default:
		c.State, c.Progress, c.Activation = bearer.Discovered, bearer.Connecting, string(a.path)
	}
	if o := p.profile(a.profile); o != nil {
		c.AddressOptional = o.addressOptional()
	}
	p.applyMetered(c, a)
	if len(a.devices) == 0 || a.vpn {
		return deviceSummary{}
	}
	d := p.device(a.devices[0])
	if d == nil {
		return deviceSummary{}
	}
	if o := p.point(d.point); o != nil && c.State == bearer.Active {
		c.Strength = o.strength
	}
	return d.summary()
}

// applyMetered says what traffic of a configuration in use costs. What NetworkManager says
// of a tunnel's device is a guess from that alone: what is under it counts.
func (p *daemonState) applyMetered(c *bearer.Configuration, a *active) {
	if c.Role == bearer.Tunnel {
		if a = p.underlying(a); a == nil {
			return
		}
	}
	if m := p.meteredOf(a); m != bearer.MeteredUnknown {
		c.Metered = m
	}
}

// applyDevice adds what the device tells.
func (p *daemonState) applyDevice(c *bearer.Configuration, d deviceSummary) {
	// The kernel's link of a VRF carries nothing itself: what belongs to the VRF does.
	if d.kind != deviceVRF {
		c.Interface, c.Hardware = d.iface, d.hardware
	}
	if m := p.modem(d.modem); m != nil {
		c.Strength = m.quality
		c.Abroad = m.registration == registeredRoaming || m.registration == registeredRoamingSMS ||
			m.registration == registeredRoamingNoCSFB
	}
}

func sortedKeys(ids map[string]bool) []string {
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	sort.Strings(list)
	return list
}
