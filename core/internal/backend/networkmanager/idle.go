package networkmanager

import (
	"fmt"
	"strings"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file tell how far a configuration is that is not in use, and
// what stands in its way.

// idle is the state of a profile that is not in use, the device that it would use if
// that is certain, and why it cannot be opened, where that is known.
func (p *picture) idle(o *profile) (bearer.State, outline, string) {
	devices := p.index.group(about(offering, o.path))
	d := p.outline(p.named(o.settings.link))
	if len(devices) == 1 {
		d = p.outline(devices[0])
	}
	if why := p.switchedOff(o.settings.kind); why != "" {
		return bearer.Defined, d, why
	}
	if len(devices) > 0 {
		return bearer.Discovered, d, ""
	}
	why := p.lacks(o)
	if o.settings.kind == "vpn" && why == "" || o.settings.ownDevice && why == "" {
		return bearer.Discovered, d, ""
	}
	return bearer.Defined, d, why
}

// idleDevice is the same for a device without a profile.
func (p *picture) idleDevice(d *device) (bearer.State, string) {
	if why := p.switchedOff(kindsOfDevice[d.kind]); why != "" {
		return bearer.Defined, why
	}
	if startable[d.kind] && d.managed && d.state >= stateDisconnected {
		return bearer.Discovered, ""
	}
	return bearer.Defined, ""
}

// switchedOff says what would have to be switched on first.
func (p *picture) switchedOff(kind string) string {
	p.index.look(about(sleeping, ""))
	switch {
	case p.manager.disabled:
		return "networking is switched off; nmcli networking on switches it on"
	case p.manager.sleeping:
		return "the system sleeps, and NetworkManager with it"
	}
	var r radio
	var name string
	p.index.look(about(radios, ""))
	switch kind {
	case "802-11-wireless", "802-11-olpc-mesh":
		r, name = p.manager.wifi, "wifi"
	case "gsm", "cdma":
		r, name = p.manager.wwan, "wwan"
	}
	switch {
	case r.hardware:
		return "its radio is switched off by a switch of the machine (rfkill)"
	case r.software:
		return fmt.Sprintf("its radio is switched off (rfkill); nmcli radio %s on switches it on", name)
	}
	return ""
}

// lacks says what a profile lacks that no device offers.
func (p *picture) lacks(o *profile) string {
	s := &o.settings
	switch {
	case s.kind == "vpn" && !p.connected():
		return "there is no network for the VPN to run over"
	case s.ownDevice:
		for _, parent := range s.parents {
			if parent != "" && !p.there(parent, 0) {
				return fmt.Sprintf("the interface %s that it runs over is not there", p.naming(parent))
			}
		}
	case s.kind != "vpn" && s.link != "":
		path := p.realNamed(s.link)
		if path == "" {
			return fmt.Sprintf("its interface %s is not there", s.link)
		}
		if d := p.device(path); !d.managed {
			return fmt.Sprintf("NetworkManager does not manage its interface %s", s.link)
		}
	}
	return ""
}

// naming is a parent as people know it.
func (p *picture) naming(parent string) string {
	for _, path := range p.index.group(about(withUUID, parent)) {
		if name := p.profile(path).settings.name; name != "" {
			return "of " + name
		}
	}
	return parent
}

// there reports whether there is an interface to make another one on, or whether
// NetworkManager would make it first.
func (p *picture) there(parent string, depth int) bool {
	const deepest = 8 // profiles may name each other
	if p.realNamed(parent) != "" || p.index.some(about(identified, strings.ToUpper(parent))) {
		return true
	}
	for _, t := range []topic{about(withUUID, parent), about(forLink, parent)} {
		for _, path := range p.index.group(t) {
			if o := p.profile(path); depth < deepest && p.within(o, depth) {
				return true
			}
		}
	}
	return false
}

// within reports whether a profile has an interface, or NetworkManager would make it.
func (p *picture) within(o *profile, depth int) bool {
	s := &o.settings
	switch {
	case p.inUse(about(using, o.path)) != nil || p.index.some(about(offering, o.path)):
		return true
	case !s.ownDevice:
		return s.link != "" && p.realNamed(s.link) != "" || s.hardware != "" && p.index.some(about(identified, s.hardware))
	}
	for _, parent := range s.parents {
		if parent != "" && !p.there(parent, depth+1) {
			return false
		}
	}
	return true
}
