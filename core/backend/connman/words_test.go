package connman

import (
	"errors"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/backend/internal/bus"
)

func TestWhyRefused(t *testing.T) {
	cases := []struct {
		name    string
		err     error
		failure string
		reason  backend.Reason
		text    string
	}{
		{"the service's own error", said("Failed"), "dhcp-failed", backend.ReasonUnknown, "DHCP"},
		{"an error from the future", said("Failed"), "quantum-noise", backend.ReasonUnknown, `"quantum-noise"`},
		{"no agent", said("NotRegistered"), "", backend.ReasonUnknown, "agent"},
		{"no passphrase", said("PassphraseRequired"), "", backend.ReasonUnknown, "agent"},
		{"broken off", said("OperationAborted"), "", backend.ReasonAborted, "broke it off"},
		{"broken off after an error", said("OperationAborted"), "dhcp-failed", backend.ReasonAborted, "broke it off"},
		{"took too long", said("OperationTimeout"), "", backend.ReasonUnknown, "gave up"},
		{"no carrier", said("NoCarrier"), "", backend.ReasonUnknown, "carrier"},
		{"not permitted by ConnMan", said("PermissionDenied"), "", backend.ReasonNotSupported, "permit"},
		{"not permitted by the bus", &bus.Error{Name: "org.freedesktop.DBus.Error.AccessDenied"}, "", backend.ReasonNotSupported, "policy"},
		{"removed", said("NotFound"), "", backend.ReasonNoConfiguration, "know it any more"},
		{"in words", said("Failed"), "", backend.ReasonUnknown, `ConnMan said "in words"`},
		{"by name only", &bus.Error{Name: "net.connman.Error.Odd"}, "", backend.ReasonUnknown, "net.connman.Error.Odd"},
		{"silence", bus.ErrTimeout, "", backend.ReasonUnknown, "does not answer"},
		{"death", bus.ErrGone, "", backend.ReasonUnknown, "not running"},
		{"something else", errors.New("out of ink"), "", backend.ReasonUnknown, "out of ink"},
	}
	for _, c := range cases {
		got := whyRefused(c.err, c.failure)
		if got.reason != c.reason || !strings.Contains(got.text, c.text) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestWhyFailed(t *testing.T) {
	idle := &service{id: homeID, kind: "wifi", state: stateIdle, failure: "invalid-key"}
	failed := &service{id: homeID, kind: "wifi", state: stateFailure, failure: "invalid-key"}
	silent := &service{id: homeID, kind: "wifi", state: stateFailure}
	cases := []struct {
		name        string
		s           *service
		absent, off bool
		reason      backend.Reason
		text        string
	}{
		{"removed", nil, false, false, backend.ReasonNoConfiguration, "know it any more"},
		{"out of reach", idle, true, false, backend.ReasonNoConfiguration, "out of reach"},
		{"switched off", idle, true, true, backend.ReasonNoConfiguration, "(wifi) is switched off"},
		{"failed", failed, false, false, backend.ReasonUnknown, "passphrase is wrong"},
		{"failed in silence", silent, false, false, backend.ReasonUnknown, "gave no reason"},
		{"never begun", idle, false, false, backend.ReasonUnknown, "busy"},
	}
	for _, c := range cases {
		got := whyFailed(c.s, c.absent, c.off)
		if got.reason != c.reason || !strings.Contains(got.text, c.text) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestRefusalIsASentence(t *testing.T) {
	s := &service{id: homeID, name: "Home"}
	err := refuse(backend.OpStart, homeID, s, because{backend.ReasonAborted, "somebody broke it off"})
	if got := err.Error(); got != `"Home" (`+homeID+`) could not be connected: somebody broke it off.` {
		t.Error(got)
	}
	if backend.ReasonOf(err) != backend.ReasonAborted {
		t.Error("the reason is lost")
	}
	err = refuse(backend.OpStop, homeID, nil, because{backend.ReasonUnknown, "ConnMan does not answer"})
	if got := err.Error(); got != homeID+" could not be disconnected: ConnMan does not answer." {
		t.Error(got)
	}
	for name, b := range refusals {
		if strings.HasSuffix(b.text, ".") || b.text == "" {
			t.Errorf("%s does not complete a sentence: %q", name, b.text)
		}
	}
}
