package bus

import (
	"fmt"

	"github.com/godbus/dbus/v5"
)

// maxElements bounds a list in a property: no network has more objects of a kind.
const maxElements = 100000

// Values are the properties of one interface as a daemon sent them. Its methods read a
// property only if it has the type that it must have.
type Values struct {
	properties map[string]dbus.Variant
	problems   []string
}

// NewValues returns the properties as Values, without a copy.
func NewValues(properties map[string]dbus.Variant) *Values {
	return &Values{properties: properties}
}

// Problems returns which properties were of a wrong type, one text for each.
func (v *Values) Problems() []string { return v.problems }

// Has reports whether the property was sent.
func (v *Values) Has(key string) bool {
	_, ok := v.properties[key]
	return ok
}

// The methods below store a property in a variable. They leave the variable unchanged,
// and return false, if the property is missing or of another type.

// String reads a string.
func (v *Values) String(key string, to *string) bool { return take(v, key, to) }

// Bool reads a boolean.
func (v *Values) Bool(key string, to *bool) bool { return take(v, key, to) }

// Byte reads a byte.
func (v *Values) Byte(key string, to *byte) bool { return take(v, key, to) }

// Int32 reads a number.
func (v *Values) Int32(key string, to *int32) bool { return take(v, key, to) }

// Int64 reads a number.
func (v *Values) Int64(key string, to *int64) bool { return take(v, key, to) }

// Uint32 reads a number.
func (v *Values) Uint32(key string, to *uint32) bool { return take(v, key, to) }

// Bytes reads an array of bytes.
func (v *Values) Bytes(key string, to *[]byte) bool { return takeList(v, key, to) }

// Strings reads an array of strings.
func (v *Values) Strings(key string, to *[]string) bool { return takeList(v, key, to) }

// Path reads an object path.
func (v *Values) Path(key string, to *dbus.ObjectPath) bool { return take(v, key, to) }

// Paths reads an array of object paths.
func (v *Values) Paths(key string, to *[]dbus.ObjectPath) bool { return takeList(v, key, to) }

// Tuple reads a structure, or an array of variants, as its elements.
func (v *Values) Tuple(key string, to *[]any) bool { return takeList(v, key, to) }

// Map reads a dictionary of named values.
func (v *Values) Map(key string, to *map[string]dbus.Variant) bool { return take(v, key, to) }

func take[T any](v *Values, key string, to *T) bool {
	variant, ok := v.properties[key]
	if !ok {
		return false
	}
	value, ok := variant.Value().(T)
	if !ok {
		v.addProblem("%s is a %T, not a %T", key, variant.Value(), *to)
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
	if len(list) > maxElements {
		v.addProblem("%s has %d elements", key, len(list))
		return false
	}
	*to = list
	return true
}

func (v *Values) addProblem(format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// Objects are the interfaces of objects, with their properties.
type Objects = map[dbus.ObjectPath]Interfaces

// Interfaces are the interfaces of one object, with their properties.
type Interfaces = map[string]map[string]dbus.Variant

// The functions below decode the bodies of the standard interfaces.

// ManagedObjects decodes the reply of ObjectManager.GetManagedObjects.
func ManagedObjects(body []any) (Objects, bool) {
	o, ok := Arg(body, 0).(Objects)
	return o, ok
}

// InterfacesAdded decodes the body of the signal InterfacesAdded.
func InterfacesAdded(body []any) (dbus.ObjectPath, Interfaces, bool) {
	path, isPath := Arg(body, 0).(dbus.ObjectPath)
	interfaces, ok := Arg(body, 1).(Interfaces)
	return path, interfaces, isPath && ok
}

// InterfacesRemoved decodes the body of the signal InterfacesRemoved.
func InterfacesRemoved(body []any) (dbus.ObjectPath, []string, bool) {
	path, isPath := Arg(body, 0).(dbus.ObjectPath)
	names, ok := Arg(body, 1).([]string)
	return path, names, isPath && ok
}

// PropertiesChanged decodes the body of the signal PropertiesChanged: the interface, and
// its properties that have a new value.
func PropertiesChanged(body []any) (string, map[string]dbus.Variant, bool) {
	name, isName := Arg(body, 0).(string)
	properties, ok := Arg(body, 1).(map[string]dbus.Variant)
	return name, properties, isName && ok
}
