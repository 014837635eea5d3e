package rtnetlink

import (
	"fmt"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// twoLinks is a kernel with two links, of which the second has the worse
// metric.
func twoLinks() *kernel {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "eth1", flagsUp))
	k.addresses = append(k.addresses, addressBody(3, "198.51.100.1/24", 0, 0))
	k.routes = table{default4(5, 2), default4(7, 3)}
	return k
}

// online lists the links that carry the machine's packets, after each report.
func (r *running) online() (list []string) {
	known := make(map[string]bool)
	for _, b := range r.Batches() {
		for _, c := range b.Changed {
			known[c.ID] = c.Online()
		}
		for _, id := range b.Gone {
			delete(known, id)
		}
		state := ""
		for _, id := range []string{"link:eth0", "link:eth1"} {
			if known[id] {
				state += id[len("link:"):]
			}
		}
		list = append(list, state)
	}
	return list
}

func TestALossAndItsReplacementAreOneReport(t *testing.T) {
	for name, event := range map[string][]byte{
		"down": newLink(2, "eth0", flagsDown), "no cable": newLink(2, "eth0", flagsNoCable),
		"removed": delLink(2, "eth0"), "no address": delAddress(2, "192.0.2.1/24"),
	} {
		k := twoLinks()
		r := k.start(t)
		k.change(func() { k.routes = k.routes[1:] })
		k.say(event)
		r.Await("eth1 is taken", func(rec *backendtest.Record) bool { c := rec.Known["link:eth1"]; return c.Online() })
		expect(t, r.online(), "eth0", "eth1")
		if t.Failed() {
			t.Fatal(name)
		}
		r.stop()
	}
}

// An improvement is reported at once, and its egress after the lookups.
func TestAnImprovementIsReportedAtOnce(t *testing.T) {
	k := oneLink()
	k.links[0] = linkBody(2, "eth0", flagsNoCable)
	r := k.start(t)
	r.ForgetAll()
	k.change(func() { k.routes = table{default4(5, 2)} })
	k.say(newLink(2, "eth0", flagsUp))
	r.Await("it leads out", func(rec *backendtest.Record) bool { c := rec.Known["link:eth0"]; return c.Online() })
	if reports := r.Batches(); len(reports) != 2 || reports[0].Changed[0].State != bearer.Active {
		t.Errorf("got %+v", reports)
	}
}

// A command that costs an egress is answered after the report of the egress
// that is left.
func TestAnAnswerWaitsForLookups(t *testing.T) {
	k := twoLinks()
	k.obey(map[int]string{2: "eth0", 3: "eth1"})
	r := k.start(t)
	k.change(func() {
		obey := k.set
		k.set = func(index int, up bool) {
			k.change(func() { k.routes = k.routes[1:] })
			obey(index, up)
		}
	})
	r.ForgetAll()
	r.Stop("link:eth0")
	r.AwaitAnswers(1)
	if c := r.Configuration("link:eth1"); !c.Online() {
		t.Errorf("answered before, %q", r.Lines())
	}
	expect(t, r.Lines(), "link:eth0 discovered", "done stop link:eth0")
	if n := len(r.Batches()); n != 1 {
		t.Errorf("%d reports", n)
	}
}

// A series of losses does not delay reports for ever.
func TestAFloodOfLossesIsReported(t *testing.T) {
	k := twoLinks()
	r := k.start(t)
	k.change(func() {
		k.during = func(s *socket, kind uint16) uint16 {
			if kind == unix.RTM_GETROUTE {
				s.put(join(newLink(3, "eth1", flagsNoCable), newLink(3, "eth1", flagsUp)))
			}
			return 0
		}
	})
	k.say(newLink(2, "eth0", flagsNoCable))
	r.AwaitState("link:eth0", "defined")
	k.change(func() { k.during = nil })
}

func TestFailedLookupsAreRepeated(t *testing.T) {
	k := oneLink()
	k.routes = table{{af: unix.AF_INET, refuse: unix.ENOMEM}}
	r := k.start(t)
	k.change(func() { k.routes = table{default4(5, 2)} })
	r.Await("it leads out", func(rec *backendtest.Record) bool { c := rec.Known["link:eth0"]; return c.Online() })
}

// Each change of a rule makes every lookup stale; thousands of changes cause a
// few full batches.
func TestAFloodOfRules(t *testing.T) {
	k := oneLink()
	for i := 10; i < 60; i++ {
		k.links = append(k.links, linkBody(i, fmt.Sprintf("v%d", i), flagsUp))
	}
	r := k.start(t)
	before := k.countRequests(unix.RTM_GETROUTE)
	k.change(func() { k.routes = table{default4(5, 2)} })
	rule := notification(unix.RTM_NEWRULE, append([]byte{unix.AF_INET}, make([]byte, 11)...))
	for i := 0; i < 2000; i++ {
		k.say(rule)
	}
	r.Await("it leads out", func(rec *backendtest.Record) bool { c := rec.Known["link:eth0"]; return c.Online() })
	k.say(newLink(2, "eth0", flagsDown))
	r.AwaitState("link:eth0", "discovered")
	if n := k.countRequests(unix.RTM_GETROUTE) - before; n > 2000*50/10 {
		t.Errorf("%d lookups", n)
	}
}

// A new link with a known name is another link: sessions on the first lose
// theirs, although no report showed it missing.
func TestALinkThatWasSwappedDuringAnOverrunIsLost(t *testing.T) {
	for name, body := range map[string][]byte{
		"another index": linkBody(7, "eth0", flagsUp),
		"another sort":  linkBody(2, "eth0", flagsUp, kindAttr("bridge")),
	} {
		k := oneLink()
		r := k.start(t)
		k.change(func() { k.links = [][]byte{body} })
		r.ForgetAll()
		k.fail(unix.ENOBUFS)
		r.AwaitComplete(1)
		expect(t, r.Lines()[:2], "gone link:eth0", "complete")
		if t.Failed() {
			t.Fatal(name)
		}
		r.stop()
	}
	k := oneLink()
	r := k.start(t)
	r.ForgetAll()
	k.fail(unix.ENOBUFS)
	r.AwaitComplete(1)
	expect(t, r.Lines(), "complete", "link:eth0 active")
}

// The kernel does not announce the alias of a link that is down.
func TestRefreshReadsAliases(t *testing.T) {
	k := oneLink()
	k.links = [][]byte{linkBody(2, "eth0", flagsDown)}
	r := k.start(t)
	k.change(func() { k.links = [][]byte{linkBody(2, "eth0", flagsDown, attr(unix.IFLA_IFALIAS, cstring("Office")))} })
	r.Refresh()
	r.AwaitAnswers(1)
	if c := r.Configuration("link:eth0"); c.Name != "Office" {
		t.Errorf("got %+v", c)
	}
}

// A link that is up already is not set up: it belongs to the process that set it up.
func TestAStartOfALinkThatIsUpChangesNothing(t *testing.T) {
	k := oneLink()
	sets := 0
	k.set = func(int, bool) { sets++ }
	k.refused = unix.EPERM // as without the right
	k.flags = unix.IFF_UP
	r := k.start(t)
	r.Start("link:eth0")
	r.AwaitAnswers(1)
	k.change(func() { k.refused, k.flags = 0, 0 })
	r.Start("link:eth0")
	a := r.AwaitAnswers(2)
	if a[0].Err != nil || !a[0].Joined || a[1].Err != nil || a[1].Joined || sets != 1 {
		t.Errorf("got %+v, set %d times", a, sets)
	}
}

func TestTimers(t *testing.T) {
	var a timers
	s := &socket{}
	at := time.Unix(1000, 0)
	a.set(expiryTimer, at.Add(time.Second))
	a.set(paceTimer, at)
	if err := a.arm(s); err != nil || !s.deadline.Equal(at) {
		t.Errorf("deadline %v, %v", s.deadline, err)
	}
	if _, ok := a.due(at.Add(-1)); ok {
		t.Error("too early")
	}
	a.expire()
	if which, ok := a.due(at); !ok || which != paceTimer {
		t.Errorf("due: %v, %v", which, ok)
	}
	a.clear(expiryTimer)
	if err := a.arm(s); err != nil || !s.deadline.IsZero() {
		t.Errorf("an expired deadline is still set: %v, %v", s.deadline, err)
	}
}
