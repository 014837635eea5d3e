// The last state that each combined backend has reported.
package merged

import (
	"maps"
	"slices"

	"github.com/netsession/netsession/core/internal/bearer"
)

// backendState is what one backend has reported so far. Backend.mu guards it.
type backendState struct {
	links    bool // of the kernel's links: their changes affect the daemons' configurations on them
	loading  bool // the backend has called Loading: its first report will follow
	reported bool
	configs  map[string]bearer.Configuration
	// byInterface has the identifiers of the configurations on each interface.
	byInterface map[string]map[string]bool
	// managed are the interfaces that a daemon manages, with their hardware
	// addresses.
	managed  map[string]string
	location location
	// preferred is the number of configurations that the kernel sends unbound
	// packets by.
	preferred int
	// outage is set from the loss of a daemon until it is restored or given up.
	outage *outage
}

func newBackendState(links bool) *backendState {
	return &backendState{
		links:       links,
		configs:     make(map[string]bearer.Configuration),
		byInterface: make(map[string]map[string]bool),
	}
}

// present reports whether a daemon runs, and manages links of this namespace.
func (s *backendState) present() bool {
	return (len(s.managed) > 0 || len(s.configs) > 0) && s.location != otherNamespace
}

// single is the identifier of the only configuration on an interface, which is
// how the kernel's links are; empty if there is none.
func (s *backendState) single(name string) string {
	for id := range s.byInterface[name] {
		return id
	}
	return ""
}

// changeSet is what a report may have changed: configurations, and interfaces
// whose configurations may have changed.
type changeSet struct{ ids, interfaces set }

type set = map[string]bool

func newChangeSet() *changeSet { return &changeSet{ids: make(set), interfaces: make(set)} }

func (m *changeSet) id(id string) { m.ids[id] = true }

func (m *changeSet) onInterface(name string) {
	if name != "" {
		m.interfaces[name] = true
	}
}

// sorted are the identifiers in a reproducible order.
func (m *changeSet) sorted() []string {
	return slices.Sorted(maps.Keys(m.ids))
}

// apply applies a report, and adds what it may have changed to the change set.
func (s *backendState) apply(b bearer.Batch, changes *changeSet) {
	if b.Complete {
		for id := range s.configs {
			s.drop(id, changes)
		}
	}
	for _, id := range b.Gone {
		s.drop(id, changes)
	}
	for _, c := range b.Changed {
		s.put(c, changes)
	}
	if b.Managed != nil {
		s.manage(b.Managed, changes)
	}
	s.reported = true
}

func (s *backendState) mark(c *bearer.Configuration, changes *changeSet) {
	if c.ID != "" {
		changes.id(c.ID)
	}
	if s.links {
		changes.onInterface(c.Interface)
	}
}

func (s *backendState) put(c bearer.Configuration, changes *changeSet) {
	old, known := s.configs[c.ID]
	s.mark(&c, changes)
	s.mark(&old, changes)
	if known && old.Interface != c.Interface {
		s.removeFromInterface(&old)
	}
	s.configs[c.ID] = c
	s.preferred += one(c.Preferred) - one(old.Preferred)
	if c.Interface == "" || known && old.Interface == c.Interface {
		return
	}
	ids := s.byInterface[c.Interface]
	if ids == nil {
		ids = make(set)
		s.byInterface[c.Interface] = ids
	}
	ids[c.ID] = true
}

func (s *backendState) drop(id string, changes *changeSet) {
	c, ok := s.configs[id]
	if !ok {
		return
	}
	s.mark(&c, changes)
	s.preferred -= one(c.Preferred)
	delete(s.configs, id)
	s.removeFromInterface(&c)
}

func (s *backendState) removeFromInterface(c *bearer.Configuration) {
	ids := s.byInterface[c.Interface]
	if delete(ids, c.ID); len(ids) == 0 {
		delete(s.byInterface, c.Interface)
	}
}

// manage stores the managed interfaces. It adds interfaces to the change set that are
// managed now and were not before, or the other way round.
func (s *backendState) manage(interfaces []bearer.Interface, changes *changeSet) {
	old := s.managed
	s.managed = make(map[string]string, len(interfaces))
	for _, i := range interfaces {
		s.managed[i.Name] = i.Hardware
		if _, was := old[i.Name]; !was {
			changes.onInterface(i.Name)
		}
	}
	for name := range old {
		if !s.manages(name) {
			changes.onInterface(name)
		}
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (s *backendState) manages(name string) bool {
	_, ok := s.managed[name]
	return ok
}
