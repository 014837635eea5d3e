// The errors of commands, as sentences for people.

package networkmanager

import (
	"errors"
	"strings"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// verbs complete "could not be".
var verbs = map[backend.Op]string{backend.OpStart: "started", backend.OpStop: "stopped"}

// errorFromReply returns the error of a command whose call failed.
func (c *command) errorFromReply(err error) error {
	if err == bus.ErrTimeout {
		return c.newError(unknown, "NetworkManager does not answer. If that lasts, restart it.")
	}
	class, advice := unknown, ""
	var said *bus.Error
	if errors.As(err, &said) {
		class, advice = classOf(said)
	}
	if c.obstacle != "" && class == unknown {
		return c.newError(class, c.obstacle+" (NetworkManager: "+strings.TrimSuffix(err.Error(), ".")+").")
	}
	text := "NetworkManager said: " + strings.TrimSuffix(err.Error(), ".") + "."
	if advice != "" {
		text += " " + advice
	}
	return c.newError(class, text)
}

// cancelled begins the message of a denial that NetworkManager sends when the device of an
// activation goes away before the authorization is checked.
const cancelled = "Authorization request cancelled"

const checkDevice = "Check that the profile's device is there and has a carrier."

// classOf classes an error by its name on the bus.
func classOf(e *bus.Error) (backend.Reason, string) {
	name := e.Name[strings.LastIndexByte(e.Name, '.')+1:]
	if strings.HasPrefix(e.Message, cancelled) {
		return aborted, checkDevice
	}
	switch name {
	case "PermissionDenied", "AccessDenied", "NotAuthorized", "InteractiveAuthorizationRequired":
		return notSupported, "This user would have to be allowed the polkit action " + daemonName + ".network-control."
	case "UnknownConnection", "InvalidConnection", "UnknownObject":
		return missing, ""
	case "IncompatibleConnection", "UnmanagedDevice", "InvalidArguments", "UnknownMethod":
		return notSupported, ""
	case "UnknownDevice", "ConnectionNotAvailable":
		return unknown, checkDevice
	}
	return unknown, ""
}

// errorFromCause returns the error of an attempt that NetworkManager began and that failed.
func (c *command) errorFromCause(why cause) error {
	return c.newError(why.class, "it was tried, but "+why.sentence())
}

// newError returns a sentence that says what failed, on which network, and why.
func (c *command) newError(class backend.Reason, why string) error {
	if c.Op == backend.OpRefresh {
		return backend.Refuse(class, "Networks could not be looked for: %s", why)
	}
	name := c.ID
	if c.name != "" {
		name = c.name
	}
	return backend.Refuse(class, "The network %q could not be %s: %s", name, verbs[c.Op], why)
}
