package rtnetlink

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

// gate is a sink that blocks the monitor while it is shut.
type gate struct {
	*backendtest.Recorder
	shut chan struct{}
}

func (g gate) Report(b bearer.Batch) {
	<-g.shut
	g.Recorder.Report(b)
}

// slow makes a backend with the smallest receive buffer that the kernel gives.
func slow() *Backend {
	n := currentNamespace()
	n.buffer = 1
	return open(n)
}

// After an overrun of the receive buffer, a new subscription in the same
// network namespace recovers the lost changes, whichever thread opens it.
func TestLabOverrun(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	const pairs = 20
	many(l, pairs)
	g := gate{backendtest.NewRecorder(t), make(chan struct{}, 1000)}
	backendtest.Start(t, slow(), g)
	g.shut <- struct{}{}
	g.AwaitComplete(1)
	for i := 0; i < pairs; i++ {
		k := l.link(fmt.Sprintf("a%d", i))
		for j := 0; j < 5; j++ {
			l.down(k)
			l.up(k)
		}
		l.address(k, fmt.Sprintf("10.0.%d.1/24", i))
	}
	l.must("remove", l.nl.LinkDel(l.link("b0")))
	l.must("remove", l.nl.AddrDel(eth0, mustAddr("192.0.2.1/24")))
	close(g.shut)
	g.Await("the reports are right", func(rec *backendtest.Record) bool {
		for i := 1; i < pairs; i++ {
			if rec.Known[fmt.Sprintf("link:a%d", i)].State != bearer.Active {
				return false
			}
		}
		return len(rec.Known) == 2*pairs && rec.Known["link:eth0"].State == bearer.Discovered
	})
	g.AwaitComplete(2)
}

// The final state is reported, even if notifications were lost.
func TestLabStormEndsInTheFinalState(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	l.defaultRoute(eth0, "192.0.2.254", 100)
	r := run(t, slow())
	r.AwaitState("link:eth0", "active")
	for round := 0; round < 5; round++ {
		for i := 0; i < 100; i++ {
			a := mustAddr(fmt.Sprintf("10.1.%d.1/24", i))
			l.must("add", l.nl.AddrAdd(eth0, a))
			if i%2 == round%2 {
				l.must("remove", l.nl.AddrDel(eth0, a))
			}
		}
		r.Await("half of them are there", func(rec *backendtest.Record) bool {
			n := 0
			for _, p := range rec.Known["link:eth0"].Addresses {
				if p.Addr().As16()[12] == 10 {
					n++
				}
			}
			return n == 50
		})
		for i := 1 - round%2; i < 100; i += 2 {
			l.must("remove", l.nl.AddrDel(eth0, mustAddr(fmt.Sprintf("10.1.%d.1/24", i))))
		}
	}
}

func TestLabDeadSubscription(t *testing.T) {
	l := newLab(t)
	eth0, _ := ready(l)
	r := l.run()
	for i := 1; i <= 3; i++ {
		r.Backend.mu.Lock()
		sub := r.current
		r.Backend.mu.Unlock()
		if sub != nil {
			_ = sub.Close()
		}
		l.down(eth0)
		r.AwaitState("link:eth0", "discovered")
		l.up(eth0)
		r.AwaitState("link:eth0", "active")
	}
	r.AwaitComplete(2)
}

// Changes during the first dump are in the first report, or in a later one.
func TestLabChangesDuringTheFirstDump(t *testing.T) {
	l := newLab(t)
	ready(l)
	many(l, 200)
	stop := l.storm("a5")
	defer stop()
	for i := 0; i < 20; i++ {
		name := fmt.Sprintf("x%d", i)
		r := run(t, New())
		k, _ := l.veth(name, "y"+name)
		l.must("remove", l.nl.LinkDel(l.link(fmt.Sprintf("a%d", 100+i))))
		l.up(k)
		r.AwaitState("link:"+name, "defined")
		r.Await("a removed link is gone", func(rec *backendtest.Record) bool {
			_, ok := rec.Known[fmt.Sprintf("link:b%d", 100+i)]
			return !ok
		})
		r.stop()
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestLabTheEndOfTheContextLeaksNothing(t *testing.T) {
	l := newLab(t)
	ready(l)
	round := func() {
		r := l.run()
		r.Stop("link:eth0")
		r.Start("link:eth0")
		r.Refresh()
		r.AwaitAnswers(3)
		r.Stop("link:peer0")
		r.stop()
		l.up(l.link("peer0"))
	}
	round()
	files, routines := descriptors(t), runtime.NumGoroutine()
	for i := 0; i < 20; i++ {
		round()
	}
	if now := descriptors(t); now > files {
		t.Errorf("%d descriptors, %d before", now, files)
	}
	eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= routines })
}

func TestLabEndBeforeTheFirstSnapshot(t *testing.T) {
	l := newLab(t)
	many(l, 200)
	for i := 0; i < 20; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		b := New()
		go func() { ended <- b.Run(ctx, backendtest.NewRecorder(t)) }()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run said %v", err)
		}
	}
}
