package rtnetlink

import (
	"net"
	"net/netip"
	"slices"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// The values of IFLA_OPERSTATE that matter here (RFC 2863).
const (
	operUnknown = 0
	operUp      = 6
)

// linkInfo has the kernel's values for the link itself.
type linkInfo struct {
	name, alias     string
	hwAddr          []byte // link-layer address, and hwAddrText for people
	hwAddrText      string
	flags           uint32
	operState       uint8
	arphrd          uint16 // hardware type, ARPHRD_...
	master          uint32 // index of the link that it is enslaved to; 0: none
	kind, slaveKind string
	// zeroHWAddr: its link-layer address is all zero, so it has none.
	zeroHWAddr bool
	device     device
	parent     int        // index of the link below; 0: none in this namespace
	remote     netip.Addr // remote end of a tunnel; invalid: not known
}

// link is one link of a snapshot.
type link struct {
	linkInfo
	index     int
	addresses []address
	egress    [both]egress
	// usable are the addresses for the configuration, sorted. The slice is
	// immutable: configurations share it.
	usable []netip.Prefix
	// beyondLink: at least one of them is usable beyond the link.
	beyondLink bool
	inputs     lookupInputs // at the last invalidation of its lookups
	// preferred: unbound packets leave by it.
	preferred bool
	underlay  int      // index of the link by which a tunnel's remote end is reached; 0: not known
	ports     int      // number of links it is the master of
	lower     []string // names of the links it runs over; immutable, configurations share it

	id       string               // identifier, made once from the name
	reported bearer.Configuration // zero while the link is not listed
	touched  bool                 // it is in the snapshot's list of touched links
}

// title is the link's name for people.
func (l *link) title() string {
	if l.alias != "" {
		return l.alias
	}
	return l.name
}

func (l *link) loopback() bool { return l.flags&unix.IFF_LOOPBACK != 0 }

func (l *link) up() bool { return l.flags&unix.IFF_UP != 0 }

// running reports whether frames can cross. The operational state follows the
// carrier (IFF_LOWER_UP) when the driver is ready; tunnels have no operational
// state.
func (l *link) running() bool {
	return l.flags&unix.IFF_LOWER_UP != 0 && (l.operState == operUp || l.operState == operUnknown)
}

// linkMessage is the content of an RTM_NEWLINK or RTM_DELLINK message. Its
// slices are parts of the message.
type linkMessage struct {
	index                        int
	flags                        uint32
	arphrd                       uint16
	operState                    uint8
	master                       uint32
	name, alias, kind, slaveKind []byte
	address, info                []byte
	parent                       int
	// otherNetns: the parent is in another network namespace.
	otherNetns, wireless bool
	// full: the message describes all of the link; an attribute that it leaves
	// out does not exist.
	full bool
}

// parseLink reports false for a malformed message, and for a message that is not
// about the link itself: bridges describe their ports in messages of the same
// types.
func parseLink(body []byte) (m linkMessage, ok bool) {
	if len(body) < unix.SizeofIfInfomsg || body[0] != unix.AF_UNSPEC {
		return m, false
	}
	m.arphrd = native.Uint16(body[2:])
	m.index = int(int32(native.Uint32(body[4:])))
	m.flags = native.Uint32(body[8:])
	list := attributes(body[unix.SizeofIfInfomsg:])
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		m.parseAttribute(kind, value)
	}
	return m, m.index > 0
}

func (m *linkMessage) parseAttribute(kind uint16, value []byte) {
	switch kind {
	case unix.IFLA_ADDRESS:
		m.address = value
	case unix.IFLA_IFNAME:
		m.name = text(value)
	case unix.IFLA_IFALIAS:
		m.alias = text(value)
	case unix.IFLA_MASTER:
		m.master = number(value)
	case unix.IFLA_LINK:
		m.parent = int(int32(number(value)))
	case unix.IFLA_LINK_NETNSID:
		m.otherNetns = true
	case unix.IFLA_OPERSTATE:
		if len(value) == 1 {
			m.operState, m.full = value[0], true
		}
	case unix.IFLA_WIRELESS:
		m.wireless = true
	case unix.IFLA_LINKINFO:
		m.parseLinkInfo(value)
	}
}

func (m *linkMessage) parseLinkInfo(list attributes) {
	for kind, value, more := list.next(); more; kind, value, more = list.next() {
		switch kind {
		case unix.IFLA_INFO_KIND:
			m.kind = text(value)
		case unix.IFLA_INFO_SLAVE_KIND:
			m.slaveKind = text(value)
		case unix.IFLA_INFO_DATA:
			m.info = value
		}
	}
}

// update applies a message. A message about all of a link contains its
// operational state; other messages, such as the events of wireless extensions at every
// scan and association, leave out unchanged values.
func (l *link) update(m *linkMessage) {
	l.flags, l.arphrd = m.flags, m.arphrd
	if m.wireless {
		l.device = deviceWLAN
	}
	if len(m.name) > 0 && l.name != string(m.name) {
		l.name = string(m.name)
		l.id = "link:" + l.name
	}
	if !m.full {
		return
	}
	l.alias = reuseString(l.alias, m.alias)
	l.operState, l.master = m.operState, m.master
	l.kind, l.slaveKind = reuseString(l.kind, m.kind), reuseString(l.slaveKind, m.slaveKind)
	l.setHWAddr(m.address)
	l.parent = 0
	if m.parent != l.index && m.parent > 0 && !m.otherNetns && !peerLinks[l.kind] {
		l.parent = m.parent
	}
	l.remote = netip.Addr{}
	if len(m.info) == 0 {
		return
	}
	var bound int
	if l.remote, bound = remoteOf(l.kind, m.info); bound > 0 && l.parent == 0 {
		l.parent = bound
	}
}

// setHWAddr stores the link-layer address.
func (l *link) setHWAddr(address []byte) {
	if string(l.hwAddr) == string(address) {
		return
	}
	l.hwAddr = slices.Clone(address)
	l.zeroHWAddr = len(address) > 0 && zero(address)
	l.hwAddrText = ""
	if !l.zeroHWAddr {
		l.hwAddrText = net.HardwareAddr(l.hwAddr).String()
	}
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
