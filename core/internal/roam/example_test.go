package roam_test

import (
	"fmt"

	"github.com/netsession/netsession/core/internal/roam"
)

// What ranks best, and what is worth a move.
func ExampleRanking() {
	r := roam.NewRanking()
	r.Put(roam.Candidate{ID: "wlan0", Active: true, Available: true, DefaultRoute: true, Metric: 600, Class: roam.ClassWLAN})
	r.Put(roam.Candidate{ID: "eth0", Available: true, Class: roam.ClassEthernet})
	fmt.Println("best:", r.Best(nil).ID)
	fmt.Println("worth a move from wlan0:", r.Preferred("wlan0", "", nil) != nil)

	r.Put(roam.Candidate{ID: "eth0", Active: true, Available: true, DefaultRoute: true, Metric: 100, Class: roam.ClassEthernet})
	fmt.Println("the cable is up:", r.Preferred("wlan0", "", nil).ID)
	// Output:
	// best: wlan0
	// worth a move from wlan0: false
	// the cable is up: eth0
}
