package system

import (
	"strings"
	"testing"
)

func TestChoices(t *testing.T) {
	for _, choice := range []string{Auto, RTNetlink, NetworkManager, ConnMan} {
		for _, address := range []string{"", "unix:path=/run/dbus/system_bus_socket"} {
			if b, err := New(choice, address); err != nil || b == nil {
				t.Errorf("New(%q, %q): %v", choice, address, err)
			}
		}
	}
	if _, err := New("carrier pigeon", ""); err == nil || !strings.Contains(err.Error(), "carrier pigeon") {
		t.Errorf("an unknown choice: %v", err)
	}
}

func TestAddressesThatCannotBe(t *testing.T) {
	for _, address := range []string{"nonsense", "tcp:host=localhost", "unix:", "unix:path=%zz", ";"} {
		if err := CheckAddress(address); err == nil || !strings.Contains(err.Error(), address) {
			t.Errorf("CheckAddress(%q): %v", address, err)
		}
	}
}
