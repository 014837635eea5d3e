package store

import (
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

func TestClassOf(t *testing.T) {
	for b, want := range map[bearer.BearerType]roam.Class{
		bearer.BearerEthernet: roam.ClassEthernet, bearer.BearerWLAN: roam.ClassWLAN, bearer.BearerLTE: roam.Class4G,
		bearer.Bearer4G: roam.Class4G, bearer.BearerWiMAX: roam.Class4G, bearer.BearerHSPA: roam.Class3G,
		bearer.BearerEVDO: roam.Class3G, bearer.Bearer2G: roam.Class2G, bearer.BearerBluetooth: roam.ClassBluetooth,
		bearer.BearerUnknown: roam.ClassOther,
	} {
		if got := classOf(b); got != want {
			t.Errorf("%v: %d, want %d", b, got, want)
		}
	}
}
