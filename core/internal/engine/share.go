package engine

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/lease"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

const (
	// holdupLimit is how long a start waits for another process to stop the link:
	// one that was frozen over it must not keep others from the network.
	holdupLimit = 5 * time.Second
	// A holdup ends with a change of the picture as a rule. It is looked at by the
	// clock too, because the end of a stop is nobody's notice.
	shortHoldup, longHoldup = 2 * time.Millisecond, 50 * time.Millisecond
	// orphanPause is how long after the first look an orphan is looked at again,
	// whose link was not up then: the picture may have been behind.
	orphanPause = time.Second
	// orphanLooks bounds how often that is done for one that does not exist now,
	// but may come back with its daemon.
	orphanLooks = 15
	// tidyPause is how long the record of a link that was stopped is of use.
	tidyPause = 3 * time.Second
)

// share makes the counter, and meets other processes where that is possible.
func (l *loop) share() {
	log := func(text string) { l.engine.log(backend.LevelWarning, text) }
	if l.engine.opts.Share != nil {
		d, err := l.engine.opts.Share()
		if err != nil {
			l.engine.log(backend.LevelInfo, fmt.Sprintf("Sessions of other processes are not counted: %v.", err))
		}
		l.run.share = d
	}
	l.counter = lease.NewCounter(l.engine.opts.LiteralClose, l.run.share, log)
	if l.run.share != nil {
		l.watcher = l.run.share.Watch(func(names []string) {
			sink{l}.post(func(l *loop) { l.heard(names) })
		}, log)
	}
}

// unshare leaves other processes alone. What is still being stopped from here is
// left behind, as at the end of the process.
func (l *loop) unshare() {
	l.counter.Close()
	if l.run.share != nil {
		l.watcher.Close()
		l.run.share.Close()
	}
}

// later does something about an access point after a time, if the run goes on.
func (l *loop) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() { sink{l}.post(func(*loop) { f() }) })
}

// holdup is an access point that another process is stopping, or has just stopped.
// What this one wants of its link waits until that is over. Until the start that
// comes then is answered, the picture is not believed: it may be that of before.
type holdup struct {
	waiting bool
	begun   bool // the start was ordered
	orders  []func()
	starts  int // among the orders
	until   time.Time
	pause   time.Duration
}

// withdraw ends a holdup for whose end nobody waits any more, and what was ordered
// meanwhile.
func (l *loop) withdraw(id string) {
	h := l.heldUp[id]
	if h == nil || !h.waiting || len(h.orders) > h.starts || l.counter.Holders(id) > 0 {
		return
	}
	p := l.pending[id]
	if p.starts -= h.starts; p == (pending{}) {
		delete(l.pending, id)
	} else {
		l.pending[id] = p
	}
	delete(l.heldUp, id)
	l.on(id, l.moved)
}

// link is where the access point of a holdup stands, for sessions.
func (h *holdup) link() session.Link {
	if h.begun {
		return session.LinkStarting
	}
	return session.LinkStopping
}

// orderAbout orders something about an access point, once nobody else is stopping
// it.
func (l *loop) orderAbout(id string, f func()) {
	h := l.heldUp[id]
	if h != nil && h.waiting {
		h.orders = append(h.orders, f)
		return
	}
	if h != nil {
		h.begun = true
	}
	l.callBackend(f)
}

// last reports whether the session that is about to let go of the access point in
// use is the last one, of all processes, so that its link goes down.
func (l *loop) last(s *Session) bool {
	return s.m.Using.Held && l.counter.Claim(s.m.Using.ID)
}

func (l *loop) open(s *Session, ev session.Event) {
	if s.m.Using.Held {
		l.advance(s, ev) // it is open, or on its way there
		return
	}
	l.reserving(func() session.AccessPoint { return l.next(s, session.Open) }, func(next session.AccessPoint) {
		ev.Next, ev.Seamless, ev.Text = next, l.seamless(s, next.ID), l.whyNotSetUp(next.ID)
		l.ask(s, &ev)
		l.advance(s, ev)
	})
}

// reserving turns to the access point that pick returns. The picture may not show
// yet what another process does to it; while it is reserved it cannot be stopped.
func (l *loop) reserving(pick func() session.AccessPoint, turnTo func(session.AccessPoint)) {
	reserved := make(map[string]bool)
	for news := true; news; {
		next := pick()
		if reserved[next.ID] || !l.reservable(next) {
			break
		}
		reserved[next.ID] = true
		news = l.reserve(next)
	}
	turnTo(pick())
	for id := range reserved {
		l.endHoldup(id)
		if l.counter.Release(id) {
			l.stop(id)
		}
	}
}

// mayTurn reports whether a session may turn to what another process is stopping.
func (l *loop) mayTurn(s *Session) bool { return l.run.share != nil && s.m.Roams() }

// decide lets a session take the step of an event, which is made anew if another
// process turns out to be stopping the access point that the step would turn to.
func (l *loop) decide(s *Session, ev *session.Event, anew func(*loop, *Session) session.Event) {
	if !l.mayTurn(s) {
		l.step(s, ev)
		return
	}
	l.reserving(func() session.AccessPoint {
		*ev = anew(l, s)
		return l.wanted(s, *ev)
	}, func(session.AccessPoint) { l.step(s, ev) })
}

// wanted is the access point that a session would hold after an event, beyond
// those that it holds already; none, as a rule.
func (l *loop) wanted(s *Session, ev session.Event) session.AccessPoint {
	_, effects := session.Step(s.m, ev)
	for _, e := range effects {
		if e.Kind == session.Hold {
			return l.accessPoint(e.ID)
		}
	}
	return session.AccessPoint{}
}

// migrate reserves what was offered before the session turns to it.
func (l *loop) migrate(s *Session, ev session.Event) {
	l.reserving(func() session.AccessPoint { return l.accessPoint(s.m.Offer.ID) }, func(session.AccessPoint) {
		l.lookAt(s)
		l.advance(s, ev)
	})
}

// reservable reports whether an access point can be opened. One that another
// process has started is without a carrier for a moment; that process may even
// stop it before it has one here.
func (l *loop) reservable(a session.AccessPoint) bool {
	return a.Link > session.LinkUnavailable || a.Link == session.LinkUnavailable && l.counter.Moving(a.ID)
}

// reserve reserves an access point, and reports whether that has brought news of
// other processes.
func (l *loop) reserve(a session.AccessPoint) (news bool) {
	l.counter.Reserve(a.ID)
	if l.holdUp(a.ID) {
		return true
	}
	if a.Link == session.LinkUnavailable && l.heldUp[a.ID] == nil {
		l.heldUp[a.ID] = &holdup{}
		return true
	}
	return false
}

// holdUp looks whether another process is stopping an access point, or was just
// now, and reports whether that is news.
func (l *loop) holdUp(id string) bool {
	if l.heldUp[id] != nil {
		return false
	}
	wait, doubt := l.blocked(id)
	if !wait && !doubt {
		return false
	}
	l.heldUp[id] = &holdup{waiting: wait, until: time.Now().Add(holdupLimit), pause: shortHoldup}
	if wait {
		l.lookAgain(id)
	}
	return true
}

func (l *loop) blocked(id string) (wait, doubt bool) {
	var since time.Time
	l.engine.Find(id, func(e *store.Entry) { since = e.ActiveSince() })
	return l.counter.Blocked(id, l.link(id) == session.LinkUp, since)
}

func (l *loop) lookAgain(id string) {
	h := l.heldUp[id]
	l.later(h.pause, func() {
		if l.heldUp[id] == h && h.waiting && !l.goOn(id) {
			l.lookAgain(id)
		}
	})
	if h.pause *= 2; h.pause > longHoldup {
		h.pause = longHoldup
	}
}

// goOn carries out what waits for the end of a holdup, if that is over, and
// reports whether it is.
func (l *loop) goOn(id string) bool {
	h := l.heldUp[id]
	if wait, _ := l.blocked(id); wait && time.Now().Before(h.until) {
		return false
	}
	h.waiting = false
	for _, f := range h.orders {
		l.orderAbout(id, f)
	}
	h.orders = nil
	l.endHoldup(id)
	each(l.bound[id], l.moved)
	each(l.roamers, l.moved) // one may have stayed where it was because of it
	return true
}

// endHoldup ends a holdup when nothing waits for it, and no start is under way.
func (l *loop) endHoldup(id string) {
	if h := l.heldUp[id]; h != nil && !h.waiting && (!h.begun || l.pending[id].starts == 0) {
		delete(l.heldUp, id)
	}
}

// notice looks at an access point that has changed with other processes in mind,
// before the sessions hear of it.
func (l *loop) notice(id string) {
	if h := l.heldUp[id]; h != nil && h.waiting {
		l.goOn(id)
	}
	if l.counter.Holders(id) > 0 && !l.up(id) {
		l.heed(id)
	}
}

// heed tells the sessions on an access point if another process has stopped it.
func (l *loop) heed(id string) {
	if l.counter.Aborted(id) {
		l.abort(nil, id)
	}
}

// settleStop follows the last of the stops that were ordered, once it is answered.
func (l *loop) settleStop(id string, err error) {
	l.counter.Settled(id, err == nil)
	if l.run.share != nil && err == nil {
		l.later(tidyPause, func() { l.counter.Tidy(id) })
	}
}

// heard takes notice of what other processes did with leases.
func (l *loop) heard(names []string) {
	for _, name := range names {
		id := l.run.share.About(name)
		switch {
		case id == "":
		case l.counter.Holders(id) > 0:
			l.heed(id)
		default:
			l.adopt(id)
		}
	}
}

// adopt takes an access point down that was left behind by holders which are gone,
// if this process may. One that is not up is looked at again.
func (l *loop) adopt(id string) {
	if l.heldUp[id] == nil && l.counter.Orphaned(id) && !l.takeDown(id) && l.orphans[id] == 0 {
		l.lookLater(id, 1)
	}
}

// takeDown stops an orphan that is up, and reports whether it is.
func (l *loop) takeDown(id string) bool {
	if !l.raised(id) {
		return false
	}
	if l.whyDenied(id) == "" && l.counter.Adopt(id) {
		l.stop(id)
	}
	return true
}

// lookLater looks at an orphan that was not up, so that nothing is left to take
// down: that is forgotten, unless the picture was behind.
func (l *loop) lookLater(id string, looks int) {
	l.orphans[id] = looks
	l.later(orphanPause, func() {
		delete(l.orphans, id)
		if l.heldUp[id] != nil || !l.counter.Orphaned(id) || l.takeDown(id) {
			return
		}
		link := l.heading(id)
		if link != session.LinkGone && link != session.LinkStopping {
			l.counter.Remove(id)
		} else if looks < orphanLooks {
			l.lookLater(id, looks+1)
		}
	})
}
