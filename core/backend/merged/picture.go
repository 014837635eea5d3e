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

// take brings the source up to date, and adds to touched every identifier, and
// to interfaces every interface, whose configuration may look different now.
func (s *source) take(b bearer.Batch, touched, interfaces set) {
	if b.Complete {
		for id := range s.configs {
			s.drop(id, touched, interfaces)
		}
	}
	for _, id := range b.Gone {
		s.drop(id, touched, interfaces)
	}
	for _, c := range b.Changed {
		s.drop(c.ID, touched, interfaces)
		s.put(c, touched, interfaces)
	}
	if b.Managed != nil {
		s.manage(b.Managed, interfaces)
	}
	s.reported = true
}

func (s *source) put(c bearer.Configuration, touched, interfaces set) {
	s.configs[c.ID] = c
	touched[c.ID] = true
	if c.Interface == "" {
		return
	}
	interfaces[c.Interface] = true
	ids := s.byInterface[c.Interface]
	if ids == nil {
		ids = make(set)
		s.byInterface[c.Interface] = ids
	}
	ids[c.ID] = true
}

func (s *source) drop(id string, touched, interfaces set) {
	c, ok := s.configs[id]
	if !ok {
		return
	}
	delete(s.configs, id)
	touched[id] = true
	if ids := s.byInterface[c.Interface]; ids != nil {
		interfaces[c.Interface] = true
		if delete(ids, id); len(ids) == 0 {
			delete(s.byInterface, c.Interface)
		}
	}
}

func (s *source) manage(names []string, interfaces set) {
	for name := range s.managed {
		interfaces[name] = true
	}
	s.managed = make(set, len(names))
	for _, name := range names {
		s.managed[name] = true
		interfaces[name] = true
	}
}

type set = map[string]bool

// join puts the kernel's facts about a link into the configuration that a
// daemon has on it. The kernel knows first when a carrier is lost.
func join(c bearer.Configuration, link *bearer.Configuration) bearer.Configuration {
	if c.State != bearer.Active || c.Interface == "" {
		return c
	}
	if link == nil || link.State == bearer.Defined {
		c.State, c.Progress = bearer.Defined, bearer.Settled
		return c
	}
	c.Index, c.Addresses = link.Index, link.Addresses
	c.DefaultRoute, c.Metric = link.DefaultRoute, link.Metric
	return c
}
