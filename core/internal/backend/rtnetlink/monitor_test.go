package rtnetlink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

func TestFirstReportIsComplete(t *testing.T) {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "eth1", flagsDown))
	k.routes = table{default4(5, 2)}
	r := k.start(t)
	first := r.reports()[0]
	if !first.Complete || len(first.Changed) != 2 || first.Changed[0].State != bearer.Active ||
		!first.Changed[0].DefaultRoute || first.Changed[1].State != bearer.Discovered {
		t.Errorf("got %+v", first)
	}
	expect(t, r.told(), "complete")
}

func TestNotificationsAreReported(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	r.forget()
	k.say(newLink(2, "eth0", flagsUp), newLink(3, "eth1", flagsUp))
	k.say(newLink(2, "eth0", flagsUp))
	k.say(newLink(2, "eth0", flagsDown))
	r.awaitState(t, "link:eth0", bearer.Discovered)
	expect(t, r.told(), "link:eth1 discovered", "link:eth0 discovered")
}

// The kernel announces some changes before they take effect, and answers
// lookups in between.
func TestAChangeThatIsAnnouncedBeforeItHolds(t *testing.T) {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "eth1", flagsUp))
	k.routes = table{default4(5, 3)}
	k.routes[0].source = ""
	r := k.start(t)
	if r.all()["link:eth1"].DefaultRoute {
		t.Fatal("there is no source yet")
	}
	k.change(func() { k.applied = func() { k.routes[0].source = "198.51.100.1" } })
	k.say(newAddress(3, "198.51.100.1/24"))
	r.await(t, "eth1 leads out", func() bool { return r.known["link:eth1"].DefaultRoute })
}

// A notification may carry the sequence number and the port of another
// process's request. Its number may equal ours, which does not make it a reply.
func TestNotificationsOfOthersRequestsAreNotAnswers(t *testing.T) {
	k := oneLink()
	k.during = func(s *socket, kind uint16) uint16 {
		if kind == unix.RTM_GETLINK {
			for seq := uint32(0); seq < 5; seq++ {
				s.put(datagramOf(unix.RTM_NEWLINK, 0, seq, 99, linkBody(5, "new", flagsDown)))
				s.put(datagramOf(unix.NLMSG_DONE, 0, seq, 99, u32(0)))
			}
		}
		return 0
	}
	r := k.start(t)
	if len(r.reports()[0].Changed) != 2 {
		t.Errorf("got %+v", r.reports()[0])
	}
}

func TestChangesDuringTheFirstDump(t *testing.T) {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "eth1", flagsUp))
	k.during = func(s *socket, kind uint16) uint16 {
		if kind == unix.RTM_GETADDR {
			s.put(join(delLink(3, "eth1"), newLink(4, "eth2", flagsUp), newAddress(4, "198.51.100.1/24")))
		}
		return 0
	}
	r := k.start(t)
	if len(r.all()) != 2 || r.all()["link:eth2"].State != bearer.Active {
		t.Errorf("got %+v", r.all())
	}
}

// A dump may contain an older value behind a newer notification.
func TestADumpDoesNotRevertANotification(t *testing.T) {
	k := oneLink()
	k.during = func(s *socket, kind uint16) uint16 {
		if kind == unix.RTM_GETADDR {
			s.put(delAddress(2, "192.0.2.1/24"))
		}
		return 0
	}
	r := k.start(t)
	if c := r.all()["link:eth0"]; c.State != bearer.Discovered {
		t.Errorf("got %+v", c)
	}
}

func TestInterruptedDumpIsRepeated(t *testing.T) {
	for _, kind := range []uint16{unix.RTM_GETLINK, unix.RTM_GETADDR} {
		k, times := oneLink(), 0
		full := k.links
		k.links = nil
		k.during = func(s *socket, asked uint16) uint16 {
			if asked != kind || times == 2 {
				k.links = full
				return 0
			}
			times++
			return unix.NLM_F_DUMP_INTR
		}
		r := k.start(t)
		if len(r.reports()) != 1 || r.all()["link:eth0"].State != bearer.Active || times != 2 {
			t.Errorf("kind %d: %d reports after %d interruptions, %+v", kind, len(r.reports()), times, r.all())
		}
	}
}

// If changes never stop, the snapshot is reported as it is, and the resync is
// repeated later.
func TestDumpThatIsAlwaysInterrupted(t *testing.T) {
	k := oneLink()
	calm, before := false, 0
	k.during = func(s *socket, asked uint16) uint16 {
		if calm {
			return 0
		}
		if asked == unix.RTM_GETADDR && before == 0 {
			before = len(k.requests) - 1
		}
		return unix.NLM_F_DUMP_INTR
	}
	r := k.start(t)
	k.change(func() {
		if before != maxAttempts {
			t.Errorf("the snapshot was reported after %d attempts", before)
		}
	})
	k.change(func() {
		calm = true
		k.links = append(k.links, linkBody(3, "eth1", flagsDown))
	})
	r.awaitState(t, "link:eth1", bearer.Discovered)
	r.stop()
	if len(r.logs) == 0 {
		t.Error("nothing was logged")
	}
}

func TestDumpThatFailsAtItsEnd(t *testing.T) {
	k, failed := oneLink(), false
	k.during = func(s *socket, kind uint16) uint16 {
		if !failed {
			failed = true
			s.put(datagramOf(unix.NLMSG_DONE, 0, 1, fakePort, code(unix.ENOMEM)))
		}
		return 0
	}
	r := k.start(t)
	if r.all()["link:eth0"].State != bearer.Active || k.subscriptions != 2 {
		t.Errorf("after %d subscriptions: %+v", k.subscriptions, r.all())
	}
}

func TestLostNotificationsCauseAResync(t *testing.T) {
	for name, cause := range map[string]func(*kernel){
		"overrun":          func(k *kernel) { k.fail(unix.ENOBUFS) },
		"dead":             func(k *kernel) { k.fail(io.EOF) },
		"bad descriptor":   func(k *kernel) { k.fail(unix.EBADF) },
		"closed by others": func(k *kernel) { k.sub.Close() },
		"cut short":        func(k *kernel) { k.say(newLink(2, "eth0", flagsUp)[:30]) },
	} {
		t.Run(name, func(t *testing.T) {
			k := oneLink()
			r := k.start(t)
			k.change(func() { k.links = [][]byte{linkBody(2, "eth0", flagsDown), linkBody(3, "eth1", flagsDown)} })
			old := k.sub
			cause(k)
			r.awaitComplete(t, 2)
			if r.all()["link:eth0"].State != bearer.Discovered || len(r.all()) != 2 {
				t.Errorf("got %+v", r.all())
			}
			<-old.gone
			k.say(newLink(3, "eth1", flagsNoCable))
			r.awaitState(t, "link:eth1", bearer.Defined)
		})
	}
}

func TestSubscriptionThatCannotBeHad(t *testing.T) {
	k := oneLink()
	k.refuse = []error{unix.EMFILE, unix.EMFILE, unix.ENOMEM}
	r := k.start(t)
	r.stop()
	if k.subscriptions != 4 || len(r.logs) != 3 {
		t.Errorf("%d tries, %q", k.subscriptions, r.logs)
	}
}

func TestSystemWithoutRouteNetlink(t *testing.T) {
	for _, e := range []error{unix.EPERM, unix.EAFNOSUPPORT, fmt.Errorf("socket: %w", unix.EPROTONOSUPPORT)} {
		k := oneLink()
		k.refuse = []error{e}
		err := k.backend().Run(context.Background(), newRecorder())
		if !errors.Is(err, e) || !strings.Contains(err.Error(), "route netlink") {
			t.Errorf("%v: Run said %v", e, err)
		}
	}
}

func TestTheEndOfTheContextEndsEverything(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	if err := r.stop(); err != nil {
		t.Errorf("Run said %v", err)
	}
	if k.opened != k.closed || k.opened == 0 {
		t.Errorf("%d sockets were opened and %d closed", k.opened, k.closed)
	}
	if _, err := r.Counters("link:eth0"); err == nil {
		t.Error("counters after the end")
	}
	r.Start("link:eth0")
}

func TestTheContextEndsBeforeItBegins(t *testing.T) {
	k := oneLink()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := k.backend().Run(ctx, newRecorder()); err != nil {
		t.Errorf("Run said %v", err)
	}
	if k.opened != k.closed {
		t.Errorf("%d sockets were opened and %d closed", k.opened, k.closed)
	}
}

func TestTheContextEndsWhileNothingCanBeOpened(t *testing.T) {
	k := oneLink()
	for i := 0; i < 1000; i++ {
		k.refuse = append(k.refuse, unix.EMFILE)
	}
	r := run(t, k.backend())
	r.await(t, "some tries have failed", func() bool { return len(r.logs) >= 3 })
	if err := r.stop(); err != nil {
		t.Errorf("Run said %v", err)
	}
}
