package engine

import (
	"container/list"
	"context"
	"sync"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/links"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// loop owns all state that changes while the engine runs. Its methods run on one
// goroutine at a time, the goroutine that holds mu: usually the goroutine of
// serve. An inline run (tryRunInline) executes one task on the goroutine of its
// caller, a backend's reader or the host, which saves the switch to another thread.
type loop struct {
	engine  *Engine
	store   *store.Store // the loop is its writer
	backend backend.Backend
	run     *run

	mu sync.Mutex // guards everything below; the goroutine that holds it is the loop

	inline   bool             // an inline run is under way
	deferred []func()         // calls of the backend that inline runs left to serve
	spare    []task           // for the inbox to fill
	effects  []session.Effect // of the steps that are being taken, one within another
	ended    bool             // the run has ended
	complete bool             // the first report has arrived
	failed   bool             // the backend has failed for good, and answers nothing any more

	links     *links.Table          // where each access point stands, and who holds it
	bound     map[string]*list.List // sessions on an access point, oldest first
	roamers   *list.List            // sessions on groups, oldest first
	refreshes []*refresh            // not answered by the backend yet, in order
}

func (l *loop) serve(ctx context.Context) {
	defer close(l.run.ended)
	for {
		select {
		case <-ctx.Done():
			l.mu.Lock()
			l.ended = true
			l.links.Close()
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
		l.runGuarded(call)
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

// runTask runs one task. It wakes up hosts once at the end, and not for each event:
// there may be thousands.
func (l *loop) runTask(t task) {
	l.effects = l.effects[:0]
	l.runGuarded(func() { t(l) })
	if l.engine.opts.Publisher != nil {
		l.runGuarded(l.engine.opts.Publisher.Flush)
	}
}

// runGuarded keeps a panic, in here or in a listener, from stopping the loop.
func (l *loop) runGuarded(f func()) {
	err := recoverPanic(func() error { f(); return nil })
	if err != nil {
		l.engine.log(backend.LevelWarning, err.Error())
	}
}

// callBackend calls the backend, or defers the call in an inline run.
func (l *loop) callBackend(f func()) {
	if l.inline {
		l.deferred = append(l.deferred, f)
		return
	}
	f()
}

// tableHost is the loop as the table of links needs it.
type tableHost struct{ loop *loop }

func (h tableHost) CallBackend(f func()) { h.loop.callBackend(f) }
func (h tableHost) Post(f func())        { sink{h.loop}.post(func(*loop) { f() }) }
func (h tableHost) Moved(id string)      { h.loop.eachOn(id, h.loop.updateFacts) }
func (h tableHost) Aborted(id string)    { h.loop.abort(nil, id) }

func (h tableHost) Resumed(id string) {
	each(h.loop.bound[id], h.loop.updateFacts)
	each(h.loop.roamers, h.loop.updateFacts)
}
