// The interfaces that ConnMan manages.

package connman

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netsession/netsession/core/internal/bearer"
)

// interfaceSet holds the interfaces that ConnMan manages: the interfaces of its services.
// Some services have an interface only while they are connected.
type interfaceSet struct {
	byService map[string]bearer.Interface // by the identifier of the service
	tunnels   map[string]bool             // the identifiers of VPN services
	tethered  bool                        // ConnMan shares the network, by a bridge
	changed   bool                        // since the last call of interfaces
}

// tetherBridge is the bridge that ConnMan makes for the technologies that it tethers. It
// leads to the clients, and never to the internet.
const tetherBridge = "tether"

func newInterfaceSet() interfaceSet {
	return interfaceSet{byService: make(map[string]bearer.Interface), tunnels: make(map[string]bool)}
}

// set stores the interface of a service; s is nil if the service was removed.
func (x *interfaceSet) set(id string, s *service) {
	var now bearer.Interface
	tunnel := false
	if s != nil {
		now, tunnel = bearer.Interface{Name: s.iface, Hardware: s.hardware}, s.kind == vpn
	}
	if x.byService[id] == now && x.tunnels[id] == tunnel {
		return
	}
	x.changed = true
	if x.byService[id] = now; now.Name == "" {
		delete(x.byService, id)
	}
	if x.tunnels[id] = tunnel; !tunnel {
		delete(x.tunnels, id)
	}
}

func (x *interfaceSet) setTethered(tethered bool) {
	x.changed = x.changed || x.tethered != tethered
	x.tethered = tethered
}

// interfaces returns the interfaces that ConnMan manages, sorted by name. The result is
// never nil.
func (x *interfaceSet) interfaces() []bearer.Interface {
	x.changed = false
	found := make(map[string]string) // the hardware addresses, by name
	for _, i := range x.byService {
		known, twice := found[i.Name]
		if twice && known != i.Hardware {
			i.Hardware = "" // two services contradict each other
		}
		found[i.Name] = i.Hardware
	}
	if x.tethered {
		found[tetherBridge] = ""
	}
	for _, name := range x.expectedTunnels() {
		if _, known := found[name]; !known {
			found[name] = ""
		}
	}
	list := make([]bearer.Interface, 0, len(found))
	for name, hardware := range found {
		list = append(list, bearer.Interface{Name: name, Hardware: hardware})
	}
	slices.SortFunc(list, func(a, b bearer.Interface) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// expectedTunnels returns the interfaces that VPN services will have: the kernel has a
// tunnel some milliseconds before ConnMan signals that the service connects, and for as
// long after it signals that the service is down. ConnMan takes the first free number.
func (x *interfaceSet) expectedTunnels() []string {
	var names []string
	for n := range len(x.tunnels) {
		names = append(names, fmt.Sprintf("vpn%d", n))
	}
	return names
}
