package bearer_test

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/bearer"
)

// A registry compares reports with the known state.
func ExampleRegistry() {
	r := bearer.NewRegistry()
	cable := bearer.Configuration{ID: "link:eth0", Name: "eth0", State: bearer.Discovered}
	wifi := bearer.Configuration{ID: "link:wlan0", Name: "wlan0", State: bearer.Active}
	r.Apply(bearer.Batch{Complete: true, Changed: []bearer.Configuration{cable, wifi}})

	cable.State = bearer.Active
	d := r.Apply(bearer.Batch{Changed: []bearer.Configuration{cable, wifi}, Gone: []string{"link:wlan0"}})
	for _, c := range d.Changed {
		fmt.Println("changed:", c.New.ID, c.Old.State, "to", c.New.State)
	}
	for _, c := range d.Removed {
		fmt.Println("removed:", c.ID)
	}
	again := r.Apply(bearer.Batch{Changed: []bearer.Configuration{cable}})
	fmt.Println("nothing new:", again.Empty())
	// Output:
	// changed: link:eth0 discovered to active
	// removed: link:wlan0
	// nothing new: true
}

// A filter selects the states that include it.
func ExampleState_Has() {
	for _, s := range []bearer.State{bearer.Defined, bearer.Discovered, bearer.Active} {
		fmt.Println(s, s.Has(bearer.Discovered))
	}
	// Output:
	// defined false
	// discovered true
	// active true
}
