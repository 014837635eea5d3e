package networkmanager

import "github.com/godbus/dbus/v5"

// The functions of this file put an object in the place of what was at its path
// before, keep the index in step, and touch what may look different. nil stands
// for no object. Objects in a picture are never written, only replaced.

func (p *picture) putDevice(path dbus.ObjectPath, d *device) {
	was, is := replace(p.devices, path, d)
	p.index.move(about(named, was.name), about(named, is.name), path)
	p.index.move(about(identified, was.identity()), about(identified, is.identity()), path)
	p.index.move(about(carrying, was.borrows()), about(carrying, is.borrows()), path)
	p.index.relist(offering, was.offers(), is.offers(), path)
	p.index.relist(seeing, was.sees(), is.sees(), path)
	if !samePaths(was.available, is.available) {
		p.index.touch(is.id())
	}
	if was.deviceFacts == is.deviceFacts {
		return
	}
	p.index.touch(is.id()) // of which nobody may have looked for the name yet
	p.index.changed(about(theDevice, path))
	if was.outline() != is.outline() {
		p.index.changed(about(theOutline, path))
	}
	p.respeak(&was, &is)
}

func (p *picture) putActive(path dbus.ObjectPath, a *active) {
	was, is := replace(p.actives, path, a)
	p.index.move(about(using, was.profile), about(using, is.profile), path)
	p.index.relist(on, was.occupies(), is.occupies(), path)
	if was.activeFacts == is.activeFacts && samePaths(was.devices, is.devices) {
		return
	}
	p.index.changed(about(theActive, path))
	p.index.changed(about(using, is.profile))
	for _, d := range is.occupies() {
		p.index.changed(about(on, d))
	}
	p.settle()
}

func (p *picture) putProfile(path dbus.ObjectPath, o *profile) {
	was, is := replace(p.profiles, path, o)
	if was == is {
		return
	}
	p.index.move(about(withUUID, was.settings.uuid), about(withUUID, is.settings.uuid), path)
	p.index.move(was.suits(), is.suits(), path)
	p.index.move(about(gathered, was.settings.controller), about(gathered, is.settings.controller), path)
	p.index.changed(about(theProfile, path))
	p.index.touch(is.id()) // of which nobody may have looked for the uuid yet
	p.renamed = p.renamed || p.manager.asleep()
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
	if was.connectivity != m.connectivity {
		p.index.changed(about(thePrimary, p.leads[0]))
		p.index.changed(about(thePrimary, p.leads[1]))
	}
	for a, changed := range map[aspect]bool{
		connected: was.connected() != m.connected(),
		checking:  was.checks() != m.checks(),
		sleeping:  was.asleep() != m.asleep() || was.disabled != m.disabled,
		radios:    was.wifi != m.wifi || was.wwan != m.wwan,
	} {
		if changed {
			p.index.changed(about(a, ""))
		}
	}
	p.renamed = p.renamed || was.asleep() != m.asleep()
	p.settle()
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
