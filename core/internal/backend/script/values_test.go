package script

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"0ms": 0, "1us": time.Microsecond, "100ms": 100 * time.Millisecond, "2s": 2 * time.Second,
		"3min": 3 * time.Minute, "24h": 24 * time.Hour, "1440min": 24 * time.Hour, "007s": 7 * time.Second,
	} {
		if d, err := duration(s); err != nil || d != want {
			t.Errorf("duration(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", "1", "ms", "s", "1m", "1 s", "-1s", "+1s", "1.5s", "1e3s", "0x1s", "1_0s", "1S", "1sx", "١s", "1d",
	} {
		if d, err := duration(s); err == nil || !strings.Contains(err.Error(), "is no duration") {
			t.Errorf("duration(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"25h", "86400001ms", "9223372036854775807us", "18446744073709551616h", "2562048h", strings.Repeat("9", 1000) + "s",
	} {
		if d, err := duration(s); err == nil || !strings.Contains(err.Error(), "is too long") {
			t.Errorf("duration(%q) = %v, %v", s, d, err)
		}
	}
}

func TestNumber(t *testing.T) {
	for s, want := range map[string]uint64{"0": 0, "100": 100, "0100": 100} {
		if n, err := number(s, 100); err != nil || n != want {
			t.Errorf("number(%q) = %d, %v", s, n, err)
		}
	}
	for _, s := range []string{"", "101", "-1", "+1", "1.0", "0x1", "1_0", "18446744073709551616", "ten"} {
		if n, err := number(s, 100); err == nil {
			t.Errorf("number(%q) = %d", s, n)
		}
	}
}

func TestIdentifier(t *testing.T) {
	for _, id := range []string{"eth0", "link:eth0", "nm:5b3c", "a/b@c.d+e-f_g%h", "büro", strings.Repeat("x", maxIDBytes)} {
		if err := identifier(id); err != nil {
			t.Errorf("identifier(%q): %v", id, err)
		}
	}
	for _, id := range []string{
		"a,b", "a#b", `a\b`, "a\u00a0b", "a\u200bb", "a\ufeff", "netsession:internet", strings.Repeat("x", maxIDBytes+1),
	} {
		if err := identifier(id); err == nil {
			t.Errorf("identifier(%q) is taken", id)
		}
	}
}

func TestLinkName(t *testing.T) {
	for _, name := range []string{"", "eth0", "wlp0s20f3", "123456789012345", "eth0.5"} {
		if err := linkName(name); err != nil {
			t.Errorf("linkName(%q): %v", name, err)
		}
	}
	for _, name := range []string{"1234567890123456", "a/b", "a b", "a:b", ".", ".."} {
		if err := linkName(name); err == nil {
			t.Errorf("linkName(%q) is taken", name)
		}
	}
}

func TestLinkNames(t *testing.T) {
	for s, want := range map[string]string{
		"none": "[]", "eth0": "[eth0]", "wlan0,eth0.5,eth0": "[eth0 eth0.5 wlan0]",
	} {
		if list, err := linkNames(s); err != nil || fmt.Sprint(list) != want {
			t.Errorf("linkNames(%q) = %v, %v", s, list, err)
		}
	}
	for _, s := range []string{
		"", ",", "eth0,", ",eth0", "eth0,,eth1", "eth0,eth1,eth0", "1234567890123456", "a/b,c",
		strings.Repeat("a,", maxLinks) + "b",
	} {
		if list, err := linkNames(s); err == nil {
			t.Errorf("linkNames(%q) = %v", s, list)
		}
	}
}

func TestPrefixes(t *testing.T) {
	for s, want := range map[string]string{
		"none":                         "[]",
		"192.0.2.5/24":                 "[192.0.2.5/24]",
		"2001:db8::1/64,192.0.2.5/24":  "[192.0.2.5/24 2001:db8::1/64]",
		"192.0.2.9/24,192.0.2.10/24":   "[192.0.2.9/24 192.0.2.10/24]",
		"192.0.2.5/24,192.0.2.5/16":    "[192.0.2.5/16 192.0.2.5/24]",
		"0.0.0.0/0,255.255.255.255/32": "[0.0.0.0/0 255.255.255.255/32]",
	} {
		if list, err := prefixes(s); err != nil || fmt.Sprint(list) != want {
			t.Errorf("prefixes(%q) = %v, %v", s, list, err)
		}
	}
	for _, s := range []string{
		"", "192.0.2.5", "192.0.2.5/33", "192.0.2.5/24,", ",", "none,192.0.2.5/24", "192.0.2.5/24,192.0.2.5/24",
		"fe80::1%eth0/64", "2001:db8::1/129", "192.0.2.256/24", "192.0.2.5/-1",
		strings.Repeat("192.0.2.5/24,", maxAddresses) + "192.0.2.5/24",
	} {
		if list, err := prefixes(s); err == nil {
			t.Errorf("prefixes(%q) = %v", s, list)
		}
	}
}
