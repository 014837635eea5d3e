package rtnetlink

import (
	"net/netip"

	"github.com/netsession/netsession/core/bearer"
	"golang.org/x/sys/unix"
)

// The values of IFLA_OPERSTATE that are of interest (RFC 2863).
const (
	operUnknown = 0
	operUp      = 6
)

// facts are what the kernel says about a link itself.
type facts struct {
	name, alias     string
	flags           uint32
	operState       uint8
	hardware        uint16 // ARPHRD_...
	master          uint32 // index of the link that it is enslaved to
	kind, slaveKind string
	// noAddress: it should have a hardware address, but that is all zero.
	noAddress bool
	device    device
}

// link is one link of the picture.
type link struct {
	facts
	index     int
	addresses []address
	routes    []route
	// usable are the addresses that a configuration shows, sorted. The slice
	// is never written again: configurations share it.
	usable []netip.Prefix
	// carries: at least one of them leads beyond the link.
	carries bool

	id       string               // identifier, made from the name once
	reported bearer.Configuration // without an identifier while the link is not listed
	touched  bool                 // waits in the picture's list of touched links
}

func (l *link) up() bool { return l.flags&unix.IFF_UP != 0 }

// carrier reports whether frames can cross. The operational state follows the
// raw carrier a little later, after what the driver still has to do; tunnels
// have no operational state.
func (l *link) carrier() bool {
	return l.flags&unix.IFF_LOWER_UP != 0 && (l.operState == operUp || l.operState == operUnknown)
}

// linkMessage is what an RTM_NEWLINK or RTM_DELLINK carries. Its slices are
// parts of the message.
type linkMessage struct {
	index                        int
	flags                        uint32
	hardware                     uint16
	operState                    uint8
	master                       uint32
	name, alias, kind, slaveKind []byte
	noAddress, wireless          bool
}

// parseLink reports false for a message that is malformed, or not about a link
// itself: bridges tell of their ports with messages of the same types.
func parseLink(body []byte) (m linkMessage, ok bool) {
	if len(body) < unix.SizeofIfInfomsg || body[0] != unix.AF_UNSPEC {
		return m, false
	}
	m.hardware = native.Uint16(body[2:])
	m.index = int(int32(native.Uint32(body[4:])))
	m.flags = native.Uint32(body[8:])
	list := attributes(body[unix.SizeofIfInfomsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		m.take(kind, value)
	}
	return m, m.index > 0
}

func (m *linkMessage) take(kind uint16, value []byte) {
	switch kind {
	case unix.IFLA_ADDRESS:
		m.noAddress = len(value) > 0 && zero(value)
	case unix.IFLA_IFNAME:
		m.name = text(value)
	case unix.IFLA_IFALIAS:
		m.alias = text(value)
	case unix.IFLA_MASTER:
		m.master = number(value)
	case unix.IFLA_OPERSTATE:
		if len(value) == 1 {
			m.operState = value[0]
		}
	case unix.IFLA_WIRELESS:
		m.wireless = true
	case unix.IFLA_LINKINFO:
		m.takeInfo(value)
	}
}

func (m *linkMessage) takeInfo(list attributes) {
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		switch kind {
		case unix.IFLA_INFO_KIND:
			m.kind = text(value)
		case unix.IFLA_INFO_SLAVE_KIND:
			m.slaveKind = text(value)
		}
	}
}

// update takes a message in. One without a name, as wireless extensions send,
// says nothing but the flags.
func (l *link) update(m *linkMessage) {
	l.flags, l.hardware = m.flags, m.hardware
	if m.wireless {
		l.device = deviceWLAN
	}
	if len(m.name) == 0 {
		return
	}
	if l.name != string(m.name) {
		l.name = string(m.name)
		l.id = "link:" + l.name
	}
	l.alias = keep(l.alias, m.alias)
	l.operState, l.master, l.noAddress = m.operState, m.master, m.noAddress
	l.kind, l.slaveKind = keep(l.kind, m.kind), keep(l.slaveKind, m.slaveKind)
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
