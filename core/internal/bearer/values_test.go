package bearer

import (
	"net/netip"
	"reflect"
	"testing"
	"time"
)

// The numbers cross the C interface and are equal to Qt's.
func TestNumbers(t *testing.T) {
	for name, c := range map[string]struct{ got, want uint8 }{
		"InternetAccessPoint": {uint8(InternetAccessPoint), 0}, "ServiceNetwork": {uint8(ServiceNetwork), 1},
		"UserChoice": {uint8(UserChoice), 2}, "Invalid": {uint8(Invalid), 3},
		"Undefined": {uint8(Undefined), 0x1}, "Defined": {uint8(Defined), 0x2},
		"Discovered": {uint8(Discovered), 0x6}, "Active": {uint8(Active), 0xE},
		"UnknownPurpose": {uint8(UnknownPurpose), 0}, "PublicPurpose": {uint8(PublicPurpose), 1},
		"PrivatePurpose": {uint8(PrivatePurpose), 2}, "ServiceSpecificPurpose": {uint8(ServiceSpecificPurpose), 3},
	} {
		if c.got != c.want {
			t.Errorf("%s is %#x, want %#x", name, c.got, c.want)
		}
	}
}

// The order is the number, and the name is equal to Qt's bearerTypeName().
func TestBearers(t *testing.T) {
	all := []BearerType{
		BearerUnknown, BearerEthernet, BearerWLAN, Bearer2G, BearerCDMA2000, BearerWCDMA, BearerHSPA,
		BearerBluetooth, BearerWiMAX, BearerEVDO, BearerLTE, Bearer3G, Bearer4G,
	}
	named := []string{
		"Unknown", "Ethernet", "WLAN", "2G", "CDMA2000", "WCDMA", "HSPA",
		"Bluetooth", "WiMAX", "EVDO", "LTE", "3G", "4G",
	}
	families := []BearerType{
		BearerUnknown, BearerEthernet, BearerWLAN, Bearer2G, Bearer3G, Bearer3G, Bearer3G,
		BearerBluetooth, Bearer4G, Bearer3G, Bearer4G, Bearer3G, Bearer4G,
	}
	for i, b := range all {
		if int(b) != i || b.String() != named[i] || b.Family() != families[i] {
			t.Errorf("%d is %q of family %v, want %q of %v", b, b, b.Family(), named[i], families[i])
		}
		ap := Configuration{Type: InternetAccessPoint, Bearer: b}
		network := Configuration{Type: ServiceNetwork, Bearer: b}
		if ap.BearerName() != named[i] || network.BearerName() != "" {
			t.Errorf("%v is called %q, and %q for a network", b, ap.BearerName(), network.BearerName())
		}
	}
	if BearerType(13).String() != "Unknown" {
		t.Error("a number without a name has one")
	}
}

func TestStateHas(t *testing.T) {
	states := []State{Undefined, Defined, Discovered, Active}
	for _, c := range []struct {
		filter State
		want   [4]bool
	}{
		{0, [4]bool{true, true, true, true}},
		{Undefined, [4]bool{true, false, false, false}},
		{Defined, [4]bool{false, true, true, true}},
		{Discovered, [4]bool{false, false, true, true}},
		{Active, [4]bool{false, false, false, true}},
	} {
		for i, s := range states {
			if s.Has(c.filter) != c.want[i] {
				t.Errorf("%v passes the filter %v: %v", s, c.filter, !c.want[i])
			}
		}
	}
}

func TestNames(t *testing.T) {
	for want, got := range map[string]string{
		"undefined": Undefined.String(), "defined": Defined.String(), "discovered": Discovered.String(),
		"active": Active.String(), "access point": InternetAccessPoint.String(),
		"service network": ServiceNetwork.String(), "user choice": UserChoice.String(),
	} {
		if got != want {
			t.Errorf("%q is called %q", want, got)
		}
	}
	if State(0).String() != "invalid" || Type(9).String() != "invalid" || Invalid.String() != "invalid" {
		t.Error("a number without a name has one")
	}
}

// TestEqualLooksAtEveryField changes each field in turn, so that a new field
// cannot be forgotten.
func TestEqualLooksAtEveryField(t *testing.T) {
	base := Configuration{ID: "link:eth0"}
	kind := reflect.TypeOf(base)
	for i := 0; i < kind.NumField(); i++ {
		other := base
		alter(t, reflect.ValueOf(&other).Elem().Field(i))
		if base.Equal(&other) || other.Equal(&base) {
			t.Errorf("a different %s is not noticed", kind.Field(i).Name)
		}
		same := other
		if !same.Equal(&other) {
			t.Errorf("with another %s it does not equal itself", kind.Field(i).Name)
		}
	}
}

func alter(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(v.Uint() + 1)
	case reflect.Slice:
		element := reflect.New(v.Type().Elem()).Elem()
		if element.Kind() == reflect.String {
			element.SetString("eth1")
		}
		v.Set(reflect.Append(v, element))
	default:
		t.Fatalf("no idea how to change a %v", v.Type())
	}
}

func TestEqualComparesAddresses(t *testing.T) {
	a, b := netip.MustParsePrefix("10.0.0.1/8"), netip.MustParsePrefix("10.0.0.2/8")
	one := Configuration{Addresses: []netip.Prefix{a, b}}
	for name, c := range map[string]struct {
		list []netip.Prefix
		want bool
	}{
		"the same": {[]netip.Prefix{a, b}, true}, "fewer": {[]netip.Prefix{a}, false},
		"another": {[]netip.Prefix{a, a}, false}, "none": {nil, false},
	} {
		if other := (Configuration{Addresses: c.list}); one.Equal(&other) != c.want {
			t.Errorf("%s: equal: %v", name, !c.want)
		}
	}
}

func TestValidAndOnline(t *testing.T) {
	for _, c := range []struct {
		c             Configuration
		valid, online bool
	}{
		{Configuration{}, false, false},
		{Configuration{ID: "a"}, true, false},
		{Configuration{ID: "a", Type: Invalid}, false, false},
		{Configuration{ID: "a", State: Active}, true, false},
		{Configuration{ID: "a", State: Active, DefaultRoute: true}, true, false},
		{Configuration{ID: "a", State: Active, DefaultRoute: true, Preferred: true}, true, true},
		{Configuration{ID: "a", State: Discovered, DefaultRoute: true}, true, false},
	} {
		if c.c.Valid() != c.valid || c.c.Online() != c.online {
			t.Errorf("%+v: valid %v, online %v", c.c, c.c.Valid(), c.c.Online())
		}
	}
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		state              State
		progress           Progress
		starting, stopping bool
	}{
		{Defined, Connecting, false, false}, {Defined, Closing, false, false},
		{Discovered, Settled, false, false}, {Discovered, Connecting, true, false}, {Discovered, Closing, false, true},
		{Active, Settled, false, false}, {Active, Connecting, false, false}, {Active, Closing, false, true},
	} {
		v := Configuration{State: c.state, Progress: c.progress}
		if v.Starting() != c.starting || v.Stopping() != c.stopping {
			t.Errorf("%v, %v: starting %v, stopping %v", c.state, c.progress, v.Starting(), v.Stopping())
		}
	}
}

func TestTimeout(t *testing.T) {
	for set, want := range map[time.Duration]time.Duration{
		0: 30 * time.Second, -1: 30 * time.Second, time.Second: time.Second,
	} {
		if got := (&Configuration{ConnectTimeout: set}).Timeout(); got != want {
			t.Errorf("set to %v, it is %v, want %v", set, got, want)
		}
	}
}
