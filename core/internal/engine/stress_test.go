package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"sync"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/store"
	"github.com/netsession/netsession/core/internal/store/storetest"
)

// living is a backend whose network changes at random, and which carries
// commands out, or refuses them, on its own goroutine.
type living struct {
	commands chan func(*life)
	first    []bearer.Configuration
}

// life is a living backend's own state.
type life struct {
	rand *rand.Rand
	sink backend.Sink
}

func newLiving(first ...bearer.Configuration) *living {
	return &living{commands: make(chan func(*life), 1<<16), first: first}
}

func (l *living) Run(ctx context.Context, sink backend.Sink) error {
	s := &life{rand.New(rand.NewSource(1)), sink}
	sink.Report(bearer.Batch{Changed: l.first, Complete: true})
	for {
		select {
		case <-ctx.Done():
			return nil
		case c := <-l.commands:
			c(s)
		}
	}
}

func (s *life) report(words string) {
	s.sink.Report(bearer.Batch{Changed: []bearer.Configuration{storetest.AccessPoint(words)}})
}

func (s *life) carryOut(op backend.Op, id, to string) {
	if s.rand.Intn(4) == 0 {
		s.sink.Done(backend.Answer{Op: op, ID: id, Err: errors.New("refused")})
		return
	}
	if s.rand.Intn(2) == 0 {
		s.report(id + map[backend.Op]string{backend.OpStart: " starting", backend.OpStop: " stopping"}[op])
	}
	s.report(id + " " + to)
	s.sink.Done(backend.Answer{Op: op, ID: id, Err: nil})
}

func (l *living) Start(id string) {
	l.commands <- func(s *life) { s.carryOut(backend.OpStart, id, "up") }
}
func (l *living) Stop(id string) {
	l.commands <- func(s *life) { s.carryOut(backend.OpStop, id, "down") }
}
func (l *living) Refresh() {
	l.commands <- func(s *life) { s.sink.Done(backend.Answer{Op: backend.OpRefresh, ID: "", Err: nil}) }
}
func (l *living) Counters(string) (backend.Counters, error) {
	return backend.Counters{Received: 1}, nil
}
func (l *living) Capabilities() backend.Capabilities { return backend.CanStartAndStop }

// changeLink changes a link at random.
func (l *living) changeLink(r *rand.Rand) {
	id := stressIDs[r.Intn(len(stressIDs))]
	where := []string{"up", "down", "unavailable", "up online", "starting", "stopping", "up metered", "up tunnel over:eth"}[r.Intn(8)]
	gone := r.Intn(12) == 0
	l.commands <- func(s *life) {
		if gone {
			s.sink.Report(bearer.Batch{Gone: []string{id}})
			return
		}
		s.report(id + " " + where)
	}
}

var stressIDs = []string{"eth", "eth2", "wlan", "wlan2"}

// calls are what a host does with one session on one of its threads.
var calls = []func(*probe){
	func(p *probe) { p.Open() }, func(p *probe) { p.Open() }, func(p *probe) { p.Open() },
	func(p *probe) { p.Close() }, func(p *probe) { p.Stop() }, func(p *probe) { p.Migrate() },
	func(p *probe) { p.Accept() }, func(p *probe) { p.Reject() }, func(p *probe) { p.Ignore() },
	func(p *probe) { p.SetApplicationRoaming(true) }, func(p *probe) { p.SetApplicationRoaming(false) }, func(p *probe) { p.Snapshot() },
	func(p *probe) { p.Counters() }, func(p *probe) { p.WaitForOpened(time.Millisecond) },
	func(p *probe) { soon := "1"; p.SetProperty(AutoCloseSessionTimeout, &soon) },
	func(p *probe) { p.Property(ActiveConfiguration) },
	func(p *probe) { p.chooses.Store(!p.chooses.Load()) }, func(p *probe) { _ = p.Choose("eth") },
	func(p *probe) { _ = p.Choose("network:any") }, func(p *probe) { _ = p.Decline() },
	func(p *probe) { p.engine.Underlying("eth2", func(*store.Entry) {}) },
	func(p *probe) { p.CancelQuestion(p.Question()) }, func(p *probe) { p.Candidates(p.Question(), func(*store.Entry) {}) },
}

// regroup defines, redefines or removes a service network at random.
func regroup(e *Engine, r *rand.Rand) {
	if r.Intn(3) == 0 {
		_ = e.RemoveServiceNetwork("network:any")
		return
	}
	d := bearer.Definition{Identifier: "any"}
	for _, id := range stressIDs {
		if r.Intn(2) == 0 {
			d.Children = append(d.Children, id)
		}
	}
	_ = e.DefineServiceNetwork(d, func(*store.Entry) {}) // a child may be removed, or the list may be empty
}

// TestManyThreads lets many threads do everything at once while the network
// changes. The probes check the invariants at every event; in the end no session holds
// a link, and the engine parks.
func TestManyThreads(t *testing.T) {
	first := []bearer.Configuration{storetest.AccessPoint("eth up"), storetest.AccessPoint("wlan down")}
	var newest *living
	r := parked(t, "", nil)
	r.e.opts.NewBackend = func() (backend.Backend, error) {
		newest = newLiving(first...)
		return newest, nil
	}
	r.run()
	for _, id := range []string{bearer.InternetID, bearer.UserChoiceID} {
		r.e.Find(id, func(e *store.Entry) { e.SetConnectTimeout(3 * time.Millisecond) })
	}
	var threads sync.WaitGroup
	for i := 0; i < 6; i++ {
		threads.Add(1)
		go func() {
			defer threads.Done()
			host(r, newest, rand.New(rand.NewSource(int64(i))))
		}()
	}
	threads.Wait()
	r.sync()
	r.onLoop(func(l *loop) {
		for _, id := range stressIDs {
			if n := l.links.Holders(id); n != 0 {
				t.Errorf("%s has %d holders left", id, n)
			}
		}
		if len(l.bound) != 0 || l.roamers.Len() != 0 {
			t.Error("sessions are left")
		}
	})
	r.client.Detach()
	r.pause()
}

// host is one thread of a host.
func host(r *rig, network *living, random *rand.Rand) {
	for round := 0; round < 12; round++ {
		ids := append([]string{bearer.InternetID, bearer.InternetID, bearer.UserChoiceID, bearer.UserChoiceID, "network:any"}, stressIDs...)
		id := ids[random.Intn(len(ids))]
		p := &probe{name: id, log: newRecord()}
		s, err := r.e.NewSession(id, p.bind)
		if err != nil {
			r.t.Error(err)
			return
		}
		c, err := r.e.Attach(quiet{})
		if err != nil {
			r.t.Error(err)
			return
		}
		for i := 0; i < 60; i++ {
			calls[random.Intn(len(calls))](p)
			if random.Intn(3) == 0 {
				network.changeLink(random)
			}
			if random.Intn(12) == 0 {
				regroup(r.e, random)
			}
			r.e.Each(0, func(*store.Entry) {})
			r.e.NetworkState()
		}
		c.Refresh()
		c.Detach()
		s.Free()
		select {
		case <-s.done:
		case <-time.After(bound):
			r.t.Error("not freed")
		}
		p.mu.Lock()
		for _, b := range p.bad {
			r.t.Errorf("%s, after %s", b, p.log.take())
		}
		p.mu.Unlock()
	}
}

// TestManySessions tests the worst case: one change, many sessions.
func TestManySessions(t *testing.T) {
	r := newRig(t, "eth down")
	const many = 2000
	log := newRecord()
	for i := 0; i < many; i++ {
		p := &probe{name: "s", log: log}
		s, err := r.e.NewSession("eth", p.bind)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Free()
	}
	r.set("eth up")
	if n := log.count("s Connected"); n != many {
		t.Errorf("%d of %d sessions got the event", n, many)
	}
}

// Engines that start and park during queries lose nothing.
func TestComingAndGoing(t *testing.T) {
	r := parked(t, "eth up", func(_ *rig, o *Options) { o.Linger = time.Microsecond })
	var threads sync.WaitGroup
	for i := 0; i < 4; i++ {
		threads.Add(1)
		go func() {
			defer threads.Done()
			for n := 0; n < 100; n++ {
				if err := visit(r.e, i, n); err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	threads.Wait()
	r.pause()
}

// visit attaches for a moment, and opens a session.
func visit(e *Engine, i, n int) error {
	c, err := e.Attach(quiet{})
	if err != nil {
		return err
	}
	defer c.Detach()
	if !e.Find("eth", func(*store.Entry) {}) {
		return fmt.Errorf("visitor %d, visit %d: the snapshot is not complete", i, n)
	}
	p := &probe{log: newRecord()}
	s, err := e.NewSession("eth", p.bind)
	if err != nil {
		return err
	}
	s.Open()
	if !s.WaitForOpened(bound) {
		return fmt.Errorf("visitor %d, visit %d: not opened, but %+v", i, n, s.Snapshot())
	}
	s.Free()
	return nil
}
