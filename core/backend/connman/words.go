package connman

import (
	"errors"
	"fmt"

	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/backend/internal/bus"
)

// because completes a sentence that says what could not be done.
type because struct {
	reason backend.Reason
	text   string
}

// failures are the values of a service's Error property.
var failures = map[string]string{
	"out-of-range":        "it went out of range",
	"pin-missing":         "the SIM card's PIN is missing. Unlock the card and try again",
	"dhcp-failed":         "the network's DHCP server gave no address. Check the network, or give the service a fixed address",
	"connect-failed":      "ConnMan could not make the connection",
	"login-failed":        "the login failed. Check the credentials in ConnMan",
	"auth-failed":         "the network did not accept the credentials. Check them in ConnMan",
	"invalid-key":         "the passphrase is wrong. Enter the right one in ConnMan",
	"blocked":             "the network has blocked this device",
	"online-check-failed": "the internet was not reached over it",
}

// refusals are ConnMan's answers to a call, as far as they say more than their
// own message does.
var refusals = map[string]because{
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

// whyRefused puts the answer to a call into words. failure is the service's own
// error, which says more where there is one.
func whyRefused(err error, failure string) because {
	name := errorName(err)
	if failure != "" && refusals[name].reason != backend.ReasonAborted {
		return because{backend.ReasonUnknown, failureText(failure)}
	}
	if b, ok := refusals[name]; ok {
		return b
	}
	var said *bus.Error
	switch {
	case errors.Is(err, bus.ErrTimeout):
		return because{backend.ReasonUnknown, "ConnMan does not answer"}
	case errors.Is(err, bus.ErrGone):
		return because{backend.ReasonUnknown, "ConnMan is not running any more"}
	case !errors.As(err, &said):
		return because{backend.ReasonUnknown, fmt.Sprintf("it could not be asked for: %v", err)}
	case said.Name == "org.freedesktop.DBus.Error.AccessDenied":
		return because{backend.ReasonNotSupported, "the policy of the system bus does not permit it to this user"}
	}
	return because{backend.ReasonUnknown, fmt.Sprintf("ConnMan said %q", shorten(said.Error()))}
}

func failureText(code string) string {
	if text := failures[code]; text != "" {
		return text
	}
	return fmt.Sprintf("ConnMan said %q", code)
}

// whyFailed says why a start failed as the service's state shows it.
func whyFailed(s *service, absent, off bool) because {
	switch {
	case s == nil:
		return because{backend.ReasonNoConfiguration, "ConnMan does not know it any more"}
	case absent && off:
		return because{backend.ReasonNoConfiguration, fmt.Sprintf("its technology (%s) is switched off in ConnMan. Switch it on and try again", s.kind)}
	case absent:
		return because{backend.ReasonNoConfiguration, "it is out of reach: it has no carrier or is out of range"}
	case s.state == stateFailure && s.failure != "":
		return because{backend.ReasonUnknown, failureText(s.failure)}
	case s.state == stateFailure:
		return because{backend.ReasonUnknown, "ConnMan could not make the connection, and gave no reason"}
	}
	return because{backend.ReasonUnknown, "ConnMan is busy with another network on the same interface"}
}

// refuse makes the answer to a command. The sentence says what failed, on which
// configuration, and why.
func refuse(op backend.Op, id string, s *service, why because) error {
	verb := "connected"
	if op == backend.OpStop {
		verb = "disconnected"
	}
	subject := id
	if s != nil {
		subject = fmt.Sprintf("%q (%s)", s.title(), id)
	}
	return backend.Refuse(why.reason, "%s could not be %s: %s.", subject, verb, why.text)
}
