// Byte counters and capabilities, which other goroutines read.

package script

import (
	"math/bits"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// meter counts bytes: base, and rate more for each whole second that the link
// has been Active.
type meter struct {
	base, rate uint64
	ran        time.Duration // time in state Active so far
}

// read is the number of bytes after more time in state Active. It stops at the
// largest number that the C interface can return.
func (m meter) read(more time.Duration) uint64 {
	over, grown := bits.Mul64(m.rate, uint64((m.ran+more)/time.Second))
	if over != 0 || grown > maxBytes-m.base {
		return maxBytes
	}
	return m.base + grown
}

// stats has the values of an access point that other goroutines read.
type stats struct {
	received, written meter
	metered           time.Duration
	active, denied    bool
}

// statsTable has the stats of all access points. It is safe for concurrent use.
type statsTable struct {
	mu    sync.Mutex // guards the fields below
	byID  map[string]stats
	start time.Time // of Run
}

func newStatsTable() *statsTable { return &statsTable{byID: make(map[string]stats)} }

func (r *statsTable) begin(start time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start = start
}

func (r *statsTable) put(a *accessPoint) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID[a.config.ID] = stats{
		received: a.received, written: a.written, metered: a.metered,
		active: a.config.State == bearer.Active, denied: a.config.Denied != "",
	}
}

func (r *statsTable) drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byID, id)
}

func (r *statsTable) counters(id string, now time.Time) (backend.Counters, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	x, known := r.byID[id]
	if !known {
		return backend.Counters{}, gone(id)
	}
	var more time.Duration
	if passed := now.Sub(r.start) - x.metered; x.active && passed > 0 {
		more = passed
	}
	return backend.Counters{Received: x.received.read(more), Written: x.written.read(more)}, nil
}

// capabilities reports whether there is an access point that may be started, or
// none at all.
func (r *statsTable) capabilities() backend.Capabilities {
	r.mu.Lock()
	defer r.mu.Unlock()
	may := len(r.byID) == 0
	for _, x := range r.byID {
		may = may || !x.denied
	}
	if may {
		return backend.HasStatistics | backend.CanStartAndStop
	}
	return backend.HasStatistics
}
