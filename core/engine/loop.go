package engine

import (
	"container/list"
	"context"
	"time"

	"github.com/netsession/netsession/core/backend"
	"github.com/netsession/netsession/core/bearer"
	"github.com/netsession/netsession/core/lease"
	"github.com/netsession/netsession/core/session"
)

// loop owns all state that changes while the engine runs. Its methods run on
// one goroutine.
type loop struct {
	engine  *Engine
	board   *board
	backend backend.Backend
	run     *run

	counter   *lease.Counter
	bound     map[string]*list.List // sessions bound to an access point, oldest first
	roamers   *list.List            // sessions on service networks, oldest first
	starts    map[string]int        // start and stop commands not answered yet
	refreshes []*Client             // refreshes not answered yet, in order
	complete  bool                  // the first picture is there
}

func (l *loop) serve(ctx context.Context) {
	defer close(l.run.ended)
	var tasks []task
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.engine.inbox.wake:
		}
		tasks = l.engine.inbox.take(tasks)
		for i, t := range tasks {
			l.do(t)
			tasks[i] = nil
		}
	}
}

func (l *loop) do(t task) {
	err := guard(func() error { t(l); return nil })
	if err != nil {
		l.engine.log(backend.LevelWarning, err.Error())
	}
}

// report takes in what a backend saw. Nothing happens where nothing changed.
func (l *loop) report(b bearer.Batch) {
	u := l.board.apply(b, time.Now())
	l.announce(u)
	l.follow(u)
	if !l.complete {
		l.complete = true
		close(l.run.ready)
	}
}

// announce tells every listener what changed.
func (l *loop) announce(u update) {
	for _, c := range u.clients {
		for _, e := range u.added {
			c.listener.Added(e)
		}
		for _, e := range u.changed {
			c.listener.Changed(e)
		}
		for _, e := range u.removed {
			c.listener.Removed(e)
		}
		if u.wasOnline != u.isOnline {
			c.listener.OnlineChanged(u.isOnline)
		}
	}
	if l.board.mirror != nil {
		l.board.mirror.Announced()
	}
}

// follow lets the affected sessions take their steps: those on a configuration
// that changed, and those that may roam.
func (l *loop) follow(u update) {
	for _, entries := range [][]*Entry{u.added, u.changed, u.removed} {
		for _, e := range entries {
			each(l.bound[e.id], l.moved)
		}
	}
	for _, e := range u.removed {
		l.counter.Remove(e.id)
	}
	each(l.roamers, func(s *Session) {
		for _, id := range u.material {
			if id == s.m.Passed {
				l.step(s, session.Event{Kind: session.Renewed})
			}
		}
		l.moved(s)
	})
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
	facts := session.Facts{
		Config: l.link(s.m.Config), Using: l.link(s.m.Using.ID),
		Offer: l.link(s.m.Offer.ID), Previous: l.link(s.m.Previous.ID),
	}
	known := session.Facts{Config: s.m.Link, Using: s.m.Using.Link, Offer: s.m.Offer.Link, Previous: s.m.Previous.Link}
	if facts != known {
		next := l.next(s)
		l.step(s, session.Event{Kind: session.Moved, Facts: facts, Next: next, Seamless: l.seamless(s, next.ID)})
	}
	l.restrict(s)
	s.publish()
	l.prefer(s)
}

// done takes the answer to a command.
func (l *loop) done(op backend.Op, id string, err error) {
	switch op {
	case backend.OpRefresh:
		l.refreshed()
	case backend.OpStart:
		if l.answered(id) {
			l.outcome(id, session.Started, session.NotStarted, err)
		}
	case backend.OpStop:
		l.answered(id)
		l.outcome(id, session.Stopped, session.NotStopped, err)
	}
}

// answered counts one answer and reports whether it was to the newest command:
// a start that was withdrawn since must not fail a later one.
func (l *loop) answered(id string) bool {
	if l.starts[id]--; l.starts[id] > 0 {
		return false
	}
	delete(l.starts, id)
	return true
}

func (l *loop) outcome(id string, success, failure session.Kind, err error) {
	ev := session.Event{Kind: success, ID: id}
	if err != nil {
		ev.Kind, ev.Err, ev.Text = failure, errorOf(err), err.Error()
	}
	l.on(id, func(s *Session) {
		ev.Next = l.next(s)
		l.step(s, ev)
	})
}

func errorOf(err error) session.Error {
	switch backend.ReasonOf(err) {
	case backend.ReasonNotSupported:
		return session.NotSupportedError
	case backend.ReasonAborted:
		return session.AbortedError
	case backend.ReasonNoConfiguration:
		return session.InvalidConfigurationError
	}
	return session.UnknownError
}

// on calls f for the sessions that use or try an access point.
func (l *loop) on(id string, f func(*Session)) {
	each(l.bound[id], f)
	each(l.roamers, func(s *Session) {
		if s.m.Using.ID == id || s.m.Offer.ID == id {
			f(s)
		}
	})
}

func (l *loop) refresh(c *Client) {
	l.refreshes = append(l.refreshes, c)
	l.backend.Refresh()
}

func (l *loop) refreshed() {
	if len(l.refreshes) == 0 {
		return
	}
	c := l.refreshes[0]
	l.refreshes = l.refreshes[1:]
	c.listener.Updated()
}
