package script_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/backend/script"
)

func TestTheContract(t *testing.T) {
	for name, text := range map[string]string{
		"at once": "access-point wlan0\n",
		"in time": "access-point wlan0\nstart wlan0 takes 20ms\nstop wlan0 takes 20ms\n",
	} {
		path := filepath.Join(t.TempDir(), "net.play")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			backendtest.Check(t, func() backend.Backend {
				b, err := script.New(path)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}, "wlan0")
		})
	}
}
