package bearer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func named(id, name string) Configuration { return Configuration{ID: id, Name: name} }

// describe describes a diff in one line.
func describe(d Diff) string {
	var parts []string
	for _, c := range d.Added {
		parts = append(parts, "+"+c.ID+"="+c.Name)
	}
	for _, c := range d.Changed {
		parts = append(parts, c.Old.ID+"="+c.Old.Name+">"+c.New.Name)
	}
	for _, c := range d.Removed {
		parts = append(parts, "-"+c.ID+"="+c.Name)
	}
	return strings.Join(parts, " ")
}

func TestApply(t *testing.T) {
	r := NewRegistry()
	for _, c := range []struct {
		name  string
		batch Batch
		want  string
	}{
		{"nothing", Batch{}, ""},
		{"the first snapshot", Batch{Complete: true, Changed: []Configuration{named("b", "1"), named("a", "1")}}, "+b=1 +a=1"},
		{"the same again", Batch{Complete: true, Changed: []Configuration{named("a", "1"), named("b", "1")}}, ""},
		{"one changes", Batch{Changed: []Configuration{named("a", "2")}}, "a=1>2"},
		{"one comes, one goes", Batch{Changed: []Configuration{named("c", "1")}, Gone: []string{"b"}}, "+c=1 -b=1"},
		{"an unknown one goes", Batch{Gone: []string{"x"}}, ""},
		{"changed and gone", Batch{Changed: []Configuration{named("c", "2")}, Gone: []string{"c"}}, "c=1>2 -c=2"},
		{"two values for one: the later counts", Batch{Changed: []Configuration{named("a", "3"), named("a", "4")}}, "a=2>3 a=3>4"},
		{"no identifier", Batch{Changed: []Configuration{named("", "1")}}, ""},
		{"no configuration", Batch{Changed: []Configuration{{ID: "a", Type: Invalid}}}, ""},
		{"a complete snapshot without some", Batch{Complete: true, Changed: []Configuration{named("d", "1")}}, "+d=1 -a=4"},
		{"no configuration in a complete snapshot", Batch{Complete: true, Changed: []Configuration{{ID: "d", Type: Invalid}}}, "-d=1"},
		{"an empty snapshot", Batch{Complete: true}, ""},
	} {
		d := r.Apply(c.batch)
		if got := describe(d); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if d.Empty() != (c.want == "") {
			t.Errorf("%s: empty: %v", c.name, d.Empty())
		}
	}
	if r.Len() != 0 {
		t.Errorf("%d are left", r.Len())
	}
}

func TestRemovedComeInOrder(t *testing.T) {
	r := NewRegistry()
	var all []Configuration
	for _, id := range strings.Split("k d h a f c", " ") {
		all = append(all, named(id, ""))
	}
	r.Apply(Batch{Changed: all})
	if got := describe(r.Apply(Batch{Complete: true})); got != "-a= -c= -d= -f= -h= -k=" {
		t.Error(got)
	}
}

// Returned values do not change if the reporter changes its own values.
func TestRegistryKeepsItsOwn(t *testing.T) {
	r := NewRegistry()
	mine := []Configuration{named("a", "1")}
	r.Apply(Batch{Changed: mine})
	held := r.Get("a")
	mine[0].Name = "2"
	if held.Name != "1" {
		t.Error("the reporter's value is shared")
	}
	r.Apply(Batch{Changed: mine})
	if held.Name != "1" || r.Get("a").Name != "2" || r.Get("b") != nil {
		t.Error("a value that was handed out has changed")
	}
}

// FuzzRegistry applies batches, compares the registry with a map, and checks that
// each diff leads from one state to the next.
func FuzzRegistry(f *testing.F) {
	f.Add([]byte("a1b2-c1a-|a2|c3|b-"))
	f.Add([]byte("a1b1|!a1|!|a1a2a3|a-"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := NewRegistry()
		want, followed := map[string]string{}, map[string]string{}
		for i, text := range strings.Split(string(data), "|") {
			batch := parse(text)
			applyPlainly(want, batch)
			applyDiff(t, followed, r.Apply(batch))
			if got := snapshot(r, want); got != fmt.Sprint(want) || fmt.Sprint(followed) != got || r.Len() != len(want) {
				t.Fatalf("batch %d of %q: %s, followed %v, want %v", i, data, got, followed, want)
			}
		}
	})
}

// parse makes a batch of pairs of an identifier and a name, "-" for gone. A
// leading "!" makes it a complete one.
func parse(text string) (b Batch) {
	if strings.HasPrefix(text, "!") {
		b.Complete, text = true, text[1:]
	}
	for i := 0; i+1 < len(text); i += 2 {
		if text[i+1] == '-' {
			b.Gone = append(b.Gone, text[i:i+1])
		} else {
			b.Changed = append(b.Changed, named(text[i:i+1], text[i+1:i+2]))
		}
	}
	return b
}

func applyPlainly(m map[string]string, b Batch) {
	if b.Complete {
		for id := range m {
			delete(m, id)
		}
	}
	for _, c := range b.Changed {
		m[c.ID] = c.Name
	}
	for _, id := range b.Gone {
		delete(m, id)
	}
}

// applyDiff applies a diff as a listener would.
func applyDiff(t *testing.T, m map[string]string, d Diff) {
	for _, c := range d.Added {
		if _, known := m[c.ID]; known {
			t.Fatalf("%s was added, but was there", c.ID)
		}
		m[c.ID] = c.Name
	}
	for _, c := range d.Changed {
		if m[c.Old.ID] != c.Old.Name || c.Old.ID != c.New.ID || c.Old.Equal(c.New) {
			t.Fatalf("%s changed from %q to %q, but was %q", c.New.ID, c.Old.Name, c.New.Name, m[c.Old.ID])
		}
		m[c.New.ID] = c.New.Name
	}
	for _, c := range d.Removed {
		if m[c.ID] != c.Name {
			t.Fatalf("%s was removed as %q, but was %q", c.ID, c.Name, m[c.ID])
		}
		delete(m, c.ID)
	}
}

func snapshot(r *Registry, ids map[string]string) string {
	got := map[string]string{}
	var sorted []string
	for id := range ids {
		sorted = append(sorted, id)
	}
	slices.Sort(sorted)
	for _, id := range sorted {
		if c := r.Get(id); c != nil {
			got[id] = c.Name
		}
	}
	return fmt.Sprint(got)
}

func TestQuiet(t *testing.T) {
	old := Configuration{ID: "nm:office", Alias: "/1", State: Active, Strength: 50}
	for name, c := range map[string]struct {
		change func(*Configuration)
		quiet  bool
	}{
		"the signal":     {func(c *Configuration) { c.Strength = 60 }, true},
		"another path":   {func(c *Configuration) { c.Alias = "/2" }, true},
		"it may be lost": {func(c *Configuration) { c.Faltering = true }, true},
		"another name":   {func(c *Configuration) { c.Name = "office" }, false},
		"another state":  {func(c *Configuration) { c.State = Discovered }, false},
		"another link":   {func(c *Configuration) { c.Interface = "eth1" }, false},
	} {
		now := old
		c.change(&now)
		if got := (Change{&old, &now}).Insignificant(); got != c.quiet {
			t.Errorf("%s: quiet is %v", name, got)
		}
	}
}
