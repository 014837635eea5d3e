package connman

import "sort"

// tally counts the interfaces that services have. One that a service has only
// as long as it has a connection comes and goes.
type tally struct {
	of      map[string]string // by the identifier of the service
	number  map[string]int    // of services, by interface
	changed bool              // since names was called last
}

func newTally() tally {
	return tally{of: make(map[string]string), number: make(map[string]int)}
}

// set notes the interface of a service; empty for none.
func (t *tally) set(id, name string) {
	old := t.of[id]
	if old == name {
		return
	}
	if old != "" {
		if t.number[old]--; t.number[old] == 0 {
			delete(t.number, old)
			t.changed = true
		}
	}
	if name == "" {
		delete(t.of, id)
		return
	}
	t.of[id] = name
	if t.number[name]++; t.number[name] == 1 {
		t.changed = true
	}
}

// names are the interfaces, sorted. It is never nil.
func (t *tally) names() []string {
	t.changed = false
	list := make([]string, 0, len(t.number))
	for name := range t.number {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
