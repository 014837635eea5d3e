package rtnetlink

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// carriesIP are the hardware types of links that IP runs over. Radios in
// monitor mode, CAN buses, packet sniffers and the like are not among them.
var carriesIP = map[uint16]bool{
	unix.ARPHRD_ETHER: true, unix.ARPHRD_INFINIBAND: true, unix.ARPHRD_IEEE1394: true,
	unix.ARPHRD_PPP: true, unix.ARPHRD_HDLC: true, unix.ARPHRD_RAWIP: true,
	unix.ARPHRD_SLIP: true, unix.ARPHRD_CSLIP: true, unix.ARPHRD_SLIP6: true, unix.ARPHRD_CSLIP6: true,
	unix.ARPHRD_TUNNEL: true, unix.ARPHRD_TUNNEL6: true, unix.ARPHRD_SIT: true,
	unix.ARPHRD_IPGRE: true, unix.ARPHRD_IP6GRE: true,
	unix.ARPHRD_6LOWPAN: true, unix.ARPHRD_NONE: true,
}

// auxiliary are the kinds of links that support other links, and lead nowhere
// themselves.
var auxiliary = map[string]bool{
	"ifb": true, "nlmon": true, "vsockmon": true, "vcan": true, "vxcan": true, "vrf": true,
}

// tunnels are the kinds of links that run over another link, whichever leads to
// their remote end.
var tunnels = map[string]bool{
	"tun": true, "wireguard": true, "ovpn": true, "xfrm": true, "vti": true, "vti6": true,
	"ipip": true, "sit": true, "ip6tnl": true, "gre": true, "gretap": true, "ip6gre": true, "ip6gretap": true,
	"erspan": true, "ip6erspan": true, "vxlan": true, "geneve": true, "l2tpeth": true,
	"bareudp": true, "gtp": true, "amt": true,
}

func isTunnel(info *linkInfo) bool {
	switch info.arphrd {
	case unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT, unix.ARPHRD_IPGRE, unix.ARPHRD_IP6GRE:
		return true
	}
	return tunnels[info.kind]
}

// virtual are the kinds of Ethernet-like links without a medium of their own,
// besides tunnels.
var virtual = map[string]bool{
	"dummy": true, "netkit": true,
}

// device is the class of a hardware device, from its DEVTYPE.
type device uint8

const (
	deviceUnknown device = iota // not known
	deviceOther
	deviceWLAN
	deviceWWAN
	deviceBluetooth
	deviceWiMAX
)

var devices = map[string]device{
	"wlan": deviceWLAN, "wwan": deviceWWAN, "bluetooth": deviceBluetooth, "wimax": deviceWiMAX,
}

// bearerOf derives the technology from what the kernel says. The kernel does
// not know the generation of a cellular link, and no bearer type means
// "cellular": such a link is Unknown rather than a guess.
func bearerOf(info *linkInfo) bearer.BearerType {
	switch {
	case info.device == deviceWLAN || info.kind == "wlan" || info.kind == "virt_wifi":
		return bearer.BearerWLAN
	case info.device == deviceBluetooth:
		return bearer.BearerBluetooth
	case info.device == deviceWiMAX:
		return bearer.BearerWiMAX
	case info.arphrd != unix.ARPHRD_ETHER || virtual[info.kind] || isTunnel(info) || cellular(info):
		return bearer.BearerUnknown
	case info.kind == "" && info.device == deviceUnknown: // perhaps a radio
		return bearer.BearerUnknown
	}
	return bearer.BearerEthernet
}

// meteredOf guesses that a cellular link is metered.
func meteredOf(info *linkInfo) bearer.Metered {
	if cellular(info) {
		return bearer.MeteredGuessed
	}
	return bearer.MeteredUnknown
}

func cellular(info *linkInfo) bool {
	return info.device == deviceWWAN || info.arphrd == unix.ARPHRD_RAWIP || info.kind == "wwan" || info.kind == "rmnet"
}
