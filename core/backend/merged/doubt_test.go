package merged

import (
	"testing"
	"time"

	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/bearer"
)

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
	if c := w.get("nm:office"); phaseOf(&c) != want {
		w.t.Errorf("the profile is %v, want %v", phaseOf(&c), want)
	}
}

// awaitPhase waits until the profile looks so.
func (w *world) awaitPhase(want phase) {
	w.t.Helper()
	limit := time.After(20 * Grace)
	for {
		if c := w.get("nm:office"); phaseOf(&c) == want {
			return
		}
		select {
		case <-w.reportedSignal:
		case <-limit:
			c := w.get("nm:office")
			w.t.Fatalf("the profile stays %v, want %v", phaseOf(&c), want)
		}
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
	w.awaitPhase(phase{state: bearer.Discovered})
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
	if len(w.merged.doubts) > 0 {
		w.t.Errorf("there are doubts left: %v", w.merged.doubts)
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
	w.wantTrust()
}

// A daemon takes addresses away before it says that it is closing, and may go away
// itself.
func TestADoubtEndsWithTheDaemonsWord(t *testing.T) {
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
			w.wantPhase(phase{})
		},
		"without its link": func(w *world) {
			w.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
			w.wantPhase(phase{state: bearer.Defined})
		},
		"without a carrier": func(w *world) {
			w.becomes(bearer.Defined)
			w.wantPhase(phase{state: bearer.Defined})
		},
		"behind another daemon's": func(w *world) {
			absent(w.nm)
			w.cm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces("eth0")})
			w.wantPhase(phase{})
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
	w.awaitPhase(phase{state: bearer.Discovered})
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
