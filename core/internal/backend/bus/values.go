package bus

import (
	"fmt"

	"github.com/godbus/dbus/v5"
)

// mostElements bounds a list in a property: no network has more of anything.
const mostElements = 100000

// Values are the properties of one interface as a daemon sent them, from which
// each is taken only if it has the type that it must have.
type Values struct {
	properties map[string]dbus.Variant
	problems   []string
}

// NewValues takes the properties in.
func NewValues(properties map[string]dbus.Variant) *Values {
	return &Values{properties: properties}
}

// Problems says which properties were of a wrong type.
func (v *Values) Problems() []string { return v.problems }

// Has reports whether the property is there.
func (v *Values) Has(key string) bool {
	_, ok := v.properties[key]
	return ok
}

// The methods below store a property in a variable. They leave the variable as
// it is, and return false, if the property is missing or of another type.

// String takes a text.
func (v *Values) String(key string, to *string) bool { return take(v, key, to) }

// Bool takes a truth value.
func (v *Values) Bool(key string, to *bool) bool { return take(v, key, to) }

// Byte takes a byte.
func (v *Values) Byte(key string, to *byte) bool { return take(v, key, to) }

// Int32 takes a number.
func (v *Values) Int32(key string, to *int32) bool { return take(v, key, to) }

// Int64 takes a number.
func (v *Values) Int64(key string, to *int64) bool { return take(v, key, to) }

// Uint32 takes a number.
func (v *Values) Uint32(key string, to *uint32) bool { return take(v, key, to) }

// Bytes takes an array of bytes.
func (v *Values) Bytes(key string, to *[]byte) bool { return takeList(v, key, to) }

// Strings takes an array of texts.
func (v *Values) Strings(key string, to *[]string) bool { return takeList(v, key, to) }

// Path takes an object path.
func (v *Values) Path(key string, to *dbus.ObjectPath) bool { return take(v, key, to) }

// Paths takes an array of object paths.
func (v *Values) Paths(key string, to *[]dbus.ObjectPath) bool { return takeList(v, key, to) }

// Tuple takes a structure, or an array of anything, as its elements.
func (v *Values) Tuple(key string, to *[]any) bool { return takeList(v, key, to) }

// Map takes a dictionary of named values.
func (v *Values) Map(key string, to *map[string]dbus.Variant) bool { return take(v, key, to) }

func take[T any](v *Values, key string, to *T) bool {
	variant, ok := v.properties[key]
	if !ok {
		return false
	}
	value, ok := variant.Value().(T)
	if !ok {
		v.complain("%s is a %T, not a %T", key, variant.Value(), *to)
		return false
	}
	*to = value
	return true
}

func takeList[T any](v *Values, key string, to *[]T) bool {
	var list []T
	if !take(v, key, &list) {
		return false
	}
	if len(list) > mostElements {
		v.complain("%s has %d elements", key, len(list))
		return false
	}
	*to = list
	return true
}

func (v *Values) complain(format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// Objects are the interfaces of objects, with their properties.
type Objects = map[dbus.ObjectPath]Interfaces

// Interfaces are the interfaces of one object, with their properties.
type Interfaces = map[string]map[string]dbus.Variant

// The functions below take apart the bodies of the standard interfaces.

// ManagedObjects is the answer of ObjectManager.GetManagedObjects.
func ManagedObjects(body []any) (Objects, bool) {
	o, ok := Arg(body, 0).(Objects)
	return o, ok
}

// InterfacesAdded is the body of the signal of that name.
func InterfacesAdded(body []any) (dbus.ObjectPath, Interfaces, bool) {
	path, isPath := Arg(body, 0).(dbus.ObjectPath)
	interfaces, ok := Arg(body, 1).(Interfaces)
	return path, interfaces, isPath && ok
}

// InterfacesRemoved is the body of the signal of that name.
func InterfacesRemoved(body []any) (dbus.ObjectPath, []string, bool) {
	path, isPath := Arg(body, 0).(dbus.ObjectPath)
	names, ok := Arg(body, 1).([]string)
	return path, names, isPath && ok
}

// PropertiesChanged is the body of the signal of that name: the interface, and
// its properties that have a new value.
func PropertiesChanged(body []any) (string, map[string]dbus.Variant, bool) {
	name, isName := Arg(body, 0).(string)
	properties, ok := Arg(body, 1).(map[string]dbus.Variant)
	return name, properties, isName && ok
}
