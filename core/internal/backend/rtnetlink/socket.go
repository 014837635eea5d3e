package rtnetlink

import (
	"errors"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/vishvananda/netlink/nl"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// conn is a netlink socket: each Read takes one datagram, each Write sends one
// to the kernel. Closing it wakes who reads.
type conn interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
}

// subscription is the socket that everything comes in by.
type subscription struct {
	conn
	port uint32 // its address, by which answers to it are told from notifications
	// window is how many questions may wait for their answers at once; at least 1.
	window int
}

// Answers are in the receive buffer when the call that asks returns, and must
// leave half of it to notifications. More at once would save nothing.
const (
	maxWindow = 32
	replySize = 4 << 10
)

// windowFor is what fits into a receive buffer of that size. The kernel takes one
// message whatever its size.
func windowFor(buffer int) int {
	n := buffer / 2 / replySize
	switch {
	case n < 1:
		return 1
	case n > maxWindow:
		return maxWindow
	}
	return n
}

// network is the network namespace that a backend looks at: that of the thread
// that made it, whatever threads its goroutines run on later.
type namespace struct {
	handle netns.NsHandle
	buffer int // bytes that the kernel may queue for the subscription
}

// receiveBuffer lets some thousand notifications wait. The kernel takes the
// memory only while they do.
const receiveBuffer = 4 << 20

const threadNamespace = "/proc/thread-self/ns/net"

// here is the network namespace of the calling thread.
func currentNamespace() *namespace {
	n := &namespace{handle: netns.None(), buffer: receiveBuffer}
	if ns, err := netns.GetFromPath(threadNamespace); err == nil {
		n.handle = ns
	}
	return n
}

func (n *namespace) close() {
	if n.handle.IsOpen() {
		_ = n.handle.Close()
	}
}

var groups = []uint{
	unix.RTNLGRP_LINK,
	unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV6_IFADDR,
	unix.RTNLGRP_IPV4_ROUTE, unix.RTNLGRP_IPV6_ROUTE,
	unix.RTNLGRP_IPV4_RULE, unix.RTNLGRP_IPV6_RULE,
}

// subscribe opens the socket that everything comes in by.
func (n *namespace) subscribe() (*subscription, error) {
	s, err := n.open(groups...)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if s.SetReceiveBufferSize(n.buffer, true) != nil {
		// Without the right to exceed the system's limit, take that.
		_ = s.SetReceiveBufferSize(n.buffer, false)
	}
	// Lets dumps be filtered by the kernel; older ones send everything.
	_ = unix.SetsockoptInt(s.GetFd(), unix.SOL_NETLINK, unix.NETLINK_GET_STRICT_CHK, 1)
	// What a kernel does not have that is older than nexthop objects.
	_ = unix.SetsockoptInt(s.GetFd(), unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, unix.RTNLGRP_NEXTHOP)
	// Refusals need not repeat the question.
	_ = unix.SetsockoptInt(s.GetFd(), unix.SOL_NETLINK, unix.NETLINK_CAP_ACK, 1)
	port, err := s.GetPid()
	if err != nil {
		return nil, err
	}
	fd, err := dupFD(s)
	if err != nil {
		return nil, err
	}
	size, err := unix.GetsockoptInt(s.GetFd(), unix.SOL_SOCKET, unix.SO_RCVBUF)
	if err != nil {
		size = 0
	}
	return &subscription{os.NewFile(uintptr(fd), "rtnetlink"), port, windowFor(size)}, nil
}

// question opens a socket for requests that are answered at once.
func (n *namespace) requestSocket() (io.ReadWriteCloser, error) {
	s, err := n.open()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	fd, err := dupFD(s)
	return rawSocket(fd), err
}

// plain is a socket that the poller does not know: a read finds an answer, or
// fails.
type rawSocket int

func (p rawSocket) Read(b []byte) (int, error)  { return unix.Read(int(p), b) }
func (p rawSocket) Write(b []byte) (int, error) { return unix.Write(int(p), b) }
func (p rawSocket) Close() error                { return unix.Close(int(p)) }

// open makes a socket in the backend's network namespace. Changing into it
// takes a right that few have, and is avoided where the thread is in it.
func (n *namespace) open(groups ...uint) (*nl.NetlinkSocket, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if n.isCurrent() {
		return nl.Subscribe(unix.NETLINK_ROUTE, groups...)
	}
	return nl.SubscribeAt(n.handle, netns.None(), unix.NETLINK_ROUTE, groups...)
}

func (n *namespace) isCurrent() bool {
	if !n.handle.IsOpen() {
		return true
	}
	ns, err := netns.GetFromPath(threadNamespace)
	if err != nil {
		return true
	}
	defer ns.Close()
	return ns.Equal(n.handle)
}

// duplicate takes a descriptor of the library's socket over: the library's own
// Receive allocates the largest possible datagram at each call.
func dupFD(s *nl.NetlinkSocket) (int, error) {
	return unix.FcntlInt(uintptr(s.GetFd()), unix.F_DUPFD_CLOEXEC, 0)
}

// forbidden reports whether an error of subscribe is there to stay.
func isPermanent(err error) bool {
	for _, e := range []unix.Errno{unix.EPERM, unix.EACCES, unix.EAFNOSUPPORT, unix.EPROTONOSUPPORT, unix.ENOSYS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
