package networkmanager

import "github.com/godbus/dbus/v5"

// The functions of this file put an object in the place of what was at its path
// before, keep the index in step, and touch what may look different. nil stands
// for no object. Objects in a picture are never written, only replaced.

func (p *daemonState) putDevice(path dbus.ObjectPath, d *device) {
	was, is := replace(p.devices, path, d)
	p.index.move(topicOf(devicesByName, was.name), topicOf(devicesByName, is.name), path)
	p.index.move(topicOf(devicesByHardware, was.profileAddress()), topicOf(devicesByHardware, is.profileAddress()), path)
	p.index.move(topicOf(devicesByIPInterface, was.foreignInterface()), topicOf(devicesByIPInterface, is.foreignInterface()), path)
	p.index.moveAll(devicesByProfile, was.availableProfiles(), is.availableProfiles(), path)
	p.index.moveAll(devicesByPoint, was.visiblePoints(), is.visiblePoints(), path)
	if !equalPaths(was.available, is.available) {
		p.index.markDirty(is.id())
	}
	if was.deviceProperties == is.deviceProperties {
		return
	}
	p.index.markDirty(is.id()) // of which nobody may have looked for the name yet
	p.index.invalidate(topicOf(deviceAt, path))
	if was.summary() != is.summary() {
		p.index.invalidate(topicOf(summaryAt, path))
	}
	p.updateInterfaces(&was, &is)
}

func (p *daemonState) putActive(path dbus.ObjectPath, a *active) {
	was, is := replace(p.actives, path, a)
	p.index.move(topicOf(activesByProfile, was.profile), topicOf(activesByProfile, is.profile), path)
	p.index.moveAll(activesByDevice, was.occupiedDevices(), is.occupiedDevices(), path)
	if was.activeProperties == is.activeProperties && equalPaths(was.devices, is.devices) {
		return
	}
	p.index.invalidate(topicOf(activeAt, path))
	p.index.invalidate(topicOf(activesByProfile, is.profile))
	for _, d := range is.occupiedDevices() {
		p.index.invalidate(topicOf(activesByDevice, d))
	}
	p.updateDerived()
}

func (p *daemonState) putProfile(path dbus.ObjectPath, o *profile) {
	was, is := replace(p.profiles, path, o)
	if was == is {
		return
	}
	p.index.move(topicOf(profilesByUUID, was.settings.uuid), topicOf(profilesByUUID, is.settings.uuid), path)
	p.index.move(was.matchTopic(), is.matchTopic(), path)
	p.index.move(topicOf(portsByController, was.settings.controller), topicOf(portsByController, is.settings.controller), path)
	p.index.invalidate(topicOf(profileAt, path))
	p.index.markDirty(is.id()) // of which nobody may have looked for the uuid yet
	p.interfacesDirty = p.interfacesDirty || p.manager.asleep()
}

func (p *daemonState) putPoint(path dbus.ObjectPath, o *accessPoint) {
	was, is := replace(p.points, path, o)
	if was == is {
		return
	}
	p.index.move(topicOf(pointsBySSID, was.ssid), topicOf(pointsBySSID, is.ssid), path)
	p.index.invalidate(topicOf(pointAt, path))
}

func (p *daemonState) putModem(path dbus.ObjectPath, m *modem) {
	if was, is := replace(p.modems, path, m); was != is {
		p.index.invalidate(topicOf(modemAt, path))
	}
}

func (p *daemonState) putManager(m manager) {
	was := p.manager
	p.manager = m
	if was == m {
		return
	}
	if was.connectivity != m.connectivity {
		p.index.invalidate(topicOf(primaryAt, p.primaries[0]))
		p.index.invalidate(topicOf(primaryAt, p.primaries[1]))
	}
	for a, changed := range map[aspect]bool{
		primaryExists:      was.connected() != m.connected(),
		connectivityChecks: was.checks() != m.checks(),
		sleepState:         was.asleep() != m.asleep() || was.disabled != m.disabled,
		radioState:         was.wifi != m.wifi || was.wwan != m.wwan,
	} {
		if changed {
			p.index.invalidate(topicOf(a, ""))
		}
	}
	p.interfacesDirty = p.interfacesDirty || was.asleep() != m.asleep()
	p.updateDerived()
}

// replace returns what was at a path and what is there now, as values.
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
