// Service networks of applications: identifiers and definitions.

package bearer

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The identifiers of the library's own configurations.
const (
	// InternetID is the built-in service network of all access points that are
	// not private.
	InternetID = "netsession:internet"
	// UserChoiceID is the configuration that resolves to the user's choice when
	// it is opened.
	UserChoiceID = "netsession:user-choice"
	// NetworkPrefix is the prefix of the identifiers of an application's
	// service networks.
	NetworkPrefix = "network:"

	reservedPrefix = "netsession:"
)

// Reserved reports whether no access point may have the identifier, because it
// belongs to the library's own configurations or to a service network.
func Reserved(id string) bool {
	return strings.HasPrefix(id, reservedPrefix) || strings.HasPrefix(id, NetworkPrefix)
}

// TypeOf is the type of a configuration with the identifier, if it exists.
func TypeOf(id string) Type {
	switch {
	case id == InternetID || strings.HasPrefix(id, NetworkPrefix):
		return ServiceNetwork
	case id == UserChoiceID:
		return UserChoice
	}
	return InternetAccessPoint
}

// maxIdentifierBytes bounds the identifier of a definition.
const maxIdentifierBytes = 200

// Definition describes a service network of an application.
type Definition struct {
	Identifier string // without NetworkPrefix
	Name       string // for people; empty: the identifier
	Purpose    Purpose
	Children   []string // identifiers of access points; duplicates count once
}

// ID is the identifier of the service network's configuration.
func (d *Definition) ID() string { return NetworkPrefix + d.Identifier }

func (d *Definition) name() string {
	if d.Name == "" {
		return d.Identifier
	}
	return d.Name
}

// Check says in a sentence what is wrong with the definition. It does not check
// whether the children exist.
func (d *Definition) Check() error {
	if err := checkIdentifier(d.Identifier); err != nil {
		return err
	}
	if d.Purpose > ServiceSpecificPurpose {
		return fmt.Errorf("the service network %q has the purpose %d, which is not a NETSESSION_PURPOSE", d.Identifier, d.Purpose)
	}
	if len(d.Children) == 0 {
		return fmt.Errorf("the service network %q has no children; name at least one access point", d.Identifier)
	}
	for _, id := range d.Children {
		if err := d.checkChild(id); err != nil {
			return err
		}
	}
	return nil
}

func checkIdentifier(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("the service network has no identifier")
	case len(name) > maxIdentifierBytes:
		return fmt.Errorf("the identifier of the service network has %d bytes; it can have %d", len(name), maxIdentifierBytes)
	case Reserved(name):
		return fmt.Errorf("the identifier %q of the service network begins as only the library makes them begin; %q is put before it by itself", name, NetworkPrefix)
	case !utf8.ValidString(name) || strings.IndexFunc(name, isSpaceOrUnprintable) >= 0:
		return fmt.Errorf("the identifier %q of the service network has spaces or unprintable characters", name)
	}
	return nil
}

func isSpaceOrUnprintable(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }

func (d *Definition) checkChild(id string) error {
	switch TypeOf(id) {
	case InternetAccessPoint:
		return nil
	case UserChoice:
		return fmt.Errorf("the service network %q cannot have the user choice as a child; only access points can be", d.Identifier)
	}
	if id == d.ID() {
		return fmt.Errorf("the service network %q cannot be its own child", d.Identifier)
	}
	return fmt.Errorf("the service network %q cannot have the service network %s as a child; only access points can be", d.Identifier, id)
}
