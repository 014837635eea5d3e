// Reports, and the registry that computes what they change.

package bearer

import "slices"

// Batch is one report of a backend, with the whole value of each changed
// configuration. Of two values for one identifier the later one counts. Gone is
// applied after Changed.
type Batch struct {
	Changed []Configuration
	Gone    []string // identifiers
	// Complete says that Changed is everything that the backend knows: all
	// other configurations from it were removed.
	Complete bool
	// Managed are the interfaces that a daemon manages: their links are not
	// listed in addition to the daemon's configurations. nil means no change,
	// an empty list means no interface.
	Managed []Interface
	// Why completes a sentence that says why configurations were removed; empty if
	// there is nothing to say.
	Why string
}

// Interface is a network interface as a daemon names it. An interface in
// another network namespace may have the same name.
type Interface struct {
	Name     string
	Hardware string // its address, in the form of Configuration.Hardware; empty: not known
}

// Interfaces returns interfaces with the names and without hardware addresses;
// never nil.
func Interfaces(names ...string) []Interface {
	list := make([]Interface, 0, len(names))
	for _, name := range names {
		list = append(list, Interface{Name: name})
	}
	return list
}

// Change is one configuration before and after a change.
type Change struct{ Old, New *Configuration }

// Insignificant reports whether only properties changed that applications are not
// notified of. Signal strength varies all the time, and matters for the ranking
// only; NetworkManager numbers its paths from the start after a restart; the
// other properties show in other fields, or in what sessions do.
func (c Change) Insignificant() bool {
	same := *c.New
	same.Strength, same.Up, same.Faltering = c.Old.Strength, c.Old.Up, c.Old.Faltering
	same.Hardware, same.Lower, same.Obstacle, same.Activation = c.Old.Hardware, c.Old.Lower, c.Old.Obstacle, c.Old.Activation
	same.Alias = c.Old.Alias
	return c.Old.Equal(&same)
}

// Diff is what a Batch changed. The values are shared and must not be written.
type Diff struct {
	Added   []*Configuration
	Changed []Change
	Removed []*Configuration
}

// Empty reports whether nothing changed.
func (d *Diff) Empty() bool {
	return len(d.Added) == 0 && len(d.Changed) == 0 && len(d.Removed) == 0
}

// Registry has all configurations. It is not safe for concurrent use. The
// values that it returns are immutable.
type Registry struct {
	byID map[string]*Configuration
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{byID: make(map[string]*Configuration)}
}

// Get returns the configuration with the identifier, or nil.
func (r *Registry) Get(id string) *Configuration { return r.byID[id] }

// Len is the number of configurations.
func (r *Registry) Len() int { return len(r.byID) }

// Apply applies a report and returns what it changed. It drops values that
// equal the known ones, and values without a configuration.
func (r *Registry) Apply(b Batch) Diff {
	var d Diff
	for i := range b.Changed {
		if b.Changed[i].Valid() {
			r.put(&b.Changed[i], &d)
		}
	}
	for _, id := range b.Gone {
		r.drop(id, &d)
	}
	if b.Complete {
		r.dropMissing(b.Changed, &d)
	}
	return d
}

func (r *Registry) put(c *Configuration, d *Diff) {
	old := r.byID[c.ID]
	if old != nil && old.Equal(c) {
		return
	}
	value := *c
	r.byID[c.ID] = &value
	if old == nil {
		d.Added = append(d.Added, &value)
		return
	}
	d.Changed = append(d.Changed, Change{Old: old, New: &value})
}

func (r *Registry) drop(id string, d *Diff) {
	old := r.byID[id]
	if old == nil {
		return
	}
	delete(r.byID, id)
	d.Removed = append(d.Removed, old)
}

func (r *Registry) dropMissing(present []Configuration, d *Diff) {
	keep := make(map[string]bool, len(present))
	for i := range present {
		keep[present[i].ID] = present[i].Valid()
	}
	var gone []string
	for id := range r.byID {
		if !keep[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		r.drop(id, d)
	}
}
