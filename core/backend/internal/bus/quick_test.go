package bus

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/godbus/dbus/v5"
)

// message of a daemon, with a body.
func fromDaemon(t testing.TB, kind dbus.Type, body ...any) []byte {
	t.Helper()
	m := &dbus.Message{Type: kind, Body: body, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldSender: dbus.MakeVariant(":1.7"),
	}}
	if kind == dbus.TypeSignal {
		m.Headers[dbus.FieldPath] = dbus.MakeVariant(testPath)
		m.Headers[dbus.FieldInterface] = dbus.MakeVariant(propertiesInterface)
		m.Headers[dbus.FieldMember] = dbus.MakeVariant("PropertiesChanged")
	} else {
		m.Headers[dbus.FieldReplySerial] = dbus.MakeVariant(uint32(7))
	}
	if len(body) > 0 {
		m.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
	}
	b, err := encode(m, 1)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const propertiesInterface = "org.freedesktop.DBus.Properties"

func variants(values ...any) map[string]dbus.Variant {
	table := make(map[string]dbus.Variant)
	for i, v := range values {
		table[string(rune('a'+i))] = dbus.MakeVariant(v)
	}
	return table
}

// common are the bodies of the messages that daemons send all the time.
func common() [][]any {
	everything := variants(byte(1), true, false, int16(-2), uint16(3), int32(-4), uint32(5), int64(-6), uint64(7), 8.5,
		"text", dbus.ObjectPath("/a/b"), dbus.MakeVariant("nested"), []string{"x", ""}, []string{},
		[]dbus.ObjectPath{"/", "/c"}, []byte("ssid"), []uint32{1, 2}, [][]uint32{{3}, {}},
		[]map[string]dbus.Variant{{"k": dbus.MakeVariant("v")}, {}}, map[string]string{"m": "n"}, variants(uint32(1)),
		struct{ A, B uint32 }{110, 39})
	objects := Objects{"/a": {"x.y": everything, "x.z": {}}, "/b": {}}
	return [][]any{
		{},
		{uint32(3), uint32(0)},
		{uint32(110), uint32(100), uint32(39)},
		{"x.y.Device", everything, []string{"gone"}},
		{dbus.ObjectPath("/a"), objects["/a"]},
		{dbus.ObjectPath("/a"), []string{"x.y", "x.z"}},
		{map[string]map[string]dbus.Variant{"connection": everything}},
		{map[string]string{"right": "yes"}},
		{"daemon", "", ":1.9"},
	}
}

func TestQuickDecodingIsThatOfGodbus(t *testing.T) {
	for _, kind := range []dbus.Type{dbus.TypeSignal, dbus.TypeMethodReply} {
		for _, body := range common() {
			whole := fromDaemon(t, kind, body...)
			quick, ok := decodeQuickly(whole)
			if !ok {
				t.Errorf("%v was left to godbus", body)
				continue
			}
			compare(t, whole, quick)
		}
	}
}

// compare holds a message against what godbus makes of the same bytes, unless
// godbus refuses them.
func compare(t *testing.T, whole []byte, quick *dbus.Message) {
	t.Helper()
	slow, err := dbus.DecodeMessage(bytes.NewReader(whole))
	if err != nil {
		return
	}
	if quick.Type != slow.Type || quick.Flags != slow.Flags || !reflect.DeepEqual(quick.Headers, slow.Headers) {
		t.Errorf("headers: %v, not %v", quick.Headers, slow.Headers)
	}
	if !reflect.DeepEqual(quick.Body, slow.Body) {
		t.Errorf("body: %#v, not %#v", quick.Body, slow.Body)
	}
}

func TestQuickDecodingLeavesTheRestToGodbus(t *testing.T) {
	whole := fromDaemon(t, dbus.TypeSignal, "x.y.Device", variants("text", []uint32{1}), []string{})
	for n := range whole {
		if m, ok := decodeQuickly(whole[:n]); ok {
			t.Fatalf("cut after %d bytes: %v", n, m)
		}
	}
	if m, ok := decodeQuickly(append(whole[:len(whole):len(whole)], 0)); ok {
		t.Errorf("with a byte too many: %v", m)
	}
	for name, body := range map[string][]any{
		"a type that is not common": {"x", map[string]dbus.Variant{"k": dbus.MakeVariant([]float64{1})}, []string{}},
		"a body that is not common": {[]float64{1}},
	} {
		whole := fromDaemon(t, dbus.TypeSignal, body...)
		if _, ok := decodeQuickly(whole); ok {
			t.Errorf("%s was decoded", name)
		}
		if _, err := decode(whole); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestQuickDecodingRefusesWhatIsNestedTooDeep(t *testing.T) {
	v := dbus.MakeVariant("bottom")
	for i := 0; i < 2*deepest; i++ {
		v = dbus.MakeVariant(v)
	}
	whole := fromDaemon(t, dbus.TypeSignal, "x.y", map[string]dbus.Variant{"k": v}, []string{})
	if m, ok := decodeQuickly(whole); ok {
		t.Errorf("decoded %v", m)
	}
}

func FuzzDecodeQuickly(f *testing.F) {
	for _, body := range common() {
		f.Add(fromDaemon(f, dbus.TypeSignal, body...))
	}
	f.Fuzz(func(t *testing.T, whole []byte) {
		m, ok := decodeQuickly(whole)
		if !ok {
			return
		}
		defer func() { _ = recover() }() // of godbus
		compare(t, whole, m)
	})
}

func BenchmarkDecode(b *testing.B) {
	whole := fromDaemon(b, dbus.TypeSignal, "x.y.Device", variants(uint32(110)), []string{})
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if _, err := decode(whole); err != nil {
			b.Fatal(err)
		}
	}
}
