// Why a command failed or a service cannot be opened, in words for people.

package connman

import (
	"errors"
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// failureReason is why a command failed. Its text completes a sentence that says what
// could not be done.
type failureReason struct {
	reason backend.Reason
	text   string
}

// failureTexts explain the values of a service's property Error.
var failureTexts = map[string]string{
	"out-of-range":   "it went out of range",
	"pin-missing":    "the SIM card's PIN is missing. Unlock the card and try again",
	"dhcp-failed":    "the network's DHCP server gave no address. Check the network, or give the service a fixed address",
	"connect-failed": "ConnMan could not make the connection",
	"login-failed":   "the login failed. Check the credentials in ConnMan",
	"auth-failed":    "the network did not accept the credentials. Check them in ConnMan",
	"invalid-key":    "the passphrase that ConnMan has for it was not accepted. Enter the right one in ConnMan and try again",
	"blocked":        "the network has blocked this device",
}

// refusalReasons explain ConnMan's errors, by name, for which the message of the error
// says less.
var refusalReasons = map[string]failureReason{
	"NotRegistered":      {backend.ReasonUnknown, needsAgent},
	"PassphraseRequired": {backend.ReasonUnknown, needsAgent},
	"NoCarrier":          {backend.ReasonUnknown, "it has no carrier"},
	"OperationAborted":   {backend.ReasonAborted, "somebody broke it off"},
	"Canceled":           {backend.ReasonAborted, "somebody broke it off"},
	"OperationTimeout":   {backend.ReasonUnknown, "ConnMan gave up waiting for it. Check the network and try again"},
	"PermissionDenied":   {backend.ReasonNotSupported, "ConnMan does not permit it to this user"},
	"NotSupported":       {backend.ReasonNotSupported, "ConnMan does not support that"},
	"NotImplemented":     {backend.ReasonNotSupported, "ConnMan does not support that"},
	"InvalidArguments":   {backend.ReasonUnknown, "its settings in ConnMan are incomplete. Complete them and try again"},
	"NotFound":           {backend.ReasonNoConfiguration, "ConnMan does not know it any more"},
	"InvalidService":     {backend.ReasonNoConfiguration, "ConnMan does not know it any more"},
	"InProgress":         {backend.ReasonUnknown, "ConnMan is busy with it on behalf of another program. Try again later"},
}

const needsAgent = "ConnMan needs a passphrase or a login for it, and has no agent to ask for them. " +
	"Connect once with a program that asks, such as connmanctl with its agent switched on"

// refusalReason explains the error reply to a call. The service's own error, if there is
// one, says more.
func (d *daemonState) refusalReason(id string, err error) failureReason {
	if s, _ := d.find(id); s != nil && s.failureCode() != "" && refusalReasons[errorName(err)].reason != backend.ReasonAborted {
		return failureReason{backend.ReasonUnknown, failureText(s.failureCode())}
	}
	return reasonOfError(err)
}

func reasonOfError(err error) failureReason {
	if b, ok := refusalReasons[errorName(err)]; ok {
		return b
	}
	var said *bus.Error
	switch {
	case errors.Is(err, bus.ErrTimeout):
		return failureReason{backend.ReasonUnknown, "ConnMan does not answer"}
	case errors.Is(err, bus.ErrGone):
		return failureReason{backend.ReasonUnknown, "ConnMan is not running any more"}
	case !errors.As(err, &said):
		return failureReason{backend.ReasonUnknown, fmt.Sprintf("it could not be asked for: %v", err)}
	case said.Name == "org.freedesktop.DBus.Error.AccessDenied":
		return failureReason{backend.ReasonNotSupported, "the policy of the system bus does not permit it to this user"}
	}
	return failureReason{backend.ReasonUnknown, fmt.Sprintf("ConnMan said %q", sanitize(said.Error()))}
}

func failureText(code string) string {
	if text := failureTexts[code]; text != "" {
		return text
	}
	return fmt.Sprintf("ConnMan said %q", code)
}

// startFailure explains why a start failed, by the state of the service.
func (d *daemonState) startFailure(id string) failureReason {
	s, absent := d.find(id)
	switch {
	case s == nil:
		return failureReason{backend.ReasonNoConfiguration, "ConnMan does not know it any more"}
	case absent:
		return failureReason{backend.ReasonNoConfiguration, d.absenceText(s)}
	case s.failureCode() != "":
		return failureReason{backend.ReasonUnknown, failureText(s.failureCode())}
	case s.state == stateFailure:
		return failureReason{backend.ReasonUnknown, "ConnMan could not make the connection, and gave no reason"}
	}
	return failureReason{backend.ReasonUnknown, "ConnMan is busy with another network on the same interface"}
}

// obstacle explains why a service cannot be opened now; empty if it can, or if that is
// not known.
func (d *daemonState) obstacle(s *service, absent bool) string {
	switch {
	case absent:
		return d.absenceText(s)
	case s.effectiveState().down() && !s.configured():
		return "it was never set up in ConnMan. Connect to it once with a program that asks for what it needs, such as connmanctl"
	}
	return ""
}

// absenceText explains why a service is out of reach; what people have switched off
// themselves comes first.
func (d *daemonState) absenceText(s *service) string {
	noun := technologyNames[s.kind]
	if noun == "" {
		noun = s.kind
	}
	switch t := d.technology(s.kind); {
	case t != nil && t.tethering:
		return fmt.Sprintf("ConnMan gives network to others by %s (tethering). Switch that off and try again", noun)
	case t != nil && !t.powered && d.offline:
		return "ConnMan is in offline mode (aeroplane mode). Switch that off and try again"
	case t != nil && !t.powered:
		return fmt.Sprintf("%s is switched off, in ConnMan or by a switch of the machine (rfkill). Switch it on and try again", noun)
	case s.kind == "ethernet":
		return "it has no carrier. Plug its cable in"
	case s.kind == "wifi":
		return "it is out of range"
	}
	return "it is out of reach"
}

// technologyNames are the names of technologies for people.
var technologyNames = map[string]string{
	"ethernet": "Ethernet", "gadget": "USB networking", "wifi": "Wi-Fi", "bluetooth": "Bluetooth", "cellular": "mobile data",
}

// refuse returns the error of a command: a sentence that says what failed, on which
// network, and why.
func refuse(op backend.Op, id string, s *service, why failureReason) error {
	verb := "connected"
	if op == backend.OpStop {
		verb = "disconnected"
	}
	return backend.Refuse(why.reason, "%s could not be %s: %s.", subject(id, s), verb, why.text)
}

// subject names a service. All cables have the same name; the interface distinguishes
// them.
func subject(id string, s *service) string {
	switch {
	case s == nil:
		return id
	case s.kind == "ethernet" && s.iface != "":
		return fmt.Sprintf("%q (%s)", s.displayName(), s.iface)
	}
	return fmt.Sprintf("%q", s.displayName())
}
