package networkmanager

import (
	"fmt"
	"maps"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// The property that this file tests: the sum of all changes of a long history equals the
// configurations that are derived from the last state alone.

// anewFrom makes a state of the same objects, as if they had just appeared.
func anewFrom(p *daemonState) *daemonState {
	fresh := newDaemonState()
	fresh.denied = p.denied
	fresh.putManager(p.manager)
	for path, d := range p.devices {
		fresh.putDevice(path, d)
	}
	for path, a := range p.actives {
		fresh.putActive(path, a)
	}
	for path, o := range p.profiles {
		fresh.putProfile(path, o)
	}
	for path, o := range p.points {
		fresh.putPoint(path, o)
	}
	for path, m := range p.modems {
		fresh.putModem(path, m)
	}
	return fresh
}

// compareAnew compares a state that was updated with a new one, and its
// groups with a search through all objects.
func compareAnew(t *testing.T, p *daemonState) bool {
	t.Helper()
	p.changes()
	fresh := anewFrom(p)
	ok := true
	for _, id := range slices.Sorted(maps.Keys(both(p.published, fresh.configurations()))) {
		if got, want := p.published[id], fresh.published[id]; !got.Equal(&want) {
			t.Errorf("%s:\n\tfollowed: %+v\n\tanew:     %+v", id, got, want)
			ok = false
		}
	}
	if got, want := p.managedInterfaces(), fresh.managedInterfaces(); !equal(got, want) {
		t.Errorf("managed: %q, anew %q", got, want)
		ok = false
	}
	return compareGroups(t, p) && ok
}

func both[V any](a, b map[string]V) map[string]V {
	all := make(map[string]V)
	for _, list := range []map[string]V{a, b} {
		maps.Copy(all, list)
	}
	return all
}

// compareGroups searches all objects for the members of every group.
func compareGroups(t *testing.T, p *daemonState) bool {
	t.Helper()
	want := make(map[topic]map[dbus.ObjectPath]bool)
	note := func(a aspect, key string, path dbus.ObjectPath) {
		if key != "" && want[topicOf(a, key)] == nil {
			want[topicOf(a, key)] = make(map[dbus.ObjectPath]bool)
		}
		if key != "" {
			want[topicOf(a, key)][path] = true
		}
	}
	for path, d := range p.devices {
		note(devicesByName, d.name, path)
		note(devicesByHardware, d.profileAddress(), path)
		note(devicesByIPInterface, d.foreignInterface(), path)
		if d.managed {
			for _, o := range d.available {
				note(devicesByProfile, string(o), path)
			}
			for _, o := range d.points {
				note(devicesByPoint, string(o), path)
			}
		}
	}
	for path, a := range p.actives {
		note(activesByProfile, string(a.profile), path)
		for _, d := range a.devices {
			if !a.vpn {
				note(activesByDevice, string(d), path)
			}
		}
	}
	for path, o := range p.profiles {
		note(profilesByUUID, o.settings.uuid, path)
		note(portsByController, o.settings.controller, path)
		note(o.matchTopic().aspect, o.matchTopic().key, path)
	}
	for path, o := range p.points {
		note(pointsBySSID, o.ssid, path)
	}
	got := make(map[topic]map[dbus.ObjectPath]bool)
	for x, members := range p.index.groups {
		got[x] = make(map[dbus.ObjectPath]bool)
		for _, path := range members {
			got[x][path] = true
		}
		if !slices.IsSorted(members) || len(got[x]) != len(members) {
			t.Errorf("the group %v is not a sorted set: %v", x, members)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("groups:\n\tfollowed: %v\n\tsearched: %v", got, want)
		return false
	}
	return compareSuited(t, p)
}

// compareSuited asks every profile whether it fits, for every device.
func compareSuited(t *testing.T, p *daemonState) bool {
	t.Helper()
	ok := true
	for path, d := range p.devices {
		want := false
		for _, o := range p.profiles {
			want = want || o.loaded && o.persistent() && o.matches(d)
		}
		if got := p.hasMatchingProfile(d); got != want {
			t.Errorf("there is a profile for %s (%s): %v, want %v", path, d.name, got, want)
			ok = false
		}
	}
	return ok
}

// randomChanges is a NetworkManager that adds, changes and removes objects at random, in
// any order, with few enough names for all combinations to occur.
type randomChanges struct {
	*rand.Rand
	p *daemonState
}

func (h randomChanges) one(list ...any) any { return list[h.Intn(len(list))] }

func (h randomChanges) text(list ...string) string { return list[h.Intn(len(list))] }

func (h randomChanges) list(of func(int) dbus.ObjectPath) []dbus.ObjectPath {
	var l []dbus.ObjectPath
	for i := 1; i <= 5; i++ {
		if h.Intn(3) == 0 {
			l = append(l, of(i))
		}
	}
	h.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
	return l
}

func (h randomChanges) number(n int) int { return 1 + h.Intn(n) }

// some keeps half of the pairs.
func (h randomChanges) some(pairs ...any) props {
	var kept []any
	for i := 0; i < len(pairs); i += 2 {
		if h.Intn(2) == 0 {
			kept = append(kept, pairs[i], pairs[i+1])
		}
	}
	return values(kept...)
}

func (h randomChanges) deviceProperties() props {
	return h.some(
		"Interface", h.text("eth0", "eth1", "wlan0", "cdc0", ""), "IpInterface", h.text("", "eth0", "wwan0"),
		"DeviceType", h.one(uint32(1), uint32(2), uint32(deviceModem), uint32(deviceVeth), uint32(deviceLoopback), uint32(deviceTUN), uint32(deviceVRF), uint32(14), uint32(99)),
		"State", h.one(uint32(10), uint32(20), uint32(30), uint32(100)), "Managed", h.Intn(4) > 0,
		"Metered", uint32(h.Intn(5)), "HwAddress", h.text("", "02:00:00:00:00:0a", "02:00:00:00:00:0A"),
		"Udi", h.text("", string(modemPath)), "AvailableConnections", h.list(settingsPath),
		"Real", h.Intn(4) > 0, "Ports", h.list(devicePath), "Ip4Connectivity", uint32(h.Intn(5)), "Ip6Connectivity", uint32(h.Intn(5)),
		"StateReason", []any{uint32(10), h.one(uint32(0), uint32(3), uint32(37))},
	)
}

func (h randomChanges) wirelessProperties() props {
	return h.some("AccessPoints", h.list(pointPath), "ActiveAccessPoint", h.one(noObject, pointPath(h.number(5))))
}

func (h randomChanges) activeProperties() props {
	return h.some(
		"Connection", settingsPath(h.number(5)), "Devices", h.list(devicePath),
		"State", h.one(uint32(activeActivated), uint32(activeActivated), uint32(h.Intn(6))),
		"Vpn", h.Intn(5) == 0, "Master", h.one(noObject, devicePath(1)), "Default", h.Intn(3) == 0, "Default6", h.Intn(3) == 0,
		"Type", h.text("802-3-ethernet", "wireguard", "vpn"), "SpecificObject", h.one(noObject, activePath(h.number(4)), pointPath(1)),
	)
}

func (h randomChanges) managerProperties() props {
	return h.some("PrimaryConnection", h.one(noObject, activePath(1), activePath(2)), "Connectivity", uint32(h.Intn(5)),
		"NetworkingEnabled", h.Intn(4) > 0, "State", h.one(uint32(10), uint32(20), uint32(70)), "WirelessEnabled", h.Intn(4) > 0,
		"WirelessHardwareEnabled", h.Intn(4) > 0, "WwanEnabled", h.Intn(4) > 0, "ConnectivityCheckEnabled", h.Intn(4) > 0)
}

func (h randomChanges) pointProperties() props {
	return h.some("Ssid", []byte(h.text("home", "office", "")), "Strength", byte(h.Intn(101)))
}

func (h randomChanges) modemProperties() props {
	return h.some("AccessTechnologies", uint32(1)<<h.Intn(16), "SignalQuality", []any{uint32(h.Intn(101)), true})
}

// object is a path, and its interfaces with what they may have.
func (h randomChanges) object() (dbus.ObjectPath, bus.Interfaces) {
	switch h.Intn(11) {
	case 0, 1, 2:
		return devicePath(h.number(4)), bus.Interfaces{
			deviceInterface: h.deviceProperties(), wirelessInterface: h.wirelessProperties(),
			modemInterface: h.some("CurrentCapabilities", h.one(uint32(0), uint32(4), uint32(8))),
		}
	case 3, 4:
		return activePath(h.number(4)), bus.Interfaces{activeInterface: h.activeProperties()}
	case 5:
		return settingsPath(h.number(5)), bus.Interfaces{profileInterface: h.some("Flags", h.one(uint32(0), uint32(0), uint32(4), uint32(8)))}
	case 6, 7:
		return pointPath(h.number(5)), bus.Interfaces{pointInterface: h.pointProperties()}
	case 8, 9:
		return managerPath, bus.Interfaces{managerInterface: h.managerProperties()}
	}
	return modemPath, bus.Interfaces{
		cellularInterface: h.modemProperties(), gppInterface: h.some("RegistrationState", uint32(h.Intn(11))),
	}
}

// settings returns the settings of a profile, which may have the uuid of another profile.
func (h randomChanges) settings() map[string]map[string]dbus.Variant {
	kind := h.text("802-3-ethernet", "802-11-wireless", "gsm", "cdma", "vpn", "bridge", "pppoe", "loopback", "vlan", "wireguard", "vxlan", "hsr")
	more := []any{"interface-name", h.text("", "eth0", "eth1", "wwan0"), "autoconnect-priority", int32(h.Intn(3)), "metered", int32(h.Intn(3))}
	if h.Intn(6) == 0 {
		more = append(more, "master", h.text("br0", "u2"))
	}
	own := []any{"ssid", []byte(h.text("home", "office", ""))}
	if h.Intn(2) == 0 {
		own = append(own, "parent", h.text("eth0", "u1", "u2", "02:00:00:00:00:0a"), "port1", h.text("eth0", "u3"))
	}
	if h.Intn(6) == 0 {
		own = append(own, "mac-address-blacklist", []string{"02:00:00:00:00:0B"})
	}
	if h.Intn(3) == 0 {
		own = append(own, "mac-address", []byte{2, 0, 0, 0, 0, 10})
	}
	return profileSettings(h.number(5), kind, more, own...)
}

// step makes one change, and describes it.
func (h randomChanges) step() string {
	path, interfaces := h.object()
	switch h.Intn(12) {
	case 0, 1:
		h.p.add(path, interfaces)
		return fmt.Sprint("add ", path, interfaces)
	case 2:
		names := []string{}
		for name := range interfaces {
			names = append(names, name)
		}
		h.p.remove(path, names)
		return fmt.Sprint("remove ", path, names)
	case 3, 4:
		path, settings := settingsPath(h.number(5)), h.settings()
		h.p.loadSettings(path, settings)
		return fmt.Sprint("load ", path, settings)
	case 5:
		path, state := activePath(h.number(4)), uint32(h.Intn(6))
		h.p.setState(path, []any{state, uint32(0)})
		return fmt.Sprint("state of ", path, state)
	case 6:
		path, state := devicePath(h.number(4)), h.one(uint32(20), uint32(30), uint32(100))
		h.p.setDeviceState(path, []any{state, uint32(0), uint32(0)})
		return fmt.Sprint("state of ", path, state)
	case 7:
		return h.seldom()
	}
	for name, properties := range interfaces {
		h.p.changeProperties(path, name, properties)
	}
	return fmt.Sprint("change ", path, interfaces)
}

func (h randomChanges) seldom() string {
	if h.Intn(3) > 0 {
		return "nothing"
	}
	if h.Intn(2) == 0 {
		h.p.forgetModems()
		return "no modems"
	}
	word := h.text("no", "yes")
	h.p.setPermissions([]any{map[string]string{daemonName + ".network-control": word}})
	return "permission: " + word
}

// TestChangesAddUp compares after every step, and after several at once.
func TestChangesAddUp(t *testing.T) {
	for seed := int64(0); seed < 150; seed++ {
		h := randomChanges{rand.New(rand.NewSource(seed)), newDaemonState()}
		var steps []string
		managed := h.p.managedInterfaces()
		for i := 0; i < 150; i++ {
			steps = append(steps, h.step())
			renamed, before := h.p.interfacesDirty, managed
			if managed = h.p.managedInterfaces(); !renamed && !equal(managed, before) {
				t.Fatalf("seed %d: the managed interfaces changed without a report: %v, before: %v", seed, managed, before)
			}
			if seed%3 > 0 && h.Intn(4) > 0 {
				continue
			}
			if !compareAnew(t, h.p) {
				from := max(len(steps)-12, 0)
				t.Fatalf("seed %d, after step %d; the last ones:\n\t%s", seed, i, strings.Join(steps[from:], "\n\t"))
			}
		}
	}
}

// TestNothingIsKeptOfRemovedObjects: the index drops removed objects, and does not grow
// when devices are added and removed.
func TestNothingIsKeptOfRemovedObjects(t *testing.T) {
	p := build()
	for i := 1; i <= 100; i++ {
		p.device(i, deviceVeth, fmt.Sprint("veth", i), settingsPath(i)).profile(i, "802-3-ethernet", []any{"interface-name", fmt.Sprint("veth", i)}).
			active(i, i, i, activeActivated).point(i, fmt.Sprint("net", i), 50).changes()
		p.remove(devicePath(i), []string{deviceInterface})
		p.remove(activePath(i), []string{activeInterface})
		p.remove(pointPath(i), []string{pointInterface})
		p.remove(settingsPath(i), []string{profileInterface})
		p.changes()
	}
	x := &p.index
	if len(x.groups)+len(x.dependents)+len(x.dependencies)+len(x.dirty)+len(p.published)+len(p.interfaceRefs) > 0 {
		t.Errorf("kept: groups %v, readers %v, reads %v, touched %v, shown %v, interfaces %v",
			x.groups, x.dependents, x.dependencies, x.dirty, p.published, p.interfaceRefs)
	}
}

// TestCostFollowsTheChange: a signal derives only the configurations that it affects,
// however many profiles exist.
func TestCostFollowsTheChange(t *testing.T) {
	b := crowd(1000)
	for _, c := range []struct {
		name string
		do   func()
		most int
	}{
		{"a device's state", func() { b.setDeviceState(devicePath(1), []any{uint32(100), uint32(30), uint32(0)}) }, 2},
		{"the address of a device's link", func() { b.with(devicePath(1), deviceInterface, "IpInterface", "eth0") }, 2},
		{"a connection on its way up", func() { b.active(1, 1, 1, activeActivating) }, 2},
		{"a connection that is up", func() { b.setState(activePath(1), []any{uint32(activeActivated), uint32(0)}) }, 2},
		{"the primary connection", func() { b.with(managerPath, managerInterface, "PrimaryConnection", activePath(1)) }, 1},
		{"a strength", func() { b.with(pointPath(1), pointInterface, "Strength", byte(7)) }, 1},
		{"a profile", func() { b.profile(500, "802-3-ethernet", []any{"interface-name", "eth0", "metered", int32(1)}) }, 1},
		{"a further profile that fits", func() { b.profile(5000, "802-3-ethernet", nil) }, 2},
		{"nothing new", func() { b.active(1, 1, 1, activeActivated) }, 0},
	} {
		b.changes()
		c.do()
		if got := len(b.index.dirty); got > c.most {
			t.Errorf("%s: %d configurations are derived, want no more than %d", c.name, got, c.most)
		}
	}
	compareAnew(t, b.daemonState)
}

// crowd is a state of a wired device with profiles that can be activated on
// it, and as many Wi-Fi networks in range.
func crowd(n int) builder {
	b := build()
	var offers, points []dbus.ObjectPath
	for i := 1; i <= n; i++ {
		b.profile(i, "802-3-ethernet", []any{"interface-name", "eth0"})
		b.profile(n+i, "802-11-wireless", nil, "ssid", []byte(fmt.Sprint("net", i)))
		b.point(i, fmt.Sprint("net", i), 50)
		offers, points = append(offers, settingsPath(i)), append(points, pointPath(i))
	}
	b.device(1, 1, "eth0", offers...)
	return b.device(2, 2, "wlan0").with(devicePath(2), wirelessInterface, "AccessPoints", points)
}

// BenchmarkSignal is one connection's change of state beside idle profiles.
func BenchmarkSignal(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprint(n, " profiles"), func(b *testing.B) {
			p := crowd(n).active(1, 1, 1, activeActivated)
			p.changes()
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				p.setState(activePath(1), []any{uint32(activeActivated - i%2), uint32(0)})
				p.changes()
			}
		})
	}
}
