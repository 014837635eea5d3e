package engine

import (
	"container/list"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// The functions of this file deliver a change of the store to the listeners and the
// sessions.

// report applies a backend's report to the store. Without a change nothing happens.
func (l *loop) report(b bearer.Batch) {
	l.notify(l.store.Apply(b, time.Now()))
	if !l.complete {
		l.complete = true
		close(l.run.ready)
	}
}

// notify delivers the changes of an update to listeners and sessions, if there are any.
func (l *loop) notify(u store.Update) {
	if u.Empty() {
		return
	}
	l.runGuarded(func() { l.notifyAdded(u) })
	l.runGuarded(func() { l.updateSessions(u) })
	l.runGuarded(func() { l.notifyChanged(u) })
	l.runGuarded(l.notifyPublisher)
}

// notifyAdded reports new configurations to every listener: sessions may use them next.
func (l *loop) notifyAdded(u store.Update) {
	for _, s := range u.Subscriptions {
		for _, e := range u.Added {
			s.Listener.Added(e)
		}
	}
}

// notifyChanged reports all other changes to every listener, after the sessions have
// emitted the events that follow from them: this is the order of Qt 5.
func (l *loop) notifyChanged(u store.Update) {
	for _, s := range u.Subscriptions {
		for _, e := range u.Changed {
			s.Listener.Changed(e)
		}
		for _, e := range u.Removed {
			s.Listener.Removed(e)
		}
		if u.Before != u.After {
			s.Listener.NetworkStateChanged(u.Before, u.After)
		}
	}
}

func (l *loop) notifyPublisher() {
	if l.engine.opts.Publisher != nil {
		l.engine.opts.Publisher.Announced()
	}
}

// updateSessions lets the affected sessions take their steps: those on a configuration
// that changed, and sessions that may roam.
func (l *loop) updateSessions(u store.Update) {
	l.links.Apply(&u)
	for _, entries := range [][]*store.Entry{u.Added, u.Changed, u.Removed} {
		for _, e := range entries {
			l.links.OnChange(e.ID())
			each(l.bound[e.ID()], l.updateFacts)
		}
	}
	each(l.roamers, func(s *Session) {
		for _, id := range u.Reranked {
			if s.m.Passed(id) {
				l.step(s, &session.Event{Kind: session.Renewed, ID: id})
			}
		}
		l.updateFacts(s)
	})
	for _, id := range u.TakenDown {
		l.eachOn(id, func(s *Session) { l.failTakenDown(s, id) })
	}
	l.links.Forgotten(u.Removed)
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

// eachOn calls f for the sessions that use, try or may return to an access point.
func (l *loop) eachOn(id string, f func(*Session)) {
	each(l.bound[id], f)
	each(l.roamers, func(s *Session) {
		if s.m.Using.ID == id || s.m.Offer.ID == id || s.m.Previous.ID == id {
			f(s)
		}
	})
}
