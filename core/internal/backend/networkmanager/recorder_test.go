package networkmanager

import (
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

// recorder is a backend and what it has reported.
type recorder struct {
	*backendtest.Recorder
	t       *testing.T
	backend *Backend
	stop    func()
}

// record runs a backend on the bus with an address until the test ends.
func record(t *testing.T, address string) *recorder {
	t.Helper()
	r := &recorder{Recorder: backendtest.NewRecorder(t), t: t, backend: New(address)}
	r.stop = backendtest.Start(t, r.backend, r.Recorder)
	return r
}
