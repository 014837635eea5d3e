package connman

import (
	"strings"
	"syscall"
	"testing"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
)

func TestLabServicesBecomeReady(t *testing.T) {
	l := newLab(t)
	first, second := l.cable(true), l.cable(true)
	r := watch(t, l.bus.Address)
	r.AwaitComplete(1)
	l.start()
	r.AwaitState(first.id, "active")
	r.AwaitState(second.id, "active")
	if got := r.Configuration(first.id); got.Interface != "eth0" || got.Hardware != "02:00:00:00:00:00" || got.Bearer != bearer.BearerEthernet || got.Name == "" {
		t.Errorf("%+v", got)
	}
	if r.ManagedNames() != "eth0 eth1" {
		t.Errorf("managed %q", r.ManagedNames())
	}
}

func TestLabDisconnectAndConnect(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.AwaitState(c.id, "active")
	for n := 1; n <= 5; n += 4 {
		r.Stop(c.id)
		if a := r.AwaitAnswer(n); a.Err != nil || a.Before != bearer.Discovered {
			t.Fatalf("%v", a)
		}
		r.Refresh()
		r.AwaitAnswer(n + 1)
		if got := r.Configuration(c.id); got.State != bearer.Discovered || got.Progress != bearer.Settled {
			t.Fatalf("ConnMan connects by itself: %+v", got)
		}
		r.Start(c.id)
		if a := r.AwaitAnswer(n + 2); a.Err != nil || a.Before != bearer.Active || a.Joined {
			t.Fatalf("%v", a)
		}
		r.Start(c.id)
		if a := r.AwaitAnswer(n + 3); a.Err != nil || !a.Joined {
			t.Fatalf("what is up: %v", a)
		}
	}
	if got := r.States(c.id); !strings.HasSuffix(got, "active closing discovered connecting active closing discovered connecting active") {
		t.Errorf("went through %s", got)
	}
}

func TestLabStopWithdrawsAnAttempt(t *testing.T) {
	l := newLab(t)
	c := l.cable(false)
	l.start()
	r := watch(t, l.bus.Address)
	r.AwaitState(c.id, "connecting")
	r.Start(c.id)
	r.Stop(c.id)
	if a := r.AwaitAnswer(1); a.Op != backend.OpStart || backend.ReasonOf(a.Err) != backend.ReasonAborted {
		t.Errorf("%v", a)
	}
	if a := r.AwaitAnswer(2); a.Op != backend.OpStop || a.Err != nil || a.Before != bearer.Discovered {
		t.Errorf("%v", a)
	}
	r.Start(c.id)
	r.AwaitState(c.id, "connecting")
	r.Stop(c.id)
	if a := r.AwaitAnswer(4); a.Op != backend.OpStop || a.Err != nil {
		t.Errorf("our own attempt: %v", a)
	}
	r.AwaitState(c.id, "discovered")
}

func TestLabTechnologyPower(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.AwaitState(c.id, "active")
	l.power("ethernet", false)
	r.AwaitState(c.id, "defined")
	neverConnectsOnItsWayDown(t, r, c.id)
	if got := r.Configuration(c.id).Obstacle; !strings.Contains(got, "Ethernet is switched off") {
		t.Errorf("the obstacle is %q", got)
	}
	r.Start(c.id)
	if a := r.AwaitAnswer(1); a.Err == nil || !strings.Contains(a.Err.Error(), "switched off") {
		t.Errorf("%v", a)
	}
	l.power("ethernet", true)
	r.AwaitState(c.id, "active")
}

func TestLabCable(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	for i := 0; i < 2; i++ {
		r.AwaitState(c.id, "active")
		c.unplug()
		r.AwaitState(c.id, "defined")
		c.plug()
	}
	neverConnectsOnItsWayDown(t, r, c.id)
	r.AwaitState(c.id, "active")
	if r.ManagedNames() != "eth0" {
		t.Errorf("managed %q", r.ManagedNames())
	}
}

// ConnMan signals "configuration" whenever a service goes down, except for a service that
// it has not announced yet.
func neverConnectsOnItsWayDown(t *testing.T, r *recorder, id string) {
	t.Helper()
	if got := r.States(id); strings.Contains(got, "active connecting") {
		t.Errorf("went through %s", got)
	}
}

func TestLabConnmanKilled(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	r := watch(t, l.bus.Address)
	for i := 0; i < 2; i++ {
		l.start()
		r.AwaitState(c.id, "active")
		l.kill()
		r.AwaitState(c.id, "")
		if r.ManagedNames() != "nothing" {
			t.Errorf("managed %q", r.ManagedNames())
		}
	}
}

func TestLabBusKilled(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.AwaitState(c.id, "active")
	r.Stop(c.id)
	l.bus.Kill()
	r.AwaitAnswer(1)
	r.AwaitState(c.id, "")
	l.kill()
	l.bus.Restart()
	l.start()
	r.AwaitState(c.id, "active")
}

func TestLabFrozen(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.AwaitState(c.id, "active")
	l.signal(syscall.SIGSTOP)
	r.Stop(c.id)
	c.unplug()
	l.signal(syscall.SIGCONT)
	if a := r.AwaitAnswer(1); a.Err != nil {
		t.Errorf("%v", a)
	}
	r.AwaitState(c.id, "defined")
}
