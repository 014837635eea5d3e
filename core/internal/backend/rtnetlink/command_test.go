package rtnetlink

import (
	"errors"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

// obey lets links be set up and down, with the notifications that follow.
func (k *kernel) obey(names map[int]string) {
	k.set = func(index int, up bool) {
		flags := uint32(flagsDown)
		if up {
			flags = flagsUp
		}
		k.say(newLink(index, names[index], flags))
	}
}

func TestTheOutcomeIsShownBeforeTheAnswer(t *testing.T) {
	k := oneLink()
	k.obey(map[int]string{2: "eth0"})
	r := k.start(t)
	r.forget()
	r.Stop("link:eth0")
	r.Start("link:eth0")
	for _, a := range r.awaitAnswers(t, 2) {
		if a.err != nil {
			t.Errorf("%+v", a)
		}
	}
	expect(t, r.told(), "link:eth0 discovered", "done 1 link:eth0", "link:eth0 active", "done 0 link:eth0")
}

// Notifications that were queued before a link is set must be reported before
// the answer, and must not revert the snapshot afterwards.
func TestOlderNotificationsAreReportedBeforeTheAnswer(t *testing.T) {
	k := oneLink()
	k.links = [][]byte{linkBody(2, "eth0", flagsDown)}
	k.obey(map[int]string{2: "eth0"})
	r := k.start(t)
	obey := k.set
	k.change(func() {
		k.set = func(index int, up bool) {
			k.say(newLink(2, "eth0", flagsNoCable))
			k.say(newLink(2, "eth0", flagsDown))
			obey(index, up)
		}
	})
	r.forget()
	r.Start("link:eth0")
	r.awaitAnswers(t, 1)
	expect(t, r.told(), "link:eth0 defined", "link:eth0 discovered", "link:eth0 active", "done 0 link:eth0")
}

// A daemon may have a policy for a link, and be faster than the answer.
func TestAStartThatAnotherProcessUndoes(t *testing.T) {
	k := oneLink()
	k.links = [][]byte{linkBody(2, "eth0", flagsDown)}
	k.set = func(int, bool) {
		k.say(newLink(2, "eth0", flagsUp))
		k.say(newLink(2, "eth0", flagsDown))
	}
	r := k.start(t)
	r.forget()
	r.Start("link:eth0")
	r.awaitAnswers(t, 1)
	expect(t, r.told(), "link:eth0 active", "link:eth0 discovered", "done 0 link:eth0 undone")
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		code   unix.Errno
		reason backend.Reason
		words  string
	}{
		"no right":    {unix.EPERM, backend.ReasonNotSupported, "CAP_NET_ADMIN"},
		"no link":     {unix.ENODEV, backend.ReasonNoConfiguration, "does not exist any more"},
		"radio off":   {unix.ERFKILL, backend.ReasonUnknown, "rfkill"},
		"other cause": {unix.EBUSY, backend.ReasonUnknown, unix.EBUSY.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			k := oneLink()
			k.refused = c.code
			r := k.start(t)
			r.Start("link:eth0")
			r.Stop("link:eth0")
			for i, a := range r.awaitAnswers(t, 2) {
				verb := []string{" up", " down"}[i]
				if backend.ReasonOf(a.err) != c.reason || !strings.Contains(a.err.Error(), c.words) ||
					!strings.Contains(a.err.Error(), "eth0") || !strings.Contains(a.err.Error(), verb) {
					t.Errorf("reason %d: %v", backend.ReasonOf(a.err), a.err)
				}
			}
		})
	}
}

func TestCommandsOnMissingLinks(t *testing.T) {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "port", flagsUp, slaveAttr(9, "bridge")))
	r := k.start(t)
	for _, id := range []string{"link:nothing", "link:port", "", "nm:something"} {
		r.forget()
		r.Start(id)
		a := r.awaitAnswers(t, 1)[0]
		if a.op != backend.OpStart || a.id != id || backend.ReasonOf(a.err) != backend.ReasonNoConfiguration {
			t.Errorf("%q: %+v", id, a)
		}
	}
	k.say(newLink(2, "lan", flagsUp))
	r.awaitState(t, "link:lan", bearer.Active)
	r.forget()
	r.Stop("link:eth0")
	if a := r.awaitAnswers(t, 1)[0]; backend.ReasonOf(a.err) != backend.ReasonNoConfiguration {
		t.Errorf("the old name: %+v", a)
	}
}

func TestCommandsWaitForTheFirstSnapshot(t *testing.T) {
	k := oneLink()
	k.obey(map[int]string{2: "eth0"})
	b := k.backend()
	b.Stop("link:eth0")
	b.Refresh()
	r := run(t, b)
	if a := r.awaitAnswers(t, 2); a[0].err != nil || a[1].op != backend.OpRefresh {
		t.Errorf("got %+v", a)
	}
	expect(t, r.told(), "complete", "link:eth0 discovered", "done 1 link:eth0", "complete", "done 2 ")
}

func TestRefreshResynchronizes(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	k.change(func() { k.links = append(k.links, linkBody(3, "eth1", flagsDown)) })
	r.forget()
	r.Refresh()
	r.Refresh()
	if a := r.awaitAnswers(t, 2); a[0].err != nil || a[1].err != nil {
		t.Errorf("got %+v", a)
	}
	if events := r.told(); events[0] != "complete" || len(r.all()) != 2 {
		t.Errorf("got %q, %+v", events, r.all())
	}
}

// A refresh that arrives during a resync must not be answered with values that were
// dumped before it.
func TestRefreshDuringARefresh(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	once := false
	k.change(func() {
		k.during = func(s *socket, kind uint16) uint16 {
			if kind != unix.RTM_GETADDR || once {
				return 0
			}
			once = true
			k.links = append(k.links, linkBody(3, "eth1", flagsDown))
			k.mu.Unlock()
			defer k.mu.Lock()
			r.Refresh()
			return 0
		}
	})
	r.Refresh()
	r.awaitAnswers(t, 2)
	if _, ok := r.all()["link:eth1"]; !ok {
		t.Errorf("got %+v", r.all())
	}
}

// The outcome of a command during a resync is reported when the resync is
// complete, and the command is answered then.
func TestCommandDuringARefresh(t *testing.T) {
	k := oneLink()
	k.obey(map[int]string{2: "eth0"})
	r := k.start(t)
	k.change(func() {
		k.during = func(s *socket, kind uint16) uint16 {
			if kind == unix.RTM_GETADDR {
				k.mu.Unlock()
				defer k.mu.Lock()
				r.Stop("link:eth0")
				eventually(t, "it was carried out", func() bool { return len(s.queue) == 2 })
			}
			return 0
		}
	})
	r.forget()
	r.Refresh()
	r.awaitAnswers(t, 2)
	expect(t, r.told(), "complete", "done 2 ", "done 1 link:eth0")
	if c := r.all()["link:eth0"]; c.State != bearer.Discovered {
		t.Errorf("got %+v", c)
	}
}

// When acknowledgements of commands are lost, each command is answered once
// after the resync.
func TestLostAcks(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	k.change(func() { k.loseAcks = true })
	r.Start("link:eth0")
	r.Stop("link:nothing")
	r.Refresh()
	eventually(t, "all commands are carried out", func() bool { return k.countRequests(unix.NLMSG_NOOP) == 3 })
	k.change(func() { k.loseAcks = false })
	r.forget()
	k.fail(unix.ENOBUFS)
	a := r.awaitAnswers(t, 3)
	if a[0].op != backend.OpStart || a[0].err != nil || a[1].op != backend.OpStop || a[1].err == nil || a[2].op != backend.OpRefresh {
		t.Errorf("got %+v", a)
	}
	r.Stop("link:eth0")
	r.awaitAnswers(t, 4)
	if events := r.told(); events[0] != "complete" || len(events) != 5 {
		t.Errorf("got %q", events)
	}
}

func TestCommandsWhileTheSubscriptionIsDead(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	k.change(func() { k.refuse = []error{unix.EMFILE, unix.EMFILE, unix.EMFILE} })
	k.fail(unix.EBADF)
	r.Start("link:eth0")
	r.Refresh()
	a := r.awaitAnswers(t, 2)
	if a[0].op != backend.OpStart || a[1].op != backend.OpRefresh {
		t.Errorf("got %+v", a)
	}
}

func TestAPanicIsARefusal(t *testing.T) {
	k := oneLink()
	k.set = func(int, bool) { panic("a bug") }
	r := k.start(t)
	r.Start("link:eth0")
	if a := r.awaitAnswers(t, 1)[0]; a.err == nil || !strings.Contains(a.err.Error(), "a bug") {
		t.Errorf("got %+v", a)
	}
}

func TestRights(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	if c := r.all()["link:eth0"]; c.Denied != "" || r.Capabilities() != backend.CanStartAndStop|backend.HasStatistics|backend.HasLinks {
		t.Errorf("with the right: %q, %b", c.Denied, r.Capabilities())
	}
	k.change(func() { k.refused = unix.EPERM })
	if r.Capabilities() != backend.HasStatistics|backend.HasLinks {
		t.Errorf("without: %b", r.Capabilities())
	}
	r.Refresh()
	r.awaitAnswers(t, 1)
	if c := r.all()["link:eth0"]; !strings.Contains(c.Denied, "CAP_NET_ADMIN") {
		t.Errorf("without: %q", c.Denied)
	}
}

func TestCounters(t *testing.T) {
	for _, noStats := range []bool{false, true} {
		k := oneLink()
		k.noStats = noStats
		r := k.start(t)
		want := backend.Counters{Received: 2000, Written: 20}
		if noStats {
			want = backend.Counters{Received: 7, Written: 8}
		}
		for i := 0; i < 3; i++ {
			if c, err := r.Counters("link:eth0"); err != nil || c != want {
				t.Errorf("old kernel %v: %+v, %v", noStats, c, err)
			}
		}
		if _, err := r.Counters("link:nothing"); backend.ReasonOf(err) != backend.ReasonNoConfiguration {
			t.Errorf("got %v", err)
		}
	}
}

// A socket that fails is replaced, and a late reply is not mistaken for the reply to
// the next request.
func TestRequestsSurviveFailures(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	late := r.requester.conn.(*socket)
	late.put(datagramOf(unix.RTM_NEWSTATS, 0, 0, 1, make([]byte, 100)))
	if c, err := r.Counters("link:eth0"); err != nil || c.Received != 2000 {
		t.Errorf("after a late answer: %+v, %v", c, err)
	}
	for _, broken := range []item{{err: unix.ENOBUFS}, {data: []byte{1, 2, 3}}} {
		r.requester.conn.(*socket).queue <- broken
		if _, err := r.Counters("link:eth0"); err == nil || !strings.Contains(err.Error(), "eth0") {
			t.Errorf("got %v", err)
		}
		if c, err := r.Counters("link:eth0"); err != nil || c.Received != 2000 {
			t.Errorf("afterwards: %+v, %v", c, err)
		}
	}
}

func TestCountersThatAreNotThere(t *testing.T) {
	for _, body := range [][]byte{nil, make([]byte, 11), make([]byte, 12), join(make([]byte, 12), attr(unix.IFLA_STATS_LINK_64, make([]byte, 16)))} {
		if _, err := pick(body, sizeofStatsMsg, unix.IFLA_STATS_LINK_64, nil); !errors.Is(err, errTruncated) {
			t.Errorf("%d bytes: %v", len(body), err)
		}
	}
}
