// The backends that tests run, and what those report.

package rtnetlink

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

// running is a backend that runs until the test is over, or stop is called.
type running struct {
	*Backend
	*backendtest.Recorder
	stop func()
}

func run(t testing.TB, b *Backend) *running {
	t.Helper()
	r := backendtest.NewRecorder(t)
	return &running{b, r, backendtest.Start(t, b, r)}
}

// eventually waits until a condition holds that no report shows.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(backendtest.Wait); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
