package connman

import (
	"errors"
	"fmt"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/bus"
)

// because completes a sentence that says what could not be done.
type because struct {
	reason backend.Reason
	text   string
}

// failures are the values of a service's Error property.
var failures = map[string]string{
	"out-of-range":   "it went out of range",
	"pin-missing":    "the SIM card's PIN is missing. Unlock the card and try again",
	"dhcp-failed":    "the network's DHCP server gave no address. Check the network, or give the service a fixed address",
	"connect-failed": "ConnMan could not make the connection",
	"login-failed":   "the login failed. Check the credentials in ConnMan",
	"auth-failed":    "the network did not accept the credentials. Check them in ConnMan",
	"invalid-key":    "the passphrase that ConnMan has for it was not accepted. Enter the right one in ConnMan and try again",
	"blocked":        "the network has blocked this device",
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

// whyRefused puts the answer to a call about a service into words. The service's own
// error says more where there is one.
func (p *picture) whyRefused(id string, err error) because {
	if s, _ := p.find(id); s != nil && s.reason() != "" && refusals[errorName(err)].reason != backend.ReasonAborted {
		return because{backend.ReasonUnknown, failureText(s.reason())}
	}
	return refusalText(err)
}

func refusalText(err error) because {
	if b, ok := refusals[errorName(err)]; ok {
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
func (p *picture) whyFailed(id string) because {
	s, absent := p.find(id)
	switch {
	case s == nil:
		return because{backend.ReasonNoConfiguration, "ConnMan does not know it any more"}
	case absent:
		return because{backend.ReasonNoConfiguration, p.whyAbsent(s)}
	case s.reason() != "":
		return because{backend.ReasonUnknown, failureText(s.reason())}
	case s.state == stateFailure:
		return because{backend.ReasonUnknown, "ConnMan could not make the connection, and gave no reason"}
	}
	return because{backend.ReasonUnknown, "ConnMan is busy with another network on the same interface"}
}

// obstacle says why a service cannot be opened now; it is empty where it can, or
// where nobody knows.
func (p *picture) obstacle(s *service, absent bool) string {
	switch {
	case absent:
		return p.whyAbsent(s)
	case s.looks().down() && !s.configured():
		return "it was never set up in ConnMan. Connect to it once with a program that asks for what it needs, such as connmanctl"
	}
	return ""
}

// whyAbsent says why a service is out of reach: what people have switched themselves
// comes first.
func (p *picture) whyAbsent(s *service) string {
	noun := switchNouns[s.kind]
	if noun == "" {
		noun = s.kind
	}
	switch t := p.technology(s.kind); {
	case t != nil && t.tethering:
		return fmt.Sprintf("ConnMan gives network to others by %s (tethering). Switch that off and try again", noun)
	case t != nil && !t.powered && p.offline:
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

// switchNouns are technologies in words.
var switchNouns = map[string]string{
	"ethernet": "Ethernet", "gadget": "USB networking", "wifi": "Wi-Fi", "bluetooth": "Bluetooth", "cellular": "mobile data",
}

// refuse makes the answer to a command. The sentence says what failed, on which
// network, and why.
func refuse(op backend.Op, id string, s *service, why because) error {
	verb := "connected"
	if op == backend.OpStop {
		verb = "disconnected"
	}
	return backend.Refuse(why.reason, "%s could not be %s: %s.", subject(id, s), verb, why.text)
}

// subject is a service by its name. All cables have the same: the interface tells
// them apart.
func subject(id string, s *service) string {
	switch {
	case s == nil:
		return id
	case s.kind == "ethernet" && s.link != "":
		return fmt.Sprintf("%q (%s)", s.title(), s.link)
	}
	return fmt.Sprintf("%q", s.title())
}
