package networkmanager

import (
	"errors"
	"strings"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// verbs complete "could not be".
var verbs = map[backend.Op]string{backend.OpStart: "started", backend.OpStop: "stopped"}

// refused puts the answer to a call into words.
func (o *operation) refused(err error) error {
	if err == bus.ErrTimeout {
		return o.refusal(unknown, "NetworkManager does not answer. If that lasts, restart it.")
	}
	class, advice := unknown, ""
	var said *bus.Error
	if errors.As(err, &said) {
		class, advice = classOf(said)
	}
	if o.obstacle != "" && class == unknown {
		return o.refusal(class, o.obstacle+" (NetworkManager: "+strings.TrimSuffix(err.Error(), ".")+").")
	}
	text := "NetworkManager said: " + strings.TrimSuffix(err.Error(), ".") + "."
	if advice != "" {
		text += " " + advice
	}
	return o.refusal(class, text)
}

// cancelled is what NetworkManager says, as a denial, when the device of an
// activation goes away before anybody was asked for the right to it.
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

// failed is for an attempt that NetworkManager began and that came to nothing.
func (o *operation) failed(c cause) error {
	return o.refusal(c.class, "it was tried, but "+c.sentence())
}

// refusal says what failed, on which network, and why.
func (o *operation) refusal(class backend.Reason, why string) error {
	if o.op == backend.OpRefresh {
		return backend.Refuse(class, "Networks could not be looked for: %s", why)
	}
	name := o.id
	if o.name != "" {
		name = o.name
	}
	return backend.Refuse(class, "The network %q could not be %s: %s", name, verbs[o.op], why)
}
