package networkmanager

import "github.com/godbus/dbus/v5"

// The functions of this file put an object in the place of what was at its path
// before, keep the index in step, and touch what may look different. nil stands
// for no object. Objects in a picture are never written, only replaced.

func (p *picture) putDevice(path dbus.ObjectPath, d *device) {
	was, is := replace(p.devices, path, d)
	p.index.move(about(named, was.name), about(named, is.name), path)
	p.index.relist(offering, was.offers(), is.offers(), path)
	p.index.relist(seeing, was.sees(), is.sees(), path)
	if was.deviceFacts == is.deviceFacts {
		return
	}
	p.index.touch(is.id()) // of which nobody may have looked for the name yet
	p.index.changed(about(theDevice, path))
	if was.outline() != is.outline() {
		p.index.changed(about(theOutline, path))
	}
	if was.interfaces() != is.interfaces() {
		p.count(was.interfaces(), -1)
		p.count(is.interfaces(), +1)
	}
}

// count keeps the interfaces that NetworkManager speaks for.
func (p *picture) count(interfaces [2]string, by int) {
	p.renamed = true
	for _, name := range interfaces {
		if name == "" {
			continue
		}
		p.interfaces[name] += by
		if p.interfaces[name] == 0 {
			delete(p.interfaces, name)
		}
	}
}

func (p *picture) putActive(path dbus.ObjectPath, a *active) {
	was, is := replace(p.actives, path, a)
	p.index.move(about(using, was.profile), about(using, is.profile), path)
	p.index.relist(on, was.occupies(), is.occupies(), path)
	if was.activeFacts == is.activeFacts && samePaths(was.devices, is.devices) {
		return
	}
	p.index.changed(about(using, is.profile))
	for _, d := range is.occupies() {
		p.index.changed(about(on, d))
	}
}

func (p *picture) putProfile(path dbus.ObjectPath, o *profile) {
	was, is := replace(p.profiles, path, o)
	if was == is {
		return
	}
	p.index.move(about(withUUID, was.settings.uuid), about(withUUID, is.settings.uuid), path)
	p.index.move(was.suits(), is.suits(), path)
	p.index.changed(about(theProfile, path))
	p.index.touch(is.id()) // of which nobody may have looked for the uuid yet
}

func (p *picture) putPoint(path dbus.ObjectPath, o *accessPoint) {
	was, is := replace(p.points, path, o)
	if was == is {
		return
	}
	p.index.move(about(ofNetwork, was.ssid), about(ofNetwork, is.ssid), path)
	p.index.changed(about(thePoint, path))
}

func (p *picture) putModem(path dbus.ObjectPath, m *modem) {
	if was, is := replace(p.modems, path, m); was != is {
		p.index.changed(about(theModem, path))
	}
}

func (p *picture) putManager(m manager) {
	was := p.manager
	p.manager = m
	if was == m {
		return
	}
	p.index.changed(about(thePrimary, was.primary))
	p.index.changed(about(thePrimary, m.primary))
	if was.connected() != m.connected() {
		p.index.changed(about(connected, ""))
	}
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
