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
	r.ForgetAll()
	r.Stop("link:eth0")
	r.Start("link:eth0")
	for _, a := range r.AwaitAnswers(2) {
		if a.Err != nil {
			t.Errorf("%+v", a)
		}
	}
	expect(t, r.Lines(), "link:eth0 discovered", "done stop link:eth0", "link:eth0 active", "done start link:eth0")
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
	r.ForgetAll()
	r.Start("link:eth0")
	r.AwaitAnswers(1)
	expect(t, r.Lines(), "link:eth0 defined", "link:eth0 discovered", "link:eth0 active", "done start link:eth0")
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
	r.ForgetAll()
	r.Start("link:eth0")
	r.AwaitAnswers(1)
	expect(t, r.Lines(), "link:eth0 active", "link:eth0 discovered", "undone start link:eth0")
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
			for i, a := range r.AwaitAnswers(2) {
				verb := []string{" up", " down"}[i]
				if backend.ReasonOf(a.Err) != c.reason || !strings.Contains(a.Err.Error(), c.words) ||
					!strings.Contains(a.Err.Error(), "eth0") || !strings.Contains(a.Err.Error(), verb) {
					t.Errorf("reason %d: %v", backend.ReasonOf(a.Err), a.Err)
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
		r.ForgetAll()
		r.Start(id)
		a := r.AwaitAnswers(1)[0]
		if a.Op != backend.OpStart || a.ID != id || backend.ReasonOf(a.Err) != backend.ReasonNoConfiguration {
			t.Errorf("%q: %+v", id, a)
		}
	}
	k.say(newLink(2, "lan", flagsUp))
	r.AwaitState("link:lan", "active")
	r.ForgetAll()
	r.Stop("link:eth0")
	if a := r.AwaitAnswers(1)[0]; backend.ReasonOf(a.Err) != backend.ReasonNoConfiguration {
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
	if a := r.AwaitAnswers(2); a[0].Err != nil || a[1].Op != backend.OpRefresh {
		t.Errorf("got %+v", a)
	}
	expect(t, r.Lines(), "complete", "link:eth0 active", "link:eth0 discovered", "done stop link:eth0",
		"complete", "link:eth0 active", "done refresh")
}

func TestRefreshResynchronizes(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	k.change(func() { k.links = append(k.links, linkBody(3, "eth1", flagsDown)) })
	r.ForgetAll()
	r.Refresh()
	r.Refresh()
	if a := r.AwaitAnswers(2); a[0].Err != nil || a[1].Err != nil {
		t.Errorf("got %+v", a)
	}
	if lines := r.Lines(); lines[0] != "complete" || r.Len() != 2 {
		t.Errorf("got %q, %+v", lines, r.Configurations())
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
	r.AwaitAnswers(2)
	if c := r.Configuration("link:eth1"); c.ID == "" {
		t.Errorf("got %+v", r.Configurations())
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
	r.ForgetAll()
	r.Refresh()
	r.AwaitAnswers(2)
	expect(t, r.Lines(), "complete", "link:eth0 discovered", "done refresh", "done stop link:eth0")
	if c := r.Configuration("link:eth0"); c.State != bearer.Discovered {
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
	r.ForgetAll()
	k.fail(unix.ENOBUFS)
	a := r.AwaitAnswers(3)
	if a[0].Op != backend.OpStart || a[0].Err != nil || a[1].Op != backend.OpStop || a[1].Err == nil || a[2].Op != backend.OpRefresh {
		t.Errorf("got %+v", a)
	}
	r.Stop("link:eth0")
	r.AwaitAnswers(4)
	expect(t, r.LinesSince(0, "link:eth0"), "link:eth0 active", "done start link:eth0", "done stop link:eth0")
	if lines := r.Lines(); lines[0] != "complete" || len(lines) != 6 {
		t.Errorf("got %q", lines)
	}
}

func TestCommandsWhileTheSubscriptionIsDead(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	k.change(func() { k.refuse = []error{unix.EMFILE, unix.EMFILE, unix.EMFILE} })
	k.fail(unix.EBADF)
	r.Start("link:eth0")
	r.Refresh()
	a := r.AwaitAnswers(2)
	if a[0].Op != backend.OpStart || a[1].Op != backend.OpRefresh {
		t.Errorf("got %+v", a)
	}
}

func TestAPanicIsARefusal(t *testing.T) {
	k := oneLink()
	k.set = func(int, bool) { panic("a bug") }
	r := k.start(t)
	r.Start("link:eth0")
	if a := r.AwaitAnswers(1)[0]; a.Err == nil || !strings.Contains(a.Err.Error(), "a bug") {
		t.Errorf("got %+v", a)
	}
}

func TestRights(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	if c := r.Configuration("link:eth0"); c.Denied != "" || r.Capabilities() != backend.CanStartAndStop|backend.HasStatistics|backend.HasLinks {
		t.Errorf("with the right: %q, %b", c.Denied, r.Capabilities())
	}
	k.change(func() { k.refused = unix.EPERM })
	if r.Capabilities() != backend.HasStatistics|backend.HasLinks {
		t.Errorf("without: %b", r.Capabilities())
	}
	r.Refresh()
	r.AwaitAnswers(1)
	if c := r.Configuration("link:eth0"); !strings.Contains(c.Denied, "CAP_NET_ADMIN") {
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
