package bus

import (
	"strings"
	"testing"
)

// FuzzAddress looks for bus addresses that are accepted and cannot be connected to, or
// that are refused without a reason.
func FuzzAddress(f *testing.F) {
	for _, address := range []string{
		defaultAddress, "", ";;", "unix:path=/run/dbus/bus,guid=1234", "unix:abstract=/tmp/bus", "unix:path=/a%20b;tcp:host=x",
		"unix:path=%", "unix:path=%4", "unix:path=%zz", "unix:path=%00", "unix:", "unix:path=", "unixexec:path=/bin/sh",
		"unix:dir=/tmp", "unix:abstract=,path=/a",
	} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		sockets, err := parseAddress(orDefault(address))
		if (err == nil) != (CheckAddress(address) == nil) {
			t.Errorf("Check(%q) and parseAddress do not agree", address)
		}
		if err != nil {
			if len(sockets) > 0 || strings.HasSuffix(err.Error(), ".") {
				t.Errorf("parseAddress(%q) = %q, %q", address, sockets, err)
			}
			return
		}
		if len(sockets) == 0 || len(sockets) > strings.Count(address, ";")+strings.Count(defaultAddress, ";")+1 {
			t.Errorf("parseAddress(%q) found %q", address, sockets)
		}
		for _, socket := range sockets {
			if socket == "" || socket == "@" {
				t.Errorf("parseAddress(%q) found a socket without a name", address)
			}
		}
		if name := SocketPath(address); name == "" {
			t.Errorf("Name(%q) is empty", address)
		}
	})
}
