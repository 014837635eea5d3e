package netsession

// NetworkState is the state of the machine's networks as a whole, at one moment.
type NetworkState struct {
	// IsOnline is true if something active has a default route.
	IsOnline bool
	// Reachability is the furthest reachability of any access point.
	Reachability Reachability
	// IsBehindCaptivePortal is true if the default access point leads to a captive
	// portal. If the default access point is a tunnel, this field and the fields
	// below describe the link that the tunnel runs over.
	IsBehindCaptivePortal bool
	// Transport is the transport of the default access point, TransportUnknown if it is down.
	Transport Transport
	// IsMetered is true if traffic over the default access point costs by volume.
	IsMetered bool
}

// Reachability says how far traffic gets. The numbers are equal to
// QNetworkInformation::Reachability.
type Reachability uint8

const (
	// ReachabilityUnknown: no source knows.
	ReachabilityUnknown Reachability = iota
	// ReachabilityDisconnected: traffic gets nowhere.
	ReachabilityDisconnected
	// ReachabilityLocal: traffic gets to hosts on the same link.
	ReachabilityLocal
	// ReachabilitySite: traffic gets to the local network, but not to the internet.
	ReachabilitySite
	// ReachabilityOnline: traffic gets to the internet.
	ReachabilityOnline
)

// String returns the reachability in words, such as "site".
func (r Reachability) String() string { return nameOf(reachabilityNames[:], r) }

var reachabilityNames = [...]string{"unknown", "disconnected", "local", "site", "online"}

// Transport is the kind of technology that carries a link. The numbers are equal to
// QNetworkInformation::TransportMedium.
type Transport uint8

// The transports.
const (
	TransportUnknown Transport = iota
	TransportEthernet
	TransportCellular
	TransportWiFi
	TransportBluetooth
)

// String returns the name of the transport, such as "Wi-Fi".
func (t Transport) String() string { return nameOf(transportNames[:], t) }

var transportNames = [...]string{"unknown", "Ethernet", "cellular", "Wi-Fi", "Bluetooth"}

// Capabilities is the set of what the library can do now, here, for this user. The
// numbers are equal to QNetworkConfigurationManager::Capability.
type Capabilities uint32

const (
	// CanStartAndStopInterfaces: this process may start and stop links.
	CanStartAndStopInterfaces Capabilities = 0x01
	// DirectConnectionRouting: Session.Control works.
	DirectConnectionRouting Capabilities = 0x02
	// SystemSessionSupport: the sessions of all processes of the user count.
	SystemSessionSupport Capabilities = 0x04
	// ApplicationLevelRoaming: an application can decide about roaming.
	ApplicationLevelRoaming Capabilities = 0x08
	// ForcedRoaming: the library roams by itself if the application does not decide.
	ForcedRoaming Capabilities = 0x10
	// DataStatistics: Session.Counters works.
	DataStatistics Capabilities = 0x20
)

// Has reports whether c has every capability of the set.
func (c Capabilities) Has(set Capabilities) bool { return c&set == set }

// nameOf returns the name of a value of an enumeration.
func nameOf[T ~uint8](names []string, value T) string {
	if int(value) < len(names) {
		return names[value]
	}
	return "invalid"
}
