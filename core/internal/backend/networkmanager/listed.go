package networkmanager

import "fmt"

// The functions of this file decide which devices are configurations of their own.

// listed reports whether the device is an access point of its own: it is managed, can
// carry IP, and no profile represents it.
func (st *daemonState) listed(d *device) bool {
	if !d.managed && !d.isPaused() || unlisted[d.kind] || d.name == "" || st.carriesOtherDevice(d) {
		return false
	}
	if a := st.inUse(topicOf(activesByDevice, d.path)); a != nil {
		return st.showsAsDevice(a)
	}
	return st.usable(d) && !st.hasProfile(d)
}

// showsAsDevice reports whether an active connection is shown as a state of its device,
// because its profile is not shown itself.
func (st *daemonState) showsAsDevice(a *active) bool {
	if a.controller != "" && a.controller != noObject {
		return false
	}
	o := st.profile(a.profile)
	return o != nil && (o.unreadable || !o.persistent())
}

// usable reports whether a device on which nothing runs could be activated: not a radio in
// monitor mode, or a device of an unknown type.
func (st *daemonState) usable(d *device) bool { return profileTypes[d.kind] != "" }

// carriesOtherDevice reports whether the device carries the IP of another device, as the
// PPP link of PPP over Ethernet does.
func (st *daemonState) carriesOtherDevice(d *device) bool {
	return st.index.nonEmpty(topicOf(devicesByIPInterface, d.name))
}

// hasProfile reports whether there is a persistent profile for a device on which nothing
// runs. NetworkManager lists the profiles that can be activated on a device that is ready;
// between two states it lists none, and then the profiles that match the device count.
func (st *daemonState) hasProfile(d *device) bool {
	if st.hasAvailableProfile(d) {
		return true
	}
	st.index.depend(topicOf(sleepState, ""))
	ready := startableWithoutProfile[d.kind] && d.managed && d.state == stateDisconnected && !st.manager.asleep()
	return !ready && st.hasMatchingProfile(d)
}

// hasAvailableProfile reports whether NetworkManager would activate a persistent profile on
// the device.
func (st *daemonState) hasAvailableProfile(d *device) bool {
	for _, path := range d.available {
		if o := st.profile(path); o != nil && o.loaded && o.persistent() {
			return true
		}
	}
	return false
}

// hasMatchingProfile reports whether there is a persistent profile that matches the device
// for certain.
func (st *daemonState) hasMatchingProfile(d *device) bool {
	if st.index.nonEmpty(topicOf(profilesByType, profileTypes[d.kind])) {
		return true
	}
	for _, t := range []topic{topicOf(profilesByInterface, d.name), topicOf(profilesByInterface, d.ipInterface), topicOf(profilesByHardware, d.profileAddress())} {
		for _, path := range st.index.group(t) {
			if st.profile(path).matches(d) {
				return true
			}
		}
	}
	return false
}

// goneReason explains why configurations were removed, as the end of a sentence, if the reason
// is the same for all of them; else it is empty.
func (st *daemonState) goneReason(gone []string) (why string) {
	for i, id := range gone {
		switch reason := st.goneReasonOf(id); {
		case i == 0:
			why = reason
		case reason != why:
			return ""
		}
	}
	return why
}

func (st *daemonState) goneReasonOf(id string) string {
	d := st.deviceOf(id)
	switch {
	case d == nil || d.placeholder || d.reason == reasonUnmanaged && d.linkAddress() == "":
		return "" // its link was removed, or is about to be
	case !d.managed:
		return fmt.Sprintf("NetworkManager stopped managing %s", d.name)
	case st.hasProfile(d):
		return fmt.Sprintf("NetworkManager has a profile for %s now, which is a configuration of its own", d.name)
	}
	return ""
}
