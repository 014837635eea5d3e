package connman

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
)

func TestDecodeObjects(t *testing.T) {
	many := make([][]any, maxServices+1)
	for i := range many {
		many[i] = entry(wiredPath, props())
	}
	cases := []struct {
		name    string
		body    any
		count   int
		problem string // part of it
		fails   bool
	}{
		{"none", list(), 0, "", false},
		{"two", list(entry(wiredPath, wired("idle")), entry(homePath, home("idle"))), 2, "", false},
		{"nothing at all", nil, 0, "", true},
		{"a string", "services", 0, "", true},
		{"a list of paths", []dbus.ObjectPath{wiredPath}, 0, "", true},
		{"an object without properties", list([]any{wiredPath}), 0, "1 parts", false},
		{"an object with too much", list([]any{wiredPath, props(), 1}), 0, "3 parts", false},
		{"a path that is a string", list([]any{"/", props()}), 0, "of type string", false},
		{"properties that are no map", list([]any{wiredPath, []string{"State"}}), 0, "of type []string", false},
		{"a bad one among good ones", list(entry(wiredPath, props()), []any{}, entry(homePath, props())), 2, "0 parts", false},
		{"too many", many, maxServices, "2001 objects", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var wrong problems
			got, err := decodeObjects(c.body, &wrong)
			if len(got) != c.count || (err != nil) != c.fails {
				t.Errorf("%d records, error %v", len(got), err)
			}
			if said := strings.Join(wrong, "; "); (said == "") != (c.problem == "") || !strings.Contains(said, c.problem) {
				t.Errorf("problems: %q, expected %q", said, c.problem)
			}
		})
	}
}

func TestDecodeProperty(t *testing.T) {
	for _, body := range [][]any{
		nil, {"State"}, {"State", "idle"}, {1, value("idle")}, {"State", value("idle"), 3},
	} {
		if _, _, err := decodeProperty(body); err == nil {
			t.Errorf("%v is taken for a property", body)
		}
	}
	name, v, err := decodeProperty([]any{"State", value("idle")})
	if name != "State" || v.Value() != "idle" || err != nil {
		t.Errorf("got %q, %v, %v", name, v, err)
	}
}

func TestServiceID(t *testing.T) {
	cases := map[dbus.ObjectPath]string{
		wiredPath:                           wiredID,
		"/net/connman/service/vpn_host_dom": "connman:vpn_host_dom",
		"/net/connman/service/":             "",
		"/net/connman/service/a/b":          "",
		"/net/connman/service/a b":          "",
		"/net/connman/service/\xff":         "",
		"/net/connman/technology/wifi":      "",
		"/":                                 "",
		"":                                  "",
		dbus.ObjectPath(servicePrefix + strings.Repeat("x", maxText+1)): "",
	}
	for path, want := range cases {
		got, err := serviceID(path)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("identifier(%q) = %q, %v", path, got, err)
		}
	}
}

func TestSanitize(t *testing.T) {
	cases := map[string]string{
		"":           "",
		"Home":       "Home",
		"Caf\u00e9":  "Caf\u00e9",
		"a\x00b":     "ab",
		"Caf\xe9":    "Caf\uFFFD",
		"\xff\xfe":   "\uFFFD",
		"new\nline":  "new\nline",
		"\U0001F4F6": "\U0001F4F6",
	}
	for in, want := range cases {
		if got := sanitize(in); got != want {
			t.Errorf("shorten(%q) = %q, expected %q", in, got, want)
		}
	}
	for _, unit := range []string{"x", "\u00e9", "\u20ac", "\U0001F4F6", "\xff", "x\u20ac"} {
		got := sanitize(strings.Repeat(unit, 2*maxText))
		if !utf8.ValidString(got) || len(got) > maxText || len(got) == 0 {
			t.Errorf("many of %q become %d bytes, valid: %v", unit, len(got), utf8.ValidString(got))
		}
	}
}
