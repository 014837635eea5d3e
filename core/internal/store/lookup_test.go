package store

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
)

func TestFindByAlias(t *testing.T) {
	s := New(nil)
	report := func(id, alias string) {
		s.Apply(bearer.Batch{Changed: []bearer.Configuration{{ID: id, Alias: alias, State: bearer.Discovered}}}, time.Now())
	}
	expect := func(alias, want string) {
		t.Helper()
		got := ""
		if e := s.lookup(alias); e != nil {
			got = e.ID()
		}
		if got != want {
			t.Errorf("%s finds %q, want %q", alias, got, want)
		}
	}
	report("a", "/1")
	report("b", "/2")
	expect("/1", "a")
	expect("a", "a")
	expect("", "")
	report("a", "/3") // an alias may move to another configuration
	expect("/1", "")
	expect("/3", "a")
	report("b", "/1")
	expect("/1", "b")
	report("a", "/1")
	report("b", "")
	expect("/1", "a")
	s.Apply(bearer.Batch{Gone: []string{"a"}}, time.Now())
	expect("/1", "")
	if len(s.aliases) != 0 {
		t.Errorf("aliases are kept: %v", s.aliases)
	}
}
