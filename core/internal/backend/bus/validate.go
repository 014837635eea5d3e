// Validation of incoming messages before godbus decodes them.

package bus

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	// headerSignature is the signature of a message's header.
	headerSignature = "yyyyuua(yv)"
	// fieldSignature is the code of the header field that holds the body's signature.
	fieldSignature = 8
	// maxDepth bounds how deeply variants are nested; the specification allows 64
	// nested containers.
	maxDepth = 64
)

var (
	errShort = errors.New("a value is longer than the message")
	errDeep  = errors.New("values lie too deeply within each other")
	errType  = errors.New("a signature is not valid")
)

// validate checks every signature in a message, because godbus decodes types that the
// D-Bus specification forbids, and the decoding of some of them does not end. The
// reference implementation of the bus lets no such message through. To find the
// signatures of variants, validate walks through all values, and so it also checks the
// lengths in the message.
func validate(whole []byte) error {
	v := validator{data: whole, order: binary.ByteOrder(binary.LittleEndian)}
	if whole[0] == 'B' {
		v.order = binary.BigEndian
	}
	if err := v.walkAll(headerSignature); err != nil {
		return err
	}
	body := v.bodySignature
	if err := v.align(8); err != nil || body == "" {
		return err
	}
	if !validSignature(body) {
		return errType
	}
	return v.walkAll(body)
}

// validSignature reports whether the specification allows a signature. godbus does not
// check that a struct has members.
func validSignature(signature string) bool {
	_, err := dbus.ParseSignature(signature)
	return err == nil && !strings.Contains(signature, "()")
}

// validator is a position in a message that is walked through.
type validator struct {
	data          []byte
	offset        int
	order         binary.ByteOrder
	depth         int
	headerField   byte   // code of the header field that was read last
	bodySignature string // empty until that header field has been read
}

// walkAll skips one value of each type of a valid signature.
func (v *validator) walkAll(signature string) error {
	for signature != "" {
		n := singleLength(signature)
		if err := v.walk(signature[:n]); err != nil {
			return err
		}
		signature = signature[n:]
	}
	return nil
}

// walk skips one value of a single valid type.
func (v *validator) walk(kind string) error {
	switch kind[0] {
	case 's', 'o':
		n, err := v.readLength()
		if err != nil {
			return err
		}
		return v.skip(n + 1)
	case 'g':
		_, err := v.readSignature()
		return err
	case 'v':
		return v.walkVariant()
	case 'a':
		return v.walkArray(kind[1:])
	case '(', '{':
		if err := v.align(8); err != nil {
			return err
		}
		return v.walkAll(kind[1 : len(kind)-1])
	}
	size := alignment(kind)
	if err := v.align(size); err != nil {
		return err
	}
	if kind == "y" && v.offset < len(v.data) {
		v.headerField = v.data[v.offset]
	}
	return v.skip(size)
}

func (v *validator) walkVariant() error {
	if v.depth++; v.depth > maxDepth {
		return errDeep
	}
	defer func() { v.depth-- }()
	field := v.headerField
	kind, err := v.readSignature()
	if err != nil {
		return err
	}
	if !validSignature(kind) || kind == "" || singleLength(kind) != len(kind) {
		return errType
	}
	start := v.offset
	if err := v.walk(kind); err != nil {
		return err
	}
	if v.depth == 1 && field == fieldSignature && kind == "g" {
		v.bodySignature = string(v.data[start+1 : v.offset-1])
	}
	return nil
}

func (v *validator) walkArray(element string) error {
	n, err := v.readLength()
	if err != nil {
		return err
	}
	if err := v.align(alignment(element)); err != nil {
		return err
	}
	end := v.offset + n
	if end > len(v.data) {
		return errShort
	}
	for v.offset < end {
		if err := v.walk(element); err != nil {
			return err
		}
	}
	return nil
}

// readSignature reads a signature.
func (v *validator) readSignature() (string, error) {
	if v.offset >= len(v.data) {
		return "", errShort
	}
	start, n := v.offset+1, int(v.data[v.offset])
	if err := v.skip(n + 2); err != nil {
		return "", err
	}
	return string(v.data[start : start+n]), nil
}

// readLength reads a length, which is not more than what is left of the message.
func (v *validator) readLength() (int, error) {
	if err := v.align(4); err != nil {
		return 0, err
	}
	start := v.offset
	if err := v.skip(4); err != nil {
		return 0, err
	}
	n := v.order.Uint32(v.data[start:])
	if uint64(n) > uint64(len(v.data)-v.offset) {
		return 0, errShort
	}
	return int(n), nil
}

func (v *validator) align(n int) error { return v.skip(-v.offset & (n - 1)) }

func (v *validator) skip(n int) error {
	if n > len(v.data)-v.offset {
		return errShort
	}
	v.offset += n
	return nil
}

// alignment returns the alignment of a type, which for a basic type of fixed size is
// also its size.
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

// singleLength returns the length of the first single complete type of a valid signature.
func singleLength(signature string) int {
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
