package connman

import "github.com/netsession/netsession/core/internal/bearer"

const vpn = "vpn" // the type of services that run over others

// bearers maps the types of services to bearer types. ConnMan does not know the generation
// of a cellular service, and there is no bearer type for "cellular": such services are
// Unknown rather than of an invented generation. A VPN runs over another service, which
// has the bearer type.
var bearers = map[string]bearer.BearerType{
	"ethernet": bearer.BearerEthernet, "gadget": bearer.BearerEthernet,
	"wifi": bearer.BearerWLAN, "bluetooth": bearer.BearerBluetooth,
	"wimax": bearer.BearerWiMAX, "cellular": bearer.BearerUnknown, vpn: bearer.BearerUnknown,
}

// unnamedServices are the display names of services without a name.
var unnamedServices = map[string]string{
	"ethernet": "Wired", "gadget": "USB", "wifi": "Hidden wireless network", "bluetooth": "Bluetooth",
	"wimax": "WiMAX", "cellular": "Cellular", vpn: "VPN",
}

// configuration converts a service to a configuration. absent says that the service is
// out of reach.
func configuration(s *service, absent bool) bearer.Configuration {
	c := bearer.Configuration{
		ID: s.id, Name: s.displayName(), Type: bearer.InternetAccessPoint,
		Purpose: purposeOf(s.kind), Role: roleOf(s.kind), Bearer: bearers[s.kind],
		Interface: s.iface, Hardware: s.hardware, Priority: s.priority(), Metered: meteredOf(s.kind),
	}
	if absent {
		c.State = bearer.Defined
		return c
	}
	c.State, c.Progress = s.effectiveState().progress(s.configured())
	c.Reach = s.reach()
	c.Strength, c.Abroad = s.strength, s.roaming
	return c
}

// displayName returns the service's name for people.
func (s *service) displayName() string {
	if s.name != "" {
		return s.name
	}
	if noun := unnamedServices[s.kind]; noun != "" {
		return noun
	}
	return s.id
}

// priority prefers the services to which ConnMan itself would connect. It does not use
// ConnMan's order of services, which follows the signal, too, so that a session's
// preference would change with every jitter.
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
