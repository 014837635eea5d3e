package networkmanager

import (
	"strings"

	"github.com/godbus/dbus/v5"
)

// manager is what is known about NetworkManager as a whole.
type manager struct {
	primary      dbus.ObjectPath // the active connection that has the default route
	connectivity uint32          // how far that one gets
}

// connected reports whether there is something for a VPN to run over.
func (m *manager) connected() bool { return m.primary != "" && m.primary != nowhere }

// device is a network device as NetworkManager sees it.
type device struct {
	deviceFacts
	available []dbus.ObjectPath // profiles that can be activated on it now
	points    []dbus.ObjectPath // access points in range
	reason    uint32            // of the last change of state
	lastScan  int64
}

// deviceFacts are what a configuration on the device may show.
type deviceFacts struct {
	path     dbus.ObjectPath
	name     string // of the device, which for a modem is not that of its link
	link     string // the link that carries IP, while there is one
	kind     uint32
	state    uint32
	managed  bool
	metered  uint32
	hardware string          // its address
	udi      string          // for a modem, ModemManager's path
	point    dbus.ObjectPath // the access point in use
	modem    uint32          // the generations that a modem can use now
}

// outline is as much of a device as shows in a configuration that would use it.
// That of no device is empty.
type outline struct {
	link         string // that carries IP
	modem        dbus.ObjectPath
	capabilities uint32 // of the modem
}

func (d *deviceFacts) outline() outline {
	o := outline{link: d.interfaceName(), capabilities: d.modem}
	if d.kind == deviceModem {
		o.modem = dbus.ObjectPath(d.udi)
	}
	return o
}

// interfaceName is the link that carries IP. A modem's or a phone's own name is
// not that of a link.
func (d *deviceFacts) interfaceName() string {
	if d.link != "" || d.kind == deviceModem || d.kind == deviceBluetooth || d.kind == deviceADSL {
		return d.link
	}
	return d.name
}

// id is the identifier of the device's own configuration.
func (d *deviceFacts) id() string { return devicePrefix + d.name }

// offers are the profiles that can be activated on the device.
func (d *device) offers() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.available
}

// sees are the access points that count.
func (d *device) sees() []dbus.ObjectPath {
	if !d.managed {
		return nil
	}
	return d.points
}

// interfaces are the links that NetworkManager speaks for because of the device.
func (d *device) interfaces() [2]string {
	switch {
	case !d.managed:
		return [2]string{}
	case d.link == d.name:
		return [2]string{d.name}
	}
	return [2]string{d.name, d.link}
}

// active is a profile on its way up, in use, or on its way down.
type active struct {
	activeFacts
	devices []dbus.ObjectPath
}

type activeFacts struct {
	path    dbus.ObjectPath
	number  int // active connections are numbered as they appear
	profile dbus.ObjectPath
	state   uint32
	vpn     bool
	port    dbus.ObjectPath // the device that it serves as a port, if any
}

// occupies are the devices that are in use by it; a VPN only borrows them.
func (a *active) occupies() []dbus.ObjectPath {
	if a.vpn {
		return nil
	}
	return a.devices
}

// profile is a connection profile.
type profile struct {
	path     dbus.ObjectPath
	flags    uint32
	settings settings
	loaded   bool // settings are there
}

// settings are the parts of a profile that matter here.
type settings struct {
	uuid      string
	name      string
	kind      string
	link      string // the interface that it is bound to
	hardware  string // the address of the device that it is bound to
	priority  int32
	metered   int32
	ssid      string
	port      bool // it makes its device a part of another one
	cellular  bool
	ownDevice bool // NetworkManager makes the device for it
	// addressOptional: it may be in use without an address beyond the link.
	addressOptional bool
}

// listed reports whether the profile is an access point.
func (o *profile) listed() bool {
	return o.loaded && o.lasting() && !o.settings.port && o.settings.kind != "loopback"
}

// lasting reports whether somebody made the profile to be used again. The
// others are shown as what their device does.
func (o *profile) lasting() bool { return o.flags&(profileVolatile|profileExternal) == 0 }

// addressOptional reports whether the profile may be in use without an address. What
// NetworkManager found in use and made a profile of follows the kernel alone.
func (o *profile) addressOptional() bool {
	return o.settings.addressOptional && o.flags&profileExternal == 0
}

// suits is the group of the profiles that fit the same devices, as far as one
// lookup can tell.
func (o *profile) suits() topic {
	s := &o.settings
	switch {
	case !o.loaded || !o.lasting():
		return topic{}
	case s.link != "":
		return about(forLink, s.link)
	case s.hardware != "":
		return about(forHardware, s.hardware)
	}
	return about(forKind, s.deviceKind())
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
	return kindsOfDevice[d.kind] == s.deviceKind()
}

// deviceKind is the type of profiles that the profile's devices take.
func (s *settings) deviceKind() string {
	if kind, ok := deviceKindOf[s.kind]; ok {
		return kind
	}
	return s.kind
}

// accessPoint is a Wi-Fi access point in range.
type accessPoint struct {
	path     dbus.ObjectPath
	ssid     string
	strength byte
}

// modem is a modem as ModemManager sees it.
type modem struct {
	path         dbus.ObjectPath
	technologies uint32
	quality      byte
	registration uint32
}
