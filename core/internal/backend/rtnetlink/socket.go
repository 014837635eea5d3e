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

// conn is a netlink socket: each Read receives one datagram, each Write sends
// one to the kernel. Close ends a Read that is blocked.
type conn interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
}

// subscription is the socket of the monitor: it receives notifications, and
// replies to the monitor's requests.
type subscription struct {
	conn
	port uint32 // port ID of the socket, which distinguishes replies to it from notifications
	// window is how many requests may be in flight; at least 1.
	window int
}

// Answers are in the receive buffer when the call that asks returns, and must
// leave half of it to notifications. More at once would save nothing.
const (
	// Replies are in the receive buffer when the send call returns, and must
	// leave half of the buffer to notifications. A larger window would save
	// nothing.
	maxWindow = 32
	replySize = 4 << 10
)

// windowFor is the number of replies that fit into half of a receive buffer.
// The kernel queues at least one message whatever its size.
func windowFor(buffer int) int { // SO_RCVBUF of the subscription, in bytes
	return max(1, min(buffer/2/replySize, maxWindow))
}

// namespace is the network namespace of a backend: the namespace of the thread that
// called New, whichever threads its goroutines run on later.
type namespace struct {
	handle netns.NsHandle
	buffer int // bytes that the kernel may queue for the subscription
}

// receiveBuffer has room for several thousand notifications. The kernel
// allocates the memory only while they are queued.
const receiveBuffer = 4 << 20

const threadNamespace = "/proc/thread-self/ns/net"

// currentNamespace is the network namespace of the calling thread.
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

// subscribe opens the socket for notifications.
func (n *namespace) subscribe() (*subscription, error) {
	s, err := n.open(groups...)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if s.SetReceiveBufferSize(n.buffer, true) != nil {
		// Without the capability to exceed the system's limit, up to that
		// limit.
		_ = s.SetReceiveBufferSize(n.buffer, false)
	}
	// The kernel then filters dumps; older kernels send everything.
	_ = unix.SetsockoptInt(s.GetFd(), unix.SOL_NETLINK, unix.NETLINK_GET_STRICT_CHK, 1)
	// Kernels without nexthop objects do not have this group.
	_ = unix.SetsockoptInt(s.GetFd(), unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, unix.RTNLGRP_NEXTHOP)
	// Error replies need not repeat the request.
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

// requestSocket opens a socket for requests with immediate replies.
func (n *namespace) requestSocket() (io.ReadWriteCloser, error) {
	s, err := n.open()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	fd, err := dupFD(s)
	return rawSocket(fd), err
}

// rawSocket is a socket outside the runtime's poller: a read finds a reply or
// fails.
type rawSocket int

func (p rawSocket) Read(b []byte) (int, error)  { return unix.Read(int(p), b) }
func (p rawSocket) Write(b []byte) (int, error) { return unix.Write(int(p), b) }
func (p rawSocket) Close() error                { return unix.Close(int(p)) }

// open opens a socket in the backend's network namespace. To enter the
// namespace needs a capability that few processes have; open does not enter it
// if the thread is in it already.
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

// dupFD duplicates the descriptor of the library's socket. The library's own
// Receive allocates the largest possible datagram on each call.
func dupFD(s *nl.NetlinkSocket) (int, error) {
	return unix.FcntlInt(uintptr(s.GetFd()), unix.F_DUPFD_CLOEXEC, 0)
}

// isPermanent reports whether an error of subscribe will not go away.
func isPermanent(err error) bool {
	for _, e := range []unix.Errno{unix.EPERM, unix.EACCES, unix.EAFNOSUPPORT, unix.EPROTONOSUPPORT, unix.ENOSYS} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
