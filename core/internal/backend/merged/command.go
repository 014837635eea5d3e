// Commands: each goes to the backend that the configuration came from.
package merged

import (
	"github.com/netsession/netsession/core/internal/backend"
	"slices"
)

// Start implements backend.Backend.
func (b *Backend) Start(id string) {
	owner := b.owner(id)
	if owner == nil {
		b.refuse(backend.OpStart, id)
		return
	}
	if b.needsStop(id) {
		owner.Stop(id)
	}
	owner.Start(id)
}

// Stop implements backend.Backend.
func (b *Backend) Stop(id string) {
	if owner := b.owner(id); owner != nil {
		owner.Stop(id)
		return
	}
	b.refuse(backend.OpStop, id)
}

func (b *Backend) refuse(op backend.Op, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sink.Done(backend.Answer{Op: op, ID: id, Err: backend.Refuse(backend.ReasonNoConfiguration, "There is no configuration %s any more.", id)})
}

// owner is the backend that a configuration came from, or nil.
func (b *Backend) owner(id string) backend.Backend {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, s := range b.states {
		if _, ok := s.configs[id]; ok && s.location != otherNamespace {
			return b.daemons[i]
		}
	}
	if _, ok := b.kernel.configs[id]; ok {
		return b.links
	}
	return nil
}

// needsStop reports whether a start needs a stop before it, because the daemon considers
// the configuration Active. If so, it records the internal stop.
func (b *Backend) needsStop(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.current(id)
	if g := b.graceTimers[id]; !ok || !v.noAddress || g != nil && !g.expired {
		return false
	}
	b.internalStops[id]++
	return true
}

// isInternalStop reports whether an answer belongs to an internal stop.
func (b *Backend) isInternalStop(id string) bool {
	n := b.internalStops[id]
	switch {
	case n > 1:
		b.internalStops[id]--
	case n == 1:
		delete(b.internalStops, id)
	}
	return n > 0
}

// Refresh implements backend.Backend. It is answered when all combined backends
// have answered.
func (b *Backend) Refresh() {
	b.mu.Lock()
	b.refreshes++
	b.mu.Unlock()
	b.links.Refresh()
	for _, d := range b.daemons {
		d.Refresh()
	}
}

// answerRefreshes answers each refresh that all backends have answered.
func (b *Backend) answerRefreshes() {
	least := min(b.refreshes, slices.Min(b.answered))
	for ; b.refreshesDone < least; b.refreshesDone++ {
		b.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
	}
}

// Counters implements backend.Backend. The kernel has the counters, whether or not a
// daemon manages the link.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	b.mu.Lock()
	v, _ := b.current(id)
	link := b.kernel.single(v.Interface)
	b.mu.Unlock()
	if link == "" {
		return backend.Counters{}, backend.Refuse(backend.ReasonNoConfiguration, "%s has no link to count bytes on.", id)
	}
	return b.links.Counters(link)
}

// Capabilities implements backend.Backend: the union of the capabilities of the
// links and of the daemons that are present.
func (b *Backend) Capabilities() backend.Capabilities {
	b.mu.Lock()
	present := b.presence()
	b.mu.Unlock()
	has := b.links.Capabilities()
	for i, d := range b.daemons {
		if present&(1<<uint(i)) != 0 {
			has |= d.Capabilities()
		}
	}
	return has
}
