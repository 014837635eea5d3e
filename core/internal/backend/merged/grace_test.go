package merged

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestAnAddressIsTakenAway(t *testing.T) {
	r := office(t)
	r.setLink(bearer.Discovered)
	r.wantPhase(phase{state: bearer.Active})
	r.expireGrace()
	r.wantPhase(phase{state: bearer.Discovered})
	r.setLink(bearer.Discovered) // another property has changed
	r.setProfile(phase{state: bearer.Active})
	r.wantPhase(phase{state: bearer.Discovered})
	r.setLink(bearer.Active)
	r.wantPhase(phase{state: bearer.Active})
	if c := r.get("nm:office"); len(c.Addresses) != 1 || !c.DefaultRoute {
		t.Errorf("the address is back, and it lacks facts: %+v", c)
	}
}

func TestAnAddressIsReplaced(t *testing.T) {
	r := office(t)
	for i := 0; i < 3; i++ {
		r.setLink(bearer.Discovered)
		r.wantPhase(phase{state: bearer.Active})
		r.setLink(bearer.Active)
		r.wantPhase(phase{state: bearer.Active})
	}
	r.wantNoChangeAfterGrace()
}

// The daemon may report that the profile is up before the kernel reports the
// address.
func TestTheKernelReportsAnAddressLate(t *testing.T) {
	for _, before := range []phase{
		{bearer.Discovered, bearer.Connecting}, {bearer.Discovered, bearer.Settled}, {bearer.Defined, bearer.Settled},
	} {
		r := newRig(t)
		r.begin(link("eth0", bearer.Discovered))
		r.setProfile(before)
		r.setProfile(phase{state: bearer.Active})
		r.wantPhase(before)
		r.setLink(bearer.Active)
		r.wantPhase(phase{state: bearer.Active})
		r.wantNoChangeAfterGrace()
	}
}

// A tunnel appears, and gets its carrier, after its daemon reports it as up.
func TestTheKernelReportsACarrierLate(t *testing.T) {
	for name, c := range map[string]bearer.Configuration{"no carrier": link("eth0", bearer.Defined), "no link": {}} {
		r := newRig(t)
		if r.begin(); c.ID != "" {
			r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
		}
		starting := phase{bearer.Discovered, bearer.Connecting}
		r.setProfile(starting)
		r.setProfile(phase{state: bearer.Active})
		if c := r.get("nm:office"); (phase{c.State, c.Progress}) != starting {
			t.Errorf("%s: %v %v", name, c.State, c.Progress)
		}
		r.setLink(bearer.Active)
		r.wantPhase(phase{state: bearer.Active})
		r.wantNoChangeAfterGrace()
	}
}

// A cable is pulled: the daemon takes the network down, which does not count as a stop.
func TestADaemonFollowsALostCarrier(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	closing := profile("office", "eth0", bearer.Discovered)
	closing.Bearer, closing.Progress = bearer.BearerEthernet, bearer.Closing
	r.nm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{closing}, Managed: bearer.Interfaces("eth0")})
	r.wantPhase(phase{bearer.Discovered, bearer.Closing})
	r.setLink(bearer.Defined)
	r.wantPhase(phase{state: bearer.Defined})
}

// A configuration that a restarted daemon takes over may never get an address.
func TestAnAddressIsNotThereFromTheBeginning(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Discovered))
	r.setProfile(phase{state: bearer.Active})
	r.wantPhase(phase{state: bearer.Discovered})
	r.setLink(bearer.Active)
	r.wantPhase(phase{state: bearer.Active})
}

func TestAnAddressIsNotNeeded(t *testing.T) {
	r := office(t)
	c := profile("office", "eth0", bearer.Active)
	c.AddressOptional = true
	r.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
	r.setLink(bearer.Discovered)
	r.wantPhase(phase{state: bearer.Active})
	r.expireGrace()
	r.wantPhase(phase{state: bearer.Active})
}

// A daemon removes addresses before it reports that it is closing, and may go
// away itself.
func TestTheGraceEndsEarly(t *testing.T) {
	closing := phase{bearer.Discovered, bearer.Closing}
	for name, end := range map[string]func(*rig){
		"closing": func(r *rig) {
			r.setProfile(closing)
			r.wantPhase(closing)
		},
		"gone": func(r *rig) {
			r.nm.sink.Report(bearer.Batch{Gone: []string{"nm:office"}})
			r.wantPhase(phase{})
		},
		"away": func(r *rig) {
			absent(r.nm)
			r.expireGrace()
			r.wantPhase(phase{})
		},
		"without its link": func(r *rig) {
			r.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
			r.wantPhase(phase{state: bearer.Defined})
		},
		"set down": func(r *rig) {
			down := link("eth0", bearer.Discovered)
			down.Up = false
			r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{down}})
			r.wantPhase(phase{state: bearer.Defined})
		},
		"given up by the daemon": func(r *rig) {
			r.setProfile(phase{state: bearer.Discovered})
			r.wantPhase(phase{state: bearer.Discovered})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := office(t)
			r.setLink(bearer.Discovered)
			end(r)
			r.wantNoChangeAfterGrace()
		})
	}
}

// The daemon considers the profile up, so that a start has an effect only after a stop.
func TestStartOfAProfileThatHasLostItsAddress(t *testing.T) {
	r := office(t)
	r.setLink(bearer.Discovered)
	r.merged.Start("nm:office")
	r.wantCommands("nm start nm:office") // it may be about to be replaced
	r.expireGrace()
	r.wantPhase(phase{state: bearer.Discovered})
	r.merged.Start("nm:office")
	r.merged.Start("nm:office")
	r.wantCommands("nm stop nm:office", "nm start nm:office", "nm stop nm:office", "nm start nm:office")
	r.setProfile(phase{bearer.Discovered, bearer.Closing})
	r.merged.Stop("nm:office")
	r.merged.Start("nm:office")
	r.wantCommands("nm stop nm:office", "nm start nm:office")

	for i := 0; i < 3; i++ {
		r.nm.sink.Done(backend.Answer{Op: backend.OpStop, ID: "nm:office", Err: nil})
		r.nm.sink.Done(backend.Answer{Op: backend.OpStart, ID: "nm:office", Err: nil})
	}
	stops := 0
	for _, answer := range r.done {
		if answer == "1 nm:office <nil>" {
			stops++
		}
	}
	if stops != 1 || len(r.done) != 4 {
		t.Errorf("one stop and three starts were asked for; answered: %q", r.done)
	}
}

// A link without a daemon has the same grace.
func TestTheKernelsLinks(t *testing.T) {
	for _, c := range []struct {
		name string
		lost func(*bearer.Configuration)
		want bearer.State
	}{
		{"no carrier", func(c *bearer.Configuration) { c.State = bearer.Defined }, bearer.Defined},
		{"no address", func(c *bearer.Configuration) { c.State = bearer.Discovered }, bearer.Discovered},
	} {
		r := newRig(t)
		r.begin(link("eth0", bearer.Active))
		now := link("eth0", bearer.Active)
		now.DefaultRoute, now.Preferred, now.Addresses = false, false, nil
		c.lost(&now)
		r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{now}})
		if got := r.get("link:eth0"); got.State != bearer.Active || !got.Faltering || !got.Online() || len(got.Addresses) != 1 {
			t.Errorf("%s, in the grace: %+v", c.name, got)
		}
		r.expireGrace()
		if got := r.get("link:eth0"); got.State != c.want || got.Faltering || got.DefaultRoute {
			t.Errorf("%s, after the grace: %+v", c.name, got)
		}
		r.setLink(bearer.Active)
		if got := r.get("link:eth0"); !got.Equal(ptr(link("eth0", bearer.Active))) {
			t.Errorf("%s, and back: %+v", c.name, got)
		}
		r.wantNoChangeAfterGrace()
	}
}

// A route is usually replaced by deleting the old one first.
func TestTheDefaultRouteIsLost(t *testing.T) {
	r := office(t)
	now := link("eth0", bearer.Active)
	now.DefaultRoute, now.Preferred, now.Metric = false, false, 0
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{now}})
	if c := r.get("nm:office"); !c.Online() || !c.Faltering || c.Metric != 100 {
		t.Errorf("in the grace: %+v", c)
	}
	r.expireGrace()
	if c := r.get("nm:office"); c.Online() || c.Faltering || c.State != bearer.Active {
		t.Errorf("after the grace: %+v", c)
	}
}

// While routes are replaced one after another, packets may leave by no link for
// a moment. Once they leave by another link, that link is preferred.
func TestPacketsLeaveByNothingForAMoment(t *testing.T) {
	r := office(t)
	other := link("usb0", bearer.Active)
	other.Preferred = false
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{other}})
	now := link("eth0", bearer.Active)
	now.Preferred = false
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{now}})
	if c := r.get("nm:office"); !c.Online() {
		t.Errorf("in the grace: %+v", c)
	}
	other.Preferred = true
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{other, now}})
	if c := r.get("nm:office"); c.Preferred || c.Faltering {
		t.Errorf("packets leave by another link: %+v", c)
	}
	r.wantNoChangeAfterGrace()
}

// A daemon starts a network again: a configuration that was up is held.
func TestANetworkIsRestarted(t *testing.T) {
	r := office(t)
	first := profile("office", "eth0", bearer.Active)
	first.Activation = "1"
	r.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{first}})
	r.setLink(bearer.Discovered) // its address is removed meanwhile
	r.setProfile(phase{bearer.Discovered, bearer.Connecting})
	r.wantPhase(phase{state: bearer.Active})
	if c := r.get("nm:office"); c.Activation != "1" {
		t.Errorf("the activation was lost: %+v", c)
	}
	r.setProfile(phase{state: bearer.Active})
	r.setLink(bearer.Active)
	r.wantPhase(phase{state: bearer.Active})
	r.wantNoChangeAfterGrace()
}

// The grace depends on the bearer.
func TestTheGraceIsLongerForARadio(t *testing.T) {
	p := gracePeriods{cable: 1, radio: 2}
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
	if defaultGrace.cable >= defaultGrace.radio {
		t.Error("a cable has more time than a radio")
	}
}

// A link that was replaced by another one is lost.
func TestAReplacedLinkIsLost(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	other := link("eth0", bearer.Discovered)
	other.Index, other.Hardware = 8, "02:00:00:00:00:08"
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{other}})
	if got := r.get("link:eth0"); got.State != bearer.Discovered || got.Faltering {
		t.Errorf("%+v", got)
	}
}

func TestADaemonDoesNotRestart(t *testing.T) {
	r := office(t)
	absent(r.nm)
	r.setLink(bearer.Defined) // the kernel's reports count during an outage
	r.merged.Start("nm:office")
	r.wantCommands("nm start nm:office") // the daemon refuses it
	r.expireGrace()
	r.expect("link:eth0")
}

func TestEndOfRunStopsTimers(t *testing.T) {
	r := office(t)
	r.setLink(bearer.Defined)
	absent(r.nm)
	r.merged.stopTimers()
	r.wantNoChangeAfterGrace()
}
