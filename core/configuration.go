package netsession

import (
	"net/netip"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

// Identifiers of the configurations that the library itself provides.
const (
	// InternetID is the service network of all access points that are not private.
	InternetID = "netsession:internet"
	// UserChoiceID is the user choice: the user chooses each time when it is opened.
	UserChoiceID = "netsession:user-choice"
	// ServiceNetworkPrefix begins the identifiers of the service networks that
	// applications define.
	ServiceNetworkPrefix = "network:"
)

// Configuration is what is known about one configuration at one moment. It is a value:
// it does not change with the network, and the caller may keep it. Copies share the
// slice Addresses, which must not be written.
//
// The zero value is not valid, see IsValid.
type Configuration struct {
	ID      string // stable over reboots, such as "link:eth0"; may be stored
	Name    string // for people
	Type    ConfigurationType
	State   ConfigurationState
	Purpose Purpose

	// BearerType is the technology of an access point's link.
	BearerType BearerType
	// ConnectTimeout bounds an attempt to open the configuration; 30 s by default.
	ConnectTimeout time.Duration
	// IsRoamingAvailable is true for a service network with more than one access
	// point that can be opened.
	IsRoamingAvailable bool
	// Reason says, as the end of a sentence, why the configuration cannot be opened
	// now, or does not exist any more; empty if it can, and if the reason is not known.
	Reason string

	// Interface and InterfaceIndex identify the kernel's link, such as "eth0"; empty
	// and 0 while the configuration has no link.
	Interface      string
	InterfaceIndex int
	// HardwareAddress of the link, such as "02:00:00:00:00:01"; empty without one.
	HardwareAddress string
	// Addresses of the link, sorted.
	Addresses []netip.Prefix
	// HasDefaultRoute is true if packets for the internet can leave by the link.
	// RouteMetric is the metric of that route, the lowest of several.
	HasDefaultRoute bool
	RouteMetric     uint32

	// SignalStrength is the strength of the radio signal in percent; 0 without a radio.
	SignalStrength int
	// Metered says whether traffic over the access point costs by volume.
	Metered Metered
	// Reachability is how far traffic over the access point gets;
	// ReachabilityUnknown for other types.
	Reachability Reachability
	// IsBehindCaptivePortal is true while a network daemon sees a captive portal
	// in the way.
	IsBehindCaptivePortal bool
	// IsAbroad is true while a cellular link is in the network of a foreign operator.
	IsAbroad bool
}

// IsValid reports whether c describes a configuration that existed at its moment.
func (c Configuration) IsValid() bool { return c.Type != TypeInvalid && c.ID != "" }

// BearerTypeName is the name of an access point's bearer type, such as "Ethernet" or
// "WLAN"; empty for other types of configuration.
func (c Configuration) BearerTypeName() string {
	if c.Type != TypeInternetAccessPoint {
		return ""
	}
	return c.BearerType.String()
}

// ServiceNetwork defines a service network of an application: a group of access
// points among which the sessions on it roam.
type ServiceNetwork struct {
	// Identifier without ServiceNetworkPrefix, which the library prepends: at most
	// 200 bytes, without spaces and control characters.
	Identifier string
	Name       string // for people; empty means the identifier
	Purpose    Purpose
	Children   []string // identifiers of access points, at least one, which need not exist
}

// ID is the identifier of the service network's configuration.
func (n ServiceNetwork) ID() string { return ServiceNetworkPrefix + n.Identifier }

// ConfigurationType says what a configuration represents. The numbers are equal to
// QNetworkConfiguration::Type.
type ConfigurationType uint8

const (
	// TypeInternetAccessPoint is one way onto a network: a link, a profile, a service.
	TypeInternetAccessPoint ConfigurationType = 0
	// TypeServiceNetwork is a group of access points among which a session may roam.
	TypeServiceNetwork ConfigurationType = 1
	// TypeUserChoice becomes another configuration when a session opens it.
	TypeUserChoice ConfigurationType = 2
	// TypeInvalid is the type of a configuration that does not exist.
	TypeInvalid ConfigurationType = 3
)

// String returns the type in words, such as "access point".
func (t ConfigurationType) String() string { return bearer.Type(t).String() }

// ConfigurationState says how far a configuration is known and usable. A
// configuration has exactly one of the four states. Each state has the bits of the
// states before it, except for StateUndefined, so that a state is a filter, too. The
// numbers are equal to QNetworkConfiguration::StateFlag.
type ConfigurationState uint8

const (
	// StateUndefined is the state of a configuration that does not exist any more,
	// and of a group without members.
	StateUndefined ConfigurationState = 0x1
	// StateDefined: the configuration exists, but cannot be opened now (no carrier,
	// out of range).
	StateDefined ConfigurationState = 0x2
	// StateDiscovered: it can be opened now.
	StateDiscovered ConfigurationState = 0x6
	// StateActive: its link is up and has addresses.
	StateActive ConfigurationState = 0xE
)

// Has reports whether s has every bit of filter. The filter 0 matches every state.
func (s ConfigurationState) Has(filter ConfigurationState) bool { return s&filter == filter }

// String returns the name of the state, such as "discovered".
func (s ConfigurationState) String() string { return bearer.State(s).String() }

// Purpose is the kind of network that a configuration leads to. The numbers are equal to
// QNetworkConfiguration::Purpose.
type Purpose uint8

const (
	// PurposeUnknown is the purpose if no source of configurations reports one.
	PurposeUnknown Purpose = 0
	// PurposePublic is the internet or another public network.
	PurposePublic Purpose = 1
	// PurposePrivate is a private network, such as a company's.
	PurposePrivate Purpose = 2
	// PurposeServiceSpecific is a network for one service of an operator.
	PurposeServiceSpecific Purpose = 3
)

// String returns the purpose in words, such as "private".
func (p Purpose) String() string { return nameOf(purposeNames[:], p) }

var purposeNames = [...]string{"unknown", "public", "private", "service specific"}

// BearerType is the technology of a link. The numbers are equal to
// QNetworkConfiguration::BearerType.
type BearerType uint8

// The bearer types. BearerUnknown is also the type of a link of any other technology.
// Bearer3G and Bearer4G are families, and the types of links of which no more is known.
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

// String returns the name of the bearer type, as
// QNetworkConfiguration::bearerTypeName() did.
func (b BearerType) String() string { return bearer.BearerType(b).String() }

// Family folds the cellular technologies into their generation: Bearer2G, Bearer3G or
// Bearer4G. Every other bearer type is its own family.
func (b BearerType) Family() BearerType { return BearerType(bearer.BearerType(b).Family()) }

// Metered says whether traffic over a link costs by volume.
type Metered uint8

const (
	// MeteredUnknown counts as MeteredNo.
	MeteredUnknown Metered = iota
	// MeteredNo: traffic is known or guessed to be free.
	MeteredNo
	// MeteredGuessed: traffic probably costs by volume.
	MeteredGuessed
	// MeteredYes: traffic costs by volume.
	MeteredYes
)

// String returns the value in words: "unknown", "no", "guessed" or "yes".
func (m Metered) String() string { return nameOf(meteredNames[:], m) }

var meteredNames = [...]string{"unknown", "no", "guessed", "yes"}
