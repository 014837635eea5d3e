package rtnetlink

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// The functions below encode messages of the kernel byte by byte.

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func u16(v uint16) []byte { b := make([]byte, 2); native.PutUint16(b, v); return b }
func u32(v uint32) []byte { b := make([]byte, 4); native.PutUint32(b, v); return b }
func u64(v uint64) []byte { b := make([]byte, 8); native.PutUint64(b, v); return b }

func padded(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// datagramOf is one message; answers carry the sequence number and the port of
// the request, notifications zeros.
func datagramOf(kind, flags uint16, seq, port uint32, body []byte) []byte {
	return padded(join(u32(uint32(unix.SizeofNlMsghdr+len(body))), u16(kind), u16(flags), u32(seq), u32(port), body))
}

func notification(kind uint16, body []byte) []byte { return datagramOf(kind, 0, 0, 0, body) }

func attr(kind uint16, value ...[]byte) []byte {
	v := join(value...)
	return padded(join(u16(uint16(4+len(v))), u16(kind), v))
}

// code is an error code in wire format.
func code(e unix.Errno) []byte { return u32(-uint32(e)) }

func cstring(s string) []byte { return append([]byte(s), 0) }

const (
	flagsUp      = unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_LOWER_UP | unix.IFF_BROADCAST
	flagsNoCable = unix.IFF_UP | unix.IFF_BROADCAST
	flagsDown    = unix.IFF_BROADCAST
)

// linkBody is a link with a name; attributes that follow override.
func linkBody(index int, name string, flags uint32, more ...[]byte) []byte {
	state := byte(2) // down
	if flags&unix.IFF_LOWER_UP != 0 {
		state = operUp
	}
	return join([]byte{unix.AF_UNSPEC, 0}, u16(unix.ARPHRD_ETHER), u32(uint32(index)), u32(flags), u32(0),
		attr(unix.IFLA_IFNAME, cstring(name)), attr(unix.IFLA_OPERSTATE, []byte{state}),
		attr(unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, byte(index)}), join(more...))
}

func kindAttr(kind string) []byte {
	return attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_KIND, cstring(kind)))
}

func slaveAttr(master int, kind string) []byte {
	return join(attr(unix.IFLA_MASTER, u32(uint32(master))),
		attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_SLAVE_KIND, cstring(kind))))
}

// addressBody is an address such as "192.0.2.1/24".
func addressBody(index int, prefix string, scope uint8, flags uint32) []byte {
	p := netip.MustParsePrefix(prefix)
	family := byte(unix.AF_INET6)
	if p.Addr().Is4() {
		family = unix.AF_INET
	}
	return join([]byte{family, byte(p.Bits()), byte(flags), scope}, u32(uint32(index)),
		attr(unix.IFA_ADDRESS, p.Addr().AsSlice()), attr(unix.IFA_FLAGS, u32(flags)))
}

// routeBody is a default route of the main table.
func routeBody(family uint8, more ...[]byte) []byte {
	return join([]byte{family, 0, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_BOOT, 0, unix.RTN_UNICAST}, u32(0), join(more...))
}

func by(index int) []byte { return attr(unix.RTA_OIF, u32(uint32(index))) }

func metric(m uint32) []byte { return attr(unix.RTA_PRIORITY, u32(m)) }

func gateway(ip string) []byte { return attr(unix.RTA_GATEWAY, netip.MustParseAddr(ip).AsSlice()) }

// nexthops is a multipath of links.
func nexthops(indices ...int) []byte {
	var list []byte
	for _, i := range indices {
		list = join(list, u16(unix.SizeofRtNexthop), []byte{0, 0}, u32(uint32(i)))
	}
	return attr(unix.RTA_MULTIPATH, list)
}

func TestNextSplitsMessages(t *testing.T) {
	first := datagramOf(unix.RTM_NEWLINK, unix.NLM_F_MULTI, 7, 9, []byte{1, 2, 3})
	b := join(first, datagramOf(unix.NLMSG_DONE, 0, 7, 9, u32(0)))
	m, rest, err := next(b)
	if err != nil || m.kind != unix.RTM_NEWLINK || m.flags != unix.NLM_F_MULTI || m.seq != 7 || m.port != 9 ||
		!bytes.Equal(m.body, []byte{1, 2, 3}) {
		t.Fatalf("first: %+v, %v", m, err)
	}
	m, rest, err = next(rest)
	if err != nil || m.kind != unix.NLMSG_DONE || m.errno() != 0 || len(rest) != 0 {
		t.Fatalf("second: %+v, rest %d, %v", m, len(rest), err)
	}
}

func TestNextRefusesTruncatedMessages(t *testing.T) {
	whole := datagramOf(unix.RTM_NEWLINK, 0, 1, 2, make([]byte, 40))
	for n := 1; n < len(whole); n++ {
		if _, _, err := next(whole[:n]); !errors.Is(err, errTruncated) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	for _, size := range []uint32{0, 15, 1 << 31, 1<<32 - 1} {
		b := append(u32(size), whole[4:]...)
		if _, _, err := next(b); !errors.Is(err, errTruncated) {
			t.Fatalf("a message that claims %d bytes: %v", size, err)
		}
	}
}

func TestErrno(t *testing.T) {
	refused := message{body: code(unix.EPERM)}
	if refused.errno() != unix.EPERM {
		t.Errorf("got %v", refused.errno())
	}
	if (&message{body: []byte{1}}).errno() != 0 {
		t.Error("a body that is too short is no error")
	}
}

func TestAttributesStopAtWhatIsMalformed(t *testing.T) {
	good := attr(unix.IFLA_IFNAME, cstring("eth0"))
	for name, bad := range map[string][]byte{
		"too long":  join(u16(200), u16(1), u32(0)),
		"too short": join(u16(3), u16(1)),
		"half":      {8, 0},
	} {
		list := attributes(join(good, bad))
		if kind, value, ok := list.next(); !ok || kind != unix.IFLA_IFNAME || string(text(value)) != "eth0" {
			t.Fatalf("%s: the attribute before it was lost", name)
		}
		if _, _, ok := list.next(); ok {
			t.Errorf("%s: taken for an attribute", name)
		}
	}
}

func TestAttributesIgnoreTypeBits(t *testing.T) {
	list := attributes(attr(unix.IFLA_LINKINFO|unix.NLA_F_NESTED, u32(1)))
	if kind, _, ok := list.next(); !ok || kind != unix.IFLA_LINKINFO {
		t.Errorf("got %d, %v", kind, ok)
	}
}
