package bus

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	// headerSignature is the type of a message's header.
	headerSignature = "yyyyuua(yv)"
	// bodySignature is the number of the header field that tells the body's type.
	bodySignature = 8
	// deepest is how deeply values may lie in variants in one message; the
	// protocol allows 64 containers within each other.
	deepest = 64
)

var (
	errShort = errors.New("a value is longer than the message")
	errDeep  = errors.New("values lie too deeply within each other")
	errType  = errors.New("a signature is not valid")
)

// check walks through a message and compares the lengths in it with what is
// there. godbus believes them, and asks for as much memory at once; a process
// that cannot have that ends.
func check(whole []byte) error {
	m := measure{data: whole, order: binary.ByteOrder(binary.LittleEndian)}
	if whole[0] == 'B' {
		m.order = binary.BigEndian
	}
	if err := m.values(headerSignature); err != nil {
		return err
	}
	body := m.body
	if err := m.align(8); err != nil || body == "" {
		return err
	}
	if !valid(body) {
		return errType
	}
	return m.values(body)
}

// valid reports whether a signature is one. godbus lets structs without members
// pass, an array of which has no end.
func valid(signature string) bool {
	_, err := dbus.ParseSignature(signature)
	return err == nil && !strings.Contains(signature, "()")
}

// measure is a place in a message.
type measure struct {
	data  []byte
	at    int
	order binary.ByteOrder
	depth int
	field byte   // the header field that is walked through
	body  string // the type of the body, once that has been passed
}

// values passes values of the types of a valid signature.
func (m *measure) values(signature string) error {
	for signature != "" {
		n := first(signature)
		if err := m.value(signature[:n]); err != nil {
			return err
		}
		signature = signature[n:]
	}
	return nil
}

// value passes one value, of a single valid type.
func (m *measure) value(kind string) error {
	switch kind[0] {
	case 's', 'o':
		n, err := m.length()
		if err != nil {
			return err
		}
		return m.skip(n + 1)
	case 'g':
		_, err := m.signature()
		return err
	case 'v':
		return m.variant()
	case 'a':
		return m.array(kind[1:])
	case '(', '{':
		if err := m.align(8); err != nil {
			return err
		}
		return m.values(kind[1 : len(kind)-1])
	}
	size := alignment(kind)
	if err := m.align(size); err != nil {
		return err
	}
	if kind == "y" && m.at < len(m.data) {
		m.field = m.data[m.at]
	}
	return m.skip(size)
}

func (m *measure) variant() error {
	if m.depth++; m.depth > deepest {
		return errDeep
	}
	defer func() { m.depth-- }()
	field := m.field
	kind, err := m.signature()
	if err != nil {
		return err
	}
	if !valid(kind) || kind == "" || first(kind) != len(kind) {
		return errType
	}
	start := m.at
	if err := m.value(kind); err != nil {
		return err
	}
	if m.depth == 1 && field == bodySignature && kind == "g" {
		m.body = string(m.data[start+1 : m.at-1])
	}
	return nil
}

func (m *measure) array(element string) error {
	n, err := m.length()
	if err != nil {
		return err
	}
	if err := m.align(alignment(element)); err != nil {
		return err
	}
	end := m.at + n
	if end > len(m.data) {
		return errShort
	}
	for m.at < end {
		if err := m.value(element); err != nil {
			return err
		}
	}
	return nil
}

// signature passes a signature, and returns it.
func (m *measure) signature() (string, error) {
	if m.at >= len(m.data) {
		return "", errShort
	}
	start, n := m.at+1, int(m.data[m.at])
	if err := m.skip(n + 2); err != nil {
		return "", err
	}
	return string(m.data[start : start+n]), nil
}

// length passes the length of what follows it, which is not more than there is.
func (m *measure) length() (int, error) {
	if err := m.align(4); err != nil {
		return 0, err
	}
	start := m.at
	if err := m.skip(4); err != nil {
		return 0, err
	}
	n := m.order.Uint32(m.data[start:])
	if uint64(n) > uint64(len(m.data)-m.at) {
		return 0, errShort
	}
	return int(n), nil
}

func (m *measure) align(n int) error { return m.skip(-m.at & (n - 1)) }

func (m *measure) skip(n int) error {
	if n > len(m.data)-m.at {
		return errShort
	}
	m.at += n
	return nil
}

// alignment is where a value of a type begins, and the size of one whose size
// does not depend on it.
func alignment(kind string) int {
	switch kind[0] {
	case 'n', 'q':
		return 2
	case 'b', 'i', 'u', 'h', 's', 'o', 'a':
		return 4
	case 'x', 't', 'd', '(', '{':
		return 8
	}
	return 1 // y, g, v
}

// first is the length of the first single type of a valid signature.
func first(signature string) int {
	n, open := 0, 0
	for {
		switch signature[n] {
		case '(', '{':
			open++
		case ')', '}':
			open--
		}
		n++
		if open == 0 && signature[n-1] != 'a' {
			return n
		}
	}
}
