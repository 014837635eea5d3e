package options

import (
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	standard := Options{Backend: "auto", DefaultConfiguration: "access-point", Close: "counted"}
	tests := []struct {
		name        string
		given       Options
		environment string
		want        Options
	}{
		{"nothing", Options{}, "", standard},
		{"separators only", Options{}, " , ,", standard},
		{"given", Options{Backend: "rtnetlink", Close: "literal"}, "",
			Options{Backend: "rtnetlink", DefaultConfiguration: "access-point", Close: "literal"}},
		{"environment", Options{}, "backend=script,script=a.play,default=service-network,close=literal,dbus=unix:path=/bus",
			Options{Backend: "script", Script: "a.play", DBusAddress: "unix:path=/bus", DefaultConfiguration: "service-network", Close: "literal"}},
		{"spaces", Options{}, " backend = script , script = my net.play ",
			Options{Backend: "script", Script: "my net.play", DefaultConfiguration: "access-point", Close: "counted"}},
		{"given goes first", Options{Backend: "rtnetlink"}, "backend=script",
			Options{Backend: "rtnetlink", DefaultConfiguration: "access-point", Close: "counted"}},
		{"the last of two", Options{}, "close=literal,close=counted", standard},
		{"empty is not given", Options{}, "backend=,close=", standard},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.given.Complete(Environment{Options: test.environment})
			if err != nil || got != test.want {
				t.Errorf("%+v.Complete(%q) = %+v, %v; want %+v", test.given, test.environment, got, err, test.want)
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
		got, err := Options{DBusAddress: test.given}.Complete(Environment{Options: test.environment, SystemBus: test.system})
		if err != nil || got.DBusAddress != test.want {
			t.Errorf("Complete: the bus is %q, %v; want %q", got.DBusAddress, err, test.want)
		}
	}
	if _, err := (Options{}).Complete(Environment{SystemBus: "nonsense"}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("a bus address that cannot be one: %v", err)
	}
}

func TestCompleteRefuses(t *testing.T) {
	tests := []struct {
		given       Options
		environment string
		want        string
	}{
		{Options{Backend: "wicd"}, "", `the option backend has no value "wicd"; it can be auto, rtnetlink, networkmanager, connman or script`},
		{Options{DefaultConfiguration: "best"}, "", `the option default has no value "best"; it can be access-point, service-network or user-choice`},
		{Options{Close: "x"}, "", `the option close has no value "x"; it can be counted or literal`},
		{Options{}, "close=x", `the option close has no value "x" in NETSESSION_OPTIONS; it can be counted or literal`},
		{Options{Close: "counted"}, "close=x", `the option close has no value "x" in NETSESSION_OPTIONS; it can be counted or literal`},
		{Options{}, "backend", `NETSESSION_OPTIONS has "backend", which is not of the form name=value`},
		{Options{}, "Backend=auto", `NETSESSION_OPTIONS has no option "Backend"; there are backend, script, dbus, default or close`},
		{Options{Backend: "script"}, "", `the backend script plays a file, but the option script names none`},
		{Options{}, "backend=script", `the backend script plays a file, but the option script names none`},
	}
	for _, test := range tests {
		got, err := test.given.Complete(Environment{Options: test.environment})
		if err == nil || err.Error() != test.want {
			t.Errorf("%+v.Complete(%q) = %v; want the error %q", test.given, test.environment, err, test.want)
		}
		if got != (Options{}) {
			t.Errorf("%+v.Complete(%q) = %+v beside its error", test.given, test.environment, got)
		}
	}
}

func FuzzComplete(f *testing.F) {
	f.Add("auto", "backend=script,script=a.play")
	f.Add("", "dbus=unix:path=/a,=,close")
	f.Fuzz(func(t *testing.T, backend, environment string) {
		o, err := Options{Backend: backend}.Complete(Environment{Options: environment})
		if err != nil {
			if strings.HasSuffix(err.Error(), ".") {
				t.Errorf("%q ends with a full stop", err)
			}
			return
		}
		for _, option := range allOptions {
			if err := option.check(*option.field(&o), ""); err != nil {
				t.Errorf("%q.Complete(%q) let through: %v", backend, environment, err)
			}
		}
	})
}
