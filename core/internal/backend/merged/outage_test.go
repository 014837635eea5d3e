package merged

import (
	"reflect"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// restart reports that the daemon is back, with a profile in a state.
func (r *rig) restart(p phase) {
	c := profile("office", "eth0", p.state)
	c.Progress = p.progress
	r.nm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{c}, Managed: bearer.Interfaces("eth0")})
}

// wantNoReport checks that a function causes no report.
func (r *rig) wantNoReport(during func()) {
	r.t.Helper()
	before := r.reports
	during()
	if r.reports != before {
		r.t.Errorf("reported: %q", r.reportedIDs)
	}
}

// NetworkManager reports its profiles before it knows which of them are active.
func TestADaemonRestarts(t *testing.T) {
	r := office(t)
	r.wantNoReport(func() {
		absent(r.nm)
		r.restart(phase{state: bearer.Defined})
		r.setProfile(phase{state: bearer.Discovered})
		r.setProfile(phase{bearer.Discovered, bearer.Connecting})
		absent(r.nm) // again
		r.restart(phase{bearer.Discovered, bearer.Connecting})
		r.setProfile(phase{state: bearer.Active})
	})
	r.setProfile(phase{bearer.Discovered, bearer.Closing})
	r.wantPhase(phase{bearer.Discovered, bearer.Closing})
	r.wantNoChangeAfterGrace()
}

// ConnMan has no services at first.
func TestADaemonRestartsWithoutNetworks(t *testing.T) {
	r := office(t)
	r.wantNoReport(func() {
		absent(r.nm)
		r.nm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces()})
		r.nm.sink.Report(bearer.Batch{
			Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
		})
	})
	r.expireGrace()
	r.wantPhase(phase{state: bearer.Active})
}

func TestADaemonRestartsWithoutItsNetwork(t *testing.T) {
	r := office(t)
	absent(r.nm)
	r.restart(phase{state: bearer.Discovered})
	r.wantPhase(phase{state: bearer.Active})
	r.expireGrace()
	r.wantPhase(phase{state: bearer.Discovered})
	r.wantNoChangeAfterGrace()
}

// The wait begins with the first loss.
func TestASecondOutageDoesNotExtendTheFirst(t *testing.T) {
	r := office(t)
	absent(r.nm)
	first := r.merged.states[0].outage
	r.restart(phase{state: bearer.Discovered})
	absent(r.nm)
	if r.merged.states[0].outage != first {
		t.Error("a second loss extends the outage")
	}
	r.expireGrace()
	r.expect("link:eth0")
}

// A cable that is pulled during an outage, or a link that is set down, is
// reported, unless the daemon itself sets its links down when it starts.
func TestALinkIsSetDownDuringAnOutage(t *testing.T) {
	for daemon, want := range []phase{{state: bearer.Defined}, {state: bearer.Active}} {
		r := newRig(t)
		r.begin(link("eth0", bearer.Active))
		f := []*fake{r.nm, r.cm}[daemon]
		up := bearer.Batch{
			Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
		}
		f.sink.Report(up)
		r.wantPhase(phase{state: bearer.Active})
		absent(f)
		down := link("eth0", bearer.Discovered)
		down.Up = false
		r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{down}})
		r.wantPhase(want)
		f.sink.Report(up) // before the kernel reports that it is up
		r.wantPhase(want)
		r.setLink(bearer.Active)
		r.wantPhase(phase{state: bearer.Active})
		r.wantNoChangeAfterGrace()
		r.setLink(bearer.Defined)
		r.expireGrace()
		r.wantPhase(phase{state: bearer.Defined})
	}
}

// The outcome of a command is reported, even if the daemon has not restored everything
// yet.
func TestACommandDuringARestart(t *testing.T) {
	r := office(t)
	absent(r.nm)
	r.restart(phase{state: bearer.Active})
	absent(r.nm)
	r.restart(phase{state: bearer.Discovered})
	r.merged.Stop("nm:office")
	r.wantCommands("nm stop nm:office")
	r.nm.sink.Done(backend.Answer{Op: backend.OpStop, ID: "nm:office"})
	r.wantPhase(phase{state: bearer.Discovered})
	r.wantNoChangeAfterGrace()
}

// NetworkManager determines last whether a network is metered.
func TestMeteredIsNotKnownAtOnce(t *testing.T) {
	r := office(t)
	metered := profile("office", "eth0", bearer.Active)
	metered.Metered = bearer.MeteredYes
	r.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{metered}})
	r.wantNoReport(func() {
		absent(r.nm)
		r.restart(phase{state: bearer.Active})
	})
	if c := r.get("nm:office"); c.Metered != bearer.MeteredYes {
		t.Errorf("metered: %v", c.Metered)
	}
	r.setProfile(phase{state: bearer.Discovered})
	if c := r.get("nm:office"); c.Metered != bearer.MeteredUnknown {
		t.Errorf("metered, when it is down: %v", c.Metered)
	}
}

// The daemon has lost the names of its networks, which texts for people need.
func TestARefusalDuringAnOutage(t *testing.T) {
	r := office(t)
	absent(r.nm)
	for _, id := range []string{"nm:office", "nm:other"} {
		r.nm.sink.Done(backend.Answer{
			Op: backend.OpStart, ID: id, Err: backend.Refuse(backend.ReasonNoConfiguration, "%s could not be started.", id),
		})
	}
	want := []string{"0 nm:office office could not be started.", "0 nm:other nm:other could not be started."}
	if !reflect.DeepEqual(r.done, want) {
		t.Errorf("answered: %q", r.done)
	}
}

// ConnMan sets its route a while after its address.
func TestTheDefaultRouteComesBackLast(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	up := bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	}
	r.cm.sink.Report(up)
	absent(r.cm)
	wayless := link("eth0", bearer.Active)
	wayless.DefaultRoute, wayless.Preferred, wayless.Metric = false, false, 0
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{wayless}})
	r.cm.sink.Report(up)
	if len(r.merged.graceTimers) > 0 {
		t.Error("the grace ends before the outage")
	}
	r.setLink(bearer.Active)
	if c := r.get("nm:office"); !c.Online() || c.Faltering {
		t.Errorf("%+v", c)
	}
	r.wantNoChangeAfterGrace()
	if r.merged.states[1].outage != nil {
		t.Error("the outage has not ended")
	}
}

// A restarted daemon gives its activations other names, but they are the same.
func TestADaemonRenumbersItsActivations(t *testing.T) {
	r := office(t)
	c := profile("office", "eth0", bearer.Active)
	for _, step := range []struct{ says, want string }{{"5", "5"}, {"", ""}, {"1", "1"}} {
		if c.Activation = step.says; step.says == "" {
			absent(r.nm)
		} else {
			r.nm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{c}, Managed: bearer.Interfaces("eth0")})
		}
		if got := r.get("nm:office"); got.Activation != step.want || got.State != bearer.Active {
			t.Errorf("%q: %+v", step.says, got)
		}
	}
}
