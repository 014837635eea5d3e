// The decoding of what ConnMan sends.

package connman

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
)

const (
	servicePrefix = "/net/connman/service/"
	// maxServices bounds the length of a list. A busy trade fair has a few hundred
	// wireless networks in reach.
	maxServices = 2000
	// maxText bounds a name or an error code, in bytes. ConnMan's own names
	// are at most 32 bytes long, like an SSID.
	maxText = 256
	// maxInterface is the kernel's own bound.
	maxInterface = 15
)

// properties are all properties of an object, or some of them.
type properties = map[string]dbus.Variant

// object is an element of a list of objects.
type object struct {
	path       dbus.ObjectPath
	properties properties
}

// problems collects the errors in a message, whose valid parts are used.
type problems []string

func (p *problems) add(format string, args ...any) {
	// One text is enough to find a bug of a daemon.
	if len(*p) == 0 {
		*p = append(*p, fmt.Sprintf(format, args...))
	}
}

// decodeObjects decodes an array of objects with their properties. It fails if v is no
// such array; it leaves out single elements that are malformed.
func decodeObjects(v any, wrong *problems) ([]object, error) {
	list, ok := v.([][]any)
	if !ok {
		return nil, fmt.Errorf("a list of objects is of type %T", v)
	}
	if len(list) > maxServices {
		wrong.add("a list has %d objects, of which the first %d count", len(list), maxServices)
		list = list[:maxServices]
	}
	found := make([]object, 0, len(list))
	for _, entry := range list {
		r, err := decodeObject(entry)
		if err != nil {
			wrong.add("%v", err)
			continue
		}
		found = append(found, r)
	}
	return found, nil
}

func decodeObject(entry []any) (object, error) {
	if len(entry) != 2 {
		return object{}, fmt.Errorf("an object in a list has %d parts instead of 2", len(entry))
	}
	path, ok := entry[0].(dbus.ObjectPath)
	if !ok {
		return object{}, fmt.Errorf("the path of an object is of type %T", entry[0])
	}
	p, ok := entry[1].(properties)
	if !ok {
		return object{}, fmt.Errorf("the properties of %s are of type %T", sanitize(string(path)), entry[1])
	}
	return object{path, p}, nil
}

// decodePaths decodes an array of object paths.
func decodePaths(v any) ([]dbus.ObjectPath, error) {
	list, ok := v.([]dbus.ObjectPath)
	if !ok {
		return nil, fmt.Errorf("a list of object paths is of type %T", v)
	}
	return list, nil
}

// decodeProperty decodes the body of a PropertyChanged signal.
func decodeProperty(body []any) (string, dbus.Variant, error) {
	if len(body) != 2 {
		return "", dbus.Variant{}, fmt.Errorf("a changed property has %d parts instead of 2", len(body))
	}
	name, ok := body[0].(string)
	value, valued := body[1].(dbus.Variant)
	if !ok || !valued {
		return "", dbus.Variant{}, fmt.Errorf("a changed property is of types %T and %T", body[0], body[1])
	}
	return name, value, nil
}

var errPath = errors.New("is not the path of a service")

// serviceID returns the identifier of the service at a path.
func serviceID(path dbus.ObjectPath) (string, error) {
	name := strings.TrimPrefix(string(path), servicePrefix)
	if name == string(path) || name == "" || len(name) > maxText || strings.IndexFunc(name, notInPath) >= 0 {
		return "", fmt.Errorf("%q %w", sanitize(string(path)), errPath)
	}
	return "connman:" + name, nil
}

func notInPath(r rune) bool {
	return !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
}

// sanitize makes a string of unknown origin fit for display: valid UTF-8 of at most
// maxText bytes.
func sanitize(s string) string {
	if len(s) > maxText {
		end := maxText
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}
