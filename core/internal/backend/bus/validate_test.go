package bus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

func wire(t *testing.T, args ...any) []byte {
	t.Helper()
	b, err := encode(newMethodCall(":1.7", &Call{Path: testPath, Interface: testIface, Method: "Set", Args: args}), 1)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestValuesOfEveryTypePass(t *testing.T) {
	b := wire(t, true, byte(1), int16(2), uint16(3), int32(4), uint32(5), int64(6), uint64(7), 8.5, "text",
		testPath, dbus.ParseSignatureMust("a{sv}"), []byte("bytes"), []string{}, []uint64{1, 2},
		map[string]dbus.Variant{"a": dbus.MakeVariant([]any{byte(1), "two"}), "b": dbus.MakeVariant([][]int16{{1}, {}})},
		map[dbus.ObjectPath]map[string]map[string]dbus.Variant{"/a": {"i": {"k": dbus.MakeVariant(dbus.MakeVariant(uint16(1)))}}},
		struct {
			A byte
			B uint64
		}{1, 2},
	)
	if err := validate(b); err != nil {
		t.Error(err)
	}
	m, err := readMessage(bytes.NewReader(b))
	if err != nil || len(m.Body) != 18 {
		t.Errorf("%v, %v", m, err)
	}
}

// Each case is the last value of its message, so that its length has a known place.
func TestLengthsBeyondTheMessage(t *testing.T) {
	for _, c := range []struct {
		name string
		arg  any
		back int // the length stands so many bytes before the end
		n    uint32
	}{
		{"text", "text", 9, 5},
		{"a text of gigabytes", "text", 9, 1<<32 - 1},
		{"path", dbus.ObjectPath("/abc"), 9, 1 << 31},
		{"bytes", []byte("abcd"), 8, 5},
		{"gigabytes", []byte("abcd"), 8, 1<<32 - 8},
		{"texts", []string{"abc"}, 12, 1 << 30},
		{"a text in a table", map[string]string{"a": "bcd"}, 8, 1 << 20},
		{"bytes in a variant", dbus.MakeVariant([]byte("abcd")), 8, 1 << 30},
		{"texts in a variant in a table", map[string]dbus.Variant{"k": dbus.MakeVariant([]string{"abc"})}, 12, 1 << 30},
		{"elements without a length of their own", []uint64{7}, 16, 1 << 29},
	} {
		b := wire(t, c.arg)
		binary.LittleEndian.PutUint32(b[len(b)-c.back:], c.n)
		if err := validate(b); !errors.Is(err, errShort) {
			t.Errorf("%s: %v", c.name, err)
		}
		if m, err := readMessage(bytes.NewReader(b)); m != nil || !errors.Is(err, errMalformed) {
			t.Errorf("%s: received %v, %v", c.name, m, err)
		}
	}
}

func TestVariantsWithoutASingleType(t *testing.T) {
	for _, kind := range []string{"\x02ss\x00", "\x02a{\x00", "\x02()\x00"} {
		b := wire(t, dbus.MakeVariant(dbus.MakeVariant("long enough for what follows")))
		at := bytes.Index(b, []byte("\x01v\x00\x01s\x00")) + 3
		copy(b[at:], kind)
		if err := validate(b); !errors.Is(err, errType) {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func TestVariantsWithinEachOther(t *testing.T) {
	v := dbus.MakeVariant("core")
	for i := 0; i < 40; i++ {
		v = dbus.MakeVariant(v)
	}
	if err := validate(wire(t, v)); err != nil {
		t.Errorf("forty: %v", err)
	}
	deep := wire(t, dbus.MakeVariant(""))
	at := bytes.Index(deep, []byte("\x01s\x00\x00"))
	deep = append(deep[:at:at], strings.Repeat("\x01v\x00", 100)+"\x01y\x00\x07"...)
	if err := validate(deep); !errors.Is(err, errDeep) {
		t.Errorf("a hundred: %v", err)
	}
}

func TestTypesThatTheSpecificationForbids(t *testing.T) {
	for _, signature := range []string{"()", "(", "a", "{sv}", "r", "z"} {
		if validSignature(signature) {
			t.Errorf("%q is valid", signature)
		}
		fields := "\x08\x01g\x00" + string([]byte{byte(len(signature))}) + signature + "\x00"
		head := []byte{'l', 4, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, byte(len(fields)), 0, 0, 0}
		message := append(head, fields...)
		for len(message)%8 != 0 {
			message = append(message, 0)
		}
		if m, err := decode(message); m != nil || !errors.Is(err, errMalformed) {
			t.Errorf("%q: decoded %v, %v", signature, m, err)
		}
		if err := validate(message); !errors.Is(err, errType) {
			t.Errorf("%q: %v", signature, err)
		}
	}
}

// Of several header fields with the body's type the last one counts, as for the
// decoder.
func TestTheTypeOfTheBodyIsTheLastOne(t *testing.T) {
	body := "\xff\xff\xff\xff"
	fields := "\x08\x01g\x00\x00\x00\x00\x00" + "\x08\x01g\x00\x02ay\x00"
	head := []byte{'l', 4, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, byte(len(fields)), 0, 0, 0}
	if err := validate(append(head, fields+body...)); !errors.Is(err, errShort) {
		t.Error(err)
	}
}

func TestSingleLength(t *testing.T) {
	for signature, want := range map[string]int{
		"s": 1, "su": 1, "as": 2, "aas(u)": 3, "a{sv}u": 5, "(a{s(uu)})s": 10, "aa{oa{sv}}": 10,
	} {
		if got := singleLength(signature); got != want {
			t.Errorf("first(%q) is %d, want %d", signature, got, want)
		}
	}
}
