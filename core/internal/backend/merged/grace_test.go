package merged

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// phase is how far a configuration is.
type phase struct {
	state    bearer.State
	progress bearer.Progress
}

// lapse lets every grace be over.
func (w *world) lapse() {
	w.merged.mu.Lock()
	graces := make(map[string]*grace)
	for id, g := range w.merged.graces {
		graces[id] = g
	}
	w.merged.mu.Unlock()
	for id, g := range graces {
		w.merged.giveUp(id, g)
	}
	for i, s := range w.merged.sources {
		part{w.merged, s, i + 1}.missed(s.absence)
	}
}

// office begins with a link that has an address, and a daemon's profile on it that is
// Active.
func office(t *testing.T) *world {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	w.wantPhase(phase{state: bearer.Active})
	return w
}

// becomes reports the kernel's word about the link.
func (w *world) becomes(state bearer.State) {
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", state)}})
}

// says reports the daemon's word about the profile.
func (w *world) says(p phase) {
	c := profile("office", "eth0", p.state)
	c.Progress = p.progress
	w.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
}

func (w *world) wantPhase(want phase) {
	w.t.Helper()
	if c := w.get("nm:office"); (phase{c.State, c.Progress}) != want {
		w.t.Errorf("the profile is %v %v, want %v", c.State, c.Progress, want)
	}
}

func (w *world) wantCommands(want ...string) {
	w.t.Helper()
	for _, command := range want {
		if got := <-w.nm.commands; got != command {
			w.t.Fatalf("the daemon got %q, want %q", got, command)
		}
	}
	if len(w.nm.commands) > 0 {
		w.t.Errorf("the daemon got %q, too", <-w.nm.commands)
	}
}

func TestAnAddressIsTakenAway(t *testing.T) {
	w := office(t)
	w.becomes(bearer.Discovered)
	w.wantPhase(phase{state: bearer.Active})
	w.lapse()
	w.wantPhase(phase{state: bearer.Discovered})
	w.becomes(bearer.Discovered) // something else changed
	w.says(phase{state: bearer.Active})
	w.wantPhase(phase{state: bearer.Discovered})
	w.becomes(bearer.Active)
	w.wantPhase(phase{state: bearer.Active})
	if c := w.get("nm:office"); len(c.Addresses) != 1 || !c.DefaultRoute {
		t.Errorf("the address is back, and it lacks facts: %+v", c)
	}
}

func TestAnAddressIsReplaced(t *testing.T) {
	w := office(t)
	for i := 0; i < 3; i++ {
		w.becomes(bearer.Discovered)
		w.wantPhase(phase{state: bearer.Active})
		w.becomes(bearer.Active)
		w.wantPhase(phase{state: bearer.Active})
	}
	w.wantTrust()
}

// wantTrust makes sure that nothing is told when a grace is over.
func (w *world) wantTrust() {
	w.t.Helper()
	w.merged.mu.Lock()
	defer w.merged.mu.Unlock()
	if len(w.merged.graces) > 0 {
		w.t.Errorf("there are graces left: %v", w.merged.graces)
	}
}

// The daemon's word that the profile is up may be faster than the kernel's that the
// address is there.
func TestAnAddressIsHeardOfLate(t *testing.T) {
	for _, before := range []phase{
		{bearer.Discovered, bearer.Connecting}, {bearer.Discovered, bearer.Settled}, {bearer.Defined, bearer.Settled},
	} {
		w := newWorld(t)
		w.begin(link("eth0", bearer.Discovered))
		w.says(before)
		w.says(phase{state: bearer.Active})
		w.wantPhase(before)
		w.becomes(bearer.Active)
		w.wantPhase(phase{state: bearer.Active})
		w.wantTrust()
	}
}

// A tunnel has its carrier, and shows up at all, after its daemon calls it up.
func TestACarrierIsHeardOfLate(t *testing.T) {
	for name, c := range map[string]bearer.Configuration{"no carrier": link("eth0", bearer.Defined), "no link": {}} {
		w := newWorld(t)
		if w.begin(); c.ID != "" {
			w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
		}
		starting := phase{bearer.Discovered, bearer.Connecting}
		w.says(starting)
		w.says(phase{state: bearer.Active})
		if c := w.get("nm:office"); (phase{c.State, c.Progress}) != starting {
			t.Errorf("%s: %v %v", name, c.State, c.Progress)
		}
		w.becomes(bearer.Active)
		w.wantPhase(phase{state: bearer.Active})
		w.wantTrust()
	}
}

// A cable is pulled: the daemon takes the network down, which is no stop.
func TestADaemonFollowsALostCarrier(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	closing := profile("office", "eth0", bearer.Discovered)
	closing.Bearer, closing.Progress = bearer.BearerEthernet, bearer.Closing
	w.nm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{closing}, Managed: bearer.Interfaces("eth0")})
	w.wantPhase(phase{bearer.Discovered, bearer.Closing})
	w.becomes(bearer.Defined)
	w.wantPhase(phase{state: bearer.Defined})
}

// What a daemon takes over when it is started again may never get an address.
func TestAnAddressIsNotThereFromTheBeginning(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Discovered))
	w.says(phase{state: bearer.Active})
	w.wantPhase(phase{state: bearer.Discovered})
	w.becomes(bearer.Active)
	w.wantPhase(phase{state: bearer.Active})
}

func TestAnAddressIsNotNeeded(t *testing.T) {
	w := office(t)
	c := profile("office", "eth0", bearer.Active)
	c.AddressOptional = true
	w.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
	w.becomes(bearer.Discovered)
	w.wantPhase(phase{state: bearer.Active})
	w.lapse()
	w.wantPhase(phase{state: bearer.Active})
}

// A daemon takes addresses away before it says that it is closing, and may go away
// itself.
func TestAGraceEndsEarly(t *testing.T) {
	closing := phase{bearer.Discovered, bearer.Closing}
	for name, end := range map[string]func(*world){
		"closing": func(w *world) {
			w.says(closing)
			w.wantPhase(closing)
		},
		"gone": func(w *world) {
			w.nm.sink.Report(bearer.Batch{Gone: []string{"nm:office"}})
			w.wantPhase(phase{})
		},
		"away": func(w *world) {
			absent(w.nm)
			w.lapse()
			w.wantPhase(phase{})
		},
		"without its link": func(w *world) {
			w.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
			w.wantPhase(phase{state: bearer.Defined})
		},
		"set down": func(w *world) {
			down := link("eth0", bearer.Discovered)
			down.Up = false
			w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{down}})
			w.wantPhase(phase{state: bearer.Defined})
		},
		"given up by the daemon": func(w *world) {
			w.says(phase{state: bearer.Discovered})
			w.wantPhase(phase{state: bearer.Discovered})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := office(t)
			w.becomes(bearer.Discovered)
			end(w)
			w.wantTrust()
		})
	}
}

// To a daemon it is up, so that only a stop makes a start do anything.
func TestStartOfWhatHasLostItsAddress(t *testing.T) {
	w := office(t)
	w.becomes(bearer.Discovered)
	w.merged.Start("nm:office")
	w.wantCommands("nm start nm:office") // perhaps it is being replaced
	w.lapse()
	w.wantPhase(phase{state: bearer.Discovered})
	w.merged.Start("nm:office")
	w.merged.Start("nm:office")
	w.wantCommands("nm stop nm:office", "nm start nm:office", "nm stop nm:office", "nm start nm:office")
	w.says(phase{bearer.Discovered, bearer.Closing})
	w.merged.Stop("nm:office")
	w.merged.Start("nm:office")
	w.wantCommands("nm stop nm:office", "nm start nm:office")

	for i := 0; i < 3; i++ {
		w.nm.sink.Done(backend.Answer{Op: backend.OpStop, ID: "nm:office", Err: nil})
		w.nm.sink.Done(backend.Answer{Op: backend.OpStart, ID: "nm:office", Err: nil})
	}
	stops := 0
	for _, answer := range w.done {
		if answer == "1 nm:office <nil>" {
			stops++
		}
	}
	if stops != 1 || len(w.done) != 4 {
		t.Errorf("one stop and three starts were asked for; answered: %q", w.done)
	}
}

// A link that the kernel alone knows has the same patience.
func TestTheKernelsLinks(t *testing.T) {
	for _, c := range []struct {
		name string
		lost func(*bearer.Configuration)
		want bearer.State
	}{
		{"no carrier", func(c *bearer.Configuration) { c.State = bearer.Defined }, bearer.Defined},
		{"no address", func(c *bearer.Configuration) { c.State = bearer.Discovered }, bearer.Discovered},
	} {
		w := newWorld(t)
		w.begin(link("eth0", bearer.Active))
		now := link("eth0", bearer.Active)
		now.DefaultRoute, now.Preferred, now.Addresses = false, false, nil
		c.lost(&now)
		w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{now}})
		if got := w.get("link:eth0"); got.State != bearer.Active || !got.Faltering || !got.Online() || len(got.Addresses) != 1 {
			t.Errorf("%s, in the grace: %+v", c.name, got)
		}
		w.lapse()
		if got := w.get("link:eth0"); got.State != c.want || got.Faltering || got.DefaultRoute {
			t.Errorf("%s, after the grace: %+v", c.name, got)
		}
		w.becomes(bearer.Active)
		if got := w.get("link:eth0"); !got.Equal(ptr(link("eth0", bearer.Active))) {
			t.Errorf("%s, and back: %+v", c.name, got)
		}
		w.wantTrust()
	}
}

func ptr(c bearer.Configuration) *bearer.Configuration { return &c }

// A route is replaced by taking the old one away first, as a rule.
func TestAWayOutIsLost(t *testing.T) {
	w := office(t)
	now := link("eth0", bearer.Active)
	now.DefaultRoute, now.Preferred, now.Metric = false, false, 0
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{now}})
	if c := w.get("nm:office"); !c.Online() || !c.Faltering || c.Metric != 100 {
		t.Errorf("in the grace: %+v", c)
	}
	w.lapse()
	if c := w.get("nm:office"); c.Online() || c.Faltering || c.State != bearer.Active {
		t.Errorf("after the grace: %+v", c)
	}
}

// While routes are replaced one after another, there may be no link for a moment by
// which packets leave; once there is another, that is the way.
func TestPacketsLeaveByNothingForAMoment(t *testing.T) {
	w := office(t)
	other := link("usb0", bearer.Active)
	other.Preferred = false
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{other}})
	now := link("eth0", bearer.Active)
	now.Preferred = false
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{now}})
	if c := w.get("nm:office"); !c.Online() {
		t.Errorf("in the grace: %+v", c)
	}
	other.Preferred = true
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{other, now}})
	if c := w.get("nm:office"); c.Preferred || c.Faltering {
		t.Errorf("packets leave by another link: %+v", c)
	}
	w.wantTrust()
}

// A daemon starts a network anew: what was up is waited for.
func TestANetworkIsStartedAnew(t *testing.T) {
	w := office(t)
	first := profile("office", "eth0", bearer.Active)
	first.Activation = "1"
	w.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{first}})
	w.becomes(bearer.Discovered) // its address goes meanwhile
	w.says(phase{bearer.Discovered, bearer.Connecting})
	w.wantPhase(phase{state: bearer.Active})
	if c := w.get("nm:office"); c.Activation != "1" {
		t.Errorf("it is forgotten which activation there was: %+v", c)
	}
	w.says(phase{state: bearer.Active})
	w.becomes(bearer.Active)
	w.wantPhase(phase{state: bearer.Active})
	w.wantTrust()
}

// How long depends on what carries the link.
func TestTheGraceIsLongerForARadio(t *testing.T) {
	p := patience{cable: 1, radio: 2}
	for b, want := range map[bearer.BearerType]time.Duration{
		bearer.BearerEthernet: 1, bearer.BearerUnknown: 1, bearer.BearerWLAN: 2, bearer.BearerLTE: 2, bearer.BearerBluetooth: 2,
	} {
		if got := p.of(&bearer.Configuration{Bearer: b}); got != want {
			t.Errorf("%v: %d", b, got)
		}
	}
	if got := p.of(&bearer.Configuration{Role: bearer.Tunnel}); got != 2 {
		t.Errorf("a tunnel: %d", got)
	}
	if usual.cable >= usual.radio {
		t.Error("a cable has more time than a radio")
	}
}

// A link that was swapped with another is a link lost.
func TestALinkThatIsAnotherOne(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	other := link("eth0", bearer.Discovered)
	other.Index, other.Hardware = 8, "02:00:00:00:00:08"
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{other}})
	if got := w.get("link:eth0"); got.State != bearer.Discovered || got.Faltering {
		t.Errorf("%+v", got)
	}
}

func TestADaemonStaysAway(t *testing.T) {
	w := office(t)
	absent(w.nm)
	w.becomes(bearer.Defined) // the kernel is heard all the while
	w.merged.Start("nm:office")
	w.wantCommands("nm start nm:office") // which says what is so
	w.lapse()
	w.expect("link:eth0")
}

func TestEndOfRunEndsGraces(t *testing.T) {
	w := office(t)
	w.becomes(bearer.Defined)
	absent(w.nm)
	w.merged.endGraces()
	w.wantTrust()
}
