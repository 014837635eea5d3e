package networkmanager

import "github.com/godbus/dbus/v5"

// The names of the daemons, their objects and interfaces on the bus.
const (
	daemonName = "org.freedesktop.NetworkManager"
	modemsName = "org.freedesktop.ModemManager1"

	rootPath    = dbus.ObjectPath("/org/freedesktop")
	managerPath = dbus.ObjectPath("/org/freedesktop/NetworkManager")
	modemsPath  = dbus.ObjectPath("/org/freedesktop/ModemManager1")
	noObject    = dbus.ObjectPath("/") // no object

	managerInterface  = daemonName
	deviceInterface   = daemonName + ".Device"
	wirelessInterface = daemonName + ".Device.Wireless"
	wiredInterface    = daemonName + ".Device.Wired" // only constant properties are read from it
	modemInterface    = daemonName + ".Device.Modem"
	pointInterface    = daemonName + ".AccessPoint"
	activeInterface   = daemonName + ".Connection.Active"
	profileInterface  = daemonName + ".Settings.Connection"

	cellularInterface = modemsName + ".Modem"
	gppInterface      = modemsName + ".Modem.Modem3gpp"

	objectsInterface    = "org.freedesktop.DBus.ObjectManager"
	propertiesInterface = "org.freedesktop.DBus.Properties"
)

// daemonRules are the match rules of the signals that matter: without them every change
// of a byte counter or of a lease would wake the process up.
func daemonRules() []string {
	rules := []string{
		"interface='" + objectsInterface + "'",
		"interface='" + activeInterface + "',member='StateChanged'",
		"interface='" + deviceInterface + "',member='StateChanged'",
		"interface='" + profileInterface + "',member='Updated'",
		"interface='" + managerInterface + "',member='CheckPermissions'",
	}
	return append(rules, changesOf(managerInterface, deviceInterface, wirelessInterface,
		modemInterface, pointInterface, activeInterface, profileInterface)...)
}

func modemRules() []string {
	return append(changesOf(cellularInterface, gppInterface), "interface='"+objectsInterface+"'")
}

// changesOf returns match rules for changes of the properties of some interfaces.
func changesOf(interfaces ...string) []string {
	var rules []string
	for _, name := range interfaces {
		rules = append(rules, "interface='"+propertiesInterface+"',member='PropertiesChanged',arg0='"+name+"'")
	}
	return rules
}

// managerAsleep is the state of a NetworkManager that manages nothing for the time being.
const managerAsleep = 10

// The states of an active connection.
const (
	activeUnknown      = 0
	activeActivating   = 1
	activeActivated    = 2
	activeDeactivating = 3
	activeDeactivated  = 4
)

// The types of devices that are treated specially.
const (
	deviceEthernet     = 1
	deviceWiFi         = 2
	deviceBluetooth    = 5
	deviceOLPCMesh     = 6
	deviceWiMAX        = 7
	deviceModem        = 8
	deviceInfiniBand   = 9
	deviceBond         = 10
	deviceVLAN         = 11
	deviceADSL         = 12
	deviceBridge       = 13
	deviceTeam         = 15
	deviceTUN          = 16
	deviceIPTunnel     = 17
	deviceMACVLAN      = 18
	deviceVXLAN        = 19
	deviceVeth         = 20
	deviceMACsec       = 21
	deviceDummy        = 22
	deviceOVSInterface = 24
	deviceOVSPort      = 25
	deviceOVSBridge    = 26
	device6LoWPAN      = 28
	deviceWireGuard    = 29
	deviceWiFiP2P      = 30
	deviceVRF          = 31
	deviceLoopback     = 32
	deviceHSR          = 33
	deviceIPVLAN       = 34
	deviceGENEVE       = 35
)

// A device is deactivating, for the reason that another activation begins on it.
const (
	stateDeactivating   = 110
	reasonNewActivation = 60
)

// stateDisconnected is the lowest state of a device that can be activated.
const stateDisconnected = 30

// pauseReasons are the reasons for which a device is not managed while NetworkManager
// sleeps. Its version decides which of them it gives.
var pauseReasons = map[uint32]bool{37: true, 73: true, 78: true}

// The flags of profiles that are not persistent: their identifier is a new one each time.
const (
	profileVolatile = 0x4
	profileExternal = 0x8
)
