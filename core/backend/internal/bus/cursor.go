package bus

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
)

// deepest bounds how far values are nested in one another.
const deepest = 16

// signatures are those that are met all the time: parsing one takes longer than
// reading what it stands for.
var signatures = func() map[string]dbus.Signature {
	list := []string{
		"y", "b", "i", "u", "x", "s", "o", "as", "ao", "ay", "a{sv}", "(uu)",
		"uu", "uuu", "sa{sv}as", "oa{sa{sv}}", "oas", "a{sa{sv}}",
	}
	known := make(map[string]dbus.Signature, len(list))
	for _, s := range list {
		known[s] = dbus.ParseSignatureMust(s)
	}
	return known
}()

// cursor reads values of the wire format, in little endian, into the Go types
// that godbus has for them. It turns bad at what is wrong or not known here, and
// everything that it reads after that is zero.
type cursor struct {
	data  []byte
	at    int
	depth int
	bad   bool
}

// take returns the next n bytes, nil if there are fewer.
func (c *cursor) take(n uint64) []byte {
	if c.bad || n > uint64(len(c.data)-c.at) {
		c.bad = true
		return nil
	}
	b := c.data[c.at : c.at+int(n)]
	c.at += int(n)
	return b
}

// align skips what fills up to a multiple of n.
func (c *cursor) align(n int) { c.take(uint64(-c.at & (n - 1))) }

func (c *cursor) byte() byte {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16() uint16 {
	c.align(2)
	if b := c.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32() uint32 {
	c.align(4)
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) uint64() uint64 {
	c.align(8)
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) bool() bool {
	n := c.uint32()
	c.bad = c.bad || n > 1
	return n == 1
}

func (c *cursor) string() string { return c.text(uint64(c.uint32())) }

// text is a text of n bytes, with the zero byte after it.
func (c *cursor) text(n uint64) string {
	b := c.take(n)
	if c.byte() != 0 || !utf8.Valid(b) {
		c.bad = true
	}
	return string(b)
}

func (c *cursor) path() dbus.ObjectPath {
	p := dbus.ObjectPath(c.string())
	c.bad = c.bad || !p.IsValid()
	return p
}

func (c *cursor) signature() dbus.Signature {
	text := c.text(uint64(c.byte()))
	s, known := signatures[text]
	if !known {
		err := guard(func() (err error) { // godbus panics on some bad ones
			s, err = dbus.ParseSignature(text)
			return err
		})
		c.bad = c.bad || err != nil
	}
	return s
}

func (c *cursor) variant() dbus.Variant {
	s := c.signature()
	kind := s.String()
	c.bad = c.bad || kind == "" || firstType(kind) != len(kind)
	value := c.value(kind)
	if c.bad {
		return dbus.Variant{}
	}
	return dbus.MakeVariantWithSignature(value, s)
}

// values are those of a body.
func (c *cursor) values(signature string) []any {
	var list []any
	for signature != "" && !c.bad {
		n := firstType(signature)
		list = append(list, c.value(signature[:n]))
		signature = signature[n:]
	}
	return list
}

// firstType is the length of the first complete type of a valid signature.
func firstType(signature string) int {
	open := 0
	for i := 0; i < len(signature); i++ {
		switch signature[i] {
		case 'a':
			continue
		case '(', '{':
			open++
		case ')', '}':
			open--
		}
		if open == 0 {
			return i + 1
		}
	}
	return len(signature)
}

func (c *cursor) value(signature string) any {
	if c.bad || c.depth == deepest {
		c.bad = true
		return nil
	}
	c.depth++
	defer func() { c.depth-- }()
	if len(signature) == 1 {
		return c.basic(signature[0])
	}
	return c.container(signature)
}

func (c *cursor) basic(kind byte) any {
	switch kind {
	case 'y':
		return c.byte()
	case 'b':
		return c.bool()
	case 'n':
		return int16(c.uint16())
	case 'q':
		return c.uint16()
	case 'i':
		return int32(c.uint32())
	case 'u':
		return c.uint32()
	case 'x':
		return int64(c.uint64())
	case 't':
		return c.uint64()
	case 'd':
		return math.Float64frombits(c.uint64())
	case 's':
		return c.string()
	case 'o':
		return c.path()
	case 'g':
		return c.signature()
	case 'v':
		return c.variant()
	}
	c.bad = true
	return nil
}

func (c *cursor) container(signature string) any {
	switch signature {
	case "ay":
		return append([]byte{}, c.take(uint64(c.uint32()))...)
	case "as":
		return list(c, 4, c.string)
	case "ao":
		return list(c, 4, c.path)
	case "au":
		return list(c, 4, c.uint32)
	case "aau":
		return list(c, 4, func() []uint32 { return list(c, 4, c.uint32) })
	case "aa{sv}":
		return list(c, 4, c.properties)
	case "a{sv}":
		return c.properties()
	case "a{ss}":
		return table(c, c.string, c.string)
	case "a{sa{sv}}":
		return c.interfaces()
	case "a{oa{sa{sv}}}":
		return table(c, c.path, c.interfaces)
	}
	if signature[0] == '(' {
		c.align(8)
		return c.values(signature[1 : len(signature)-1])
	}
	c.bad = true
	return nil
}

func (c *cursor) properties() map[string]dbus.Variant { return table(c, c.string, c.variant) }

func (c *cursor) interfaces() Interfaces { return table(c, c.string, c.properties) }

// list reads an array whose elements are aligned to n bytes.
func list[T any](c *cursor, n int, element func() T) []T {
	values := []T{}
	c.each(n, func() { values = append(values, element()) })
	return values
}

// table reads a dictionary.
func table[K comparable, V any](c *cursor, key func() K, value func() V) map[K]V {
	values := make(map[K]V)
	c.each(8, func() {
		c.align(8)
		k := key()
		values[k] = value()
	})
	return values
}

// each calls read for every element of an array.
func (c *cursor) each(n int, read func()) {
	length := uint64(c.uint32())
	c.align(n)
	end := uint64(c.at) + length
	if end > uint64(len(c.data)) {
		c.bad = true
	}
	for !c.bad && uint64(c.at) < end {
		read()
	}
	c.bad = c.bad || uint64(c.at) != end
}
