package networkmanager

import "github.com/godbus/dbus/v5"

// profile is a connection profile.
type profile struct {
	path       dbus.ObjectPath
	flags      uint32
	settings   settings
	loaded     bool // the settings were read
	unreadable bool // this user may not read the settings
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
	isPort        bool   // it makes its device a port of a controller
	controller    string // an interface's name, or a profile's uuid
	ownDevice     bool   // NetworkManager creates the device for it
	parents       [2]string
	// conditional: it has conditions that only NetworkManager can evaluate.
	conditional bool
	// shared: it gives network to others.
	shared bool
	// secretsStored: its secrets are in it, so that no agent is asked.
	secretsStored bool
	// addressOptional: it may be active without an address beyond link-local ones.
	addressOptional bool
}

// listed reports whether the profile is a configuration.
func (p *profile) listed() bool {
	return p.loaded && p.persistent() && !p.settings.isPort && p.settings.kind != "loopback"
}

// persistent reports whether the profile was made to be used again. Other profiles
// are shown as states of their devices.
func (p *profile) persistent() bool { return p.flags&(profileVolatile|profileExternal) == 0 }

// addressOptional reports whether the profile may be active without an address. A profile
// that NetworkManager made of what it found active follows the kernel alone.
func (p *profile) addressOptional() bool {
	return p.settings.addressOptional && p.flags&profileExternal == 0
}

// matchTopic returns the group of the profiles that match the same devices, as far as one
// lookup can find out.
func (p *profile) matchTopic() topic {
	s := &p.settings
	switch {
	case !p.loaded || !p.persistent() || s.conditional:
		return topic{}
	case s.interfaceName != "":
		return topicOf(profilesByInterface, s.interfaceName)
	case s.hardware != "":
		return topicOf(profilesByHardware, s.hardware)
	}
	return topicOf(profilesByType, s.deviceKind())
}

// matches reports whether the profile matches the device for certain.
func (p *profile) matches(d *device) bool {
	s := &p.settings
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

// deviceKind returns the type of profiles that the profile's devices accept.
func (s *settings) deviceKind() string {
	if kind, ok := baseTypes[s.kind]; ok && !s.ownDevice {
		return kind
	}
	return s.kind
}
