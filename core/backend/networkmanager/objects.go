package networkmanager

import "github.com/godbus/dbus/v5"

// manager is what is known about NetworkManager as a whole.
type manager struct {
	primary      dbus.ObjectPath // the active connection that has the default route
	connectivity uint32          // how far that one gets
}

// device is a network device as NetworkManager sees it.
type device struct {
	path      dbus.ObjectPath
	name      string // of the device, which for a modem is not that of its link
	link      string // the link that carries IP, while there is one
	kind      uint32
	state     uint32
	reason    uint32 // of the last change of state
	managed   bool
	metered   uint32
	hardware  string            // its address
	udi       string            // for a modem, ModemManager's path
	available []dbus.ObjectPath // profiles that can be activated on it now
	points    []dbus.ObjectPath // access points in range
	point     dbus.ObjectPath   // the access point in use
	lastScan  int64
	modem     uint32 // the generations that a modem can use now
}

// active is a profile on its way up, in use, or on its way down.
type active struct {
	path    dbus.ObjectPath
	number  int // active connections are numbered as they appear
	profile dbus.ObjectPath
	devices []dbus.ObjectPath
	state   uint32
	vpn     bool
	port    dbus.ObjectPath // the device that it serves as a port, if any
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
}

// accessPoint is a Wi-Fi access point in range.
type accessPoint struct {
	ssid     string
	strength byte
}

// modem is a modem as ModemManager sees it.
type modem struct {
	technologies uint32
	quality      byte
	registration uint32
}
