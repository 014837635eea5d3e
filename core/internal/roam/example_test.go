package roam_test

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/roam"
)

// What ranks best, and what is worth a move.
func ExampleOrder() {
	o := roam.NewOrder()
	o.Put(roam.Candidate{ID: "wlan0", Active: true, Available: true, DefaultRoute: true, Metric: 600, Class: roam.ClassWLAN})
	o.Put(roam.Candidate{ID: "eth0", Available: true, Class: roam.ClassEthernet})
	fmt.Println("best:", o.Best(nil).ID)
	fmt.Println("worth a move from wlan0:", o.Preferred("wlan0", "", nil) != nil)

	o.Put(roam.Candidate{ID: "eth0", Active: true, Available: true, DefaultRoute: true, Metric: 100, Class: roam.ClassEthernet})
	fmt.Println("the cable is up:", o.Preferred("wlan0", "", nil).ID)
	// Output:
	// best: wlan0
	// worth a move from wlan0: false
	// the cable is up: eth0
}
