package session

import (
	"strings"
	"testing"
)

// The numbers cross the C interface and are equal to Qt's.
func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		got, want uint8
		name      string
	}{
		{uint8(Invalid), 0, Invalid.String()}, {uint8(NotAvailable), 1, NotAvailable.String()},
		{uint8(Connecting), 2, Connecting.String()}, {uint8(Connected), 3, Connected.String()},
		{uint8(Closing), 4, Closing.String()}, {uint8(Disconnected), 5, Disconnected.String()},
		{uint8(Roaming), 6, Roaming.String()},
		{uint8(UnknownError), 0, UnknownError.String()}, {uint8(AbortedError), 1, AbortedError.String()},
		{uint8(RoamingError), 2, RoamingError.String()}, {uint8(NotSupportedError), 3, NotSupportedError.String()},
		{uint8(InvalidConfigurationError), 4, InvalidConfigurationError.String()},
		{uint8(NoBackgroundTraffic), 1, "NoBackgroundTraffic"},
	} {
		if c.got != c.want {
			t.Errorf("%s is %d, want %d", c.name, c.got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	check := func(kind, name string) {
		if name == "" || name == "unknown" || seen[kind+name] {
			t.Errorf("%s has the name %q, or has it twice", kind, name)
		}
		seen[kind+name] = true
	}
	for s := Invalid; s <= Roaming; s++ {
		check("state", s.String())
	}
	for e := UnknownError; e <= InvalidConfigurationError; e++ {
		check("error", e.String())
	}
	for p := Phase(0); p < phases; p++ {
		check("phase", p.String())
	}
	for k := Kind(0); k < kinds; k++ {
		check("event", k.String())
	}
	for e := EmitOpened; e <= Disarm; e++ {
		check("effect", e.String())
	}
	for l := LinkGone; l <= LinkStopping; l++ {
		check("link", l.String())
	}
	for _, past := range []string{State(7).String(), Error(5).String(), Phase(phases).String(), Kind(kinds).String(), (Disarm + 1).String(), Link(6).String()} {
		if past != "unknown" {
			t.Errorf("a number without a name is called %q", past)
		}
	}
}

func TestEmits(t *testing.T) {
	for k := EmitOpened; k <= Disarm; k++ {
		if want := k < Hold; k.Emits() != want {
			t.Errorf("%v: Emits is %v", k, !want)
		}
	}
}

func TestNew(t *testing.T) {
	for link, want := range map[Link]State{
		LinkGone: Invalid, LinkUnavailable: NotAvailable, LinkDown: Disconnected,
		LinkStarting: Connecting, LinkUp: Connected, LinkStopping: Closing,
	} {
		s := New("eth", OnAccessPoint, Facts{Config: link})
		if s.State != want || s.IsOpen() || s.Active() != "" {
			t.Errorf("on a link that is %v: %+v", link, s)
		}
		wantErr, wantText := UnknownError, ""
		if link == LinkGone {
			wantErr, wantText = InvalidConfigurationError, "There is no configuration eth."
		}
		if s.Err != wantErr || s.ErrText != wantText {
			t.Errorf("on a link that is %v: error %v, %q", link, s.Err, s.ErrText)
		}
	}
}

// The error says why a configuration is missing while it is missing.
func TestMissing(t *testing.T) {
	s := New("eth", OnAccessPoint, Facts{Why: "no process made it"})
	if s.ErrText != "There is no configuration eth: no process made it." {
		t.Error(s.ErrText)
	}
	for _, c := range []struct {
		facts Facts
		want  string
	}{
		{Facts{Config: LinkUp}, ""},
		{Facts{Why: "its daemon died"}, "There is no configuration eth: its daemon died."},
		{Facts{Config: LinkDown}, ""},
		{Facts{}, "There is no configuration eth."},
	} {
		var effects []Effect
		s, effects = Step(s, Event{Kind: Moved, Facts: c.facts})
		text := ""
		for _, e := range effects {
			text += e.Text
		}
		if text != c.want {
			t.Errorf("%+v: %q, want %q", c.facts, text, c.want)
		}
	}
}

func TestActive(t *testing.T) {
	w := newWorld("net", "eth up, wlan down")
	w.say("open")
	if w.s.Active() != "eth" {
		t.Errorf("open on eth, but %q is active", w.s.Active())
	}
	w.say("eth unavailable")
	if w.s.Active() != "eth" || w.s.State != Roaming {
		t.Errorf("moving from eth, but %q is active in %v", w.s.Active(), w.s.State)
	}
	w.say("wlan up")
	if w.s.Active() != "wlan" {
		t.Errorf("moved to wlan, but %q is active", w.s.Active())
	}
	w.say("close")
	if w.s.Active() != "" {
		t.Errorf("closed, but %q is active", w.s.Active())
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ name, config, links, lines, want string }{
		{"no configuration", "", "", "open", "The session has no configuration."},
		{"no such one", "eth", "", "open", "There is no configuration eth."},
		{"out of reach", "eth", "eth unavailable", "open", "eth cannot be opened now: it has no carrier or is out of range."},
		{"nothing in reach", "net", "eth unavailable", "open", "No access point of net can be opened now."},
		{"refused", "eth", "eth down", "open; refused eth: No PIN.", "No PIN."},
		{"refused without a word", "eth", "eth down", "open; refused eth", "The system refused what was asked of eth, and gave no reason."},
		{"too slow", "eth", "eth down", "open; expired", "It did not come up in time."},
		{"not stopped", "eth", "eth up", "stop; kept eth: Not for you.", "Not for you."},
		{"not permitted", "eth", "eth up", "denied Only root may.; stop", "Only root may."},
		{"stopped", "eth", "eth up", "open; stop", "The session on eth was closed because its network was stopped."},
		{"taken down", "eth", "eth up", "open; eth down", "eth lost its link: it was taken down or lost its address."},
		{"carrier lost", "eth", "eth up", "open; eth unavailable", "eth lost its link: it has no carrier any more or went out of range."},
		{"removed", "eth", "eth up", "open; eth gone", "There is no configuration eth."},
		{"nowhere to go", "net", "eth up", "open; eth down", "net lost its link, and has no other access point to move to."},
		{"no way back", "net", "wlan up", "asks; open; eth up; prefer eth; migrate; wlan gone; reject", "net cannot return to its previous access point, which was lost meanwhile."},
		{"no answer", "net", "eth up, wlan up", "asks; open; eth down; expired",
			"net lost its link, and the application did not say in time whether to move to another access point."},
		{"nothing to choose from", "choice", "eth unavailable", "chooser; open", "There is nothing to choose from: no access point can be opened now."},
		{"declined", "choice", "eth up", "chooser; open; declined", "The session on choice was not opened: the user chose no network."},
		{"chosen, and removed", "choice", "eth up", "chooser; open; choose eth; eth gone", "There is no configuration eth."},
		{"chosen, and lost", "choice", "eth up", "chooser; open; choose eth; eth unavailable", "eth lost its link: it has no carrier any more or went out of range."},
		{"chosen, and taken down", "choice", "eth up", "chooser; open; choose eth; eth down", "eth lost its link: it was taken down or lost its address."},
		{"chosen network, nowhere to go", "choice", "eth up", "chooser; open; choose net; eth down", "net lost its link, and has no other access point to move to."},
		{"chosen network, all refused", "choice", "eth down", "chooser; open; choose net; refused eth: No.", "No."},
		{"candidate refused", "net", "eth up, wlan up", "asks; open; prefer wlan; wlan down; migrate; refused wlan: No PIN.", "No PIN."},
		{"candidate lost", "net", "eth up, wlan up", "asks; open; prefer wlan; migrate; wlan down",
			"The access point that net was moving to was lost."},
	} {
		w := newWorld(c.config, c.links)
		for _, l := range strings.Split(c.lines, "; ") {
			w.say(l)
		}
		if w.s.ErrText != c.want {
			t.Errorf("%s: %q, want %q", c.name, w.s.ErrText, c.want)
		}
	}
}

// Step does not change its argument, nor anything that the argument refers to.
func TestStepLeavesItsArgumentAlone(t *testing.T) {
	w := newWorld("net", "eth up, lte up, wlan up")
	for _, l := range []string{"asks", "open", "prefer lte", "ignore", "prefer wlan"} {
		w.say(l)
	}
	before := w.s
	one, _ := Step(before, Event{Kind: Ignore})
	before.Offer.ID = "other"
	two, _ := Step(before, Event{Kind: Ignore})
	if !one.Passed("wlan") || one.Passed("other") || two.Passed("wlan") || !two.Passed("other") || before.Passed("wlan") {
		t.Error("two copies of one session share state")
	}
}

func TestChosen(t *testing.T) {
	w := newWorld("choice", "eth down, wlan up")
	for _, c := range []struct{ what, target, chosen, active string }{
		{"chooser", "choice", "", ""},
		{"open", "choice", "", ""},
		{"choose eth", "eth", "", ""},
		{"eth up", "eth", "eth", "eth"},
		{"close", "choice", "", ""},
		{"eth down", "choice", "", ""},
		{"open", "choice", "", ""},
		{"choose net", "net", "net", "wlan"},
		{"stop", "choice", "", ""},
	} {
		w.say(c.what)
		if w.s.Target() != c.target || w.s.Chosen() != c.chosen || w.s.Active() != c.active {
			t.Errorf("%s: target %s, chosen %q, active %q", c.what, w.s.Target(), w.s.Chosen(), w.s.Active())
		}
		if w.s.Roams() != (c.target == "net") {
			t.Errorf("%s: roams %v", c.what, w.s.Roams())
		}
	}
}

// The access points that were passed over are forgotten when the session ends.
func TestPassedEndsWithTheSession(t *testing.T) {
	w := newWorld("net", "eth up, wlan up")
	for _, l := range []string{"asks", "open", "prefer wlan", "ignore"} {
		w.say(l)
	}
	if !w.s.Passed("wlan") {
		t.Error("ignored, but not passed over")
	}
	w.say("close")
	if w.s.Passed("wlan") {
		t.Error("closed, but still passed over")
	}
}

func TestSeamlessIsReported(t *testing.T) {
	s := New("net", OnNetwork, Facts{Config: LinkUp})
	s.Asks = true
	s, _ = Step(s, Event{Kind: Open, Next: AccessPoint{ID: "eth", Link: LinkUp}})
	for _, seamless := range []bool{true, false} {
		_, effects := Step(s, Event{Kind: Preferred, Next: AccessPoint{ID: "wlan", Link: LinkUp}, Seamless: seamless})
		if len(effects) != 1 || effects[0].Seamless != seamless {
			t.Errorf("seamless %v: %+v", seamless, effects)
		}
	}
}
