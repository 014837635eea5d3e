package merged

import "github.com/netsession/netsession/core/internal/backend"

// Start is that of backend.Backend.
func (b *Backend) Start(id string) {
	owner := b.owner(id)
	if owner == nil {
		b.refuse(backend.OpStart, id)
		return
	}
	if b.repair(id) {
		owner.Stop(id)
	}
	owner.Start(id)
}

// Stop is that of backend.Backend.
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
	for i, s := range b.sources {
		if _, ok := s.configs[id]; ok && s.home != abroad {
			return b.daemons[i]
		}
	}
	if _, ok := b.kernel.configs[id]; ok {
		return b.links
	}
	return nil
}

// repair reports whether a daemon has to stop a configuration before it can start
// it, because it takes it for Active; it notes the stop.
func (b *Backend) repair(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.look(id)
	if g := b.graces[id]; !ok || !v.bare || g != nil && !g.over {
		return false
	}
	b.repairing[id]++
	return true
}

// repaired reports whether an answer is that to a stop which nobody asked for.
func (b *Backend) repaired(id string) bool {
	n := b.repairing[id]
	switch {
	case n > 1:
		b.repairing[id]--
	case n == 1:
		delete(b.repairing, id)
	}
	return n > 0
}

// Refresh is that of backend.Backend. It is answered when all parts have.
func (b *Backend) Refresh() {
	b.mu.Lock()
	b.refreshes++
	b.mu.Unlock()
	b.links.Refresh()
	for _, d := range b.daemons {
		d.Refresh()
	}
}

// settle answers every refresh that all parts have answered.
func (b *Backend) settle() {
	least := b.refreshes
	for _, n := range b.answered {
		if n < least {
			least = n
		}
	}
	for ; b.settled < least; b.settled++ {
		b.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
	}
}

// Counters is that of backend.Backend: the kernel counts, whoever manages.
func (b *Backend) Counters(id string) (backend.Counters, error) {
	b.mu.Lock()
	v, _ := b.look(id)
	link := b.kernel.only(v.Interface)
	b.mu.Unlock()
	if link == "" {
		return backend.Counters{}, backend.Refuse(backend.ReasonNoConfiguration, "%s has no link to count bytes on.", id)
	}
	return b.links.Counters(link)
}

// Capabilities is that of backend.Backend: what can be done with the links, or by
// one of the daemons that are there.
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
