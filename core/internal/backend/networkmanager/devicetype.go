package networkmanager

import "github.com/netsession/netsession/core/internal/bearer"

// profileTypes maps the types of devices to the types of profiles that they accept.
var profileTypes = map[uint32]string{
	deviceEthernet: "802-3-ethernet", deviceVeth: "802-3-ethernet", deviceWiFi: "802-11-wireless",
	deviceBluetooth: "bluetooth", deviceModem: "gsm", deviceWiMAX: "wimax", deviceADSL: "adsl",
	deviceInfiniBand: "infiniband", deviceBridge: "bridge", deviceBond: "bond", deviceVLAN: "vlan",
	deviceTeam: "team", deviceMACVLAN: "macvlan", deviceTUN: "tun", deviceIPTunnel: "ip-tunnel",
	deviceVXLAN: "vxlan", deviceWireGuard: "wireguard", deviceVRF: "vrf", deviceHSR: "hsr",
	deviceIPVLAN: "ipvlan", deviceGENEVE: "geneve", deviceMACsec: "macsec", deviceDummy: "dummy",
	deviceOVSInterface: "ovs-interface", device6LoWPAN: "6lowpan",
}

// baseTypes maps types of profiles to the type whose devices they run on.
var baseTypes = map[string]string{"cdma": "gsm", "pppoe": "802-3-ethernet"}

// unlisted are the types of devices that carry no IP of their own.
var unlisted = map[uint32]bool{
	deviceLoopback: true, deviceWiFiP2P: true, deviceOVSPort: true, deviceOVSBridge: true,
	deviceOLPCMesh: true, deviceBluetooth: true,
}

// startableWithoutProfile are the types of devices that can be started without a profile.
var startableWithoutProfile = map[uint32]bool{deviceEthernet: true, deviceVeth: true}

// virtual are the types of profiles whose device NetworkManager creates when it activates
// them.
var virtual = map[string]bool{
	"bridge": true, "bond": true, "team": true, "vlan": true, "macvlan": true, "vxlan": true,
	"tun": true, "ip-tunnel": true, "wireguard": true, "dummy": true, "macsec": true,
	"6lowpan": true, "ovs-interface": true, "veth": true, "vrf": true, "hsr": true,
	"ipvlan": true, "geneve": true, "link": true,
}

// needsParent are the types of profiles whose device is created on a parent device, if
// they name one.
var needsParent = map[string]bool{
	"vlan": true, "macvlan": true, "ipvlan": true, "vxlan": true, "macsec": true, "pppoe": true,
	"ip-tunnel": true, "infiniband": true, "6lowpan": true, "geneve": true,
}

// needsPorts are the types of profiles whose device leads nowhere without a port.
var needsPorts = map[string]bool{"bridge": true, "bond": true, "team": true}

// ethernetLike are the types of profiles that count as Ethernet.
var ethernetLike = map[string]bool{
	"802-3-ethernet": true, "pppoe": true, "bridge": true, "bond": true, "team": true,
	"vlan": true, "macvlan": true, "macsec": true, "veth": true, "ovs-interface": true,
	"ipvlan": true, "hsr": true,
}

// tunnels are the types of profiles that lead into a private network over another
// network.
var tunnels = map[string]bool{
	"vpn": true, "wireguard": true, "ip-tunnel": true, "tun": true, "vxlan": true, "geneve": true,
}

func purposeOf(kind string) bearer.Purpose {
	if tunnels[kind] {
		return bearer.PrivatePurpose
	}
	return bearer.UnknownPurpose
}

// roleOf returns the role of a type, without regard to other profiles.
func roleOf(kind string) bearer.Role {
	if tunnels[kind] {
		return bearer.Tunnel
	}
	return bearer.Uplink
}

// bearerOf returns the bearer type of a profile of a type, given its device and the
// device's modem, which may be nil. The bearer of a tunnel is not known.
func bearerOf(kind string, d deviceSummary, m *modem) bearer.BearerType {
	switch {
	case kind == "802-11-wireless" || kind == "802-11-olpc-mesh":
		return bearer.BearerWLAN
	case kind == "bluetooth":
		return bearer.BearerBluetooth
	case kind == "wimax":
		return bearer.BearerWiMAX
	case kind == "gsm" || kind == "cdma":
		return cellularBearer(kind, d, m)
	case ethernetLike[kind]:
		return bearer.BearerEthernet
	}
	return bearer.BearerUnknown
}

// cellularBearer returns the generation in use, else the newest generation that the modem
// supports now, else the lowest that the type of the profile implies.
func cellularBearer(kind string, d deviceSummary, m *modem) bearer.BearerType {
	if m != nil {
		if b := newest(technologies, m.technologies); b != bearer.BearerUnknown {
			return b
		}
	}
	if b := newest(capabilities, d.capabilities); b != bearer.BearerUnknown {
		return b
	}
	if kind == "cdma" {
		return bearer.BearerCDMA2000
	}
	return bearer.Bearer2G
}

// generation is a bearer and its bits.
type generation struct {
	bits   uint32
	bearer bearer.BearerType
}

// technologies are ModemManager's access technologies, the newest first. The
// bearer types know nothing newer than the fourth generation.
var technologies = []generation{
	{1 << 15, bearer.Bearer4G},                          // 5G NR
	{1<<14 | 1<<16 | 1<<17, bearer.BearerLTE},           // LTE, CAT-M, NB-IoT
	{1<<6 | 1<<7 | 1<<8 | 1<<9, bearer.BearerHSPA},      // HSDPA to HSPA+
	{1 << 5, bearer.BearerWCDMA},                        // UMTS
	{1<<11 | 1<<12 | 1<<13, bearer.BearerEVDO},          // EV-DO, A, B
	{1 << 10, bearer.BearerCDMA2000},                    // 1xRTT
	{1<<0 | 1<<1 | 1<<2 | 1<<3 | 1<<4, bearer.Bearer2G}, // up to EDGE
}

// capabilities are NetworkManager's capabilities of a modem, the newest first.
var capabilities = []generation{
	{0x40, bearer.Bearer4G}, {0x8, bearer.BearerLTE}, {0x4, bearer.Bearer3G}, {0x2, bearer.BearerCDMA2000},
}

func newest(list []generation, bits uint32) bearer.BearerType {
	for _, g := range list {
		if bits&g.bits != 0 {
			return g.bearer
		}
	}
	return bearer.BearerUnknown
}

// The states of a modem's registration that mean a foreign network.
const (
	registeredRoaming       = 5
	registeredRoamingSMS    = 7
	registeredRoamingNoCSFB = 10
)

// meteredOf translates the property Metered of a device.
func meteredOf(n uint32) bearer.Metered {
	switch n {
	case 1:
		return bearer.MeteredYes
	case 2, 4:
		return bearer.MeteredNo
	case 3:
		return bearer.MeteredGuessed
	}
	return bearer.MeteredUnknown
}

// meteredSetting translates the setting of a profile into a value of the property Metered.
// A profile has no guesses.
func meteredSetting(n int32) uint32 {
	if n == 1 || n == 2 {
		return uint32(n)
	}
	return 0
}
