package merged

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

// fake is a backend that a test plays.
type fake struct {
	name     string
	sink     backend.Sink
	started  chan struct{} // closed when sink is set
	commands chan string
	fail     error // what Run returns at once
	refuses  bool  // this process may do nothing
}

func newFake(name string) *fake {
	return &fake{name: name, started: make(chan struct{}), commands: make(chan string, 16)}
}

func (f *fake) Run(ctx context.Context, sink backend.Sink) error {
	f.sink = sink
	close(f.started)
	if f.fail != nil {
		return f.fail
	}
	<-ctx.Done()
	return nil
}

func (f *fake) Start(id string) { f.commands <- f.name + " start " + id }
func (f *fake) Stop(id string)  { f.commands <- f.name + " stop " + id }
func (f *fake) Refresh()        { f.commands <- f.name + " refresh" }

func (f *fake) Counters(id string) (backend.Counters, error) {
	return backend.Counters{Received: uint64(len(id))}, nil
}

func (f *fake) Capabilities() backend.Capabilities {
	if f.name == "links" {
		return backend.HasStatistics | backend.HasLinks
	}
	if f.refuses {
		return 0
	}
	return backend.CanStartAndStop
}

// world is a merged backend with its parts, and the picture that its reports
// add up to.
type world struct {
	t              *testing.T
	merged         *Backend
	links, nm, cm  *fake
	mu             sync.Mutex // guards what follows
	picture        map[string]bearer.Configuration
	why            string   // what went last is gone
	told           []string // identifiers that were reported, with - those that are gone
	reports        int
	firstComplete  bool
	done           []string
	logged         []string
	reportedSignal chan struct{}
}

func newWorld(t *testing.T) *world {
	w := &world{
		t: t, links: newFake("links"), nm: newFake("nm"), cm: newFake("cm"),
		picture: make(map[string]bearer.Configuration), reportedSignal: make(chan struct{}, 100),
	}
	w.merged = New(w.links, Daemon{Name: "nm", Backend: w.nm}, Daemon{Name: "cm", Backend: w.cm, Resets: true})
	w.merged.patience = patience{time.Hour, time.Hour, time.Hour}
	return w
}

func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := w.merged.Run(ctx, w); err != nil {
			w.t.Errorf("Run: %v", err)
		}
	}()
	w.t.Cleanup(func() {
		cancel()
		<-ended
	})
	for _, f := range []*fake{w.links, w.nm, w.cm} {
		<-f.started
	}
}

// begin runs with the given links and no daemon.
func (w *world) begin(links ...bearer.Configuration) {
	w.run()
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: links})
	absent(w.nm)
	absent(w.cm)
}

func absent(f *fake) { f.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces()}) }

func (w *world) Report(b bearer.Batch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reports == 0 {
		w.firstComplete = b.Complete
	}
	w.reports++
	if b.Complete {
		w.picture = make(map[string]bearer.Configuration)
	}
	for _, c := range b.Changed {
		w.picture[c.ID] = c
		w.told = append(w.told, c.ID)
	}
	for _, id := range b.Gone {
		delete(w.picture, id)
		w.told = append(w.told, "-"+id)
		w.why = b.Why
	}
	w.reportedSignal <- struct{}{}
}

func (w *world) Done(a backend.Answer) {
	op, id, err := a.Op, a.ID, a.Err
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = append(w.done, fmt.Sprint(op, " ", id, " ", err))
}

func (w *world) Loading() {}

func (w *world) Log(_ backend.Level, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logged = append(w.logged, text)
}

func (w *world) ids() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for id := range w.picture {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return strings.Join(ids, " ")
}

func (w *world) get(id string) bearer.Configuration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.picture[id]
}

func (w *world) expect(ids string) {
	w.t.Helper()
	if got := w.ids(); got != ids {
		w.t.Fatalf("shown: %q, want %q", got, ids)
	}
}

// wantWhy is about what went last.
func (w *world) wantWhy(begin string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !strings.HasPrefix(w.why, begin) || (begin == "") != (w.why == "") {
		w.t.Errorf("gone: %q, want %q", w.why, begin)
	}
}

func TestCapabilitiesOfWhatCounts(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	const links = backend.HasStatistics | backend.HasLinks
	w.wantCapabilities(links)
	w.cm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces("eth0")})
	w.wantCapabilities(links | backend.CanStartAndStop)
	w.nm.refuses = true
	w.nm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces("eth0")})
	w.wantCapabilities(links | backend.CanStartAndStop)
	absent(w.cm)
	w.lapse()
	w.wantCapabilities(links)
	w.nm.refuses = false
	w.wantCapabilities(links | backend.CanStartAndStop)
}

func (w *world) wantCapabilities(want backend.Capabilities) {
	w.t.Helper()
	if got := w.merged.Capabilities(); got != want {
		w.t.Errorf("capabilities %b, want %b", got, want)
	}
}

func link(name string, state bearer.State) bearer.Configuration {
	c := bearer.Configuration{ID: "link:" + name, Name: name, State: state, Interface: name, Index: 7, Up: true}
	if state == bearer.Active {
		c.DefaultRoute, c.Preferred, c.Metric = true, true, 100
		c.Addresses = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	}
	return c
}

func profile(name, on string, state bearer.State) bearer.Configuration {
	return bearer.Configuration{ID: "nm:" + name, Name: name, State: state, Interface: on}
}

func TestWithoutDaemonsTheLinksAreShown(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active), link("eth1", bearer.Discovered))
	w.expect("link:eth0 link:eth1")
	if !w.firstComplete || w.reports != 1 {
		t.Errorf("%d reports, the first complete: %v; want one, complete", w.reports, w.firstComplete)
	}
}

func TestNoLinkIsListedTwice(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active), link("usb0", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)},
		Managed: bearer.Interfaces("eth0"),
	})
	w.expect("link:usb0 nm:office")

	// The daemon lets go of the link, then goes away altogether.
	w.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces()})
	w.expect("link:eth0 link:usb0 nm:office")
	w.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces("eth0", "usb0")})
	w.expect("nm:office")
	w.wantWhy("nm manages its link")
	w.nm.sink.Report(bearer.Batch{Complete: true, Managed: bearer.Interfaces(), Why: "It died"})
	w.expect("nm:office")
	w.lapse()
	w.expect("link:eth0 link:usb0")
	w.wantWhy("It died")
	w.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
	w.expect("link:usb0")
	w.wantWhy("")
}

// What a daemon manages as before is not looked at again.
func TestOnlyWhatIsManagedAnewIsReported(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active), link("eth1", bearer.Active), link("usb0", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0", "eth1"),
	})
	w.told = nil
	w.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces("eth0", "usb0")})
	if got := strings.Join(w.told, " "); got != "link:eth1 -link:usb0" {
		t.Errorf("reported: %s", got)
	}
}

func TestKernelFactsAreInTheProfile(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active), profile("home", "eth0", bearer.Discovered)},
	})
	office := w.get("nm:office")
	if !office.DefaultRoute || office.Metric != 100 || office.Index != 7 || len(office.Addresses) != 1 {
		t.Errorf("the active profile lacks facts: %+v", office)
	}
	if home := w.get("nm:home"); home.DefaultRoute || home.Addresses != nil {
		t.Errorf("the inactive profile has facts of a link that it does not use: %+v", home)
	}

	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", bearer.Defined)}})
	w.lapse()
	if got := w.get("nm:office"); got.State != bearer.Defined || got.DefaultRoute {
		t.Errorf("after the carrier was lost: %+v", got)
	}
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	if got := w.get("nm:office"); got.State != bearer.Active || !got.DefaultRoute {
		t.Errorf("after the carrier came back: %+v", got)
	}
	down := link("eth0", bearer.Discovered)
	down.Up = false
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{down}})
	if got := w.get("nm:office"); got.State != bearer.Defined || got.DefaultRoute {
		t.Errorf("after the link was set down: %+v", got)
	}
	w.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
	if got := w.get("nm:office"); got.State != bearer.Defined {
		t.Errorf("after the link was removed: %+v", got)
	}
}

// A daemon may hold that a profile with a fixed address needs no carrier: that it
// can be opened is no use to anybody.
func TestACableThatIsNotPluggedInCannotBeOpened(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active), link("wlan0", bearer.Defined))
	office, starting, wlan := profile("office", "eth0", bearer.Discovered), profile("starting", "eth0", bearer.Discovered),
		profile("wlan", "wlan0", bearer.Discovered)
	office.Bearer, starting.Bearer, wlan.Bearer = bearer.BearerEthernet, bearer.BearerEthernet, bearer.BearerWLAN
	starting.Progress = bearer.Connecting
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0", "wlan0"), Changed: []bearer.Configuration{office, starting, wlan},
	})
	for carrier, want := range map[bearer.State]bearer.State{bearer.Defined: bearer.Defined, bearer.Active: bearer.Discovered} {
		w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("eth0", carrier)}})
		if got := w.get("nm:office"); got.State != want {
			t.Errorf("its link is %v: %v", carrier, got.State)
		}
		if got := w.get("nm:starting"); got.State != bearer.Discovered {
			t.Errorf("its link is %v, and on the way: %v", carrier, got.State)
		}
	}
	if got := w.get("nm:wlan"); got.State != bearer.Discovered {
		t.Errorf("a network in range has no carrier before it is opened: %v", got.State)
	}
}

func TestOnlyTheFirstDaemonCounts(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	service := bearer.Configuration{ID: "connman:cable", Interface: "eth0", State: bearer.Active}
	w.cm.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{service}, Managed: bearer.Interfaces("eth0")})
	w.expect("connman:cable")
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	w.expect("nm:office")
	absent(w.nm)
	w.lapse()
	w.expect("connman:cable")
}

// Each interface has its own daemon, where several run.
func TestPrecedenceIsPerInterface(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active), link("wlan0", bearer.Active), link("usb0", bearer.Discovered))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active), profile("anywhere", "", bearer.Discovered)},
	})
	w.cm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("eth0", "wlan0"),
		Changed: []bearer.Configuration{
			{ID: "connman:cable", Interface: "eth0", State: bearer.Active},
			{ID: "connman:cafe", Interface: "wlan0", State: bearer.Active},
		},
	})
	w.expect("connman:cafe link:usb0 nm:anywhere nm:office")
	if c := w.get("link:usb0"); !c.Unmanaged {
		t.Error("a link that no daemon manages does not say so")
	}
	w.nm.sink.Report(bearer.Batch{Managed: bearer.Interfaces()})
	w.expect("connman:cable connman:cafe link:usb0 nm:anywhere")
}

func TestDaemonThatDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	w.run()
	absent(w.cm)
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	select {
	case <-w.reportedSignal:
	case <-time.After(20 * Patience):
		t.Fatal("the first picture waits for ever")
	}
	w.expect("link:eth0")
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	w.expect("nm:office")
}

// On a slow machine a daemon that is there takes its time to say what it has: its
// answer is sure to come.
func TestDaemonThatIsBeingRead(t *testing.T) {
	w := newWorld(t)
	w.run()
	absent(w.cm)
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	w.nm.sink.Loading()
	w.merged.goOn(&w.merged.late)
	if w.reports != 0 {
		t.Error("the first picture lacks a daemon that is being read")
	}
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	w.expect("nm:office")
	if !w.firstComplete || w.reports != 1 {
		t.Errorf("%d reports", w.reports)
	}
}

func TestDaemonThatIsReadForEver(t *testing.T) {
	w := newWorld(t)
	w.run()
	absent(w.cm)
	w.nm.sink.Loading()
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	w.merged.goOn(&w.merged.late)
	w.merged.goOn(&w.merged.tooLate)
	w.expect("link:eth0")
}

// On a machine that is busy, the kernel's answer comes after the time for daemons.
func TestKernelThatAnswersLate(t *testing.T) {
	w := newWorld(t)
	w.run()
	w.merged.goOn(&w.merged.late)
	if w.reports != 0 {
		t.Error("an empty picture was reported")
	}
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	w.expect("link:eth0")
}

func TestDaemonThatFailsForGood(t *testing.T) {
	w := newWorld(t)
	w.nm.fail = errors.New("the bus address is nonsense")
	w.run()
	absent(w.cm)
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{link("eth0", bearer.Active)}})
	<-w.reportedSignal
	w.expect("link:eth0")
	if !reflect.DeepEqual(w.logged, []string{"the bus address is nonsense"}) {
		t.Errorf("logged %q", w.logged)
	}
}

func TestCommandsGoToTheOwner(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Discovered)}, Managed: bearer.Interfaces(),
	})
	w.merged.Start("nm:office")
	w.merged.Stop("link:eth0")
	if got := <-w.nm.commands; got != "nm start nm:office" {
		t.Errorf("the daemon got %q", got)
	}
	if got := <-w.links.commands; got != "links stop link:eth0" {
		t.Errorf("the links got %q", got)
	}
	w.nm.sink.Done(backend.Answer{Op: backend.OpStart, ID: "nm:office", Err: nil})
	w.merged.Start("nm:gone")
	if len(w.done) != 2 || !strings.Contains(w.done[1], "There is no configuration nm:gone") {
		t.Errorf("answers: %q", w.done)
	}
}

func TestRefreshIsAnsweredWhenAllHave(t *testing.T) {
	w := newWorld(t)
	w.begin()
	w.merged.Refresh()
	w.merged.Refresh()
	parts := []*fake{w.links, w.nm, w.cm}
	for i, f := range parts {
		for n := 0; n < 2; n++ {
			if len(w.done) != 0 && i < 2 {
				t.Fatalf("answered before all had: %q", w.done)
			}
			f.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil})
		}
	}
	if len(w.done) != 2 {
		t.Errorf("%d answers for two refreshes", len(w.done))
	}
}

func TestTheKernelCounts(t *testing.T) {
	w := newWorld(t)
	w.begin(link("eth0", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)}, Managed: bearer.Interfaces("eth0"),
	})
	got, err := w.merged.Counters("nm:office")
	if err != nil || got.Received != uint64(len("link:eth0")) {
		t.Errorf("Counters: %v, %v", got, err)
	}
	if _, err := w.merged.Counters("nm:gone"); err == nil {
		t.Error("what does not exist has counters")
	}
	if got := w.merged.Capabilities(); got != backend.HasStatistics|backend.HasLinks|backend.CanStartAndStop {
		t.Errorf("Capabilities: %b", got)
	}
}
