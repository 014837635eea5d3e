package merged

import (
	"reflect"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// returns has the daemon come back with a profile, as far as it is by then.
func (w *world) returns(p phase) {
	c := profile("office", "eth0", p.state)
	c.Progress = p.progress
	w.nm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{c}, Managed: bearer.Interfaces("eth0")})
}

// wantNothingTold makes sure that nobody was told anything since the beginning of a call.
func (w *world) wantNothingTold(during func()) {
	w.t.Helper()
	before := w.reports
	during()
	if w.reports != before {
		w.t.Errorf("told: %q", w.told)
	}
}

// NetworkManager tells of its profiles before it has found out what is up.
func TestADaemonIsStartedAgain(t *testing.T) {
	w := office(t)
	w.wantNothingTold(func() {
		absent(w.nm)
		w.returns(phase{state: bearer.Defined})
		w.says(phase{state: bearer.Discovered})
		w.says(phase{bearer.Discovered, bearer.Connecting})
		absent(w.nm) // again
		w.returns(phase{bearer.Discovered, bearer.Connecting})
		w.says(phase{state: bearer.Active})
	})
	w.says(phase{bearer.Discovered, bearer.Closing})
	w.wantPhase(phase{bearer.Discovered, bearer.Closing})
	w.wantTrust()
}

// ConnMan has no services at first.
func TestADaemonComesBackWithNothing(t *testing.T) {
	w := office(t)
	w.wantNothingTold(func() {
		absent(w.nm)
		w.nm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces()})
		w.nm.sink.Report(bearer.Batch{
			Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
		})
	})
	w.lapse()
	w.wantPhase(phase{state: bearer.Active})
}

func TestADaemonComesBackWithoutItsNetwork(t *testing.T) {
	w := office(t)
	absent(w.nm)
	w.returns(phase{state: bearer.Discovered})
	w.wantPhase(phase{state: bearer.Active})
	w.lapse()
	w.wantPhase(phase{state: bearer.Discovered})
	w.wantTrust()
}

// The time is not that of the last time that it went.
func TestADaemonThatGoesAgainHasNoMoreTime(t *testing.T) {
	w := office(t)
	absent(w.nm)
	first := w.merged.sources[0].absence
	w.returns(phase{state: bearer.Discovered})
	absent(w.nm)
	if w.merged.sources[0].absence != first {
		t.Error("it has more time")
	}
	w.lapse()
	w.expect("link:eth0")
}

// A cable that is pulled meanwhile, or a link that is set down, is told; but not where
// the daemon itself sets its links down at its start.
func TestALinkIsSetDownWhileItsDaemonIsAway(t *testing.T) {
	for daemon, want := range []phase{{state: bearer.Defined}, {state: bearer.Active}} {
		w := newWorld(t)
		w.begin(link("eth0", bearer.Active))
		f := []*fake{w.nm, w.cm}[daemon]
		up := bearer.Batch{
			Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
		}
		f.sink.Report(up)
		w.wantPhase(phase{state: bearer.Active})
		absent(f)
		down := link("eth0", bearer.Discovered)
		down.Up = false
		w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{down}})
		w.wantPhase(want)
		f.sink.Report(up) // before the kernel says that it is up
		w.wantPhase(want)
		w.becomes(bearer.Active)
		w.wantPhase(phase{state: bearer.Active})
		w.wantTrust()
		w.becomes(bearer.Defined)
		w.lapse()
		w.wantPhase(phase{state: bearer.Defined})
	}
}

// What a daemon was asked for shows, whatever else it has not found yet.
func TestACommandWhileADaemonComesBack(t *testing.T) {
	w := office(t)
	absent(w.nm)
	w.returns(phase{state: bearer.Active})
	absent(w.nm)
	w.returns(phase{state: bearer.Discovered})
	w.merged.Stop("nm:office")
	w.wantCommands("nm stop nm:office")
	w.nm.sink.Done(backend.Answer{Op: backend.OpStop, ID: "nm:office"})
	w.wantPhase(phase{state: bearer.Discovered})
	w.wantTrust()
}

// NetworkManager finds out last whether a network is metered.
func TestTheCostIsNotKnownAtOnce(t *testing.T) {
	w := office(t)
	metered := profile("office", "eth0", bearer.Active)
	metered.Metered = bearer.MeteredYes
	w.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{metered}})
	w.wantNothingTold(func() {
		absent(w.nm)
		w.returns(phase{state: bearer.Active})
	})
	if c := w.get("nm:office"); c.Metered != bearer.MeteredYes {
		t.Errorf("metered: %v", c.Metered)
	}
	w.says(phase{state: bearer.Discovered})
	if c := w.get("nm:office"); c.Metered != bearer.MeteredUnknown {
		t.Errorf("metered, when it is down: %v", c.Metered)
	}
}

// It has forgotten the names of its networks, which people know them by.
func TestARefusalOfADaemonThatIsAway(t *testing.T) {
	w := office(t)
	absent(w.nm)
	for _, id := range []string{"nm:office", "nm:other"} {
		w.nm.sink.Done(backend.Answer{
			Op: backend.OpStart, ID: id, Err: backend.Refuse(backend.ReasonNoConfiguration, "%s could not be started.", id),
		})
	}
	want := []string{"0 nm:office office could not be started.", "0 nm:other nm:other could not be started."}
	if !reflect.DeepEqual(w.done, want) {
		t.Errorf("answered: %q", w.done)
	}
}

// ConnMan's route comes a while after its address.
func TestAWayOutComesBackLast(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	up := bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	}
	w.cm.sink.Report(up)
	absent(w.cm)
	wayless := link("eth0", bearer.Active)
	wayless.DefaultRoute, wayless.Preferred, wayless.Metric = false, false, 0
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{wayless}})
	w.cm.sink.Report(up)
	if len(w.merged.graces) > 0 {
		t.Error("it has less time than its daemon")
	}
	w.becomes(bearer.Active)
	if c := w.get("nm:office"); !c.Online() || c.Faltering {
		t.Errorf("%+v", c)
	}
	w.wantTrust()
	if w.merged.sources[1].absence != nil {
		t.Error("it is still waited for")
	}
}

// Its activations have other names then, and are the same all the same.
func TestADaemonCountsItsActivationsAnew(t *testing.T) {
	w := office(t)
	c := profile("office", "eth0", bearer.Active)
	for _, step := range []struct{ says, want string }{{"5", "5"}, {"", ""}, {"1", "1"}} {
		if c.Activation = step.says; step.says == "" {
			absent(w.nm)
		} else {
			w.nm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{c}, Managed: bearer.Interfaces("eth0")})
		}
		if got := w.get("nm:office"); got.Activation != step.want || got.State != bearer.Active {
			t.Errorf("%q: %+v", step.says, got)
		}
	}
}
