package networkmanager

import (
	"sort"

	"github.com/godbus/dbus/v5"
)

// aspect is a way to look something up in a picture.
type aspect uint8

const (
	// Groups of objects, and what they are found by.
	profilesByUUID       aspect = iota // profiles, by their uuid
	profilesByInterface                // lasting profiles that are bound to a link, by its name
	profilesByHardware                 // lasting ones that are bound to a hardware address only
	profilesByType                     // lasting ones that are not bound, by the type of their devices
	devicesByName                      // devices, by their name
	devicesByProfile                   // managed devices, by a profile that can be activated on them
	devicesByPoint                     // managed devices, by an access point in their range
	activesByProfile                   // active connections, by their profile
	activesByDevice                    // active connections but VPNs, by a device
	pointsBySSID                       // access points, by their SSID
	devicesByHardware                  // devices, by the address that profiles are bound to
	devicesByIPInterface               // devices, by a link other than their own that carries their IP
	portsByController                  // profiles of ports, by their controller as they name it

	// Single objects, by their path.
	profileAt
	deviceAt
	summaryAt // of a device
	pointAt
	modemAt
	activeAt
	primaryAt // whether an active connection is the primary one or under it, and how far that gets

	// What there is one of; no key.
	primaryExists      // whether there is a primary connection
	tunnelBase         // the active connection that tunnels run over
	connectivityChecks // whether connectivity is checked
	sleepState         // whether NetworkManager sleeps, and why
	radioState         // which are switched off
)

// topic is one thing that can be looked up.
type topic struct {
	aspect aspect
	key    string
	// existence is only whether a group has members at all.
	existence bool
}

func topicOf[K ~string](a aspect, key K) topic { return topic{aspect: a, key: string(key)} }

// index groups the objects of a picture, and remembers what each configuration
// was derived from: whatever is looked up meanwhile. When that changes, the
// configuration is touched. So the cost of a change follows what it changes.
type index struct {
	groups       map[topic][]dbus.ObjectPath // sorted
	dependents   map[topic]map[string]bool   // the identifiers of those who looked
	dependencies map[string][]topic          // the same by identifier
	deriving     string                      // who looks now; empty: nobody who has to be told
	dirty        map[string]bool             // the identifiers of those to derive again
}

func newIndex() index {
	return index{
		groups: make(map[topic][]dbus.ObjectPath), dependents: make(map[topic]map[string]bool),
		dependencies: make(map[string][]topic), dirty: make(map[string]bool),
	}
}

// derive calls f, and remembers what it looks up.
func (x *index) derive(id string, f func()) {
	x.dropDependencies(id)
	x.deriving = id
	defer func() { x.deriving = "" }()
	f()
}

// dropDependencies forgets what a configuration was derived from.
func (x *index) dropDependencies(id string) {
	for _, t := range x.dependencies[id] {
		delete(x.dependents[t], id)
		if len(x.dependents[t]) == 0 {
			delete(x.dependents, t)
		}
	}
	delete(x.dependencies, id)
}

// depend notes that a topic is looked up.
func (x *index) depend(t topic) {
	id, readers := x.deriving, x.dependents[t]
	if id == "" || readers[id] {
		return
	}
	if readers == nil {
		readers = make(map[string]bool)
		x.dependents[t] = readers
	}
	readers[id] = true
	x.dependencies[id] = append(x.dependencies[id], t)
}

// group looks up the members of a group, sorted. They are valid until the next
// change.
func (x *index) group(t topic) []dbus.ObjectPath {
	x.depend(t)
	return x.groups[t]
}

// nonEmpty looks up whether a group has members.
func (x *index) nonEmpty(t topic) bool {
	members := x.groups[t]
	t.existence = true
	x.depend(t)
	return len(members) > 0
}

// markDirty marks a configuration, which need not exist.
func (x *index) markDirty(id string) { x.dirty[id] = true }

// invalidate marks those who looked a topic up.
func (x *index) invalidate(t topic) {
	for id := range x.dependents[t] {
		x.markDirty(id)
	}
}

// invalidateGroup marks those who looked a group up, given how many members it has
// and had.
func (x *index) invalidateGroup(t topic, now, before int) {
	x.invalidate(t)
	if t.existence = true; now == 0 || before == 0 {
		x.invalidate(t)
	}
}

// insert takes an object into a group; those without a key have no members.
func (x *index) insert(t topic, path dbus.ObjectPath) {
	list, i, member := x.find(t, path)
	if t.key == "" || member {
		return
	}
	list = append(list, "")
	copy(list[i+1:], list[i:])
	list[i] = path
	x.groups[t] = list
	x.invalidateGroup(t, len(list), len(list)-1)
}

// remove takes an object out of a group.
func (x *index) remove(t topic, path dbus.ObjectPath) {
	list, i, member := x.find(t, path)
	if !member {
		return
	}
	list = append(list[:i], list[i+1:]...)
	if x.groups[t] = list; len(list) == 0 {
		delete(x.groups, t)
	}
	x.invalidateGroup(t, len(list), len(list)+1)
}

func (x *index) find(t topic, path dbus.ObjectPath) (list []dbus.ObjectPath, i int, member bool) {
	list = x.groups[t]
	i = sort.Search(len(list), func(i int) bool { return list[i] >= path })
	return list, i, i < len(list) && list[i] == path
}

// move takes an object from one group to another.
func (x *index) move(from, to topic, path dbus.ObjectPath) {
	if from != to {
		x.remove(from, path)
		x.insert(to, path)
	}
}

// moveAll takes an object from the groups of one list of keys to those of
// another.
func (x *index) moveAll(a aspect, from, to []dbus.ObjectPath, path dbus.ObjectPath) {
	if equalPaths(from, to) {
		return
	}
	keep := make(map[dbus.ObjectPath]bool, len(to))
	for _, key := range to {
		keep[key] = true
		x.insert(topicOf(a, key), path)
	}
	for _, key := range from {
		if !keep[key] {
			x.remove(topicOf(a, key), path)
		}
	}
}

func equalPaths(a, b []dbus.ObjectPath) bool {
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
