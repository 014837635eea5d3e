package connman

import (
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

// recorder is a backend and what it has reported.
type recorder struct {
	*Backend
	*backendtest.Recorder
}

func newRecorder(t testing.TB, address string) *recorder {
	return &recorder{Backend: New(address), Recorder: backendtest.NewRecorder(t)}
}

// watch runs a backend until the test ends.
func watch(t testing.TB, address string) *recorder {
	t.Helper()
	r := newRecorder(t, address)
	backendtest.Start(t, r.Backend, r.Recorder)
	return r
}
