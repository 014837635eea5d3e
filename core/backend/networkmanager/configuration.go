package networkmanager

import (
	"sort"
	"strings"

	"github.com/netsession/netsession/core/bearer"
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
func (p *picture) changes() (changed []bearer.Configuration, gone []string) {
	touched := p.index.touched
	if len(touched) == 0 {
		return nil, nil
	}
	p.index.touched = make(map[string]bool) // an emptied map is as slow to go through as it was full
	for _, id := range sorted(touched) {
		c, ok := p.configuration(id)
		old, known := p.shown[id]
		switch {
		case ok && !(known && old.Equal(&c)):
			p.shown[id] = c
			changed = append(changed, c)
		case known && !ok:
			delete(p.shown, id)
			gone = append(gone, id)
		}
	}
	return changed, gone
}

// configuration derives one configuration, and reports whether there is one.
func (p *picture) configuration(id string) (c bearer.Configuration, ok bool) {
	p.index.derive(id, func() {
		if d := p.deviceOf(id); d != nil && p.listed(d) {
			c, ok = p.ofDevice(d), true
		} else if o := p.profileOf(id); o != nil {
			c, ok = p.ofProfile(o), true
		} else if d == nil {
			p.index.forget(id) // it is touched when such an object appears
		}
	})
	return c, ok
}

// listed reports whether the device is an access point of its own: it is
// managed, can carry IP, and no profile stands for it.
func (p *picture) listed(d *device) bool {
	if !d.managed || unlisted[d.kind] || d.name == "" {
		return false
	}
	if a := p.inUse(about(on, d.path)); a != nil {
		o := p.profile(a.profile)
		if o == nil || o.lasting() || a.port != "" && a.port != nowhere {
			return false
		}
	}
	return !p.fitted(d)
}

// fitted reports whether there is a lasting profile for the device.
func (p *picture) fitted(d *device) bool {
	if p.index.some(about(forKind, kindsOfDevice[d.kind])) {
		return true
	}
	for _, t := range []topic{
		about(forLink, d.name), about(forLink, d.link), about(forHardware, strings.ToUpper(d.hardware)),
	} {
		for _, path := range p.index.group(t) {
			if p.profile(path).fits(d) {
				return true
			}
		}
	}
	return false
}

func (p *picture) ofProfile(o *profile) bearer.Configuration {
	s := &o.settings
	c := bearer.Configuration{
		ID: o.id(), Alias: string(o.path), Name: s.name, Type: bearer.InternetAccessPoint,
		Purpose: purposeOf(s.kind), Priority: int(s.priority), Denied: p.denied,
		Metered: meteredOf(meteredSetting(s.metered)),
	}
	if s.ssid != "" {
		c.Strength = p.strength(s.ssid)
	}
	d := p.use(&c, p.inUse(about(using, o.path)))
	if c.State == 0 {
		c.State, d = p.idle(o)
	}
	c.Bearer = bearerOf(s.kind, d, p.modem(d.modem))
	p.describe(&c, d)
	return c
}

// idle is the state of a profile that is not in use, and the device that it
// would use if that is certain.
func (p *picture) idle(o *profile) (bearer.State, outline) {
	devices := p.index.group(about(offering, o.path))
	if len(devices) == 1 {
		return bearer.Discovered, p.outline(devices[0])
	}
	state := bearer.Defined
	if len(devices) > 1 || o.settings.ownDevice || o.settings.kind == "vpn" && p.connected() {
		state = bearer.Discovered
	}
	return state, p.outline(p.named(o.settings.link))
}

func (p *picture) ofDevice(d *device) bearer.Configuration {
	c := bearer.Configuration{
		ID: d.id(), Name: d.name, Type: bearer.InternetAccessPoint, Denied: p.denied,
	}
	p.use(&c, p.inUse(about(on, d.path)))
	if c.State == 0 {
		c.State = bearer.Defined
		if startable[d.kind] && d.state >= stateDisconnected {
			c.State = bearer.Discovered
		}
	}
	c.Bearer = bearerOf(kindsOfDevice[d.kind], d.outline(), p.modem(d.outline().modem))
	p.describe(&c, d.outline())
	return c
}

// use says what an active connection makes of a configuration, and returns the
// device that it uses. It leaves the state 0 if there is none.
func (p *picture) use(c *bearer.Configuration, a *active) outline {
	if a == nil {
		return outline{}
	}
	switch a.state {
	case activeActivated:
		c.State = bearer.Active
	case activeDeactivating:
		c.State, c.Progress = bearer.Discovered, bearer.Closing
	default:
		c.State, c.Progress = bearer.Discovered, bearer.Connecting
	}
	if o := p.profile(a.profile); o != nil {
		c.AddressOptional = o.addressOptional()
	}
	if c.State == bearer.Active && p.primary(a.path) {
		c.Reach, c.Portal = reachOf(p.manager.connectivity), p.manager.connectivity == connectivityPortal
	}
	if len(a.devices) == 0 || a.vpn {
		return outline{}
	}
	d := p.device(a.devices[0])
	if d == nil {
		return outline{}
	}
	if m := meteredOf(d.metered); m != bearer.MeteredUnknown {
		c.Metered = m
	}
	if o := p.point(d.point); o != nil && c.State == bearer.Active {
		c.Strength = o.strength
	}
	return d.outline()
}

// describe adds what the device tells.
func (p *picture) describe(c *bearer.Configuration, d outline) {
	c.Interface = d.link
	if m := p.modem(d.modem); m != nil {
		c.Strength = m.quality
		c.Abroad = m.registration == registeredRoaming || m.registration == registeredRoamingSMS ||
			m.registration == registeredRoamingNoCSFB
	}
}

func sorted(ids map[string]bool) []string {
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	sort.Strings(list)
	return list
}
