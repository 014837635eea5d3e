// The types, roles, purposes and bearers of configurations.

package bearer

// Type says what a configuration represents.
type Type uint8

const (
	// InternetAccessPoint is one connection to a network: a link, a profile, a
	// service.
	InternetAccessPoint Type = 0
	// ServiceNetwork is a group of access points among which a session may
	// roam.
	ServiceNetwork Type = 1
	// UserChoice resolves to another configuration when it is opened.
	UserChoice Type = 2
	// Invalid is the type of a configuration that does not exist.
	Invalid Type = 3
)

// String returns the name of the type in words.
func (t Type) String() string {
	switch t {
	case InternetAccessPoint:
		return "access point"
	case ServiceNetwork:
		return "service network"
	case UserChoice:
		return "user choice"
	}
	return "invalid"
}

// Role says what the link of a configuration is for, as far as the ranking
// needs to know.
type Role uint8

const (
	// Uplink: it may lead to the internet by itself.
	Uplink Role = iota
	// Tunnel: it runs over another link, like a VPN.
	Tunnel
	// Downlink: it provides a network to others, or leads nowhere: a hotspot, a
	// shared connection, a bridge without a port.
	Downlink
)

// Purpose is the kind of network that a configuration leads to.
type Purpose uint8

const (
	// UnknownPurpose: not known.
	UnknownPurpose Purpose = 0
	// PublicPurpose: the internet or another public network.
	PublicPurpose Purpose = 1
	// PrivatePurpose: a private network such as a company's.
	PrivatePurpose Purpose = 2
	// ServiceSpecificPurpose: reserved for one service of an operator.
	ServiceSpecificPurpose Purpose = 3
)

// BearerType is the technology of a link.
type BearerType uint8

// The bearer types, with the numbers of QNetworkConfiguration::BearerType.
const (
	BearerUnknown BearerType = iota
	BearerEthernet
	BearerWLAN
	Bearer2G
	BearerCDMA2000
	BearerWCDMA
	BearerHSPA
	BearerBluetooth
	BearerWiMAX
	BearerEVDO
	BearerLTE
	Bearer3G
	Bearer4G
)

var bearerNames = [...]string{
	"Unknown", "Ethernet", "WLAN", "2G", "CDMA2000", "WCDMA", "HSPA",
	"Bluetooth", "WiMAX", "EVDO", "LTE", "3G", "4G",
}

// String returns the name that QNetworkConfiguration::bearerTypeName() gave.
func (b BearerType) String() string {
	if int(b) < len(bearerNames) {
		return bearerNames[b]
	}
	return bearerNames[BearerUnknown]
}

// Family maps the cellular technologies to their generation: 2G, 3G or 4G.
// Every other bearer is its own family.
func (b BearerType) Family() BearerType {
	switch b {
	case Bearer2G:
		return Bearer2G
	case BearerCDMA2000, BearerWCDMA, BearerHSPA, BearerEVDO, Bearer3G:
		return Bearer3G
	case BearerWiMAX, BearerLTE, Bearer4G:
		return Bearer4G
	}
	return b
}

// Metered says whether traffic over a link is charged by volume.
type Metered uint8

const (
	// MeteredUnknown: not known; treated as not metered.
	MeteredUnknown Metered = iota
	// MeteredNo: known or guessed not to be metered.
	MeteredNo
	// MeteredGuessed: probably metered.
	MeteredGuessed
	// MeteredYes: metered.
	MeteredYes
)
