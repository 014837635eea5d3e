// How far the traffic of an access point gets, and over which kind of technology.

package bearer

// Reach says how far traffic over an access point gets. The numbers are equal
// to QNetworkInformation::Reachability in Qt 6.
type Reach uint8

const (
	// ReachUnknown: not known; it follows from addresses and routes.
	ReachUnknown Reach = iota
	// ReachNone: nowhere.
	ReachNone
	// ReachLocal: hosts on the same link.
	ReachLocal
	// ReachSite: hosts of the local network, but not the internet.
	ReachSite
	// ReachOnline: the internet.
	ReachOnline

	// ReachCount is the number of values.
	ReachCount = iota
)

// Reachable is how far c reaches now: what its daemon determined, or else what
// its default route and addresses suggest.
func (c *Configuration) Reachable() Reach {
	switch {
	case c.State != Active:
		return ReachNone
	case c.Reach != ReachUnknown:
		return c.Reach
	case c.DefaultRoute:
		return ReachOnline
	}
	for _, a := range c.Addresses {
		if !a.Addr().IsLinkLocalUnicast() {
			return ReachSite
		}
	}
	return ReachLocal
}

// Transport is the kind of technology of a link. The numbers are equal to
// QNetworkInformation::TransportMedium in Qt 6.
type Transport uint8

// The transports.
const (
	TransportUnknown Transport = iota
	TransportEthernet
	TransportCellular
	TransportWiFi
	TransportBluetooth
)

// Transport is the kind of technology of a bearer.
func (b BearerType) Transport() Transport {
	switch b.Family() {
	case BearerEthernet:
		return TransportEthernet
	case BearerWLAN:
		return TransportWiFi
	case BearerBluetooth:
		return TransportBluetooth
	case Bearer2G, Bearer3G, Bearer4G:
		return TransportCellular
	}
	return TransportUnknown
}
