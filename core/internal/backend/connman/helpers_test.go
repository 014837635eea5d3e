package connman

import (
	"fmt"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/bearer"
)

// value is a property's value as read from the wire.
func value(v any) dbus.Variant { return dbus.MakeVariant(v) }

// props makes a property map of names and values.
func props(pairs ...any) properties {
	p := make(properties)
	for i := 0; i < len(pairs); i += 2 {
		p[pairs[i].(string)] = value(pairs[i+1])
	}
	return p
}

// with returns p with further properties.
func with(p properties, pairs ...any) properties {
	all := props(pairs...)
	for name, v := range p {
		if _, changed := all[name]; !changed {
			all[name] = v
		}
	}
	return all
}

func link(name string) properties {
	return props("Interface", name, "Address", hardwareOf(name), "Method", "auto", "MTU", uint16(1500))
}

// hardwareOf is an address for an interface, as ConnMan writes it.
func hardwareOf(name string) string { return fmt.Sprintf("02:00:00:00:AB:%02X", name[len(name)-1]) }

const (
	wiredPath = dbus.ObjectPath("/net/connman/service/ethernet_0a0b0c0d0e0f_cable")
	wiredID   = "connman:ethernet_0a0b0c0d0e0f_cable"
	homePath  = dbus.ObjectPath("/net/connman/service/wifi_020304050607_486f6d65_managed_psk")
	homeID    = "connman:wifi_020304050607_486f6d65_managed_psk"
	cafePath  = dbus.ObjectPath("/net/connman/service/wifi_020304050607_43616665_managed_none")
	cafeID    = "connman:wifi_020304050607_43616665_managed_none"
)

// wired, home and cafe are all the properties of a cable, of a wireless network that
// was used before, and of a wireless network that was not.
func wired(state string) properties {
	return props("Type", "ethernet", "State", state, "Name", "Wired", "Favorite", true,
		"AutoConnect", true, "Immutable", false, "Ethernet", link("eth0"), "Security", []string{})
}

func home(state string) properties {
	return props("Type", "wifi", "State", state, "Name", "Home", "Favorite", true, "AutoConnect", true,
		"Strength", uint8(70), "Security", []string{"psk"}, "Ethernet", link("wlan0"))
}

func cafe(state string) properties {
	return props("Type", "wifi", "State", state, "Name", "Cafe", "Favorite", false, "AutoConnect", false,
		"Strength", uint8(40), "Security", []string{"none"}, "Ethernet", link("wlan0"))
}

// entry is one object of a list as read from the wire.
func entry(path dbus.ObjectPath, p properties) []any { return []any{path, p} }

func list(entries ...[]any) [][]any { return append([][]any{}, entries...) }

// shown is the configuration of a service in a state; empty if there is none.
func shown(p *daemonState, id string) *bearer.Configuration {
	if s, absent := p.find(id); s != nil {
		c := p.configuration(s, absent)
		return &c
	}
	return &bearer.Configuration{}
}

// managedNames are the names of the interfaces that ConnMan manages, after the changes so
// far.
func (p *daemonState) managedNames() []string {
	p.changes()
	names := []string{}
	for _, i := range p.managedInterfaces() {
		names = append(names, i.Name)
	}
	return names
}
