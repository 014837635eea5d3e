package rtnetlink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
	"golang.org/x/sys/unix"
)

func TestFirstReportIsComplete(t *testing.T) {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "eth1", flagsDown))
	k.routes = table{default4(5, 2)}
	r := k.start(t)
	first := r.Batches()[0]
	if !first.Complete || len(first.Changed) != 2 || first.Changed[0].State != bearer.Active ||
		!first.Changed[0].DefaultRoute || first.Changed[1].State != bearer.Discovered {
		t.Errorf("got %+v", first)
	}
	expect(t, r.Lines(), "complete", "link:eth0 active", "link:eth1 discovered")
}

func TestNotificationsAreReported(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	r.ForgetAll()
	k.say(newLink(2, "eth0", flagsUp), newLink(3, "eth1", flagsUp))
	k.say(newLink(2, "eth0", flagsUp))
	k.say(newLink(2, "eth0", flagsDown))
	r.AwaitState("link:eth0", "discovered")
	expect(t, r.Lines(), "link:eth1 discovered", "link:eth0 discovered")
}

// The kernel announces some changes before they take effect, and answers
// lookups in between.
func TestAChangeThatIsAnnouncedBeforeItHolds(t *testing.T) {
	k := oneLink()
	k.links = append(k.links, linkBody(3, "eth1", flagsUp))
	k.routes = table{default4(5, 3)}
	k.routes[0].source = ""
	r := k.start(t)
	if r.Configuration("link:eth1").DefaultRoute {
		t.Fatal("there is no source yet")
	}
	k.change(func() { k.applied = func() { k.routes[0].source = "198.51.100.1" } })
	k.say(newAddress(3, "198.51.100.1/24"))
	r.Await("eth1 leads out", func(rec *backendtest.Record) bool { return rec.Known["link:eth1"].DefaultRoute })
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
	if len(r.Batches()[0].Changed) != 2 {
		t.Errorf("got %+v", r.Batches()[0])
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
	if r.Len() != 2 || r.Configuration("link:eth2").State != bearer.Active {
		t.Errorf("got %+v", r.Configurations())
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
	if c := r.Configuration("link:eth0"); c.State != bearer.Discovered {
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
		if len(r.Batches()) != 1 || r.Configuration("link:eth0").State != bearer.Active || times != 2 {
			t.Errorf("kind %d: %d reports after %d interruptions, %+v", kind, len(r.Batches()), times, r.Configurations())
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
	r.AwaitState("link:eth1", "discovered")
	r.stop()
	if len(r.Logs()) == 0 {
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
	if r.Configuration("link:eth0").State != bearer.Active || k.subscriptions != 2 {
		t.Errorf("after %d subscriptions: %+v", k.subscriptions, r.Configurations())
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
			r.AwaitComplete(2)
			if r.Configuration("link:eth0").State != bearer.Discovered || r.Len() != 2 {
				t.Errorf("got %+v", r.Configurations())
			}
			<-old.gone
			k.say(newLink(3, "eth1", flagsNoCable))
			r.AwaitState("link:eth1", "defined")
		})
	}
}

func TestSubscriptionThatCannotBeHad(t *testing.T) {
	k := oneLink()
	k.refuse = []error{unix.EMFILE, unix.EMFILE, unix.ENOMEM}
	r := k.start(t)
	r.stop()
	if k.subscriptions != 4 || len(r.Logs()) != 3 {
		t.Errorf("%d tries, %q", k.subscriptions, r.Logs())
	}
}

func TestSystemWithoutRouteNetlink(t *testing.T) {
	for _, e := range []error{unix.EPERM, unix.EAFNOSUPPORT, fmt.Errorf("socket: %w", unix.EPROTONOSUPPORT)} {
		k := oneLink()
		k.refuse = []error{e}
		err := k.backend().Run(context.Background(), backendtest.NewRecorder(t))
		if !errors.Is(err, e) || !strings.Contains(err.Error(), "route netlink") {
			t.Errorf("%v: Run said %v", e, err)
		}
	}
}

func TestTheEndOfTheContextEndsEverything(t *testing.T) {
	k := oneLink()
	r := k.start(t)
	r.stop()
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
	if err := k.backend().Run(ctx, backendtest.NewRecorder(t)); err != nil {
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
	r.Await("some tries have failed", func(rec *backendtest.Record) bool { return len(rec.Logs) >= 3 })
	r.stop()
}
