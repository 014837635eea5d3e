package netsession

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// ip runs ip(8).
func ip(t *testing.T, arguments string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(arguments)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v\n%s", arguments, err, out)
	}
}

// On real links: a session is opened, and a socket leaves by its link only.
func TestLabSocketsStayOnTheLinkOfASession(t *testing.T) {
	if os.Getenv("NETSESSION_LAB") != "1" {
		t.Skip("needs real links: run in a user and network namespace with NETSESSION_LAB=1")
	}
	ip(t, "link add one type veth peer name two")
	ip(t, "link set two up")
	ip(t, "address add 192.0.2.1/24 dev one")
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	m, err := NewManager(Options{Backend: "rtnetlink"})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	s, err := m.NewSession("link:one")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	config := net.ListenConfig{Control: s.Control}
	if _, err := config.ListenPacket(ctx, "udp4", ":0"); !errors.Is(err, ErrNoLink) {
		t.Errorf("a socket was bound to a link that is down: %v", err)
	}
	s.Open()
	if err := s.WaitForOpened(ctx); err != nil {
		t.Fatal(err)
	}
	socket, err := config.ListenPacket(ctx, "udp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if got := boundTo(t, socket.(*net.UDPConn)); got != s.Snapshot().InterfaceIndex || got == 0 {
		t.Errorf("the socket is bound to link %d, the session's is %d", got, s.Snapshot().InterfaceIndex)
	}
	if !m.Capabilities().Has(DirectConnectionRouting) {
		t.Error("the capability is missing")
	}
}

// boundTo is the index of the link that a socket is bound to.
func boundTo(t *testing.T, c *net.UDPConn) (index int) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		index, err = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, soBindToIfindex)
	})
	if err != nil {
		t.Fatal(err)
	}
	return index
}
