package main

import (
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	standard := options{backend: "auto", initial: "access-point", close: "counted"}
	tests := []struct {
		name        string
		given       options
		environment string
		want        options
	}{
		{"nothing", options{}, "", standard},
		{"separators only", options{}, " , ,", standard},
		{"given", options{backend: "rtnetlink", close: "literal"}, "",
			options{backend: "rtnetlink", initial: "access-point", close: "literal"}},
		{"environment", options{}, "backend=script,script=a.play,default=service-network,close=literal,dbus=unix:path=/bus",
			options{backend: "script", script: "a.play", bus: "unix:path=/bus", initial: "service-network", close: "literal"}},
		{"spaces", options{}, " backend = script , script = my net.play ",
			options{backend: "script", script: "my net.play", initial: "access-point", close: "counted"}},
		{"given goes first", options{backend: "rtnetlink"}, "backend=script",
			options{backend: "rtnetlink", initial: "access-point", close: "counted"}},
		{"the last of two", options{}, "close=literal,close=counted", standard},
		{"empty is not given", options{}, "backend=,close=", standard},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := complete(test.given, test.environment, "")
			if err != nil || got != test.want {
				t.Errorf("complete(%+v, %q) = %+v, %v; want %+v", test.given, test.environment, got, err, test.want)
			}
		})
	}
}

func TestTheBusAddress(t *testing.T) {
	tests := []struct{ given, environment, system, want string }{
		{"unix:path=/a", "dbus=unix:path=/b", "unix:path=/c", "unix:path=/a"},
		{"", "dbus=unix:path=/b", "unix:path=/c", "unix:path=/b"},
		{"", "", "unix:path=/c", "unix:path=/c"},
		{"", "", "", ""},
	}
	for _, test := range tests {
		got, err := complete(options{bus: test.given}, test.environment, test.system)
		if err != nil || got.bus != test.want {
			t.Errorf("complete: the bus is %q, %v; want %q", got.bus, err, test.want)
		}
	}
	if _, err := complete(options{}, "", "nonsense"); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("a bus address that cannot be one: %v", err)
	}
}

func TestCompleteRefuses(t *testing.T) {
	tests := []struct {
		given       options
		environment string
		want        string
	}{
		{options{backend: "wicd"}, "", `The option backend has no value "wicd"; it can be auto, rtnetlink, networkmanager, connman or script.`},
		{options{initial: "best"}, "", `The option default has no value "best"; it can be access-point, service-network or user-choice.`},
		{options{close: "x"}, "", `The option close has no value "x"; it can be counted or literal.`},
		{options{}, "close=x", `The option close has no value "x" in NETSESSION_OPTIONS; it can be counted or literal.`},
		{options{close: "counted"}, "close=x", `The option close has no value "x" in NETSESSION_OPTIONS; it can be counted or literal.`},
		{options{}, "backend", `NETSESSION_OPTIONS has "backend", which is not of the form name=value.`},
		{options{}, "Backend=auto", `NETSESSION_OPTIONS has no option "Backend"; there are backend, script, dbus, default or close.`},
		{options{backend: "script"}, "", `The backend script plays a file, but the option script names none.`},
		{options{}, "backend=script", `The backend script plays a file, but the option script names none.`},
	}
	for _, test := range tests {
		got, err := complete(test.given, test.environment, "")
		if err == nil || err.Error() != test.want {
			t.Errorf("complete(%+v, %q) = %v; want the error %q", test.given, test.environment, err, test.want)
		}
		if got != (options{}) {
			t.Errorf("complete(%+v, %q) = %+v beside its error", test.given, test.environment, got)
		}
	}
}

func FuzzComplete(f *testing.F) {
	f.Add("auto", "backend=script,script=a.play")
	f.Add("", "dbus=unix:path=/a,=,close")
	f.Fuzz(func(t *testing.T, backend, environment string) {
		o, err := complete(options{backend: backend}, environment, "")
		if err != nil {
			if !strings.HasSuffix(err.Error(), ".") {
				t.Errorf("%q is not a sentence", err)
			}
			return
		}
		for _, option := range allOptions {
			if err := option.check(*option.field(&o), ""); err != nil {
				t.Errorf("complete(%q, %q) let through: %v", backend, environment, err)
			}
		}
	})
}
