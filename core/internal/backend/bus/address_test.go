package bus

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		address string
		sockets []string
		problem string
	}{
		{"unix:path=/run/bus", []string{"/run/bus"}, ""},
		{"unix:guid=12,path=/run/bus", []string{"/run/bus"}, ""},
		{"unix:abstract=/tmp/x,guid=12", []string{"@/tmp/x"}, ""},
		{"unix:path=/a%20b%3bc", []string{"/a b;c"}, ""},
		{"unix:path=%40bus;unix:path=%00bus", []string{"./@bus", "./\x00bus"}, ""},
		{"tcp:host=x;unix:path=/b;unix:abstract=c", []string{"/b", "@c"}, ""},
		{defaultAddress, []string{"/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket"}, ""},
		{";;", nil, "is empty"},
		{"bus", nil, "names no transport"},
		{"tcp:host=x,port=1", nil, `transport "tcp" is not supported`},
		{"unix:dir=/tmp", nil, "neither path= nor abstract="},
		{"unix:", nil, "neither path= nor abstract="},
		{"unix:path=/a%2", nil, "ends within an escape"},
		{"unix:path=/a%zz", nil, "not %XX"},
		{"unix:abstract=a%zz", nil, "not %XX"},
	} {
		sockets, err := parseAddress(c.address)
		if !reflect.DeepEqual(sockets, c.sockets) {
			t.Errorf("%q: sockets %q, want %q", c.address, sockets, c.sockets)
		}
		if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%q: error %v, want one about %q", c.address, err, c.problem)
		}
	}
}

func TestDefaultAddress(t *testing.T) {
	if got := orDefault(""); got != defaultAddress {
		t.Errorf("without an address: %q", got)
	}
	if got := orDefault("unix:path=/y"); got != "unix:path=/y" {
		t.Errorf("with an address given: %q", got)
	}
	if CheckAddress("") != nil || CheckAddress("unix:path=/y") != nil || CheckAddress("nonsense") == nil {
		t.Error("Check accepts a bad address or refuses a good one")
	}
}

func TestBackoffGrowsToAMinute(t *testing.T) {
	var p backoff
	var sum time.Duration
	for i := 0; i < 20; i++ {
		wait := p.next(0)
		if wait > time.Minute {
			t.Fatalf("pause %d is %v", i, wait)
		}
		sum += wait
	}
	if p.next(0) != time.Minute {
		t.Error("an absent bus is asked for more than once a minute")
	}
	if wait := p.next(time.Hour); wait > 100*time.Millisecond {
		t.Errorf("%v until the first attempt after a loss", wait)
	}
	if sum < 8*time.Minute {
		t.Errorf("20 pauses took only %v", sum)
	}
}
