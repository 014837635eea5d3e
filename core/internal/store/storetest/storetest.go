// Package storetest makes configurations for tests from short descriptions.
package storetest

import (
	"net/netip"
	"strings"

	"github.com/netsession/netsession/core/internal/bearer"
)

// AccessPoint makes an access point from words: its identifier, its state, and what
// else is so.
func AccessPoint(words string) bearer.Configuration {
	f := strings.Fields(words)
	c := bearer.Configuration{
		ID: f[0], Name: strings.ToUpper(f[0]), Interface: f[0], Index: len(f[0]),
		State: bearer.Discovered, Bearer: bearer.BearerEthernet,
	}
	if strings.HasPrefix(c.ID, "wlan") {
		c.Bearer, c.Strength = bearer.BearerWLAN, 50
	}
	for _, w := range f[1:] {
		if strings.HasPrefix(w, "activation:") {
			c.Activation = w
			continue
		}
		if name, ok := strings.CutPrefix(w, "over:"); ok {
			c.Lower = append(c.Lower, name)
			continue
		}
		switch w {
		case "up":
			c.State, c.DefaultRoute, c.Up = bearer.Active, true, true
		case "local":
			c.State, c.Up = bearer.Active, true
		case "raised":
			c.Up = true
		case "faltering":
			c.State, c.DefaultRoute, c.Up, c.Faltering = bearer.Active, true, true, true
		case "tunnel":
			c.Role, c.Purpose = bearer.Tunnel, bearer.PrivatePurpose
		case "downlink":
			c.Role = bearer.Downlink
		case "unmanaged":
			c.Unmanaged = true
		case "down":
		case "starting":
			c.Progress = bearer.Connecting
		case "stopping":
			c.State, c.Progress = bearer.Active, bearer.Closing
		case "unavailable":
			c.State = bearer.Defined
		case "online":
			c.DefaultRoute, c.Preferred = true, true
		case "metered":
			c.Metered = bearer.MeteredGuessed
		case "unmetered":
			c.Metered = bearer.MeteredNo
		case "mobile":
			c.Bearer = bearer.BearerLTE
		case "abroad":
			c.Abroad = true
		case "portal":
			c.Reach, c.Portal = bearer.ReachSite, true
		case "addressed":
			c.Addresses = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
		case "private":
			c.Purpose = bearer.PrivatePurpose
		case "denied":
			c.Denied = "Only root may."
		case "forbidden":
			c.State, c.Denied, c.Obstacle = bearer.Defined, "Only root may.", "Only root may."
		case "strong":
			c.Strength = 90
		case "stronger":
			c.Strength = 95
		default:
			panic("no idea what " + w + " is")
		}
	}
	return c
}
