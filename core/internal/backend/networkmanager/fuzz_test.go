package networkmanager

import (
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// script turns the fuzzer's bytes into choices.
type script struct{ data []byte }

func (s *script) next() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

// Everything that a choice can select. The package reads these names, so that most
// choices have an effect.
var (
	fuzzPaths = []dbus.ObjectPath{
		noObject, managerPath, settingsPath(1), settingsPath(2), devicePath(1), devicePath(2),
		activePath(1), activePath(2), pointPath(1), modemPath, "", "not a path",
	}
	fuzzInterfaces = []string{
		managerInterface, deviceInterface, wirelessInterface, modemInterface, pointInterface,
		activeInterface, profileInterface, wiredInterface, cellularInterface, gppInterface, "unknown.Interface", "",
	}
	fuzzKeys = []string{
		"PrimaryConnection", "Connectivity", "Interface", "IpInterface", "DeviceType", "State", "StateReason", "Managed", "Metered",
		"HwAddress", "Udi", "AvailableConnections", "LastScan", "AccessPoints", "ActiveAccessPoint", "CurrentCapabilities",
		"Connection", "Devices", "Vpn", "Master", "Controller", "Flags", "Ssid", "Strength", "AccessTechnologies",
		"SignalQuality", "RegistrationState", "connection", "uuid", "id", "type", "interface-name", "autoconnect-priority",
		"ConnectivityCheckEnabled", "NetworkingEnabled", "WirelessEnabled", "WirelessHardwareEnabled", "WwanEnabled", "Real", "Ports",
		"Ip4Connectivity", "Ip6Connectivity", "PermHwAddress", "Type", "SpecificObject", "Default", "Default6", "parent", "port1",
		"mode", "method", "match", "device-handler", "mac-address-blacklist", "psk-flags", "data",
		"metered", "mac-address", "ssid", "master", "slave-type", "unknown",
	}
	fuzzStrings = []string{
		"", "eth0", "wlan0", "802-3-ethernet", "802-11-wireless", "gsm", "vpn", "bridge", "vlan", "hsr", "generic", "shared", "ap", "loopback", "u1", "u2",
		string(modemPath), "vrf", "02:00:00:00:00:01", "\xff\x00",
	}
)

func (s *script) path() dbus.ObjectPath { return fuzzPaths[int(s.next())%len(fuzzPaths)] }
func (s *script) interfaceName() string { return fuzzInterfaces[int(s.next())%len(fuzzInterfaces)] }
func (s *script) key() string           { return fuzzKeys[int(s.next())%len(fuzzKeys)] }
func (s *script) text() string          { return fuzzStrings[int(s.next())%len(fuzzStrings)] }
func (s *script) number() uint32        { return uint32(s.next()) * uint32(s.next()) * uint32(s.next()) }
func (s *script) small() uint32         { return uint32(s.next()) % 40 }
func (s *script) pathList() (l []dbus.ObjectPath) {
	for n := s.next() % 4; n > 0; n-- {
		l = append(l, s.path())
	}
	return l
}

// value is a value of any type.
func (s *script) value() any {
	switch s.next() % 16 {
	case 0:
		return s.text()
	case 1:
		return s.small()
	case 2:
		return s.number()
	case 3:
		return s.next()&1 == 1
	case 4:
		return s.path()
	case 5:
		return s.pathList()
	case 6:
		return []byte(s.text())
	case 7:
		return int32(s.number())
	case 8:
		return int64(s.number())
	case 9:
		return s.next()
	case 10:
		return []any{s.small(), s.small()}
	case 11:
		return []any{s.text()}
	case 12:
		return s.properties()
	case 13:
		return map[string]map[string]dbus.Variant{s.key(): s.properties(), "connection": s.properties()}
	case 14:
		return []string{s.interfaceName(), s.interfaceName()}
	}
	return nil
}

func (s *script) properties() map[string]dbus.Variant {
	p := make(map[string]dbus.Variant)
	for n := s.next() % 8; n > 0 && len(s.data) > 0; n-- {
		key, value := s.key(), s.value()
		if value == nil {
			p[key] = dbus.Variant{}
			continue
		}
		p[key] = dbus.MakeVariant(value)
	}
	return p
}

func (s *script) body() []any {
	var body []any
	for n := s.next() % 4; n > 0; n-- {
		body = append(body, s.value())
	}
	return body
}

// feed takes one step of a script.
func (s *script) feed(p *daemonState) {
	path := s.path()
	switch s.next() % 8 {
	case 0, 1:
		p.add(path, bus.Interfaces{s.interfaceName(): s.properties(), s.interfaceName(): s.properties()})
	case 2, 3:
		p.changeProperties(path, s.interfaceName(), s.properties())
	case 4:
		p.remove(path, []string{s.interfaceName()})
	case 5:
		p.loadSettings(path, map[string]map[string]dbus.Variant{"connection": s.properties(), s.text(): s.properties()})
		_, _, _ = settingsOf(s.body())
	case 6:
		p.setState(path, s.body())
		p.setDeviceState(path, s.body())
	case 7:
		p.setPermissions(s.body())
	}
}

// FuzzProperties feeds a daemonState with decoded bodies of any content.
func FuzzProperties(f *testing.F) {
	f.Add([]byte("0123456789"))
	f.Add([]byte{4, 0, 1, 7, 7, 0, 1, 2, 0, 1, 6, 3, 1, 2, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
	f.Fuzz(func(t *testing.T, data []byte) {
		p := newDaemonState()
		for s := (&script{data}); len(s.data) > 0; {
			s.feed(p)
			p.changes()
		}
		compareAnew(t, p)
		for id, c := range p.configurations() {
			if id != c.ID || !c.Valid() {
				t.Errorf("%q is listed as %+v", id, c)
			}
			check(t, c)
		}
		if p.managedInterfaces() == nil {
			t.Error("the managed interfaces are nil")
		}
		if len(p.problems) > 100 {
			t.Errorf("%d problems are kept", len(p.problems))
		}
	})
}

// check checks the invariants of every configuration.
func check(t *testing.T, c bearer.Configuration) {
	switch c.State {
	case bearer.Defined, bearer.Active:
		if c.Progress != bearer.Settled {
			t.Errorf("%s is %s", c.ID, backendtest.Describe(&c))
		}
	case bearer.Discovered:
	default:
		t.Errorf("%s has the state %#x", c.ID, c.State)
	}
	if c.Bearer > bearer.Bearer4G || c.Metered > bearer.MeteredYes || c.Progress > bearer.Closing {
		t.Errorf("%s has a value that does not exist: %+v", c.ID, c)
	}
}
