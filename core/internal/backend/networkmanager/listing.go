package networkmanager

import "fmt"

// The functions of this file tell which devices are configurations of their own.

// listed reports whether the device is an access point of its own: it is
// managed, can carry IP, and no profile stands for it.
func (p *picture) listed(d *device) bool {
	if !d.managed && !d.paused() || unlisted[d.kind] || d.name == "" || p.lent(d) {
		return false
	}
	if a := p.inUse(about(on, d.path)); a != nil {
		return p.strange(a)
	}
	return p.usable(d) && !p.fitted(d)
}

// strange reports whether what runs on a device is shown as what the device does:
// nobody made a profile of it that is shown itself.
func (p *picture) strange(a *active) bool {
	if a.port != "" && a.port != nowhere {
		return false
	}
	o := p.profile(a.profile)
	return o != nil && (o.closed || !o.lasting())
}

// usable reports whether something could be made of a device that nothing runs on:
// not of a radio that only listens, or of whatever else is not even known by type.
func (p *picture) usable(d *device) bool { return kindsOfDevice[d.kind] != "" }

// lent reports whether the device is the link that carries another one's IP, such as
// that of PPP over Ethernet.
func (p *picture) lent(d *device) bool { return p.index.some(about(carrying, d.name)) }

// fitted reports whether there is a lasting profile for a device that nothing runs on.
// Which can be activated on one that is ready, NetworkManager says; on its way from one
// state to another it offers none, and then what would fit counts.
func (p *picture) fitted(d *device) bool {
	if p.offered(d) {
		return true
	}
	p.index.look(about(sleeping, ""))
	ready := startable[d.kind] && d.managed && d.state == stateDisconnected && !p.manager.asleep()
	return !ready && p.suited(d)
}

// offered reports whether NetworkManager would activate a lasting profile on the
// device.
func (p *picture) offered(d *device) bool {
	for _, path := range d.available {
		if o := p.profile(path); o != nil && o.loaded && o.lasting() {
			return true
		}
	}
	return false
}

// suited reports whether there is a lasting profile that fits the device for certain.
func (p *picture) suited(d *device) bool {
	if p.index.some(about(forKind, kindsOfDevice[d.kind])) {
		return true
	}
	for _, t := range []topic{about(forLink, d.name), about(forLink, d.link), about(forHardware, d.identity())} {
		for _, path := range p.index.group(t) {
			if p.profile(path).fits(d) {
				return true
			}
		}
	}
	return false
}

// why says why configurations are gone, as the end of a sentence, where it is the same
// for all of them; empty where there is nothing to say.
func (p *picture) why(gone []string) (why string) {
	for i, id := range gone {
		switch reason := p.whyGone(id); {
		case i == 0:
			why = reason
		case reason != why:
			return ""
		}
	}
	return why
}

func (p *picture) whyGone(id string) string {
	d := p.deviceOf(id)
	switch {
	case d == nil || d.unreal || d.reason == reasonUnmanaged && d.linkAddress() == "":
		return "" // its link was removed, or is about to be
	case !d.managed:
		return fmt.Sprintf("NetworkManager stopped managing %s", d.name)
	case p.fitted(d):
		return fmt.Sprintf("NetworkManager has a profile for %s now, which is a configuration of its own", d.name)
	}
	return ""
}
