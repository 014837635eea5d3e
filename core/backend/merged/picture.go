package merged

import "github.com/netsession/netsession/core/bearer"

// source is what one backend reported so far.
type source struct {
	reported bool
	configs  map[string]bearer.Configuration
	// byInterface finds the identifiers of the configurations on an interface.
	byInterface map[string]map[string]bool
	// managed are the interfaces that a daemon speaks for; nil while it is not
	// there.
	managed map[string]bool
}

func newSource() *source {
	return &source{
		configs:     make(map[string]bearer.Configuration),
		byInterface: make(map[string]map[string]bool),
	}
}

// present reports whether a daemon is there at all.
func (s *source) present() bool { return len(s.managed) > 0 || len(s.configs) > 0 }

// only is the identifier of the one configuration on an interface, as it is with
// the kernel's links; empty where there is none.
func (s *source) only(name string) string {
	for id := range s.byInterface[name] {
		return id
	}
	return ""
}

// marks are what may look different after a report: identifiers, and interfaces
// whose configurations do. Either may be named twice.
type marks struct{ ids, interfaces []string }

func (m *marks) id(id string) { m.ids = append(m.ids, id) }

func (m *marks) on(name string) {
	if name != "" {
		m.interfaces = append(m.interfaces, name)
	}
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

func (s *source) put(c bearer.Configuration, m *marks) {
	m.id(c.ID)
	m.on(c.Interface)
	old, known := s.configs[c.ID]
	if known && old.Interface != c.Interface {
		m.on(old.Interface)
		s.unplace(&old)
	}
	s.configs[c.ID] = c
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
	m.id(id)
	m.on(c.Interface)
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
	s.managed = make(set, len(interfaces))
	for _, i := range interfaces {
		name := i.Name
		s.managed[name] = true
		if !old[name] {
			m.on(name)
		}
	}
	for name := range old {
		if !s.managed[name] {
			m.on(name)
		}
	}
}

type set = map[string]bool

// join puts the kernel's facts about a link into the configuration that a
// daemon has on it. The kernel knows first when a carrier is lost, and that
// somebody else has set the link down: daemons do not set it up again.
func join(c bearer.Configuration, link *bearer.Configuration) bearer.Configuration {
	if unplugged(&c, link) {
		c.State = bearer.Defined
	}
	if c.State != bearer.Active || c.Interface == "" {
		return c
	}
	if link == nil || link.State == bearer.Defined || !link.Up {
		c.State, c.Progress = bearer.Defined, bearer.Settled
		return c
	}
	c.Index, c.Addresses = link.Index, link.Addresses
	c.DefaultRoute, c.Metric, c.Preferred = link.DefaultRoute, link.Metric, link.Preferred
	return c
}

// unplugged reports whether a configuration that a daemon would open needs a
// cable first. Other technologies have a carrier only once they are open.
func unplugged(c, link *bearer.Configuration) bool {
	return c.State == bearer.Discovered && c.Progress == bearer.Settled && c.Bearer == bearer.BearerEthernet &&
		link != nil && link.State == bearer.Defined
}
