package networkmanager

import (
	"sort"

	"github.com/godbus/dbus/v5"
)

// aspect is a way to look something up in a picture.
type aspect uint8

const (
	// Groups of objects, and what they are found by.
	withUUID    aspect = iota // profiles, by their uuid
	forLink                   // lasting profiles that are bound to a link, by its name
	forHardware               // lasting ones that are bound to a hardware address only
	forKind                   // lasting ones that are not bound, by the type of their devices
	named                     // devices, by their name
	offering                  // managed devices, by a profile that can be activated on them
	seeing                    // managed devices, by an access point in their range
	using                     // active connections, by their profile
	on                        // active connections but VPNs, by a device
	ofNetwork                 // access points, by their SSID
	identified                // devices, by the address that profiles are bound to
	carrying                  // devices, by a link other than their own that carries their IP
	gathered                  // profiles of ports, by their controller as they name it

	// Single objects, by their path.
	theProfile
	theDevice
	theOutline // of a device
	thePoint
	theModem
	theActive
	thePrimary // whether an active connection is the primary one or under it, and how far that gets

	// What there is one of; no key.
	connected // whether there is a primary connection
	theGround // the active connection that tunnels run over
	checking  // whether connectivity is checked
	sleeping  // whether NetworkManager sleeps, and why
	radios    // which are switched off
)

// topic is one thing that can be looked up.
type topic struct {
	aspect aspect
	key    string
	// whether is only whether a group has members at all.
	whether bool
}

func about[K ~string](a aspect, key K) topic { return topic{aspect: a, key: string(key)} }

// index groups the objects of a picture, and remembers what each configuration
// was derived from: whatever is looked up meanwhile. When that changes, the
// configuration is touched. So the cost of a change follows what it changes.
type index struct {
	groups  map[topic][]dbus.ObjectPath // sorted
	readers map[topic]map[string]bool   // the identifiers of those who looked
	reads   map[string][]topic          // the same by identifier
	reading string                      // who looks now; empty: nobody who has to be told
	touched map[string]bool             // the identifiers of those to derive again
}

func newIndex() index {
	return index{
		groups: make(map[topic][]dbus.ObjectPath), readers: make(map[topic]map[string]bool),
		reads: make(map[string][]topic), touched: make(map[string]bool),
	}
}

// derive calls f, and remembers what it looks up.
func (x *index) derive(id string, f func()) {
	x.forget(id)
	x.reading = id
	defer func() { x.reading = "" }()
	f()
}

// forget forgets what a configuration was derived from.
func (x *index) forget(id string) {
	for _, t := range x.reads[id] {
		delete(x.readers[t], id)
		if len(x.readers[t]) == 0 {
			delete(x.readers, t)
		}
	}
	delete(x.reads, id)
}

// look notes that a topic is looked up.
func (x *index) look(t topic) {
	id, readers := x.reading, x.readers[t]
	if id == "" || readers[id] {
		return
	}
	if readers == nil {
		readers = make(map[string]bool)
		x.readers[t] = readers
	}
	readers[id] = true
	x.reads[id] = append(x.reads[id], t)
}

// group looks up the members of a group, sorted. They are valid until the next
// change.
func (x *index) group(t topic) []dbus.ObjectPath {
	x.look(t)
	return x.groups[t]
}

// some looks up whether a group has members.
func (x *index) some(t topic) bool {
	members := x.groups[t]
	t.whether = true
	x.look(t)
	return len(members) > 0
}

// touch marks a configuration, which need not exist.
func (x *index) touch(id string) { x.touched[id] = true }

// changed marks those who looked a topic up.
func (x *index) changed(t topic) {
	for id := range x.readers[t] {
		x.touch(id)
	}
}

// regrouped marks those who looked a group up, given how many members it has
// and had.
func (x *index) regrouped(t topic, now, before int) {
	x.changed(t)
	if t.whether = true; now == 0 || before == 0 {
		x.changed(t)
	}
}

// join takes an object into a group; those without a key have no members.
func (x *index) join(t topic, path dbus.ObjectPath) {
	list, i, member := x.find(t, path)
	if t.key == "" || member {
		return
	}
	list = append(list, "")
	copy(list[i+1:], list[i:])
	list[i] = path
	x.groups[t] = list
	x.regrouped(t, len(list), len(list)-1)
}

// leave takes an object out of a group.
func (x *index) leave(t topic, path dbus.ObjectPath) {
	list, i, member := x.find(t, path)
	if !member {
		return
	}
	list = append(list[:i], list[i+1:]...)
	if x.groups[t] = list; len(list) == 0 {
		delete(x.groups, t)
	}
	x.regrouped(t, len(list), len(list)+1)
}

func (x *index) find(t topic, path dbus.ObjectPath) (list []dbus.ObjectPath, i int, member bool) {
	list = x.groups[t]
	i = sort.Search(len(list), func(i int) bool { return list[i] >= path })
	return list, i, i < len(list) && list[i] == path
}

// move takes an object from one group to another.
func (x *index) move(from, to topic, path dbus.ObjectPath) {
	if from != to {
		x.leave(from, path)
		x.join(to, path)
	}
}

// relist takes an object from the groups of one list of keys to those of
// another.
func (x *index) relist(a aspect, from, to []dbus.ObjectPath, path dbus.ObjectPath) {
	if samePaths(from, to) {
		return
	}
	keep := make(map[dbus.ObjectPath]bool, len(to))
	for _, key := range to {
		keep[key] = true
		x.join(about(a, key), path)
	}
	for _, key := range from {
		if !keep[key] {
			x.leave(about(a, key), path)
		}
	}
}

func samePaths(a, b []dbus.ObjectPath) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) == 0 || &a[0] == &b[0] {
		return true // lists are never written, only replaced
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
