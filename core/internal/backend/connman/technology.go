// The technologies of ConnMan, such as Wi-Fi, and its offline mode.

package connman

import "github.com/godbus/dbus/v5"

// maxTechnologies bounds what is kept: ConnMan knows eight.
const maxTechnologies = 64

// technology is a kind of network that can be switched on and off.
type technology struct {
	kind      string
	powered   bool
	tethering bool // this machine shares its network by it
}

// replaceTechnologies applies a list of all technologies.
func (d *daemonState) replaceTechnologies(list []object, wrong *problems) {
	d.technologies = make(map[dbus.ObjectPath]*technology)
	d.updateTethering()
	d.markAllDirty() // their obstacles may have changed
	for _, r := range list {
		d.addTechnology(r, wrong)
	}
}

func (d *daemonState) addTechnology(r object, wrong *problems) {
	if len(d.technologies) >= maxTechnologies {
		wrong.add("there are more than %d technologies", maxTechnologies)
		return
	}
	d.technologies[r.path] = &technology{}
	d.updateTethering() // the one that this replaces may have been tethering
	for name, value := range r.properties {
		if err := d.setTechnology(r.path, name, value); err != nil {
			wrong.add("%v", err)
		}
	}
}

// setTechnology applies one property of a known technology, which may change the
// obstacles of services.
func (d *daemonState) setTechnology(path dbus.ObjectPath, name string, value dbus.Variant) (err error) {
	t := d.technologies[path]
	if t == nil {
		return nil
	}
	before := *t
	switch name {
	case "Type":
		err = setText(&t.kind, value.Value())
	case "Powered":
		err = setBool(&t.powered, value.Value())
	case "Tethering":
		err = setBool(&t.tethering, value.Value())
	}
	if *t != before {
		d.updateTethering()
		d.markAllDirty()
	}
	return err
}

// removeTechnology removes a technology.
func (d *daemonState) removeTechnology(path dbus.ObjectPath) {
	delete(d.technologies, path)
	d.updateTethering()
	d.markAllDirty()
}

func (d *daemonState) updateTethering() {
	tethered := false
	for _, t := range d.technologies {
		tethered = tethered || t.tethering
	}
	d.interfaces.setTethered(tethered)
}

// technology returns the technology of a kind, or nil.
func (d *daemonState) technology(kind string) *technology {
	for _, t := range d.technologies {
		if t.kind == kind {
			return t
		}
	}
	return nil
}

// setManager applies properties of ConnMan's manager.
func (d *daemonState) setManager(all properties, wrong *problems) {
	value, found := all["OfflineMode"]
	if !found {
		return
	}
	before := d.offline
	if err := setBool(&d.offline, value.Value()); err != nil {
		wrong.add("the property OfflineMode %v", err)
	}
	if d.offline != before {
		d.markAllDirty()
	}
}

// scannableTechnologies returns the technologies on which a scan can find something.
func (d *daemonState) scannableTechnologies() []dbus.ObjectPath {
	var list []dbus.ObjectPath
	for path, t := range d.technologies {
		if t.kind == "wifi" && t.powered {
			list = append(list, path)
		}
	}
	return list
}
