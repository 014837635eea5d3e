package rtnetlink

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestLabStartAndStop(t *testing.T) {
	l := newLab(t)
	ready(l)
	r := l.run()
	if r.Capabilities() != backend.CanStartAndStop|backend.HasStatistics|backend.HasLinks {
		t.Errorf("capabilities %b", r.Capabilities())
	}
	for i := 1; i <= 50; i++ {
		r.Stop("link:eth0")
		if a := r.AwaitAnswers(2*i - 1)[2*i-2]; a.Op != backend.OpStop || a.Err != nil {
			t.Fatalf("got %+v", a)
		}
		r.Start("link:eth0")
		if a := r.AwaitAnswers(2 * i)[2*i-1]; a.Op != backend.OpStart || a.Err != nil {
			t.Fatalf("got %+v", a)
		}
	}
	r.AwaitState("link:eth0", "active")
}

// While other processes change links all the time, each answer still comes
// after the report of its outcome. A link without carrier or address shows its
// own administrative state.
func TestLabTheOutcomeIsShownBeforeTheAnswer(t *testing.T) {
	l := newLab(t)
	ready(l)
	l.veth("still", "end")
	r := run(t, New())
	r.AwaitComplete(1)
	stop := l.storm("eth0")
	for i := 1; i <= 30; i++ {
		command, want := r.Start, bearer.Defined
		if i%2 == 0 {
			command, want = r.Stop, bearer.Discovered
		}
		command("link:still")
		if a := r.AwaitAnswer(i); a.Before != want {
			t.Fatalf("answer %d came with the link %v\n%q", i, a.Before, r.Logs())
		}
	}
	stop()
}

// storm changes the addresses of a link until it is stopped.
func (l *lab) storm(name string) (stop func()) {
	k := l.link(name)
	enough := make(chan struct{})
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		for {
			select {
			case <-enough:
				return
			default:
			}
			_ = l.nl.AddrAdd(k, mustAddr("203.0.113.1/24"))
			_ = l.nl.AddrDel(k, mustAddr("203.0.113.1/24"))
		}
	}()
	return func() {
		close(enough)
		done.Wait()
	}
}

func TestLabRefresh(t *testing.T) {
	l := newLab(t)
	ready(l)
	r := l.run()
	r.Refresh()
	r.Refresh()
	for _, a := range r.AwaitAnswers(2) {
		if a.Op != backend.OpRefresh || a.Err != nil {
			t.Errorf("got %+v", a)
		}
	}
}

func TestLabCounters(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	r := l.run()
	c, err := net.Dial("udp", "192.0.2.9:9")
	l.must("a socket", err)
	defer c.Close()
	before, err := r.Counters("link:eth0")
	l.must("counters", err)
	_, _ = c.Write(make([]byte, 100)) // causes an ARP request
	eventually(t, "it was counted", func() bool {
		now, err := r.Counters("link:eth0")
		return err == nil && now.Written > before.Written
	})
	eventually(t, "both requests agree", func() bool {
		now, _ := r.Counters("link:eth0")
		r.requester.mu.Lock()
		r.requester.noStats = true
		r.requester.mu.Unlock()
		old, err := r.Counters("link:eth0")
		l.must("counters", err)
		s := l.link(eth0.Attrs().Name).Attrs().Statistics
		return now == old && now.Received == s.RxBytes && now.Written == s.TxBytes
	})
}

func TestLabCountersOnManyThreads(t *testing.T) {
	l := newLab(t)
	ready(l)
	r := l.run()
	var all sync.WaitGroup
	for i := 0; i < 8; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for j := 0; j < 200; j++ {
				if _, err := r.Counters("link:eth0"); err != nil {
					t.Error(err)
					return
				}
				r.Capabilities()
			}
		}()
	}
	all.Wait()
}

const withoutRight = "NETSESSION_LAB_WITHOUT_RIGHT"

// A process in a user namespace below the owner of the network namespace has every
// capability, but not over the links.
func TestLabWithoutTheRight(t *testing.T) {
	if os.Getenv(withoutRight) != "" {
		refusedHere(t)
		return
	}
	l := newLab(t)
	ready(l)
	self := exec.Command("/proc/self/exe", "-test.run=^TestLabWithoutTheRight$", "-test.v")
	self.Env = append(os.Environ(), withoutRight+"=1")
	self.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := self.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

func refusedHere(t *testing.T) {
	r := run(t, New())
	r.AwaitState("link:eth0", "active")
	if c := r.Configuration("link:eth0"); !strings.Contains(c.Denied, "CAP_NET_ADMIN") {
		t.Errorf("denied: %q", c.Denied)
	}
	if r.Capabilities() != backend.HasStatistics|backend.HasLinks {
		t.Errorf("capabilities %b", r.Capabilities())
	}
	r.Stop("link:eth0")
	a := r.AwaitAnswers(1)[0]
	if backend.ReasonOf(a.Err) != backend.ReasonNotSupported || !strings.Contains(a.Err.Error(), "CAP_NET_ADMIN") {
		t.Errorf("got %v", a.Err)
	}
	if c := r.Configuration("link:eth0"); c.State != bearer.Active {
		t.Errorf("the link is %v", c.State)
	}
	if _, err := r.Counters("link:eth0"); err != nil {
		t.Errorf("counters: %v", err)
	}
}
