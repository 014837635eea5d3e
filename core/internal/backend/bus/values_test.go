package bus

import (
	"reflect"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

func TestValuesAreTakenOnlyIfOfTheRightType(t *testing.T) {
	v := NewValues(map[string]dbus.Variant{
		"text": dbus.MakeVariant("x"), "number": dbus.MakeVariant(uint32(7)),
		"paths": dbus.MakeVariant([]dbus.ObjectPath{"/a"}), "nothing": {},
	})
	text, number, paths, flag := "before", uint32(1), []dbus.ObjectPath{"/before"}, true
	if !v.String("text", &text) || text != "x" {
		t.Errorf("a text was taken as %q", text)
	}
	if !v.Uint32("number", &number) || number != 7 {
		t.Errorf("a number was taken as %d", number)
	}
	if !v.Paths("paths", &paths) || !reflect.DeepEqual(paths, []dbus.ObjectPath{"/a"}) {
		t.Errorf("paths were taken as %v", paths)
	}
	if len(v.Problems()) != 0 {
		t.Errorf("problems with correct values: %v", v.Problems())
	}
	if v.String("number", &text) || v.Bool("text", &flag) || v.Paths("text", &paths) || v.Uint32("nothing", &number) {
		t.Error("a value of a wrong type was taken")
	}
	if text != "x" || !flag || number != 7 || len(paths) != 1 {
		t.Error("a value of a wrong type changed a variable")
	}
	if got := strings.Join(v.Problems(), "; "); !strings.HasPrefix(got, "number is a uint32, not a string; text is a string, not a bool; ") {
		t.Errorf("problems: %s", got)
	}
	before := len(v.Problems())
	if v.Bool("missing", &flag) || v.Has("missing") || !v.Has("text") || len(v.Problems()) != before {
		t.Error("a missing property is a problem")
	}
}

func TestHugeListIsNotTaken(t *testing.T) {
	v := NewValues(map[string]dbus.Variant{"paths": dbus.MakeVariant(make([]dbus.ObjectPath, maxElements+1))})
	var paths []dbus.ObjectPath
	if v.Paths("paths", &paths) || len(v.Problems()) != 1 {
		t.Errorf("%d paths were taken; problems: %v", len(paths), v.Problems())
	}
}

func TestStandardBodies(t *testing.T) {
	properties := map[string]dbus.Variant{"key": dbus.MakeVariant("value")}
	interfaces := map[string]map[string]dbus.Variant{"iface": properties}
	if o, ok := ManagedObjects([]any{map[dbus.ObjectPath]map[string]map[string]dbus.Variant{"/a": interfaces}}); !ok || len(o) != 1 {
		t.Errorf("managed objects: %v %v", o, ok)
	}
	if p, i, ok := InterfacesAdded([]any{dbus.ObjectPath("/a"), interfaces}); !ok || p != "/a" || len(i) != 1 {
		t.Errorf("interfaces added: %v %v %v", p, i, ok)
	}
	if p, n, ok := InterfacesRemoved([]any{dbus.ObjectPath("/a"), []string{"iface"}}); !ok || p != "/a" || len(n) != 1 {
		t.Errorf("interfaces removed: %v %v %v", p, n, ok)
	}
	if n, p, ok := PropertiesChanged([]any{"iface", properties, []string{}}); !ok || n != "iface" || len(p) != 1 {
		t.Errorf("properties changed: %v %v %v", n, p, ok)
	}
	for _, bad := range [][]any{nil, {}, {1}, {"x"}, {"x", "y"}, {dbus.ObjectPath("/a")}, {dbus.ObjectPath("/a"), 7}, {nil, nil}} {
		_, a := ManagedObjects(bad)
		_, _, b := InterfacesAdded(bad)
		_, _, c := InterfacesRemoved(bad)
		_, _, d := PropertiesChanged(bad)
		if a || b || c || d {
			t.Errorf("%v was taken for a proper body", bad)
		}
	}
}
