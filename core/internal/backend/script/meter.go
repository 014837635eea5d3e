package script

import (
	"math/bits"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// meter counts bytes: so many, and more for each whole second that the link
// has been Active since.
type meter struct {
	base, rate uint64
	ran        time.Duration
}

// read is the number of bytes once the link has been Active for some more
// time. It stays at the greatest one that the C interface can return.
func (m meter) read(more time.Duration) uint64 {
	over, grown := bits.Mul64(m.rate, uint64((m.ran+more)/time.Second))
	if over != 0 || grown > maxBytes-m.base {
		return maxBytes
	}
	return m.base + grown
}

// reading is what the other goroutines see of an access point.
type reading struct {
	received, written meter
	metered           time.Duration
	active, denied    bool
}

// readings are those of all access points.
type readings struct {
	mu    sync.Mutex // guards what follows
	byID  map[string]reading
	start time.Time // when the play began
}

func newReadings() *readings { return &readings{byID: make(map[string]reading)} }

func (r *readings) begin(start time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start = start
}

func (r *readings) put(a *accessPoint) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID[a.config.ID] = reading{
		received: a.received, written: a.written, metered: a.metered,
		active: a.config.State == bearer.Active, denied: a.config.Denied != "",
	}
}

func (r *readings) drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byID, id)
}

func (r *readings) counters(id string, now time.Time) (backend.Counters, error) {
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

// capabilities tells whether there is a link that may be started, or none at all.
func (r *readings) capabilities() backend.Capabilities {
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
