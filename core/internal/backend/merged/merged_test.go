package merged

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestCapabilitiesOfPresentBackends(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	const links = backend.HasStatistics | backend.HasLinks
	r.wantCapabilities(links)
	r.cm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces("eth0")})
	r.wantCapabilities(links | backend.CanStartAndStop)
	r.nm.refuses = true
	r.nm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces("eth0")})
	r.wantCapabilities(links | backend.CanStartAndStop)
	absent(r.cm)
	r.expireGrace()
	r.wantCapabilities(links)
	r.nm.refuses = false
	r.wantCapabilities(links | backend.CanStartAndStop)
}

func TestLinksWithoutDaemons(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active), link("eth1", bearer.Discovered))
	r.expect("link:eth0 link:eth1")
	if !r.firstComplete || r.reports != 1 {
		t.Errorf("%d reports, the first complete: %v; want one, complete", r.reports, r.firstComplete)
	}
}

func TestNoLinkIsListedTwice(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active), link("usb0", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)},
		Managed: bearer.Interfaces("eth0"),
	})
	r.expect("link:usb0 nm:office")

	// The daemon stops managing the link, then it goes away.
	r.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces()})
	r.expect("link:eth0 link:usb0 nm:office")
	r.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces("eth0", "usb0")})
	r.expect("nm:office")
	r.wantWhy("nm manages its link")
	r.nm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces(), Why: "It died"})
	r.expect("nm:office")
	r.expireGrace()
	r.expect("link:eth0 link:usb0")
	r.wantWhy("It died")
	r.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
	r.expect("link:usb0")
	r.wantWhy("")
}

// An interface that stays managed is not compared again.
func TestOnlyWhatIsManagedAnewIsReported(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active), link("eth1", bearer.Active), link("usb0", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0", "eth1"),
	})
	r.reportedIDs = nil
	r.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces("eth0", "usb0")})
	if got := strings.Join(r.reportedIDs, " "); got != "link:eth1 -link:usb0" {
		t.Errorf("reported: %s", got)
	}
}

func TestKernelFactsAreInTheProfile(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active), profile("home", "eth0", bearer.Discovered)},
	})
	office := r.get("nm:office")
	if !office.DefaultRoute || office.Metric != 100 || office.Index != 7 || len(office.Addresses) != 1 {
		t.Errorf("the active profile lacks facts: %+v", office)
	}
	if home := r.get("nm:home"); home.DefaultRoute || home.Addresses != nil {
		t.Errorf("the inactive profile has facts of a link that it does not use: %+v", home)
	}

	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", bearer.Defined)}})
	r.expireGrace()
	if got := r.get("nm:office"); got.State != bearer.Defined || got.DefaultRoute {
		t.Errorf("after the carrier was lost: %+v", got)
	}
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	if got := r.get("nm:office"); got.State != bearer.Active || !got.DefaultRoute {
		t.Errorf("after the carrier came back: %+v", got)
	}
	down := link("eth0", bearer.Discovered)
	down.Up = false
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{down}})
	if got := r.get("nm:office"); got.State != bearer.Defined || got.DefaultRoute {
		t.Errorf("after the link was set down: %+v", got)
	}
	r.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
	if got := r.get("nm:office"); got.State != bearer.Defined {
		t.Errorf("after the link was removed: %+v", got)
	}
}

// A daemon may report that a profile with a fixed address needs no carrier: opening it
// without a carrier has no effect.
func TestACableThatIsNotPluggedInCannotBeOpened(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active), link("wlan0", bearer.Defined))
	office, starting, wlan := profile("office", "eth0", bearer.Discovered), profile("starting", "eth0", bearer.Discovered),
		profile("wlan", "wlan0", bearer.Discovered)
	office.Bearer, starting.Bearer, wlan.Bearer = bearer.BearerEthernet, bearer.BearerEthernet, bearer.BearerWLAN
	starting.Progress = bearer.Connecting
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0", "wlan0"), Changed: []bearer.Configuration{office, starting, wlan},
	})
	for carrier, want := range map[bearer.State]bearer.State{bearer.Defined: bearer.Defined, bearer.Active: bearer.Discovered} {
		r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", carrier)}})
		if got := r.get("nm:office"); got.State != want {
			t.Errorf("its link is %v: %v", carrier, got.State)
		}
		if got := r.get("nm:starting"); got.State != bearer.Discovered {
			t.Errorf("its link is %v, and on the way: %v", carrier, got.State)
		}
	}
	if got := r.get("nm:wlan"); got.State != bearer.Discovered {
		t.Errorf("a network in range has no carrier before it is opened: %v", got.State)
	}
}

func TestOnlyTheFirstDaemonCounts(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	service := bearer.Configuration{ID: "connman:cable", Interface: "eth0", State: bearer.Active}
	r.cm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{service}, Managed: bearer.Interfaces("eth0")})
	r.expect("connman:cable")
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	r.expect("nm:office")
	absent(r.nm)
	r.expireGrace()
	r.expect("connman:cable")
}

// If several daemons run, each interface has its own.
func TestPrecedenceIsPerInterface(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active), link("wlan0", bearer.Active), link("usb0", bearer.Discovered))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active), profile("anywhere", "", bearer.Discovered)},
	})
	r.cm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0", "wlan0"),
		Changed: []bearer.Configuration{
			{ID: "connman:cable", Interface: "eth0", State: bearer.Active},
			{ID: "connman:cafe", Interface: "wlan0", State: bearer.Active},
		},
	})
	r.expect("connman:cafe link:usb0 nm:anywhere nm:office")
	if c := r.get("link:usb0"); !c.Unmanaged {
		t.Error("a link that no daemon manages does not say so")
	}
	r.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces()})
	r.expect("connman:cable connman:cafe link:usb0 nm:anywhere")
}

func TestDaemonThatDoesNotAnswer(t *testing.T) {
	r := newRig(t)
	r.run()
	absent(r.cm)
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	select {
	case <-r.reportedSignal:
	case <-time.After(20 * FirstTimeout):
		t.Fatal("the first report waits for ever")
	}
	r.expect("link:eth0")
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	r.expect("nm:office")
}

// On a slow machine a daemon takes long to report, but the report will follow.
func TestDaemonThatIsLoading(t *testing.T) {
	r := newRig(t)
	r.run()
	absent(r.cm)
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	r.nm.sink.Loading()
	r.merged.firstTimeout(&r.merged.skipSilent)
	if r.reports != 0 {
		t.Error("the first report lacks a daemon that is being read")
	}
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	r.expect("nm:office")
	if !r.firstComplete || r.reports != 1 {
		t.Errorf("%d reports", r.reports)
	}
}

func TestDaemonThatLoadsForEver(t *testing.T) {
	r := newRig(t)
	r.run()
	absent(r.cm)
	r.nm.sink.Loading()
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	r.merged.firstTimeout(&r.merged.skipSilent)
	r.merged.firstTimeout(&r.merged.skipLoading)
	r.expect("link:eth0")
}

// On a busy machine the kernel's answer may come after the timeouts of the
// daemons.
func TestKernelThatAnswersLate(t *testing.T) {
	r := newRig(t)
	r.run()
	r.merged.firstTimeout(&r.merged.skipSilent)
	if r.reports != 0 {
		t.Error("an empty report was made")
	}
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	r.expect("link:eth0")
}

func TestDaemonThatFailsForGood(t *testing.T) {
	r := newRig(t)
	r.nm.fail = errors.New("the bus address is nonsense")
	r.run()
	absent(r.cm)
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	<-r.reportedSignal
	r.expect("link:eth0")
	if !reflect.DeepEqual(r.logged, []string{"the bus address is nonsense"}) {
		t.Errorf("logged %q", r.logged)
	}
}

func TestCommandsGoToTheOwner(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Discovered)}, Managed: bearer.Interfaces(),
	})
	r.merged.Start("nm:office")
	r.merged.Stop("link:eth0")
	if got := <-r.nm.commands; got != "nm start nm:office" {
		t.Errorf("the daemon got %q", got)
	}
	if got := <-r.links.commands; got != "links stop link:eth0" {
		t.Errorf("the links got %q", got)
	}
	r.nm.sink.Done(backend.Answer{Op: backend.OpStart, ID: "nm:office", Err: nil})
	r.merged.Start("nm:gone")
	if len(r.done) != 2 || !strings.Contains(r.done[1], "There is no configuration nm:gone") {
		t.Errorf("answers: %q", r.done)
	}
}

func TestRefreshIsAnsweredWhenAllHave(t *testing.T) {
	r := newRig(t)
	r.begin()
	r.merged.Refresh()
	r.merged.Refresh()
	parts := []*fake{r.links, r.nm, r.cm}
	for i, f := range parts {
		for n := 0; n < 2; n++ {
			if len(r.done) != 0 && i < 2 {
				t.Fatalf("answered before all had: %q", r.done)
			}
			f.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
		}
	}
	if len(r.done) != 2 {
		t.Errorf("%d answers for two refreshes", len(r.done))
	}
}

func TestTheKernelCounts(t *testing.T) {
	r := newRig(t)
	r.begin(link("eth0", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	got, err := r.merged.Counters("nm:office")
	if err != nil || got.Received != uint64(len("link:eth0")) {
		t.Errorf("Counters: %v, %v", got, err)
	}
	if _, err := r.merged.Counters("nm:gone"); err == nil {
		t.Error("a configuration that does not exist has counters")
	}
	if got := r.merged.Capabilities(); got != backend.HasStatistics|backend.HasLinks|backend.CanStartAndStop {
		t.Errorf("Capabilities: %b", got)
	}
}
