package netsession

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

// soBindToIfindex is SO_BINDTOIFINDEX, for which package syscall has no name.
const soBindToIfindex = 62

// Control binds a socket to the session's link: its packets leave by this link only,
// independent of the routes of other links, and it receives only packets from this
// link. It is the Control function for net.Dialer and net.ListenConfig:
//
//	dialer := net.Dialer{Control: session.Control}
//	conn, err := dialer.Dial("tcp", "example.org:443")
//
// A socket stays on its link when the session roams: dial anew after
// NewConfigurationActivated. The resolver uses sockets of its own, which are not bound.
// Control fails with ErrNoLink, or with the kernel's reason.
func (s *Session) Control(network, address string, c syscall.RawConn) error {
	v := s.engine.Snapshot()
	if v.Index == 0 {
		return ErrNoLink
	}
	// The index belongs to another link if the link is played from a script, or was renamed.
	if link, err := net.InterfaceByIndex(v.Index); err != nil || link.Name != v.Interface {
		return ErrNoLink
	}
	var bound error
	if err := c.Control(func(fd uintptr) { bound = bindSocket(int(fd), v.Index, v.Interface) }); err != nil {
		return err
	}
	if bound != nil {
		return fmt.Errorf("the socket cannot be bound to %s: %w", v.Interface, bound)
	}
	return nil
}

// bindSocket binds by the index, which no other link takes over, if the kernel supports
// it (5.1).
func bindSocket(fd, index int, name string) error {
	err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, soBindToIfindex, index)
	if errors.Is(err, syscall.ENOPROTOOPT) {
		err = syscall.BindToDevice(fd, name)
	}
	return os.NewSyscallError("setsockopt", err)
}

// canBindSockets tries whether the kernel permits binding a socket to a link.
func canBindSockets() bool {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	return bindSocket(fd, 1, "lo") == nil
}
