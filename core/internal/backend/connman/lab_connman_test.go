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
	r.awaitComplete(1)
	l.start()
	r.awaitState(first.id, "active")
	r.awaitState(second.id, "active")
	if got := r.get(first.id); got.Interface != "eth0" || got.Hardware != "02:00:00:00:00:00" || got.Bearer != bearer.BearerEthernet || got.Name == "" {
		t.Errorf("%+v", got)
	}
	if r.speaksFor() != "eth0 eth1" {
		t.Errorf("managed %q", r.speaksFor())
	}
}

func TestLabDisconnectAndConnect(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.awaitState(c.id, "active")
	for n := 1; n <= 5; n += 4 {
		r.Stop(c.id)
		if a := r.answer(n); a.err != nil || a.before != bearer.Discovered {
			t.Fatalf("%v", a)
		}
		r.Refresh()
		r.answer(n + 1)
		if got := r.get(c.id); got.State != bearer.Discovered || got.Progress != bearer.Settled {
			t.Fatalf("ConnMan connects by itself: %+v", got)
		}
		r.Start(c.id)
		if a := r.answer(n + 2); a.err != nil || a.before != bearer.Active || a.joined {
			t.Fatalf("%v", a)
		}
		r.Start(c.id)
		if a := r.answer(n + 3); a.err != nil || !a.joined {
			t.Fatalf("what is up: %v", a)
		}
	}
	if got := r.path(c.id); !strings.HasSuffix(got, "active closing discovered connecting active closing discovered connecting active") {
		t.Errorf("went through %s", got)
	}
}

func TestLabStopWithdrawsAnAttempt(t *testing.T) {
	l := newLab(t)
	c := l.cable(false)
	l.start()
	r := watch(t, l.bus.Address)
	r.awaitState(c.id, "connecting")
	r.Start(c.id)
	r.Stop(c.id)
	if a := r.answer(1); a.op != backend.OpStart || backend.ReasonOf(a.err) != backend.ReasonAborted {
		t.Errorf("%v", a)
	}
	if a := r.answer(2); a.op != backend.OpStop || a.err != nil || a.before != bearer.Discovered {
		t.Errorf("%v", a)
	}
	r.Start(c.id)
	r.awaitState(c.id, "connecting")
	r.Stop(c.id)
	if a := r.answer(4); a.op != backend.OpStop || a.err != nil {
		t.Errorf("our own attempt: %v", a)
	}
	r.awaitState(c.id, "discovered")
}

func TestLabTechnologyPower(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.awaitState(c.id, "active")
	l.power("ethernet", false)
	r.awaitState(c.id, "defined")
	neverConnectsOnItsWayDown(t, r, c.id)
	if got := r.get(c.id).Obstacle; !strings.Contains(got, "Ethernet is switched off") {
		t.Errorf("the obstacle is %q", got)
	}
	r.Start(c.id)
	if a := r.answer(1); a.err == nil || !strings.Contains(a.err.Error(), "switched off") {
		t.Errorf("%v", a)
	}
	l.power("ethernet", true)
	r.awaitState(c.id, "active")
}

func TestLabCable(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	for i := 0; i < 2; i++ {
		r.awaitState(c.id, "active")
		c.unplug()
		r.awaitState(c.id, "defined")
		c.plug()
	}
	neverConnectsOnItsWayDown(t, r, c.id)
	r.awaitState(c.id, "active")
	if r.speaksFor() != "eth0" {
		t.Errorf("managed %q", r.speaksFor())
	}
}

// ConnMan says "configuration" on every way down that it tells of: of a service that it
// has not announced yet it does not.
func neverConnectsOnItsWayDown(t *testing.T, r *recorder, id string) {
	t.Helper()
	if got := r.path(id); strings.Contains(got, "active connecting") {
		t.Errorf("went through %s", got)
	}
}

func TestLabConnmanKilled(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	r := watch(t, l.bus.Address)
	for i := 0; i < 2; i++ {
		l.start()
		r.awaitState(c.id, "active")
		l.kill()
		r.awaitState(c.id, "")
		if r.speaksFor() != "nothing" {
			t.Errorf("managed %q", r.speaksFor())
		}
	}
}

func TestLabBusKilled(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.awaitState(c.id, "active")
	r.Stop(c.id)
	l.bus.Kill()
	r.answer(1)
	r.awaitState(c.id, "")
	l.kill()
	l.bus.Restart()
	l.start()
	r.awaitState(c.id, "active")
}

func TestLabFrozen(t *testing.T) {
	l := newLab(t)
	c := l.cable(true)
	l.start()
	r := watch(t, l.bus.Address)
	r.awaitState(c.id, "active")
	l.signal(syscall.SIGSTOP)
	r.Stop(c.id)
	c.unplug()
	l.signal(syscall.SIGCONT)
	if a := r.answer(1); a.err != nil {
		t.Errorf("%v", a)
	}
	r.awaitState(c.id, "defined")
}
