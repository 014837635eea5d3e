package networkmanager

import (
	"sort"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/bearer"
)

// The prefixes of identifiers. That of a device is as stable as the name of its
// interface.
const (
	profilePrefix = "nm:"
	devicePrefix  = "nm:device:"
)

// configurations is what the picture looks like to sessions.
func (p *picture) configurations() map[string]bearer.Configuration {
	v := p.view()
	list := make(map[string]bearer.Configuration, len(p.profiles))
	for _, o := range p.profiles {
		if o.listed() {
			c := v.profile(o)
			list[c.ID] = c
		}
	}
	for _, d := range p.devices {
		if v.listed(d) {
			c := v.device(d)
			list[c.ID] = c
		}
	}
	return list
}

// view is a picture with what has to be looked up in it more than once.
type view struct {
	*picture
	inUse     map[dbus.ObjectPath]*active   // by profile: the one that counts
	onDevice  map[dbus.ObjectPath]*active   // by device
	available map[dbus.ObjectPath][]*device // by profile
	strength  map[string]byte               // of the best access point of a network
}

func (p *picture) view() *view {
	v := &view{
		picture:   p,
		inUse:     make(map[dbus.ObjectPath]*active),
		onDevice:  make(map[dbus.ObjectPath]*active),
		available: make(map[dbus.ObjectPath][]*device),
		strength:  make(map[string]byte),
	}
	for _, a := range p.actives {
		prefer(v.inUse, a.profile, a)
		if !a.vpn { // which only borrows its device
			for _, d := range a.devices {
				prefer(v.onDevice, d, a)
			}
		}
	}
	for _, d := range p.devices {
		v.look(d)
	}
	for _, list := range v.available {
		list := list
		sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	}
	return v
}

// look notes what a device has to offer.
func (v *view) look(d *device) {
	if !d.managed {
		return
	}
	for _, path := range d.available {
		v.available[path] = append(v.available[path], d)
	}
	for _, path := range d.points {
		if o := v.points[path]; o != nil && o.strength > v.strength[o.ssid] {
			v.strength[o.ssid] = o.strength
		}
	}
}

// prefer keeps the active connection that tells most about a profile or device:
// one in use before one on its way up before one on its way down, and of equal
// ones the newest.
func prefer(index map[dbus.ObjectPath]*active, key dbus.ObjectPath, a *active) {
	rank := [...]int{activeUnknown: 2, activeActivating: 2, activeActivated: 3, activeDeactivating: 1}
	if int(a.state) >= len(rank) {
		return // over, or in a state that nobody knows
	}
	old := index[key]
	if old == nil || rank[a.state] > rank[old.state] || rank[a.state] == rank[old.state] && a.number > old.number {
		index[key] = a
	}
}

// listed reports whether the profile is an access point.
func (o *profile) listed() bool {
	return o.loaded && o.lasting() && !o.settings.port && o.settings.kind != "loopback"
}

// lasting reports whether somebody made the profile to be used again. The
// others are shown as what their device does.
func (o *profile) lasting() bool { return o.flags&(profileVolatile|profileExternal) == 0 }

// listed reports whether the device is an access point of its own: it is
// managed, can carry IP, and no profile stands for it.
func (v *view) listed(d *device) bool {
	if !d.managed || unlisted[d.kind] || d.name == "" {
		return false
	}
	if a := v.onDevice[d.path]; a != nil {
		o := v.profiles[a.profile]
		if o == nil || o.lasting() || a.port != "" && a.port != nowhere {
			return false
		}
	}
	for _, o := range v.profiles {
		if o.loaded && o.lasting() && o.fits(d) {
			return false
		}
	}
	return true
}

// fits reports whether the profile is one for the device.
func (o *profile) fits(d *device) bool {
	s := &o.settings
	switch {
	case s.link != "" && s.link != d.name && s.link != d.link:
		return false
	case s.hardware != "" && !strings.EqualFold(s.hardware, d.hardware):
		return false
	case s.link != "" && (s.ownDevice || s.hardware != ""):
		return true
	}
	kind := s.kind
	if wanted, ok := deviceKindOf[kind]; ok {
		kind = wanted
	}
	return kindsOfDevice[d.kind] == kind
}

func (v *view) profile(o *profile) bearer.Configuration {
	s := &o.settings
	c := bearer.Configuration{
		ID: profilePrefix + s.uuid, Alias: string(o.path), Name: s.name, Type: bearer.InternetAccessPoint,
		Purpose: purposeOf(s.kind), Priority: int(s.priority), Denied: v.denied,
		Metered: meteredOf(meteredSetting(s.metered)), Strength: v.strength[s.ssid],
	}
	if s.ssid == "" {
		c.Strength = 0
	}
	d := v.use(&c, v.inUse[o.path])
	if c.State == 0 {
		c.State, d = v.idle(o)
	}
	c.Bearer = bearerOf(s.kind, d, v.modemOf(d))
	v.describe(&c, d)
	return c
}

// idle is the state of a profile that is not in use, and the device that it
// would use if that is certain.
func (v *view) idle(o *profile) (bearer.State, *device) {
	devices := v.available[o.path]
	switch {
	case len(devices) == 1:
		return bearer.Discovered, devices[0]
	case len(devices) > 1:
		return bearer.Discovered, v.named(o.settings.link)
	case o.settings.ownDevice, o.settings.kind == "vpn" && v.connected():
		return bearer.Discovered, v.named(o.settings.link)
	}
	return bearer.Defined, v.named(o.settings.link)
}

// connected reports whether there is something for a VPN to run over.
func (v *view) connected() bool { return v.manager.primary != "" && v.manager.primary != nowhere }

func (v *view) device(d *device) bearer.Configuration {
	c := bearer.Configuration{
		ID: devicePrefix + d.name, Name: d.name, Type: bearer.InternetAccessPoint, Denied: v.denied,
	}
	v.use(&c, v.onDevice[d.path])
	if c.State == 0 {
		c.State = bearer.Defined
		if startable[d.kind] && d.state >= stateDisconnected {
			c.State = bearer.Discovered
		}
	}
	c.Bearer = bearerOf(kindsOfDevice[d.kind], d, v.modemOf(d))
	v.describe(&c, d)
	return c
}

// use says what an active connection makes of a configuration, and returns the
// device that it uses. It leaves the state 0 if there is none.
func (v *view) use(c *bearer.Configuration, a *active) *device {
	if a == nil {
		return nil
	}
	switch a.state {
	case activeActivated:
		c.State = bearer.Active
	case activeDeactivating:
		c.State, c.Progress = bearer.Discovered, bearer.Closing
	default:
		c.State, c.Progress = bearer.Discovered, bearer.Connecting
	}
	if a.path == v.manager.primary && c.State == bearer.Active {
		c.Reach, c.Portal = reachOf(v.manager.connectivity), v.manager.connectivity == connectivityPortal
	}
	if len(a.devices) == 0 {
		return nil
	}
	d := v.devices[a.devices[0]]
	if d == nil || a.vpn {
		return nil
	}
	if m := meteredOf(d.metered); m != bearer.MeteredUnknown {
		c.Metered = m
	}
	if o := v.points[d.point]; o != nil && c.State == bearer.Active {
		c.Strength = o.strength
	}
	return d
}

// describe adds what the device tells.
func (v *view) describe(c *bearer.Configuration, d *device) {
	if d == nil {
		return
	}
	c.Interface = d.interfaceName()
	if m := v.modemOf(d); m != nil {
		c.Strength = m.quality
		c.Abroad = m.registration == registeredRoaming || m.registration == registeredRoamingSMS ||
			m.registration == registeredRoamingNoCSFB
	}
}

// interfaceName is the link that carries IP. A modem's or a phone's own name is
// not that of a link.
func (d *device) interfaceName() string {
	if d.link != "" || d.kind == deviceModem || d.kind == deviceBluetooth || d.kind == deviceADSL {
		return d.link
	}
	return d.name
}

func (v *view) named(link string) *device {
	if link == "" {
		return nil
	}
	for _, d := range v.devices {
		if d.name == link {
			return d
		}
	}
	return nil
}

func (v *view) modemOf(d *device) *modem {
	if d == nil || d.kind != deviceModem {
		return nil
	}
	return v.modems[dbus.ObjectPath(d.udi)]
}

// managed are the interfaces that NetworkManager speaks for. It is never nil.
func (p *picture) managed() []string {
	names := []string{}
	for _, d := range p.devices {
		if !d.managed {
			continue
		}
		names = append(names, d.name)
		if d.link != "" && d.link != d.name {
			names = append(names, d.link)
		}
	}
	sort.Strings(names)
	return names
}
