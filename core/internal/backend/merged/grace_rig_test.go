package merged

import (
	"maps"
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
)

// phase is the state and progress of a configuration.
type phase struct {
	state    bearer.State
	progress bearer.Progress
}

// expireGrace ends every grace.
func (r *rig) expireGrace() {
	r.merged.mu.Lock()
	graces := make(map[string]*graceTimer)
	maps.Copy(graces, r.merged.graceTimers)
	r.merged.mu.Unlock()
	for id, g := range graces {
		r.merged.graceExpired(id, g)
	}
	for i, s := range r.merged.states {
		childSink{r.merged, s, i + 1}.outageExpired(s.outage)
	}
}

// office starts with a link that has an address, and a daemon's profile on it
// that is Active.
func office(t *testing.T) *rig {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	r.wantPhase(phase{state: bearer.Active})
	return r
}

// setLink reports a state of the link from the kernel.
func (r *rig) setLink(state bearer.State) {
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", state)}})
}

// setProfile reports a phase of the profile from the daemon.
func (r *rig) setProfile(p phase) {
	c := profile("office", "eth0", p.state)
	c.Progress = p.progress
	r.nm.sink.Report(bearer.Batch{Changed: []bearer.Configuration{c}})
}

func (r *rig) wantPhase(want phase) {
	r.t.Helper()
	if c := r.get("nm:office"); (phase{c.State, c.Progress}) != want {
		r.t.Errorf("the profile is %v %v, want %v", c.State, c.Progress, want)
	}
}

func (r *rig) wantCommands(want ...string) {
	r.t.Helper()
	for _, command := range want {
		if got := <-r.nm.commands; got != command {
			r.t.Fatalf("the daemon got %q, want %q", got, command)
		}
	}
	if len(r.nm.commands) > 0 {
		r.t.Errorf("the daemon got %q, too", <-r.nm.commands)
	}
}

// wantNoChangeAfterGrace checks that the end of a grace causes no report.
func (r *rig) wantNoChangeAfterGrace() {
	r.t.Helper()
	r.merged.mu.Lock()
	defer r.merged.mu.Unlock()
	if len(r.merged.graceTimers) > 0 {
		r.t.Errorf("there are graces left: %v", r.merged.graceTimers)
	}
}

func ptr(c bearer.Configuration) *bearer.Configuration { return &c }
