package system

import (
	"path/filepath"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/backend/connman"
	"github.com/netsession/netsession/core/internal/backend/networkmanager"
)

// Without a bus: the networks of this machine are not changed.
func TestTheContractWithoutABus(t *testing.T) {
	address := "unix:path=" + filepath.Join(t.TempDir(), "bus")
	for _, choice := range []string{Auto, RTNetlink, NetworkManager, ConnMan} {
		t.Run(choice, func(t *testing.T) {
			backendtest.Check(t, func() backend.Backend {
				b, err := New(choice, address)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}, "")
		})
	}
	t.Run("networkmanager alone", func(t *testing.T) {
		backendtest.Check(t, func() backend.Backend { return networkmanager.New(address) }, "")
	})
	t.Run("connman alone", func(t *testing.T) {
		backendtest.Check(t, func() backend.Backend { return connman.New(address) }, "")
	})
}
