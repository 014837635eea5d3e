package engine

import (
	"errors"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

func TestOpenBringsTheLinkUp(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	r.want("a Connecting, start eth")
	r.set("eth starting")
	r.started("eth")
	r.want("")
	r.set("eth up")
	r.want("a opened, a Connected")
	a.Close()
	r.want("a closed, a Closing, stop eth")
	r.set("eth stopping")
	r.set("eth down")
	r.want("a Disconnected")
	r.stopped("eth")
	r.want("")
}

func TestOpenOfALinkThatIsUp(t *testing.T) {
	r := newRig(t, "eth up")
	a := r.session("a", "eth")
	a.Open()
	a.Open()
	a.Close()
	a.Close()
	r.want("a opened, a closed")
}

func TestOpenOfUnavailableConfigurations(t *testing.T) {
	r := newRig(t, "eth unavailable")
	for id, text := range map[string]string{
		"eth": "ETH cannot be opened now: it has no carrier or is out of range.",
		"x":   "There is no configuration x.", "": "The session has no configuration.",
	} {
		a := r.session("a", id)
		before := a.Snapshot().State
		a.Open()
		r.want("a error(InvalidConfigurationError)")
		if v := a.Snapshot(); v.ErrText != text || v.State != before || v.Open {
			t.Errorf("%q: %+v", id, v)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		err  error
		want session.Error
	}{
		{errors.New("no"), session.UnknownError},
		{backend.Refuse(backend.ReasonUnknown, "no"), session.UnknownError},
		{backend.Refuse(backend.ReasonNotSupported, "no"), session.NotSupportedError},
		{backend.Refuse(backend.ReasonAborted, "no"), session.AbortedError},
		{backend.Refuse(backend.ReasonNoConfiguration, "no"), session.InvalidConfigurationError},
	} {
		r := newRig(t, "eth down")
		a := r.session("a", "eth")
		a.Open()
		r.answer(backend.OpStart, "eth", c.err)
		r.want("a Connecting, start eth, a Disconnected, a error(" + c.want.String() + ")")
		if v := a.Snapshot(); v.ErrText != "no" || v.Err != c.want {
			t.Errorf("%+v", v)
		}
	}
}

func TestStopThatIsRefused(t *testing.T) {
	r := newRig(t, "eth up")
	a := r.session("a", "eth")
	a.Stop()
	r.want("a Closing, stop eth")
	r.answer(backend.OpStop, "eth", backend.Refuse(backend.ReasonNotSupported, "Not for you."))
	r.want("a Connected, a error(OperationNotSupportedError)")
}

func TestStopThatIsDenied(t *testing.T) {
	r := newRig(t, "eth up denied")
	a := r.session("a", "eth")
	a.Stop()
	r.want("a error(OperationNotSupportedError)")
	if v := a.Snapshot(); v.ErrText != "Only root may." || v.State != session.Connected {
		t.Errorf("%+v", v)
	}
}

// A backend that never answers does not keep a session for ever.
func TestConnectTimeout(t *testing.T) {
	r := newRig(t, "eth down")
	r.e.Find("eth", func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	a := r.session("a", "eth")
	a.Open()
	r.log.waitFor(t, "a error(UnknownSessionError)")
	r.want("a Connecting, start eth, a Disconnected, a error(UnknownSessionError), stop eth")
	want := "ETH did not come up within 1ms: the system has not said why."
	if text := a.Snapshot().ErrText; text != want {
		t.Errorf("%q", text)
	}
	if a.Open(); a.WaitForOpened(-1) {
		t.Error("opened without an open link")
	}
}

func TestClosingTimeout(t *testing.T) {
	r := newRig(t, "eth up")
	r.e.Find("eth", func(e *store.Entry) { e.SetConnectTimeout(time.Millisecond) })
	a := r.session("a", "eth")
	a.Stop()
	r.log.waitFor(t, "a Connected")
	r.want("a Closing, stop eth, a Connected")
}

// A timer that fires while it is being stopped has no effect.
func TestLateTimer(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	var number int
	r.onLoop(func(*loop) { number = a.timerNumber })
	a.Close()
	a.Open()
	r.onLoop(func(l *loop) { l.timerExpired(a.Session, number) })
	r.want("a Connecting, start eth, a Closing, stop eth, a Connecting, start eth")
	r.onLoop(func(l *loop) { l.timerExpired(a.Session, a.timerNumber) })
	r.want("a Disconnected, a error(UnknownSessionError), stop eth")
}

func TestTimeoutOfTheConfiguration(t *testing.T) {
	r := newRig(t, "eth down")
	a, none := r.session("a", "eth"), r.session("n", "x")
	r.onLoop(func(l *loop) {
		if l.timeout(a.Session) != bearer.DefaultConnectTimeout || l.timeout(none.Session) != bearer.DefaultConnectTimeout {
			t.Error("not the default")
		}
	})
	r.e.Find("eth", func(e *store.Entry) { e.SetConnectTimeout(time.Hour) })
	r.onLoop(func(l *loop) {
		if l.timeout(a.Session) != time.Hour {
			t.Error("the timeout that was set is not used")
		}
	})
	r.e.Find("eth", func(e *store.Entry) { e.SetConnectTimeout(0) })
	r.onLoop(func(l *loop) {
		if l.timeout(a.Session) != bearer.DefaultConnectTimeout {
			t.Error("the default is not restored")
		}
	})
}

func TestWhyExpired(t *testing.T) {
	for words, want := range map[string]string{
		"eth unavailable": "it has no carrier or is out of range",
		"eth down":        "the system has not said why",
		"eth starting":    "the system has not said why",
	} {
		if c := storetest.AccessPoint(words); whyExpired(&c) != want {
			t.Errorf("%s: %s", words, whyExpired(&c))
		}
	}
	waits := storetest.AccessPoint("eth down")
	waits.Up = true
	if got := whyExpired(&waits); got != "its link got no address; check that something configures addresses on it" {
		t.Error(got)
	}
	if got := whyExpired(nil); got != "it does not exist any more" {
		t.Error(got)
	}
}

// The last holder of a link that a session started takes the link down.
func TestSessionsAreCounted(t *testing.T) {
	r := newRig(t, "eth down")
	a, b := r.session("a", "eth"), r.session("b", "eth")
	a.Open()
	b.Open()
	r.want("a Connecting, start eth, b Connecting")
	r.set("eth up")
	r.started("eth")
	r.want("a opened, a Connected, b opened, b Connected")
	a.Close()
	r.want("a closed")
	b.Close()
	r.want("b closed, b Closing, stop eth")
	r.set("eth down")
	r.want("a Disconnected, b Disconnected")
}

func TestALinkThatTheSystemHadUpStaysUp(t *testing.T) {
	r := newRig(t, "eth up")
	a, b := r.session("a", "eth"), r.session("b", "eth")
	a.Open()
	b.Open()
	a.Close()
	b.Close()
	r.want("a opened, b opened, a closed, b closed")
}

func TestLiteralClose(t *testing.T) {
	r := parked(t, "eth up", func(_ *rig, o *Options) { o.LiteralClose = true })
	r.run()
	a, b := r.session("a", "eth"), r.session("b", "eth")
	a.Open()
	b.Open()
	a.Close()
	r.want("a opened, b opened, a closed")
	b.Close()
	r.want("b closed, b Closing, stop eth")
}

func TestStopAbortsEveryOtherSession(t *testing.T) {
	r := newRig(t, "eth up, wlan up")
	a, b, c := r.session("a", "eth"), r.session("b", "eth"), r.session("c", "eth")
	other, roamer := r.session("o", "wlan"), r.session("n", bearer.InternetID)
	for _, s := range []*probe{a, b, other, roamer} {
		s.Open()
	}
	r.want("a opened, b opened, o opened, n opened")
	c.Stop()
	r.want("c Closing, a closed, a error(SessionAbortedError), b closed, b error(SessionAbortedError), " +
		"n closed, n error(SessionAbortedError), stop eth")
	r.set("eth down")
	r.want("a Disconnected, b Disconnected, c Disconnected")
}

func TestStopByAnOpenSession(t *testing.T) {
	r := newRig(t, "eth up")
	a, b := r.session("a", "eth"), r.session("b", "eth")
	a.Open()
	b.Open()
	r.want("a opened, b opened")
	a.Stop()
	r.want("a Closing, a closed, a error(SessionAbortedError), b closed, b error(SessionAbortedError), stop eth")
	r.set("eth down")
	r.want("a Disconnected, b Disconnected")
}

func TestStopWithdrawsAnAttempt(t *testing.T) {
	r := newRig(t, "eth down")
	a, b := r.session("a", "eth"), r.session("b", "eth")
	a.Open()
	b.Stop()
	r.want("a Connecting, start eth, b Closing, a Disconnected, a error(SessionAbortedError), stop eth")
	r.answer(backend.OpStart, "eth", errors.New("withdrawn"))
	r.stopped("eth")
	r.want("b Disconnected")
}

// A session that opens a link which another session has just released gets the link
// started again, and does not use the link that is going down.
func TestOpenWhileAnotherOneStops(t *testing.T) {
	r := newRig(t, "eth down")
	a, b := r.session("a", "eth"), r.session("b", "eth")
	a.Open()
	r.set("eth up")
	r.started("eth")
	r.want("a Connecting, start eth, a opened, a Connected, b Connected")
	a.Close()
	b.Open()
	r.want("a closed, a Closing, stop eth, b Connecting, start eth")
	r.set("eth up online")
	r.want("")
	r.stopped("eth")
	r.want("b opened, b Connected, a Connected")
	r.started("eth")
	b.Close()
	r.want("b closed, b Closing, stop eth")
}

// The answer to a start that was withdrawn does not fail the next one.
func TestSupersededAnswers(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	a.Close()
	a.Open()
	r.want("a Connecting, start eth, a Closing, stop eth, a Connecting, start eth")
	r.answer(backend.OpStart, "eth", errors.New("withdrawn"))
	r.stopped("eth")
	r.want("")
	r.set("eth up")
	r.started("eth")
	r.want("a opened, a Connected")
	a.Close()
	a.Open()
	a.Close()
	r.want("a closed, a Closing, stop eth, a Connecting, start eth, a Closing, stop eth")
	r.stopped("eth")
	r.answer(backend.OpStart, "eth", errors.New("withdrawn"))
	r.want("")
	r.set("eth down")
	r.want("a Disconnected")
	r.stopped("eth")
	r.want("")
	r.onLoop(func(l *loop) {
		if n := l.links.Pending(); n != 0 {
			t.Errorf("%d access points with commands under way", n)
		}
	})
}

func TestUnexpectedAnswersAreIgnored(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	r.answer(backend.OpStart, "eth", errors.New("no"))
	r.stopped("eth")
	r.answer(backend.OpRefresh, "", nil)
	r.answer(backend.OpStart, "x", nil)
	r.want("")
	a.Open()
	r.want("a Connecting, start eth")
	r.stopped("eth")
	r.want("")
}

func TestLinkLost(t *testing.T) {
	r := newRig(t, "eth up")
	a := r.session("a", "eth")
	a.Open()
	r.set("eth unavailable")
	r.want("a opened, a closed, a error(SessionAbortedError), a NotAvailable")
	r.set("eth down")
	r.want("a Disconnected")
}

// The sessions of a configuration that comes back follow it again.
func TestConfigurationGoneAndBack(t *testing.T) {
	r := newRig(t, "eth up")
	a := r.session("a", "eth")
	a.Open()
	r.set("eth gone")
	r.want("a opened, a closed, a Invalid, a error(InvalidConfigurationError)")
	a.Open()
	r.want("a error(InvalidConfigurationError)")
	r.set("eth down")
	r.want("a Disconnected")
	a.Open()
	r.want("a Connecting, start eth")
	r.set("eth up")
	r.want("a opened, a Connected")
	a.Close()
	r.want("a closed, a Closing, stop eth")
}

func TestARemovedConfigurationForgetsItsOwner(t *testing.T) {
	r := newRig(t, "eth down")
	n := r.session("n", bearer.InternetID)
	n.Open()
	r.set("eth up")
	r.set("eth gone")
	r.set("eth up")
	r.log.take()
	a := r.session("a", "eth")
	a.Open()
	a.Close()
	r.want("a opened, a closed")
}

func TestALostAndRemovedConfigurationForgetsItsOwner(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	r.set("eth up")
	r.set("eth unavailable")
	r.set("eth gone")
	r.set("eth up")
	r.log.take()
	a.Open()
	a.Close()
	r.want("a opened, a closed")
}

// A link that lost its carrier under a session that had started it goes down
// with the next last holder.
func TestTheOwnerIsRememberedOverALoss(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	r.set("eth up")
	r.set("eth unavailable raised")
	r.set("eth up")
	r.log.take()
	a.Open()
	a.Close()
	r.want("a opened, a closed, a Closing, stop eth")
}

func TestASessionThatIsNotOpenFollows(t *testing.T) {
	r := newRig(t, "")
	a := r.session("a", "eth")
	if v := a.Snapshot(); v.State != session.Invalid || v.Err != session.InvalidConfigurationError {
		t.Errorf("%+v", v)
	}
	for _, c := range []struct{ links, want string }{
		{"eth unavailable", "a NotAvailable"}, {"eth down", "a Disconnected"}, {"eth starting", "a Connecting"},
		{"eth up", "a Connected"}, {"eth up online", ""}, {"eth stopping", "a Closing"}, {"eth down", "a Disconnected"},
		{"wlan up", ""},
	} {
		r.set(c.links)
		r.want(c.want)
	}
}

func TestView(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	if v := a.Snapshot(); v.Interface != "" || v.Index != 0 || !v.Since.IsZero() || v.Active != "" {
		t.Errorf("down: %+v", v)
	}
	r.set("eth up")
	v := a.Snapshot()
	if v.Interface != "eth" || v.Index != 3 || v.Since.IsZero() || v.Active != "" {
		t.Errorf("up: %+v", v)
	}
	a.Open()
	r.set("eth up online")
	if w := a.Snapshot(); w.Since != v.Since || w.Active != "eth" || !w.Open {
		t.Errorf("open: %+v", w)
	}
	r.mu.Lock()
	c := storetest.AccessPoint("eth up")
	c.Interface, c.Index = "lan", 9
	r.mu.Unlock()
	r.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
	r.sync()
	if w := a.Snapshot(); w.Interface != "lan" || w.Index != 9 {
		t.Errorf("renamed: %+v", w)
	}
	r.set("eth stopping")
	if w := a.Snapshot(); w.Interface != "" || w.Active != "eth" || w.State != session.Closing {
		t.Errorf("going down: %+v", w)
	}
}

func TestPolicies(t *testing.T) {
	r := newRig(t, "eth up, wlan down metered")
	a := r.session("a", "eth")
	if w := r.session("w", "wlan"); w.Snapshot().Policies != session.NoBackgroundTraffic {
		t.Error("a metered link restricts nothing")
	}
	r.set("eth up metered")
	r.set("eth up metered online")
	r.set("eth up abroad")
	r.want("a policies(1)")
	r.set("eth up")
	r.want("a policies(0)")
	if a.Snapshot().Policies != 0 {
		t.Error("not published")
	}
}

func TestPoliciesFollowTheAccessPointInUse(t *testing.T) {
	r := newRig(t, "wlan up metered")
	n := r.session("n", bearer.InternetID)
	r.want("")
	n.Open()
	r.want("n opened, n policies(1)")
	r.set("eth up")
	r.want("n Roaming, n newConfigurationActivated, n Connected, n policies(0)")
	n.Close()
	r.want("n closed")
}

func TestCounters(t *testing.T) {
	r := newRig(t, "eth up, wlan up, lte up private, dsl down")
	for i, id := range []string{"eth", "wlan", "lte", "dsl"} {
		r.counters[id] = backend.Counters{Received: 1 << (40 + i), Written: 1 << i}
	}
	for id, want := range map[string]backend.Counters{
		"eth": {Received: 1 << 40, Written: 1}, "lte": {Received: 1 << 42, Written: 4}, "dsl": {}, "x": {},
		bearer.InternetID: {Received: 3 << 40, Written: 3},
	} {
		if got := r.session("a", id).Counters(); got != want {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	r.mu.Lock()
	delete(r.counters, "wlan")
	r.mu.Unlock()
	if got := r.session("a", bearer.InternetID).Counters(); got.Written != 1 {
		t.Errorf("counters that cannot be read: %+v", got)
	}
}

// Readers see the values first, then the listener gets the event, then the backend the
// command.
func TestPublishEventCommand(t *testing.T) {
	r := newRig(t, "eth down")
	states := map[string]SessionSnapshot{}
	order := ordered{&probe{name: "a", log: r.log}, states}
	s, err := r.e.NewSession("eth", func(s *Session) SessionListener {
		order.probe.Session = s
		return order
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Free()
	s.Open()
	r.want("a Connecting, start eth")
	r.set("eth up")
	r.sync()
	if !states["opened"].Open || states["opened"].State != session.Connected {
		t.Errorf("at opened: %+v", states["opened"])
	}
}

// ordered remembers what readers saw at each event.
type ordered struct {
	*probe
	at map[string]SessionSnapshot
}

func (o ordered) Event(e session.Effect) {
	o.at[e.Kind.String()] = o.probe.Snapshot()
	o.probe.Event(e)
}

func TestFreeReleases(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	r.set("eth up")
	r.want("a Connecting, start eth, a opened, a Connected")
	a.Free()
	r.want("stop eth")
	a.Open()
	a.Stop()
	a.SetApplicationRoaming(true)
	a.Free()
	r.set("eth down")
	r.want("")
}

func TestFreeWithdraws(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	a.Open()
	a.Free()
	a.Close()
	r.want("a Connecting, start eth, stop eth")
}

// Calls that were queued behind Free do nothing, nor do timers.
func TestFreedWithMessagesQueued(t *testing.T) {
	r := newRig(t, "eth down")
	a := r.session("a", "eth")
	hold := make(chan struct{})
	r.e.post(func(*loop) { <-hold })
	a.Free()
	a.Open()
	a.SetApplicationRoaming(true)
	soon := "0"
	a.SetProperty(AutoCloseSessionTimeout, &soon)
	answer := make(chan bool)
	go func() { answer <- a.WaitForOpened(-1) }()
	close(hold)
	select {
	case open := <-answer:
		if open {
			t.Error("opened after it was freed")
		}
	case <-time.After(bound):
		t.Fatal("a wait for a freed session does not end")
	}
	r.want("")
	r.onLoop(func(l *loop) {
		if len(l.bound) != 0 || l.roamers.Len() != 0 {
			t.Error("a freed session is still listed")
		}
	})
}

func TestWaitForOpened(t *testing.T) {
	r := newRig(t, "eth down, wlan up")
	a, b := r.session("a", "eth"), r.session("b", "wlan")
	if a.WaitForOpened(-1) || a.WaitForOpened(0) {
		t.Error("not opening, but it waits")
	}
	if b.Open(); !b.WaitForOpened(-1) || !b.WaitForOpened(bound) {
		t.Error("open, but reported as not open")
	}
	if a.IsOpening() || b.IsOpening() {
		t.Error("opening, where no open is under way")
	}
	a.Open()
	if !a.IsOpening() {
		t.Error("not opening after open")
	}
	if a.WaitForOpened(time.Millisecond) {
		t.Error("opened by nobody")
	}
	answers := make(chan bool, 3)
	for _, limit := range []time.Duration{-1, bound, bound} {
		go func() { answers <- a.WaitForOpened(limit) }()
	}
	for n := 0; n < 4; {
		r.onLoop(func(*loop) { n = len(a.waiters) }) // one wait timed out and is still listed
	}
	r.set("eth up")
	for i := 0; i < 3; i++ {
		if !<-answers {
			t.Error("opened, but the wait reports that it is not")
		}
	}
}

func TestWaitOpenedEndsWithAFailure(t *testing.T) {
	for name, end := range map[string]func(*rig, *probe){
		"refused": func(r *rig, _ *probe) { r.answer(backend.OpStart, "eth", errors.New("no")) },
		"closed":  func(_ *rig, a *probe) { a.Close() },
		"stopped": func(_ *rig, a *probe) { a.Stop() },
		"freed":   func(_ *rig, a *probe) { a.Free() },
		"removed": func(r *rig, _ *probe) { r.set("eth gone") },
	} {
		r := newRig(t, "eth down")
		a := r.session("a", "eth")
		a.Open()
		answer := make(chan bool, 1)
		go func() { answer <- a.WaitForOpened(-1) }()
		for n := 0; n < 1; {
			r.onLoop(func(*loop) { n = len(a.waiters) })
		}
		end(r, a)
		if <-answer {
			t.Errorf("%s: opened", name)
		}
	}
}

// The error says why a configuration was removed, and says nothing once it exists again.
func TestErrorOfAMissingConfiguration(t *testing.T) {
	r := parked(t, "eth up", func(_ *rig, o *Options) { o.Publisher = &memory{keep: true} })
	r.run()
	s := r.session("s", "eth")
	s.Open()
	r.want("s opened")
	r.lose("eth", "its daemon died")
	r.want("s closed, s Invalid, s error(InvalidConfigurationError)")
	const text = "There is no configuration ETH: its daemon died."
	if got := s.Snapshot().ErrText; got != text {
		t.Error(got)
	}
	s.Open()
	r.want("s error(InvalidConfigurationError)")
	if got, later := s.Snapshot().ErrText, r.session("later", "eth").Snapshot().ErrText; got != text || later != text {
		t.Errorf("%q, %q", got, later)
	}
	r.set("eth up")
	r.log.take()
	r.set("eth gone")
	if got := s.Snapshot().ErrText; got != "There is no configuration ETH." {
		t.Error(got)
	}
}
