package networkmanager

import "github.com/godbus/dbus/v5"

// The functions of this file replace the object at a path, update the index, and mark the
// configurations that may have changed. nil means no object. Objects in a daemonState
// are never modified, only replaced.

func (st *daemonState) putDevice(path dbus.ObjectPath, d *device) {
	was, is := replace(st.devices, path, d)
	st.index.move(topicOf(devicesByName, was.name), topicOf(devicesByName, is.name), path)
	st.index.move(topicOf(devicesByHardware, was.profileAddress()), topicOf(devicesByHardware, is.profileAddress()), path)
	st.index.move(topicOf(devicesByIPInterface, was.foreignInterface()), topicOf(devicesByIPInterface, is.foreignInterface()), path)
	st.index.moveAll(devicesByProfile, was.availableProfiles(), is.availableProfiles(), path)
	st.index.moveAll(devicesByPoint, was.visiblePoints(), is.visiblePoints(), path)
	if !equalPaths(was.available, is.available) {
		st.index.markDirty(is.id())
	}
	if was.deviceProperties == is.deviceProperties {
		return
	}
	st.index.markDirty(is.id()) // its name may have no dependents yet
	st.index.invalidate(topicOf(deviceAt, path))
	if was.summary() != is.summary() {
		st.index.invalidate(topicOf(summaryAt, path))
	}
	st.updateInterfaces(&was, &is)
}

func (st *daemonState) putActive(path dbus.ObjectPath, a *active) {
	was, is := replace(st.actives, path, a)
	st.index.move(topicOf(activesByProfile, was.profile), topicOf(activesByProfile, is.profile), path)
	st.index.moveAll(activesByDevice, was.occupiedDevices(), is.occupiedDevices(), path)
	if was.activeProperties == is.activeProperties && equalPaths(was.devices, is.devices) {
		return
	}
	st.index.invalidate(topicOf(activeAt, path))
	st.index.invalidate(topicOf(activesByProfile, is.profile))
	for _, d := range is.occupiedDevices() {
		st.index.invalidate(topicOf(activesByDevice, d))
	}
	st.updateDerived()
}

func (st *daemonState) putProfile(path dbus.ObjectPath, o *profile) {
	was, is := replace(st.profiles, path, o)
	if was == is {
		return
	}
	st.index.move(topicOf(profilesByUUID, was.settings.uuid), topicOf(profilesByUUID, is.settings.uuid), path)
	st.index.move(was.matchTopic(), is.matchTopic(), path)
	st.index.move(topicOf(portsByController, was.settings.controller), topicOf(portsByController, is.settings.controller), path)
	st.index.invalidate(topicOf(profileAt, path))
	st.index.markDirty(is.id()) // its uuid may have no dependents yet
	st.interfacesDirty = st.interfacesDirty || st.manager.asleep()
}

func (st *daemonState) putPoint(path dbus.ObjectPath, o *accessPoint) {
	was, is := replace(st.points, path, o)
	if was == is {
		return
	}
	st.index.move(topicOf(pointsBySSID, was.ssid), topicOf(pointsBySSID, is.ssid), path)
	st.index.invalidate(topicOf(pointAt, path))
}

func (st *daemonState) putModem(path dbus.ObjectPath, m *modem) {
	if was, is := replace(st.modems, path, m); was != is {
		st.index.invalidate(topicOf(modemAt, path))
	}
}

func (st *daemonState) putManager(m manager) {
	was := st.manager
	st.manager = m
	if was == m {
		return
	}
	if was.connectivity != m.connectivity {
		st.index.invalidate(topicOf(primaryAt, st.primaries[0]))
		st.index.invalidate(topicOf(primaryAt, st.primaries[1]))
	}
	for a, changed := range map[aspect]bool{
		primaryExists:      was.connected() != m.connected(),
		connectivityChecks: was.checks() != m.checks(),
		sleepState:         was.asleep() != m.asleep() || was.disabled != m.disabled,
		radioState:         was.wifi != m.wifi || was.wwan != m.wwan,
	} {
		if changed {
			st.index.invalidate(topicOf(a, ""))
		}
	}
	st.interfacesDirty = st.interfacesDirty || was.asleep() != m.asleep()
	st.updateDerived()
}

// replace replaces the object at a path, and returns the old and the new one as values.
func replace[T any](objects map[dbus.ObjectPath]*T, path dbus.ObjectPath, now *T) (was, is T) {
	if old := objects[path]; old != nil {
		was = *old
	}
	if now == nil {
		delete(objects, path)
		return was, is
	}
	objects[path] = now
	return was, *now
}
