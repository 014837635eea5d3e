// Package system makes the backend for the real networks of a machine: the
// kernel's links, and the network daemon that manages them if there is one.
package system

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
	"github.com/netsession/netsession/core/internal/backend/connman"
	"github.com/netsession/netsession/core/internal/backend/merged"
	"github.com/netsession/netsession/core/internal/backend/networkmanager"
	"github.com/netsession/netsession/core/internal/backend/rtnetlink"
)

// The choices of New.
const (
	// Auto uses NetworkManager while it runs, else ConnMan while it runs, else
	// the kernel's links alone.
	Auto = "auto"
	// RTNetlink uses the kernel's links alone.
	RTNetlink = "rtnetlink"
	// NetworkManager and ConnMan use that daemon while it runs.
	NetworkManager = "networkmanager"
	ConnMan        = "connman"
)

// CheckAddress says what is wrong with the address of a system bus if it can
// never be one.
func CheckAddress(address string) error { return bus.CheckAddress(address) }

// New makes the backend of a choice. address is the address of the system bus;
// an empty address means the usual socket. A missing bus is no error, because it may
// be started later.
func New(choice, address string) (backend.Backend, error) {
	links := rtnetlink.New()
	switch choice {
	case Auto:
		return merged.New(links, nm(address), cm(address)), nil
	case NetworkManager:
		return merged.New(links, nm(address)), nil
	case ConnMan:
		return merged.New(links, cm(address)), nil
	case RTNetlink:
		return merged.New(links), nil // for the grace after a loss
	}
	return nil, fmt.Errorf("there is no backend %q", choice)
}

func nm(address string) merged.Daemon {
	return merged.Daemon{Name: "NetworkManager", Backend: networkmanager.New(address)}
}

func cm(address string) merged.Daemon {
	return merged.Daemon{Name: "ConnMan", Backend: connman.New(address), Resets: true}
}
