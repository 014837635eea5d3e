package networkmanager

import "github.com/godbus/dbus/v5"

// profile is a connection profile.
type profile struct {
	path       dbus.ObjectPath
	flags      uint32
	settings   settings
	loaded     bool // settings are there
	unreadable bool // this user may not read them
}

// settings are the parts of a profile that matter here.
type settings struct {
	uuid          string
	name          string
	kind          string
	interfaceName string // the interface that it is bound to
	hardware      string // the address of the device that it is bound to
	priority      int32
	metered       int32
	ssid          string
	isPort        bool   // it makes its device a part of another one
	controller    string // of which it is a part: a link's name, or a profile's uuid
	ownDevice     bool   // NetworkManager makes the device for it
	parents       [2]string
	// picky: it has conditions that only NetworkManager can tell whether a device
	// meets them.
	conditional bool
	// serves: it gives network to others.
	shared bool
	// stored: its secrets are in it, so that nobody has to be asked.
	secretsStored bool
	// addressOptional: it may be in use without an address beyond the link.
	addressOptional bool
}

// listed reports whether the profile is an access point.
func (o *profile) listed() bool {
	return o.loaded && o.persistent() && !o.settings.isPort && o.settings.kind != "loopback"
}

// persistent reports whether somebody made the profile to be used again. The
// others are shown as what their device does.
func (o *profile) persistent() bool { return o.flags&(profileVolatile|profileExternal) == 0 }

// addressOptional reports whether the profile may be in use without an address. What
// NetworkManager found in use and made a profile of follows the kernel alone.
func (o *profile) addressOptional() bool {
	return o.settings.addressOptional && o.flags&profileExternal == 0
}

// matchTopic is the group of the profiles that fit the same devices, as far as one
// lookup can tell.
func (o *profile) matchTopic() topic {
	s := &o.settings
	switch {
	case !o.loaded || !o.persistent() || s.conditional:
		return topic{}
	case s.interfaceName != "":
		return topicOf(profilesByInterface, s.interfaceName)
	case s.hardware != "":
		return topicOf(profilesByHardware, s.hardware)
	}
	return topicOf(profilesByType, s.deviceKind())
}

// matches reports whether the profile is one for the device, for certain.
func (o *profile) matches(d *device) bool {
	s := &o.settings
	switch {
	case s.conditional:
		return false
	case s.interfaceName != "" && s.interfaceName != d.name && s.interfaceName != d.ipInterface:
		return false
	case s.hardware != "" && s.hardware != d.profileAddress():
		return false
	case s.interfaceName != "" && (s.ownDevice || s.hardware != ""):
		return true
	}
	return profileTypes[d.kind] == s.deviceKind()
}

// deviceKind is the type of profiles that the profile's devices take.
func (s *settings) deviceKind() string {
	if kind, ok := baseTypes[s.kind]; ok && !s.ownDevice {
		return kind
	}
	return s.kind
}
