package rtnetlink

import (
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

func TestBearer(t *testing.T) {
	ether := func(kind string, d device) linkInfo {
		return linkInfo{arphrd: unix.ARPHRD_ETHER, kind: kind, device: d}
	}
	for name, c := range map[string]struct {
		info linkInfo
		want bearer.BearerType
	}{
		"card":                  {ether("", deviceOther), bearer.BearerEthernet},
		"card or radio":         {ether("", deviceUnknown), bearer.BearerUnknown},
		"no card for sure":      {ether("veth", deviceUnknown), bearer.BearerEthernet},
		"veth":                  {ether("veth", deviceOther), bearer.BearerEthernet},
		"bridge":                {ether("bridge", deviceOther), bearer.BearerEthernet},
		"macvlan":               {ether("macvlan", deviceOther), bearer.BearerEthernet},
		"bond":                  {ether("bond", deviceOther), bearer.BearerEthernet},
		"vlan":                  {ether("vlan", deviceOther), bearer.BearerEthernet},
		"radio":                 {ether("", deviceWLAN), bearer.BearerWLAN},
		"radio by kind":         {ether("wlan", deviceOther), bearer.BearerWLAN},
		"virtual radio":         {ether("virt_wifi", deviceOther), bearer.BearerWLAN},
		"bnep":                  {ether("", deviceBluetooth), bearer.BearerBluetooth},
		"Bluetooth low energy":  {linkInfo{arphrd: unix.ARPHRD_6LOWPAN, device: deviceBluetooth}, bearer.BearerBluetooth},
		"WiMAX":                 {ether("", deviceWiMAX), bearer.BearerWiMAX},
		"modem as Ethernet":     {ether("", deviceWWAN), bearer.BearerUnknown},
		"modem":                 {linkInfo{arphrd: unix.ARPHRD_NONE, device: deviceWWAN}, bearer.BearerUnknown},
		"modem by raw IP":       {linkInfo{arphrd: unix.ARPHRD_RAWIP, kind: "rmnet"}, bearer.BearerUnknown},
		"tap":                   {ether("tun", deviceOther), bearer.BearerUnknown},
		"tun":                   {linkInfo{arphrd: unix.ARPHRD_NONE, kind: "tun"}, bearer.BearerUnknown},
		"WireGuard":             {linkInfo{arphrd: unix.ARPHRD_NONE, kind: "wireguard"}, bearer.BearerUnknown},
		"PPP":                   {linkInfo{arphrd: unix.ARPHRD_PPP, kind: "ppp"}, bearer.BearerUnknown},
		"overlay":               {ether("vxlan", deviceOther), bearer.BearerUnknown},
		"tunnelled Ethernet":    {ether("gretap", deviceOther), bearer.BearerUnknown},
		"IP in IP":              {linkInfo{arphrd: unix.ARPHRD_TUNNEL, kind: "ipip"}, bearer.BearerUnknown},
		"InfiniBand":            {linkInfo{arphrd: unix.ARPHRD_INFINIBAND}, bearer.BearerUnknown},
		"a kind of years to be": {ether("somethingnew", deviceOther), bearer.BearerEthernet},
	} {
		if got := bearerOf(&c.info); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestCellularLinksAreGuessedToBeMetered(t *testing.T) {
	for name, info := range map[string]linkInfo{
		"mark":   {arphrd: unix.ARPHRD_ETHER, device: deviceWWAN},
		"raw IP": {arphrd: unix.ARPHRD_RAWIP},
		"wwan":   {arphrd: unix.ARPHRD_NONE, kind: "wwan"},
		"rmnet":  {arphrd: unix.ARPHRD_ETHER, kind: "rmnet"},
	} {
		if meteredOf(&info) != bearer.MeteredGuessed {
			t.Errorf("%s: not metered", name)
		}
	}
	if meteredOf(&linkInfo{arphrd: unix.ARPHRD_ETHER}) != bearer.MeteredUnknown {
		t.Error("Ethernet: metered")
	}
}

func TestUevent(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		index int
		want  device
	}{
		"radio":             {"DEVTYPE=wlan\nINTERFACE=wlan0\nIFINDEX=3\n", 3, deviceWLAN},
		"modem":             {"DEVTYPE=wwan\nINTERFACE=wwan0\nIFINDEX=4\n", 4, deviceWWAN},
		"bnep":              {"INTERFACE=bnep0\nIFINDEX=5\nDEVTYPE=bluetooth\n", 5, deviceBluetooth},
		"WiMAX":             {"DEVTYPE=wimax\nIFINDEX=6", 6, deviceWiMAX},
		"card":              {"INTERFACE=eth0\nIFINDEX=2\n", 2, deviceOther},
		"bridge":            {"DEVTYPE=bridge\nIFINDEX=2\n", 2, deviceOther},
		"another namespace": {"DEVTYPE=wlan\nINTERFACE=wlan0\nIFINDEX=3\n", 30, deviceUnknown},
		"no index":          {"DEVTYPE=wlan\n", 3, deviceUnknown},
		"empty":             {"", 3, deviceUnknown},
		"nonsense":          {"=\n===\nDEVTYPE\nIFINDEX=\x00", 3, deviceUnknown},
	} {
		if got := parseUevent(c.text, c.index); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestSysfsMayBeMissing(t *testing.T) {
	if got := sysfsDevice("no such link", 1); got != deviceUnknown {
		t.Errorf("got %v", got)
	}
}
