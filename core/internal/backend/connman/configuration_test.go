package connman

import (
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
)

// one is the configuration of a service with these properties.
func one(t *testing.T, p properties) (bearer.Configuration, problems) {
	t.Helper()
	var wrong problems
	s := &service{id: wiredID, path: wiredPath}
	s.setAll(p, &wrong)
	return configuration(s, false), wrong
}

func TestStates(t *testing.T) {
	cases := []struct {
		state    string
		wired    bearer.State
		stranger bearer.State // of a wireless network that is not configured
		progress bearer.Progress
	}{
		{"idle", bearer.Discovered, bearer.Undefined, bearer.Settled},
		{"failure", bearer.Discovered, bearer.Undefined, bearer.Settled},
		{"association", bearer.Discovered, bearer.Discovered, bearer.Connecting},
		{"configuration", bearer.Discovered, bearer.Discovered, bearer.Connecting},
		{"ready", bearer.Active, bearer.Active, bearer.Settled},
		{"online", bearer.Active, bearer.Active, bearer.Settled},
		{"disconnect", bearer.Discovered, bearer.Discovered, bearer.Closing},
		{"hibernation", bearer.Defined, bearer.Undefined, bearer.Settled},
		{"", bearer.Defined, bearer.Undefined, bearer.Settled},
	}
	for _, c := range cases {
		t.Run("state "+c.state, func(t *testing.T) {
			got, wrong := one(t, wired(c.state))
			if got.State != c.wired || got.Progress != c.progress {
				t.Errorf("wired: %v, %v", got.State, got.Progress)
			}
			if _, known := states[c.state]; known != (len(wrong) == 0) {
				t.Errorf("problems: %q", wrong)
			}
			if got, _ = one(t, cafe(c.state)); got.State != c.stranger || got.Progress != c.progress {
				t.Errorf("wireless: %v, %v", got.State, got.Progress)
			}
			if got, _ = one(t, home(c.state)); got.State != c.wired {
				t.Errorf("a favourite: %v", got.State)
			}
		})
	}
}

func TestConfiguration(t *testing.T) {
	access := bearer.Configuration{ID: wiredID, Type: bearer.InternetAccessPoint, State: bearer.Discovered}
	edit := func(change func(*bearer.Configuration)) bearer.Configuration {
		c := access
		change(&c)
		return c
	}
	idle := func(kind string, more ...any) properties {
		return with(props("Type", kind, "State", "idle"), more...)
	}
	cases := []struct {
		name string
		in   properties
		want bearer.Configuration
	}{
		{"wired", wired("online"), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer, c.Interface, c.Priority = "Wired", bearer.BearerEthernet, "eth0", 2
			c.State, c.Reach, c.Hardware = bearer.Active, bearer.ReachOnline, "02:00:00:00:ab:30"
		})},
		{"wired without a name", idle("ethernet"), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer = "Wired", bearer.BearerEthernet
		})},
		{"wireless", home("idle"), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer, c.Interface, c.Priority, c.Strength = "Home", bearer.BearerWLAN, "wlan0", 2, 70
			c.Hardware = "02:00:00:00:ab:30"
		})},
		{"hidden wireless", idle("wifi", "Strength", uint8(9)), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer, c.Strength, c.State = "Hidden wireless network", bearer.BearerWLAN, 9, bearer.Undefined
		})},
		{"provisioned wireless", idle("wifi", "Name", "Work", "Immutable", true), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer, c.Priority = "Work", bearer.BearerWLAN, 1
		})},
		{"favourite that does not connect by itself", with(home("idle"), "AutoConnect", false), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer, c.Interface, c.Priority, c.Strength = "Home", bearer.BearerWLAN, "wlan0", 1, 70
			c.Hardware = "02:00:00:00:ab:30"
		})},
		{"cellular", idle("cellular", "Name", "Operator", "Strength", uint8(55)), edit(func(c *bearer.Configuration) {
			c.Name, c.Metered, c.Strength = "Operator", bearer.MeteredGuessed, 55
		})},
		{"cellular abroad", idle("cellular", "Roaming", true, "Favorite", true, "AutoConnect", true), edit(func(c *bearer.Configuration) {
			c.Name, c.Metered, c.Abroad, c.Priority = "Cellular", bearer.MeteredGuessed, true, 1
		})},
		{"bluetooth", idle("bluetooth", "Name", "Phone"), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer = "Phone", bearer.BearerBluetooth
		})},
		{"gadget", idle("gadget"), edit(func(c *bearer.Configuration) {
			c.Name, c.Bearer = "USB", bearer.BearerEthernet
		})},
		{"vpn", idle("vpn", "Name", "Work"), edit(func(c *bearer.Configuration) {
			c.Name, c.Purpose, c.Role = "Work", bearer.PrivatePurpose, bearer.Tunnel
		})},
		{"a kind from the future", idle("neutrino"), edit(func(c *bearer.Configuration) { c.Name = wiredID })},
		{"nothing", props(), edit(func(c *bearer.Configuration) { c.Name, c.State = wiredID, bearer.Undefined })},
	}
	cases[len(cases)-1].want.State = bearer.Defined
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, wrong := one(t, c.in)
			if !got.Equal(&c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if len(wrong) > 0 {
				t.Errorf("problems: %q", wrong)
			}
		})
	}
}

func TestWrongTypesAreReportedAndPassedOver(t *testing.T) {
	for name, bad := range map[string]any{
		"Name": int32(1), "Type": true, "State": uint8(3), "Error": []string{"dhcp-failed"},
		"Favorite": "true", "Immutable": int32(1), "AutoConnect": uint32(1), "Roaming": "no",
		"Strength": int32(50), "Ethernet": "eth0",
	} {
		got, wrong := one(t, with(wired("ready"), name, bad))
		if len(wrong) != 1 {
			t.Errorf("%s: problems %q", name, wrong)
		}
		if !got.Valid() {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if len(setters) != 10 {
		t.Errorf("%d properties are set, 10 are tried here", len(setters))
	}
}

func TestLinkNames(t *testing.T) {
	for _, bad := range []any{"", "a/b", "two words", "nul\x00", "\xff", "sixteen_bytes_xx", uint8(1)} {
		var wrong problems
		s := &service{id: wiredID, iface: "eth7"}
		s.setAll(props("Ethernet", props("Interface", bad)), &wrong)
		if s.iface != "" || (len(wrong) == 0) != (bad == "") {
			t.Errorf("%v: interface %q, problems %q", bad, s.iface, wrong)
		}
	}
	s := &service{iface: "eth7"}
	if err := s.set("Ethernet", value(props("Method", "auto"))); err != nil || s.iface != "" {
		t.Errorf("without an interface: %q, %v", s.iface, err)
	}
}

func TestHardware(t *testing.T) {
	for in, want := range map[any]string{
		"02:00:00:00:AB:0C": "02:00:00:00:ab:0c", "02-00-00-00-ab-0c": "02:00:00:00:ab:0c",
		"00:00:00:00:00:00": "", "": "", "eth0": "", "02:00": "", uint8(2): "",
	} {
		s := &service{id: wiredID}
		if err := s.set("Ethernet", value(props("Interface", "eth0", "Address", in))); err != nil || s.hardware != want || s.iface != "eth0" {
			t.Errorf("%v: %q on %q, %v", in, s.hardware, s.iface, err)
		}
	}
	s := &service{id: wiredID, hardware: "02:00:00:00:00:01"}
	if err := s.set("Ethernet", value(props("Interface", "eth0"))); err != nil || s.hardware != "" {
		t.Errorf("lingers: %q, %v", s.hardware, err)
	}
}

func TestStrengthIsAPercentage(t *testing.T) {
	got, _ := one(t, with(home("idle"), "Strength", uint8(250)))
	if got.Strength != 100 {
		t.Errorf("strength %d", got.Strength)
	}
}

func TestAbsentServiceIsDefined(t *testing.T) {
	s := &service{id: homeID}
	var wrong problems
	s.setAll(home("online"), &wrong)
	got := configuration(s, true)
	if got.State != bearer.Defined || got.Strength != 0 || got.Name != "Home" || got.Interface != "wlan0" {
		t.Errorf("got %+v", got)
	}
}
