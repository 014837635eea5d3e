package engine

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/lease"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// loop owns all state that changes while the engine runs. Its methods run on one
// goroutine at a time, the one that holds mu. As a rule that is the goroutine of
// serve. An inline run (tryRunInline) executes one task on the goroutine of its
// caller, a backend's reader or the host, which saves the switch to another thread.
type loop struct {
	engine  *Engine
	store   *store.Store
	backend backend.Backend
	run     *run

	mu sync.Mutex // guards everything below; the goroutine that holds it is the loop

	inline    bool             // an inline run is under way
	deferred  []func()         // calls of the backend that inline runs left to serve
	spare     []task           // for the inbox to fill
	effects   []session.Effect // of the steps that are being taken, one within another
	ended     bool             // the run has ended
	counter   *lease.Counter
	heldUp    map[string]*holdup    // access points that other processes are stopping
	orphans   map[string]int        // access points left behind by others, and how often they were looked at
	lost      map[string]bool       // access points that sessions here brought up and lost, and that are still up in the system
	watcher   *lease.Watcher        // nil where nothing is shared
	bound     map[string]*list.List // sessions bound to an access point, oldest first
	roamers   *list.List            // sessions on groups, oldest first
	pending   map[string]pending    // commands not answered yet, by access point
	stopping  int                   // stop commands not answered yet
	settling  []chan struct{}       // closed when there is none
	refreshes []*refresh            // not answered by the backend yet, in order
	abandoned bool                  // the backend has failed for good
	complete  bool                  // the first picture is there
}

func (l *loop) serve(ctx context.Context) {
	defer close(l.run.ended)
	for {
		select {
		case <-ctx.Done():
			l.mu.Lock()
			l.ended = true
			l.unshare()
			l.mu.Unlock()
			return
		case <-l.engine.inbox.wakeup:
			l.runQueued()
		}
	}
}

// runQueued makes the deferred calls of the backend, then runs every task of the inbox.
func (l *loop) runQueued() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, call := range l.deferred {
		l.safely(call)
	}
	l.deferred = nil
	l.spare = l.engine.inbox.take(l.spare)
	for i, t := range l.spare {
		l.runTask(t)
		l.spare[i] = nil
	}
}

// tryRunInline runs a task on the goroutine of its caller if the loop is idle and
// nothing waits in the inbox, and posts it otherwise. Because the caller may be a
// backend that reports, and holds locks of its own, the task's calls of the backend
// are deferred to serve.
func (l *loop) tryRunInline(t task) {
	if !l.mu.TryLock() {
		l.engine.inbox.post(t)
		return
	}
	defer l.mu.Unlock()
	if l.ended || !l.engine.inbox.empty() {
		l.engine.inbox.post(t)
		return
	}
	l.inline = true
	l.runTask(t)
	l.inline = false
	if len(l.deferred) > 0 {
		l.engine.inbox.signal()
	}
}

// runTask runs one task. Hosts are woken up at its end, and not by each of what may
// be thousands of events.
func (l *loop) runTask(t task) {
	l.effects = l.effects[:0]
	l.safely(func() { t(l) })
	if l.engine.opts.Mirror != nil {
		l.safely(l.engine.opts.Mirror.Quiet)
	}
}

// safely keeps a panic, in here or in a listener, from stopping the loop.
func (l *loop) safely(f func()) {
	err := guard(func() error { f(); return nil })
	if err != nil {
		l.engine.log(backend.LevelWarning, err.Error())
	}
}

// report takes in what a backend saw. Nothing happens where nothing changed.
func (l *loop) report(b bearer.Batch) {
	l.spread(l.store.Apply(b, time.Now()))
	if !l.complete {
		l.complete = true
		close(l.run.ready)
	}
}

// spread tells listeners and sessions what changed, if anything did.
func (l *loop) spread(u store.Update) {
	if u.Empty() {
		return
	}
	l.safely(func() { l.introduce(u) })
	l.safely(func() { l.follow(u) })
	l.safely(func() { l.announce(u) })
	l.safely(l.announced)
}

// introduce tells every listener what is new: sessions may turn to it next.
func (l *loop) introduce(u store.Update) {
	for _, s := range u.Subscriptions {
		for _, e := range u.Added {
			s.Listener.Added(e)
		}
	}
}

// announce tells every listener what else changed, after the sessions have told
// what it meant for them: the order in which Qt 5 had it.
func (l *loop) announce(u store.Update) {
	for _, s := range u.Subscriptions {
		for _, e := range u.Changed {
			s.Listener.Changed(e)
		}
		for _, e := range u.Removed {
			s.Listener.Removed(e)
		}
		if u.Before != u.After {
			s.Listener.OutlookChanged(u.Before, u.After)
		}
	}
}

func (l *loop) announced() {
	if l.engine.opts.Mirror != nil {
		l.engine.opts.Mirror.Announced()
	}
}

// follow lets the affected sessions take their steps: those on a configuration
// that changed, and those that may roam.
func (l *loop) follow(u store.Update) {
	for _, id := range u.Reactivated {
		if l.pending[id] == (pending{}) {
			l.counter.Disown(id) // whoever brought it up anew owns it
		}
	}
	for _, id := range u.TakenDown {
		delete(l.lost, id) // whoever brings it up next owns it
	}
	for _, entries := range [][]*store.Entry{u.Added, u.Changed, u.Removed} {
		for _, e := range entries {
			l.notice(e.ID())
			each(l.bound[e.ID()], l.moved)
		}
	}
	each(l.roamers, func(s *Session) {
		for _, id := range u.Reranked {
			if s.m.Passed(id) {
				l.step(s, &session.Event{Kind: session.Renewed, ID: id})
			}
		}
		l.moved(s)
	})
	for _, id := range u.TakenDown {
		l.on(id, func(s *Session) { l.fell(s, id) })
	}
	for _, e := range u.Removed {
		delete(l.lost, e.ID())
		l.counter.Remove(e.ID())
	}
}

// each calls f for every session of a list, which may be nil.
func each(sessions *list.List, f func(*Session)) {
	if sessions == nil {
		return
	}
	for e := sessions.Front(); e != nil; e = e.Next() {
		f(e.Value.(*Session))
	}
}

// moved tells a session where its links stand now, if they moved.
func (l *loop) moved(s *Session) {
	if !l.lookAt(s) {
		s.publish() // its link may have another name, and no step would show it
	}
	l.adapt(s)
}

// lookAt lets a session take the step that follows from where its links stand
// now, and reports whether they moved.
func (l *loop) lookAt(s *Session) bool {
	known := session.Facts{
		Config: s.m.Link, Choice: s.m.Choice.Link, Using: s.m.Using.Link,
		Offer: s.m.Offer.Link, Previous: s.m.Previous.Link, Label: s.m.Label, Why: s.m.Why,
	}
	ev := session.Event{Kind: session.Moved, Facts: l.facts(s)}
	if ev.Facts == known {
		return false
	}
	l.lookAhead(s, &ev)
	l.decide(s, &ev, (*loop).moving)
	return true
}

// moving is the event that tells a session where its links stand now.
func (l *loop) moving(s *Session) session.Event {
	ev := session.Event{Kind: session.Moved, Facts: l.facts(s)}
	l.lookAhead(s, &ev)
	return ev
}

// lookAhead completes an event with what the session can turn to.
func (l *loop) lookAhead(s *Session, ev *session.Event) {
	ev.Next = l.next(s, ev.Kind)
	ev.Seamless = l.seamless(s, ev.Next.ID)
}

// facts are where the links of a session stand now.
func (l *loop) facts(s *Session) session.Facts {
	target := s.m.Target()
	known, label := l.store.Describe(target)
	facts := session.Facts{
		Config: l.link(s.m.Config), Choice: l.link(s.m.Choice.ID), Using: l.heading(s.m.Using.ID),
		Offer: l.heading(s.m.Offer.ID), Previous: l.heading(s.m.Previous.ID),
		Label: label, Why: whyDown(known),
	}
	if facts.Using == session.LinkUp && s.m.IsOpen() && l.faltering(s.m.Using.ID) && l.otherWay(s) {
		facts.Using = session.LinkUnavailable // moving is immediate, giving up is patient
	}
	return facts
}

// faltering reports whether an access point may be about to be lost.
func (l *loop) faltering(id string) bool {
	c := l.store.GetUnlocked(id)
	return c != nil && c.Faltering
}

// on calls f for the sessions that use, try or may return to an access point.
func (l *loop) on(id string, f func(*Session)) {
	each(l.bound[id], f)
	each(l.roamers, func(s *Session) {
		if s.m.Using.ID == id || s.m.Offer.ID == id || s.m.Previous.ID == id {
			f(s)
		}
	})
}
