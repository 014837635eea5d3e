package networkmanager

import "fmt"

// The functions of this file tell which devices are configurations of their own.

// listed reports whether the device is an access point of its own: it is
// managed, can carry IP, and no profile stands for it.
func (p *daemonState) listed(d *device) bool {
	if !d.managed && !d.isPaused() || unlisted[d.kind] || d.name == "" || p.carriesOtherDevice(d) {
		return false
	}
	if a := p.inUse(topicOf(activesByDevice, d.path)); a != nil {
		return p.showsAsDevice(a)
	}
	return p.usable(d) && !p.hasProfile(d)
}

// showsAsDevice reports whether what runs on a device is shown as what the device does:
// nobody made a profile of it that is shown itself.
func (p *daemonState) showsAsDevice(a *active) bool {
	if a.controller != "" && a.controller != noObject {
		return false
	}
	o := p.profile(a.profile)
	return o != nil && (o.unreadable || !o.persistent())
}

// usable reports whether something could be made of a device that nothing runs on:
// not of a radio that only listens, or of whatever else is not even known by type.
func (p *daemonState) usable(d *device) bool { return profileTypes[d.kind] != "" }

// carriesOtherDevice reports whether the device is the link that carries another one's IP, such as
// that of PPP over Ethernet.
func (p *daemonState) carriesOtherDevice(d *device) bool {
	return p.index.nonEmpty(topicOf(devicesByIPInterface, d.name))
}

// hasProfile reports whether there is a lasting profile for a device that nothing runs on.
// Which can be activated on one that is ready, NetworkManager says; on its way from one
// state to another it offers none, and then what would fit counts.
func (p *daemonState) hasProfile(d *device) bool {
	if p.hasAvailableProfile(d) {
		return true
	}
	p.index.depend(topicOf(sleepState, ""))
	ready := startableWithoutProfile[d.kind] && d.managed && d.state == stateDisconnected && !p.manager.asleep()
	return !ready && p.hasMatchingProfile(d)
}

// hasAvailableProfile reports whether NetworkManager would activate a lasting profile on the
// device.
func (p *daemonState) hasAvailableProfile(d *device) bool {
	for _, path := range d.available {
		if o := p.profile(path); o != nil && o.loaded && o.persistent() {
			return true
		}
	}
	return false
}

// hasMatchingProfile reports whether there is a lasting profile that fits the device for certain.
func (p *daemonState) hasMatchingProfile(d *device) bool {
	if p.index.nonEmpty(topicOf(profilesByType, profileTypes[d.kind])) {
		return true
	}
	for _, t := range []topic{topicOf(profilesByInterface, d.name), topicOf(profilesByInterface, d.ipInterface), topicOf(profilesByHardware, d.profileAddress())} {
		for _, path := range p.index.group(t) {
			if p.profile(path).matches(d) {
				return true
			}
		}
	}
	return false
}

// goneReason says why configurations are gone, as the end of a sentence, where it is the same
// for all of them; empty where there is nothing to say.
func (p *daemonState) goneReason(gone []string) (why string) {
	for i, id := range gone {
		switch reason := p.goneReasonOf(id); {
		case i == 0:
			why = reason
		case reason != why:
			return ""
		}
	}
	return why
}

func (p *daemonState) goneReasonOf(id string) string {
	d := p.deviceOf(id)
	switch {
	case d == nil || d.placeholder || d.reason == reasonUnmanaged && d.linkAddress() == "":
		return "" // its link was removed, or is about to be
	case !d.managed:
		return fmt.Sprintf("NetworkManager stopped managing %s", d.name)
	case p.hasProfile(d):
		return fmt.Sprintf("NetworkManager has a profile for %s now, which is a configuration of its own", d.name)
	}
	return ""
}
