package merged

import (
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
)

// source is what one backend reported so far.
type source struct {
	links    bool // they are the kernel's links: what daemons have on them looks different with them
	loading  bool // it is there, and its first report is sure to come
	reported bool
	configs  map[string]bearer.Configuration
	// byInterface finds the identifiers of the configurations on an interface.
	byInterface map[string]map[string]bool
	// managed are the interfaces that a daemon speaks for, with their hardware
	// addresses.
	managed map[string]string
	home    home
	// preferred is how many of the configurations the kernel sends packets by.
	preferred int
	// absence is set while a daemon that has gone may come back, or is coming back.
	absence *absence
}

func newSource(links bool) *source {
	return &source{
		links:       links,
		configs:     make(map[string]bearer.Configuration),
		byInterface: make(map[string]map[string]bool),
	}
}

// present reports whether a daemon is there, and speaks for links of ours.
func (s *source) present() bool {
	return (len(s.managed) > 0 || len(s.configs) > 0) && s.home != abroad
}

// only is the identifier of the one configuration on an interface, as it is with
// the kernel's links; empty where there is none.
func (s *source) only(name string) string {
	for id := range s.byInterface[name] {
		return id
	}
	return ""
}

// marks are what may look different after a report: identifiers, and interfaces
// whose configurations do.
type marks struct{ ids, interfaces set }

type set = map[string]bool

func newMarks() *marks { return &marks{ids: make(set), interfaces: make(set)} }

func (m *marks) id(id string) { m.ids[id] = true }

func (m *marks) on(name string) {
	if name != "" {
		m.interfaces[name] = true
	}
}

// sorted are the identifiers, in an order that is the same each time.
func (m *marks) sorted() []string {
	ids := make([]string, 0, len(m.ids))
	for id := range m.ids {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// take brings the source up to date, and marks what may look different now.
func (s *source) take(b bearer.Batch, m *marks) {
	if b.Complete {
		for id := range s.configs {
			s.drop(id, m)
		}
	}
	for _, id := range b.Gone {
		s.drop(id, m)
	}
	for _, c := range b.Changed {
		s.put(c, m)
	}
	if b.Managed != nil {
		s.manage(b.Managed, m)
	}
	s.reported = true
}

func (s *source) mark(c *bearer.Configuration, m *marks) {
	if c.ID != "" {
		m.id(c.ID)
	}
	if s.links {
		m.on(c.Interface)
	}
}

func (s *source) put(c bearer.Configuration, m *marks) {
	old, known := s.configs[c.ID]
	s.mark(&c, m)
	s.mark(&old, m)
	if known && old.Interface != c.Interface {
		s.unplace(&old)
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

func (s *source) drop(id string, m *marks) {
	c, ok := s.configs[id]
	if !ok {
		return
	}
	s.mark(&c, m)
	s.preferred -= one(c.Preferred)
	delete(s.configs, id)
	s.unplace(&c)
}

func (s *source) unplace(c *bearer.Configuration) {
	ids := s.byInterface[c.Interface]
	if delete(ids, c.ID); len(ids) == 0 {
		delete(s.byInterface, c.Interface)
	}
}

// manage marks the interfaces that are managed now or were before, but not both.
func (s *source) manage(interfaces []bearer.Interface, m *marks) {
	old := s.managed
	s.managed = make(map[string]string, len(interfaces))
	for _, i := range interfaces {
		s.managed[i.Name] = i.Hardware
		if _, was := old[i.Name]; !was {
			m.on(i.Name)
		}
	}
	for name := range old {
		if !s.manages(name) {
			m.on(name)
		}
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (s *source) manages(name string) bool {
	_, ok := s.managed[name]
	return ok
}
