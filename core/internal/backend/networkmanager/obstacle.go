package networkmanager

import (
	"fmt"
	"strings"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file tell how far a configuration is that is not in use, and
// what stands in its way.

// idleState is the state of a profile that is not in use, the device that it would use if
// that is certain, and why it cannot be opened, where that is known.
func (p *daemonState) idleState(o *profile) (bearer.State, deviceSummary, string) {
	devices := p.index.group(topicOf(devicesByProfile, o.path))
	d := p.summary(p.deviceNamed(o.settings.interfaceName))
	if len(devices) == 1 {
		d = p.summary(devices[0])
	}
	if why := p.switchedOff(o.settings.kind); why != "" {
		return bearer.Defined, d, why
	}
	if len(devices) > 0 {
		return bearer.Discovered, d, ""
	}
	why := p.missingFor(o)
	if o.settings.kind == "vpn" && why == "" || o.settings.ownDevice && why == "" {
		return bearer.Discovered, d, ""
	}
	return bearer.Defined, d, why
}

// idleDeviceState is the same for a device without a profile.
func (p *daemonState) idleDeviceState(d *device) (bearer.State, string) {
	if why := p.switchedOff(profileTypes[d.kind]); why != "" {
		return bearer.Defined, why
	}
	if startableWithoutProfile[d.kind] && d.managed && d.state >= stateDisconnected {
		return bearer.Discovered, ""
	}
	return bearer.Defined, ""
}

// switchedOff says what would have to be switched on first.
func (p *daemonState) switchedOff(kind string) string {
	p.index.depend(topicOf(sleepState, ""))
	switch {
	case p.manager.disabled:
		return "networking is switched off; nmcli networking on switches it on"
	case p.manager.sleeping:
		return "the system sleeps, and NetworkManager with it"
	}
	var r radio
	var name string
	p.index.depend(topicOf(radioState, ""))
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

// missingFor says what a profile lacks that no device offers.
func (p *daemonState) missingFor(o *profile) string {
	s := &o.settings
	switch {
	case s.kind == "vpn" && !p.hasPrimary():
		return "there is no network for the VPN to run over"
	case s.ownDevice:
		for _, parent := range s.parents {
			if parent != "" && !p.parentExists(parent, 0) {
				return fmt.Sprintf("the interface %s that it runs over is not there", p.parentName(parent))
			}
		}
	case s.kind != "vpn" && s.interfaceName != "":
		path := p.realDeviceNamed(s.interfaceName)
		if path == "" {
			return fmt.Sprintf("its interface %s is not there", s.interfaceName)
		}
		if d := p.device(path); !d.managed {
			return fmt.Sprintf("NetworkManager does not manage its interface %s", s.interfaceName)
		}
	}
	return ""
}

// parentName is a parent as people know it.
func (p *daemonState) parentName(parent string) string {
	for _, path := range p.index.group(topicOf(profilesByUUID, parent)) {
		if name := p.profile(path).settings.name; name != "" {
			return "of " + name
		}
	}
	return parent
}

// parentExists reports whether there is an interface to make another one on, or whether
// NetworkManager would make it first.
func (p *daemonState) parentExists(parent string, depth int) bool {
	const deepest = 8 // profiles may name each other
	if p.realDeviceNamed(parent) != "" || p.index.nonEmpty(topicOf(devicesByHardware, strings.ToUpper(parent))) {
		return true
	}
	for _, t := range []topic{topicOf(profilesByUUID, parent), topicOf(profilesByInterface, parent)} {
		for _, path := range p.index.group(t) {
			if o := p.profile(path); depth < deepest && p.canProvide(o, depth) {
				return true
			}
		}
	}
	return false
}

// canProvide reports whether a profile has an interface, or NetworkManager would make it.
func (p *daemonState) canProvide(o *profile, depth int) bool {
	s := &o.settings
	switch {
	case p.inUse(topicOf(activesByProfile, o.path)) != nil || p.index.nonEmpty(topicOf(devicesByProfile, o.path)):
		return true
	case !s.ownDevice:
		return s.interfaceName != "" && p.realDeviceNamed(s.interfaceName) != "" || s.hardware != "" && p.index.nonEmpty(topicOf(devicesByHardware, s.hardware))
	}
	for _, parent := range s.parents {
		if parent != "" && !p.parentExists(parent, depth+1) {
			return false
		}
	}
	return true
}
