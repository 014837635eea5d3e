package networkmanager

import (
	"fmt"
	"strings"

	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file derive the state of a configuration that is not in use, and
// the obstacle to opening it.

// idleState returns the state of a profile that is not in use, the device that it would
// use if that is certain, and why it cannot be opened if that is known.
func (st *daemonState) idleState(o *profile) (bearer.State, deviceSummary, string) {
	devices := st.index.group(topicOf(devicesByProfile, o.path))
	d := st.summary(st.deviceNamed(o.settings.interfaceName))
	if len(devices) == 1 {
		d = st.summary(devices[0])
	}
	if why := st.switchedOff(o.settings.kind); why != "" {
		return bearer.Defined, d, why
	}
	if len(devices) > 0 {
		return bearer.Discovered, d, ""
	}
	why := st.missingFor(o)
	if o.settings.kind == "vpn" && why == "" || o.settings.ownDevice && why == "" {
		return bearer.Discovered, d, ""
	}
	return bearer.Defined, d, why
}

// idleDeviceState is idleState for a device without a profile.
func (st *daemonState) idleDeviceState(d *device) (bearer.State, string) {
	if why := st.switchedOff(profileTypes[d.kind]); why != "" {
		return bearer.Defined, why
	}
	if startableWithoutProfile[d.kind] && d.managed && d.state >= stateDisconnected {
		return bearer.Discovered, ""
	}
	return bearer.Defined, ""
}

// switchedOff explains what has to be switched on first; empty if nothing has.
func (st *daemonState) switchedOff(kind string) string {
	st.index.depend(topicOf(sleepState, ""))
	switch {
	case st.manager.disabled:
		return "networking is switched off; nmcli networking on switches it on"
	case st.manager.sleeping:
		return "the system sleeps, and NetworkManager with it"
	}
	var r radio
	var name string
	st.index.depend(topicOf(radioState, ""))
	switch kind {
	case "802-11-wireless", "802-11-olpc-mesh":
		r, name = st.manager.wifi, "wifi"
	case "gsm", "cdma":
		r, name = st.manager.wwan, "wwan"
	}
	switch {
	case r.hardware:
		return "its radio is switched off by a switch of the machine (rfkill)"
	case r.software:
		return fmt.Sprintf("its radio is switched off (rfkill); nmcli radio %s on switches it on", name)
	}
	return ""
}

// missingFor explains what is missing for a profile that no device offers.
func (st *daemonState) missingFor(o *profile) string {
	s := &o.settings
	switch {
	case s.kind == "vpn" && !st.hasPrimary():
		return "there is no network for the VPN to run over"
	case s.ownDevice:
		for _, parent := range s.parents {
			if parent != "" && !st.parentExists(parent, 0) {
				return fmt.Sprintf("the interface %s that it runs over is not there", st.parentName(parent))
			}
		}
	case s.kind != "vpn" && s.interfaceName != "":
		path := st.realDeviceNamed(s.interfaceName)
		if path == "" {
			return fmt.Sprintf("its interface %s is not there", s.interfaceName)
		}
		if d := st.device(path); !d.managed {
			return fmt.Sprintf("NetworkManager does not manage its interface %s", s.interfaceName)
		}
	}
	return ""
}

// parentName returns the name of a parent for people.
func (st *daemonState) parentName(parent string) string {
	for _, path := range st.index.group(topicOf(profilesByUUID, parent)) {
		if name := st.profile(path).settings.name; name != "" {
			return "of " + name
		}
	}
	return parent
}

// parentExists reports whether a parent interface exists, or NetworkManager would create
// it first.
func (st *daemonState) parentExists(parent string, depth int) bool {
	const deepest = 8 // profiles may name each other
	if st.realDeviceNamed(parent) != "" || st.index.nonEmpty(topicOf(devicesByHardware, strings.ToUpper(parent))) {
		return true
	}
	for _, t := range []topic{topicOf(profilesByUUID, parent), topicOf(profilesByInterface, parent)} {
		for _, path := range st.index.group(t) {
			if o := st.profile(path); depth < deepest && st.canProvide(o, depth) {
				return true
			}
		}
	}
	return false
}

// canProvide reports whether the interface of a profile exists, or NetworkManager would
// create it.
func (st *daemonState) canProvide(o *profile, depth int) bool {
	s := &o.settings
	switch {
	case st.inUse(topicOf(activesByProfile, o.path)) != nil || st.index.nonEmpty(topicOf(devicesByProfile, o.path)):
		return true
	case !s.ownDevice:
		return s.interfaceName != "" && st.realDeviceNamed(s.interfaceName) != "" || s.hardware != "" && st.index.nonEmpty(topicOf(devicesByHardware, s.hardware))
	}
	for _, parent := range s.parents {
		if parent != "" && !st.parentExists(parent, depth+1) {
			return false
		}
	}
	return true
}
