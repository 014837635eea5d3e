package bearer

import "sort"

// Batch is one report of a backend: whole values of what changed. Of two values
// for one identifier the later one counts, and Gone counts after Changed.
type Batch struct {
	Changed []Configuration
	Gone    []string // identifiers
	// Complete says that Changed is the backend's entire picture: whatever
	// else was known from it is gone.
	Complete bool
	// Managed are the interfaces that a daemon speaks for: their links are not
	// to be listed apart from its configurations. nil says that they are as
	// before, an empty list that there are none.
	Managed []Interface
	// Why says, as the end of a sentence, why what is gone after this report is
	// gone; empty where there is nothing to say.
	Why string
}

// Interface is a network interface as a daemon means it. One in another network
// namespace may have the same name.
type Interface struct {
	Name     string
	Hardware string // its address, in the form of Configuration.Hardware; empty: not known
}

// Interfaces are those with the names, of unknown hardware; never nil.
func Interfaces(names ...string) []Interface {
	list := make([]Interface, 0, len(names))
	for _, name := range names {
		list = append(list, Interface{Name: name})
	}
	return list
}

// Change is one configuration before and after.
type Change struct{ Old, New *Configuration }

// Quiet reports whether nothing changed that is told: the strength of a signal
// jitters all the time, and counts for ranking only; NetworkManager numbers its paths anew
// when it is started; the rest shows in other fields, or in what sessions do.
func (c Change) Quiet() bool {
	same := *c.New
	same.Strength, same.Up, same.Faltering = c.Old.Strength, c.Old.Up, c.Old.Faltering
	same.Hardware, same.Lower, same.Obstacle, same.Activation = c.Old.Hardware, c.Old.Lower, c.Old.Obstacle, c.Old.Activation
	same.Alias = c.Old.Alias
	return c.Old.Equal(&same)
}

// Diff says what a Batch changed. The values are shared and must not be written.
type Diff struct {
	Added   []*Configuration
	Changed []Change
	Removed []*Configuration
}

// Empty reports whether nothing changed.
func (d *Diff) Empty() bool {
	return len(d.Added) == 0 && len(d.Changed) == 0 && len(d.Removed) == 0
}

// Registry is the picture of all configurations. It is not safe for
// concurrent use. The values that it hands out are immutable.
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

// Apply takes a report in and says what it changed. Equal values end here, and
// so do values that stand for no configuration.
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
	sort.Strings(gone)
	for _, id := range gone {
		r.drop(id, d)
	}
}
