package bus

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/godbus/dbus/v5"
)

func TestMessageRoundTrip(t *testing.T) {
	sent := newMethodCall(":1.7", &Call{Path: testPath, Interface: testIface, Method: "Set", Args: []any{
		"text", uint32(7), map[string]dbus.Variant{"key": dbus.MakeVariant([]byte("value"))},
	}})
	b, err := encode(sent, 0x01020304)
	if err != nil {
		t.Fatal(err)
	}
	stream := bytes.NewReader(append(append([]byte{}, b...), b...))
	for i := 0; i < 2; i++ {
		m, err := readMessage(stream)
		if err != nil {
			t.Fatal(err)
		}
		if m.Serial() != 0x01020304 || headerString(m, dbus.FieldMember) != "Set" || len(m.Body) != 3 || m.Body[1] != uint32(7) {
			t.Errorf("received %v", m)
		}
	}
	if _, err := readMessage(stream); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestCutOffMessages(t *testing.T) {
	b, err := encode(newMethodCall(":1.7", &Call{Path: testPath, Interface: testIface, Method: "Set", Args: []any{"text"}}), 1)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(b); n++ {
		m, err := readMessage(bytes.NewReader(b[:n]))
		if m != nil || err == nil || errors.Is(err, errMalformed) {
			t.Fatalf("cut after %d bytes: %v, %v", n, m, err)
		}
	}
}

// A header field may claim bytes of the body.
func TestHeaderFieldBeyondTheHeader(t *testing.T) {
	m, err := readMessage(bytes.NewReader([]byte{
		'l', 4, 0, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
		1, 1, 's', 0, 1, 0, 0, 0, 'x', 0,
	}))
	if m != nil || !errors.Is(err, errMalformed) {
		t.Errorf("%v, %v", m, err)
	}
}

func FuzzReadMessage(f *testing.F) {
	b, err := encode(newMethodCall(":1.7", &Call{Path: testPath, Interface: testIface, Method: "Set", Args: []any{
		map[dbus.ObjectPath]map[string]dbus.Variant{"/a": {"key": dbus.MakeVariant([]string{"value"})}},
	}}), 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= fixedHeaderSize {
			var head [fixedHeaderSize]byte
			copy(head[:], data)
			if rest, err := remainingSize(head); err == nil && rest > 1<<20 {
				t.Skip("only costs memory")
			}
		}
		m, err := readMessage(bytes.NewReader(data))
		if err != nil {
			return
		}
		_ = newSignal("x", m)
		_ = replySerial(m)
		_ = Arg(m.Body, 3)
	})
}
