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
	// fixedHeader is the part of a message that tells how long the rest is.
	fixedHeader = 16
	// longest is the size of the longest message that the protocol allows.
	longest = 1 << 27
)

// errMalformed is wrapped by errors about one message, after which the next one
// can still be read.
var errMalformed = errors.New("malformed message")

// encode returns the wire form of a message.
func encode(m *dbus.Message, serial uint32) ([]byte, error) {
	var b bytes.Buffer
	if err := m.EncodeTo(&b, binary.LittleEndian); err != nil {
		return nil, err
	}
	// godbus lets only its own connections number messages. The protocol
	// has the serial at offset 8.
	binary.LittleEndian.PutUint32(b.Bytes()[8:], serial)
	return b.Bytes(), nil
}

// receive reads one message. The whole message is taken off the stream before
// it is decoded, so that a bad one does not spoil those after it.
func receive(r io.Reader) (*dbus.Message, error) {
	var head [fixedHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	rest, err := restOf(head)
	if err != nil {
		return nil, err
	}
	whole := make([]byte, fixedHeader+rest)
	copy(whole, head[:])
	if _, err := io.ReadFull(r, whole[fixedHeader:]); err != nil {
		return nil, err
	}
	return decode(whole)
}

// restOf is the number of bytes of a message after its fixed header.
func restOf(head [fixedHeader]byte) (uint64, error) {
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
	if rest > longest {
		return 0, fmt.Errorf("the bus sent a message of %d bytes, more than the protocol allows", rest)
	}
	return rest, nil
}

// decode takes a message apart. godbus panics on some malformed ones.
func decode(whole []byte) (m *dbus.Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("%w: %v", errMalformed, p)
		}
	}()
	if err = check(whole); err == nil {
		m, err = dbus.DecodeMessage(bytes.NewReader(whole))
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errMalformed, err)
	}
	return m, nil
}

// text is a header field that holds a string, empty if the message lacks it.
func text(m *dbus.Message, field dbus.HeaderField) string {
	s, _ := m.Headers[field].Value().(string)
	return s
}

func replySerial(m *dbus.Message) uint32 {
	n, _ := m.Headers[dbus.FieldReplySerial].Value().(uint32)
	return n
}
