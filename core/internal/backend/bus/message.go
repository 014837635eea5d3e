package bus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/godbus/dbus/v5"
)

const (
	// fixedHeaderSize is the size of the part of a message that says how long the rest is.
	fixedHeaderSize = 16
	// maxMessageSize is the largest size that the specification allows.
	maxMessageSize = 1 << 27
)

// errMalformed is wrapped by errors about one message, after which the next message can
// still be read.
var errMalformed = errors.New("malformed message")

// encode returns the wire form of a message.
func encode(m *dbus.Message, serial uint32) ([]byte, error) {
	var b bytes.Buffer
	if err := m.EncodeTo(&b, binary.LittleEndian); err != nil {
		return nil, err
	}
	// godbus sets serials in its own connections only. The specification
	// has the serial at offset 8.
	binary.LittleEndian.PutUint32(b.Bytes()[8:], serial)
	return b.Bytes(), nil
}

// readMessage reads one message. It takes the whole message off the stream before it
// decodes it, so that a malformed message does not spoil later messages.
func readMessage(r io.Reader) (*dbus.Message, error) {
	var head [fixedHeaderSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	rest, err := remainingSize(head)
	if err != nil {
		return nil, err
	}
	whole := make([]byte, fixedHeaderSize+rest)
	copy(whole, head[:])
	if _, err := io.ReadFull(r, whole[fixedHeaderSize:]); err != nil {
		return nil, err
	}
	return decode(whole)
}

// remainingSize returns the number of bytes of a message after its fixed header.
func remainingSize(head [fixedHeaderSize]byte) (uint64, error) {
	var order binary.ByteOrder
	switch head[0] {
	case 'l':
		order = binary.LittleEndian
	case 'B':
		order = binary.BigEndian
	default:
		return 0, fmt.Errorf("the bus sent no D-Bus message: it begins with byte %#x", head[0])
	}
	body, fields := uint64(order.Uint32(head[4:])), uint64(order.Uint32(head[12:]))
	rest := (fields+7)&^7 + body
	if rest > maxMessageSize {
		return 0, fmt.Errorf("the bus sent a message of %d bytes, more than the protocol allows", rest)
	}
	return rest, nil
}

// decode decodes a whole message. It runs on the reader's goroutine, where a panic of
// the decoder would end the host.
func decode(whole []byte) (m *dbus.Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("%w: %v", errMalformed, p)
		}
	}()
	if err = validate(whole); err == nil {
		m, err = dbus.DecodeMessage(bytes.NewReader(whole))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errMalformed, err)
	}
	return m, nil
}

// headerString returns a header field that holds a string, empty if the message lacks it.
func headerString(m *dbus.Message, field dbus.HeaderField) string {
	s, _ := m.Headers[field].Value().(string)
	return s
}

func replySerial(m *dbus.Message) uint32 {
	n, _ := m.Headers[dbus.FieldReplySerial].Value().(uint32)
	return n
}
