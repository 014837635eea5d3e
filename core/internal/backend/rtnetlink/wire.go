// Decoding of netlink messages and attributes.

package rtnetlink

import (
	"bytes"
	"errors"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// native is the byte order of this machine, which netlink uses. The library
// detects it on first use, and that first use must not happen on two threads at
// once.
var native = nl.NativeEndian()

// errTruncated means that a datagram ends inside a message.
var errTruncated = errors.New("the kernel's message was cut short")

// message is one netlink message. Its body is a slice of the read buffer, and
// is valid until the next read.
type message struct {
	kind, flags uint16
	seq, port   uint32
	body        []byte
}

// next splits the first message off a datagram.
func next(b []byte) (m message, rest []byte, err error) {
	if len(b) < unix.SizeofNlMsghdr {
		return m, nil, errTruncated
	}
	size := int(native.Uint32(b))
	if size < unix.SizeofNlMsghdr || size > len(b) {
		return m, nil, errTruncated
	}
	m = message{
		kind: native.Uint16(b[4:]), flags: native.Uint16(b[6:]),
		seq: native.Uint32(b[8:]), port: native.Uint32(b[12:]),
		body: b[unix.SizeofNlMsghdr:size],
	}
	return m, skip(b, size), nil
}

// errno is the error code in the body of an NLMSG_ERROR or NLMSG_DONE message;
// 0 means success.
func (m *message) errno() unix.Errno {
	if len(m.body) < 4 {
		return 0
	}
	return unix.Errno(-int32(native.Uint32(m.body)))
}

// attributes is a sequence of netlink attributes.
type attributes []byte

// next splits off the first attribute. It reports false at the end and at a
// malformed attribute.
func (a *attributes) next() (kind uint16, value []byte, ok bool) {
	b := *a
	if len(b) < unix.SizeofRtAttr {
		return 0, nil, false
	}
	size := int(native.Uint16(b))
	if size < unix.SizeofRtAttr || size > len(b) {
		return 0, nil, false
	}
	*a = skip(b, size)
	return native.Uint16(b[2:]) &^ (unix.NLA_F_NESTED | unix.NLA_F_NET_BYTEORDER), b[unix.SizeofRtAttr:size], true
}

// skip returns what follows an element of a size; elements are aligned to four
// bytes.
func skip(b []byte, size int) []byte {
	size = (size + 3) &^ 3
	if size >= len(b) {
		return nil
	}
	return b[size:]
}

// number is the value of a 32-bit attribute, or 0 if the attribute has another
// size.
func number(value []byte) uint32 {
	if len(value) != 4 {
		return 0
	}
	return native.Uint32(value)
}

// text is the value of a string attribute without its terminator.
func text(value []byte) []byte {
	value, _, _ = bytes.Cut(value, []byte{0})
	return value
}

// reuseString returns now as a string; it returns old, without an allocation,
// if both are equal.
func reuseString(old string, now []byte) string {
	if old == string(now) {
		return old
	}
	return string(now)
}
