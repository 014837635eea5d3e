package connman

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/bearer"
)

// dice makes values from bytes, of the types that a D-Bus decoder produces.
type dice struct{ bytes []byte }

func (d *dice) roll(n int) int {
	if len(d.bytes) == 0 {
		return 0
	}
	b := d.bytes[0]
	d.bytes = d.bytes[1:]
	return int(b) % n
}

func (d *dice) text() string {
	n := min(d.roll(40), len(d.bytes))
	s := string(d.bytes[:n])
	d.bytes = d.bytes[n:]
	return s
}

func (d *dice) pick(words ...string) string {
	if n := d.roll(len(words) + 1); n < len(words) {
		return words[n]
	}
	return d.text()
}

func (d *dice) value(depth int) any {
	switch d.roll(13) {
	case 0, 1, 2:
		return d.pick("idle", "failure", "association", "configuration", "ready", "online", "disconnect", "wifi", "ethernet", "vpn", "eth0")
	case 3, 4:
		return d.roll(2) == 0
	case 5:
		return uint8(d.roll(256))
	case 6:
		return int32(d.roll(256)) - 128
	case 7:
		return []string{d.text()}
	case 8:
		return d.path()
	case 9, 10:
		if depth > 0 {
			return d.properties(depth - 1)
		}
	case 11:
		if depth > 0 {
			return dbus.MakeVariant(d.value(depth - 1))
		}
	}
	return float64(d.roll(256))
}

func (d *dice) properties(depth int) properties {
	p := make(properties)
	for n := d.roll(12); n > 0; n-- {
		name := d.pick("State", "Type", "Name", "Error", "Strength", "Favorite", "Immutable",
			"AutoConnect", "Roaming", "Ethernet", "Interface", "Address", "Powered", "Tethering", "OfflineMode", "IPv4")
		p[name] = dbus.MakeVariant(d.value(depth))
	}
	return p
}

func (d *dice) path() dbus.ObjectPath {
	return dbus.ObjectPath(d.pick(string(wiredPath), string(homePath), string(cafePath), "/net/connman/technology/wifi", servicePrefix, "/"))
}

func (d *dice) services() any {
	if d.roll(8) == 0 {
		return d.value(2)
	}
	l := list()
	for n := d.roll(5); n > 0; n-- {
		switch d.roll(8) {
		case 0:
			l = append(l, []any{d.value(1)})
		case 1:
			l = append(l, []any{d.value(1), d.value(1)})
		default:
			l = append(l, entry(d.path(), d.properties(2)))
		}
	}
	return l
}

func (d *dice) paths() any {
	if d.roll(8) == 0 {
		return d.value(1)
	}
	var l []dbus.ObjectPath
	for n := d.roll(4); n > 0; n-- {
		l = append(l, d.path())
	}
	return l
}

func (d *dice) signal() bus.Signal {
	s := bus.Signal{Path: d.path(), Interface: "net.connman.Service", Member: "PropertyChanged"}
	switch d.roll(7) {
	case 6:
		s.Interface, s.Body = managerInterface, []any{"OfflineMode", dbus.MakeVariant(d.value(0))}
	case 0, 1:
		s.Interface, s.Member, s.Body = managerInterface, "ServicesChanged", []any{d.services(), d.paths()}
	case 2:
		s.Interface, s.Member, s.Body = managerInterface, "TechnologyAdded", []any{d.path(), d.properties(1)}
	case 3:
		s.Interface, s.Member, s.Body = managerInterface, "TechnologyRemoved", []any{d.value(1)}
	case 4:
		s.Interface, s.Body = "net.connman.Technology", []any{d.pick("Powered", "Tethering", "Type"), dbus.MakeVariant(d.value(1))}
	default:
		s.Body = []any{d.pick("State", "Error", "Ethernet", "Strength", "Favorite"), dbus.MakeVariant(d.value(2))}
	}
	if d.roll(10) == 0 && len(s.Body) > 0 {
		s.Body = s.Body[:len(s.Body)-1]
	}
	return s
}

// FuzzProperties feeds arbitrary lists and signals to a monitor, and checks its reports,
// and that they add up to its state.
func FuzzProperties(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte("State\x00idle\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"))
	f.Add([]byte(strings.Repeat("\x01\x02\x03\x00\x00\x07\x05\x0a", 40)))
	f.Fuzz(func(t *testing.T, bytes []byte) {
		d := &dice{bytes}
		h := newHarness(t)
		world := bearer.NewRegistry()
		h.sink = applied{world, h}
		h.Vanished(daemonName)
		h.Appeared(daemonName)
		h.reply("GetProperties", nil, d.properties(1))
		h.reply("GetTechnologies", nil, d.services())
		h.reply("GetServices", nil, d.services())
		for len(d.bytes) > 0 {
			h.Signal(d.signal())
			if len(h.calls) > 0 && d.roll(2) == 0 {
				h.reply(h.calls[0].Method, nil, d.properties(2))
			}
		}
		checkState(t, h.state, world)
	})
}

// applied applies the reports to a registry.
type applied struct {
	world *bearer.Registry
	*harness
}

func (a applied) Report(b bearer.Batch) { a.world.Apply(b) }

func checkState(t *testing.T, p *daemonState, world *bearer.Registry) {
	t.Helper()
	count, tunnels, links := 0, 0, make(map[string]bool)
	for _, technology := range p.technologies {
		if technology.tethering {
			links[tetherBridge] = true
		}
	}
	for _, services := range []map[string]*service{p.services, p.absent} {
		for id, s := range services {
			count++
			if s.iface != "" {
				links[s.iface] = true
			}
			if s.kind == vpn {
				links[fmt.Sprint("vpn", tunnels)] = true
				tunnels++
			}
			c := shown(p, id)
			if got := world.Get(id); got == nil || !got.Equal(c) {
				t.Fatalf("reported %+v\nfor      %+v", got, c)
			}
			checkConfiguration(t, c)
		}
	}
	if count != world.Len() {
		t.Fatalf("%d configurations were reported of %d", world.Len(), count)
	}
	if got, want := p.managedNames(), slices.Sorted(maps.Keys(links)); !slices.Equal(got, want) {
		t.Fatalf("managed: %q, want %q", got, want)
	}
	if len(p.absentOrder) != len(p.absent) {
		t.Fatalf("absent: %q, %v", p.absentOrder, p.absent)
	}
}

func checkConfiguration(t *testing.T, c *bearer.Configuration) {
	t.Helper()
	switch c.State {
	case bearer.Undefined, bearer.Defined, bearer.Discovered, bearer.Active:
	default:
		t.Fatalf("state %d", c.State)
	}
	if !strings.HasPrefix(c.ID, "connman:") || c.Name == "" || !utf8.ValidString(c.Name) || !utf8.ValidString(c.Interface) {
		t.Fatalf("%+v", c)
	}
	if c.Strength > 100 || len(c.Name) > 2*maxText || len(c.Interface) > maxInterface {
		t.Fatalf("%+v", c)
	}
}
