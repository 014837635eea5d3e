package connman

import "github.com/netsession/netsession/core/internal/bearer"

const vpn = "vpn" // the type of services that run over others

// bearers are the technologies of ConnMan's services. Of cellular ones ConnMan
// does not tell the generation, and there is no bearer type for "cellular":
// they are Unknown, rather than of a generation that is made up. What carries a
// VPN is another service's business.
var bearers = map[string]bearer.BearerType{
	"ethernet": bearer.BearerEthernet, "gadget": bearer.BearerEthernet,
	"wifi": bearer.BearerWLAN, "bluetooth": bearer.BearerBluetooth,
	"wimax": bearer.BearerWiMAX, "cellular": bearer.BearerUnknown, vpn: bearer.BearerUnknown,
}

// nouns name services that have no name of their own.
var nouns = map[string]string{
	"ethernet": "Wired", "gadget": "USB", "wifi": "Hidden wireless network", "bluetooth": "Bluetooth",
	"wimax": "WiMAX", "cellular": "Cellular", vpn: "VPN",
}

// configuration is what a service says of itself. One that is absent is not in
// reach.
func configuration(s *service, absent bool) bearer.Configuration {
	c := bearer.Configuration{
		ID: s.id, Name: s.title(), Type: bearer.InternetAccessPoint,
		Purpose: purposeOf(s.kind), Role: roleOf(s.kind), Bearer: bearers[s.kind],
		Interface: s.link, Hardware: s.hardware, Priority: s.priority(), Metered: meteredOf(s.kind),
	}
	if absent {
		c.State = bearer.Defined
		return c
	}
	c.State, c.Progress = s.looks().progress(s.configured())
	c.Reach = s.reach()
	c.Strength, c.Abroad = s.strength, s.roaming
	return c
}

// title is the service's name for people.
func (s *service) title() string {
	if s.name != "" {
		return s.name
	}
	if noun := nouns[s.kind]; noun != "" {
		return noun
	}
	return s.id
}

// priority prefers what ConnMan itself would connect to. Its order of services
// is no help: it follows the signal, too, and would make a session's preference
// change with every jitter.
func (s *service) priority() int {
	switch {
	case !s.favorite && !s.immutable:
		return 0
	case s.autoConnect && !s.roaming:
		return 2
	}
	return 1
}

func purposeOf(kind string) bearer.Purpose {
	if kind == vpn {
		return bearer.PrivatePurpose
	}
	return bearer.UnknownPurpose
}

func roleOf(kind string) bearer.Role {
	if kind == vpn {
		return bearer.Tunnel
	}
	return bearer.Uplink
}

// meteredOf guesses that a cellular link costs by volume: ConnMan does not know.
func meteredOf(kind string) bearer.Metered {
	if kind == "cellular" {
		return bearer.MeteredGuessed
	}
	return bearer.MeteredUnknown
}
