// The dependency index: the objects from which each configuration was derived.

package networkmanager

import (
	"slices"

	"github.com/godbus/dbus/v5"
)

// aspect is a way to look something up in the daemonState.
type aspect uint8

const (
	// Groups of objects, and their keys.
	profilesByUUID       aspect = iota // profiles, by their uuid
	profilesByInterface                // persistent profiles that are bound to an interface, by its name
	profilesByHardware                 // persistent profiles that are bound to a hardware address only
	profilesByType                     // persistent profiles that are not bound, by the type of their devices
	devicesByName                      // devices, by their name
	devicesByProfile                   // managed devices, by a profile that can be activated on them
	devicesByPoint                     // managed devices, by an access point in their range
	activesByProfile                   // active connections, by their profile
	activesByDevice                    // active connections but VPNs, by a device
	pointsBySSID                       // access points, by their SSID
	devicesByHardware                  // devices, by the hardware address that profiles are bound to
	devicesByIPInterface               // devices, by the interface that carries IP for them, if it is another than their own
	portsByController                  // profiles of ports, by the controller as they name it

	// Single objects, by their path.
	profileAt
	deviceAt
	summaryAt // of a device
	pointAt
	modemAt
	activeAt
	primaryAt // whether an active connection is the primary one or under it, and its connectivity

	// Facts without a key.
	primaryExists      // whether there is a primary connection
	tunnelBase         // the active connection that tunnels run over
	connectivityChecks // whether connectivity is checked
	sleepState         // whether NetworkManager sleeps, and why
	radioState         // which radios are switched off
)

// topic is an object or a group that a configuration can depend on.
type topic struct {
	aspect aspect
	key    string
	// existence: only whether the group has members at all.
	existence bool
}

// topicOf returns the topic of an aspect with a key.
func topicOf[K ~string](a aspect, key K) topic { return topic{aspect: a, key: string(key)} }

// index groups the objects of a daemonState, and records on which topics each
// configuration depends: all topics that are looked up while it is derived. When a topic
// changes, the index marks the configurations that depend on it as dirty. So the cost of a
// change is proportional to what it changes.
type index struct {
	groups       map[topic][]dbus.ObjectPath // sorted
	dependents   map[topic]map[string]bool   // the identifiers of the configurations that depend on a topic
	dependencies map[string][]topic          // the inverse of dependents
	deriving     string                      // the identifier of the configuration that is being derived; empty: none
	dirty        map[string]bool             // the identifiers of the configurations to derive again
}

func newIndex() index {
	return index{
		groups: make(map[topic][]dbus.ObjectPath), dependents: make(map[topic]map[string]bool),
		dependencies: make(map[string][]topic), dirty: make(map[string]bool),
	}
}

// derive calls f, and records the topics that f looks up as the dependencies of id.
func (x *index) derive(id string, f func()) {
	x.dropDependencies(id)
	x.deriving = id
	defer func() { x.deriving = "" }()
	f()
}

// dropDependencies removes all dependencies of a configuration.
func (x *index) dropDependencies(id string) {
	for _, t := range x.dependencies[id] {
		delete(x.dependents[t], id)
		if len(x.dependents[t]) == 0 {
			delete(x.dependents, t)
		}
	}
	delete(x.dependencies, id)
}

// depend records that the configuration that is being derived depends on a topic.
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

// group returns the members of a group, sorted. The result is valid until the next
// change.
func (x *index) group(t topic) []dbus.ObjectPath {
	x.depend(t)
	return x.groups[t]
}

// nonEmpty reports whether a group has members. Only this fact becomes a dependency.
func (x *index) nonEmpty(t topic) bool {
	members := x.groups[t]
	t.existence = true
	x.depend(t)
	return len(members) > 0
}

// markDirty marks a configuration, which need not exist.
func (x *index) markDirty(id string) { x.dirty[id] = true }

// invalidate marks the configurations that depend on a topic.
func (x *index) invalidate(t topic) {
	for id := range x.dependents[t] {
		x.markDirty(id)
	}
}

// invalidateGroup marks the configurations that depend on a group, given how many members
// it has and had.
func (x *index) invalidateGroup(t topic, now, before int) {
	x.invalidate(t)
	if t.existence = true; now == 0 || before == 0 {
		x.invalidate(t)
	}
}

// insert adds an object to a group; groups without a key have no members.
func (x *index) insert(t topic, path dbus.ObjectPath) {
	list, i, member := x.find(t, path)
	if t.key == "" || member {
		return
	}
	list = slices.Insert(list, i, path)
	x.groups[t] = list
	x.invalidateGroup(t, len(list), len(list)-1)
}

// remove removes an object from a group.
func (x *index) remove(t topic, path dbus.ObjectPath) {
	list, i, member := x.find(t, path)
	if !member {
		return
	}
	list = slices.Delete(list, i, i+1)
	if x.groups[t] = list; len(list) == 0 {
		delete(x.groups, t)
	}
	x.invalidateGroup(t, len(list), len(list)+1)
}

func (x *index) find(t topic, path dbus.ObjectPath) (list []dbus.ObjectPath, i int, member bool) {
	list = x.groups[t]
	i, member = slices.BinarySearch(list, path)
	return list, i, member
}

// move moves an object from one group to another.
func (x *index) move(from, to topic, path dbus.ObjectPath) {
	if from != to {
		x.remove(from, path)
		x.insert(to, path)
	}
}

// moveAll moves an object from the groups of one list of keys to the groups of another.
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
	return slices.Equal(a, b)
}
