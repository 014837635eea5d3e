package connman

import (
	"fmt"
	"sort"

	"github.com/netsession/netsession/core/internal/bearer"
)

// tally knows the interfaces that ConnMan speaks for. One that a service has only
// as long as it has a connection comes and goes.
type tally struct {
	of       map[string]bearer.Interface // by the identifier of the service
	tunnels  map[string]bool             // the identifiers of VPN services
	tethered bool                        // ConnMan gives network to others, by a bridge
	changed  bool                        // since interfaces was called last
}

// tetherBridge is ConnMan's own, for the technologies that it tethers. It leads to
// those who use it, and never to the internet.
const tetherBridge = "tether"

func newTally() tally {
	return tally{of: make(map[string]bearer.Interface), tunnels: make(map[string]bool)}
}

// set notes the interface of a service; nil for one that is no more.
func (t *tally) set(id string, s *service) {
	var now bearer.Interface
	tunnel := false
	if s != nil {
		now, tunnel = bearer.Interface{Name: s.link, Hardware: s.hardware}, s.kind == vpn
	}
	if t.of[id] == now && t.tunnels[id] == tunnel {
		return
	}
	t.changed = true
	if t.of[id] = now; now.Name == "" {
		delete(t.of, id)
	}
	if t.tunnels[id] = tunnel; !tunnel {
		delete(t.tunnels, id)
	}
}

func (t *tally) setTethered(tethered bool) {
	t.changed = t.changed || t.tethered != tethered
	t.tethered = tethered
}

// interfaces are those that ConnMan speaks for, sorted by name. It is never nil.
func (t *tally) interfaces() []bearer.Interface {
	t.changed = false
	found := make(map[string]string) // the hardware addresses, by name
	for _, i := range t.of {
		known, twice := found[i.Name]
		if twice && known != i.Hardware {
			i.Hardware = "" // ConnMan is not of one mind about it
		}
		found[i.Name] = i.Hardware
	}
	if t.tethered {
		found[tetherBridge] = ""
	}
	for _, name := range t.expected() {
		if _, told := found[name]; !told {
			found[name] = ""
		}
	}
	list := make([]bearer.Interface, 0, len(found))
	for name, hardware := range found {
		list = append(list, bearer.Interface{Name: name, Hardware: hardware})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// expected are the interfaces that VPN services will have: their tunnel is there some
// milliseconds before ConnMan says that they connect, and as long after it says
// that they are down. ConnMan takes the first number that is free.
func (t *tally) expected() []string {
	var names []string
	for n := 0; n < len(t.tunnels); n++ {
		names = append(names, fmt.Sprintf("vpn%d", n))
	}
	return names
}
