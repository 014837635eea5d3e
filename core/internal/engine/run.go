package engine

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/lease"
	"github.com/netsession/netsession/core/internal/links"
)

// run is one time between start and parking.
type run struct {
	cancel   context.CancelFunc
	backend  backend.Backend
	loop     *loop
	share    *lease.Directory // nil: only this process's holders are counted
	deadline time.Time        // until then Acquire waits for ready
	lateOnce sync.Once        // logs that ready was not closed by then
	ready    chan struct{}    // closed by the first complete snapshot
	ended    chan struct{}    // closed when the loop has ended
}

// start makes a backend and a loop, and runs both.
func (e *Engine) start() (*run, error) {
	b, err := e.opts.NewBackend()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{
		cancel: cancel, backend: b, deadline: time.Now().Add(e.opts.StartTimeout),
		ready: make(chan struct{}), ended: make(chan struct{}),
	}
	l := &loop{
		engine: e, store: e.store, backend: b, run: r,
		bound: make(map[string]*list.List), roamers: list.New(),
	}
	r.loop = l
	r.share = e.openShare()
	l.links = links.New(e.store, b, tableHost{l}, links.Options{
		LiteralClose: e.opts.LiteralClose, Directory: r.share,
		Log: func(text string) { e.log(backend.LevelWarning, text) },
	})
	l.links.Watch()
	go l.serve(ctx)
	go e.runBackend(ctx, r, l)
	e.ended = r.ended
	return r, nil
}

// openShare opens the directory in which the holders of all processes are counted; it
// returns nil if the options do not ask for it or if opening fails.
func (e *Engine) openShare() *lease.Directory {
	if e.opts.Share == nil {
		return nil
	}
	d, err := e.opts.Share()
	if err != nil {
		e.log(backend.LevelInfo, fmt.Sprintf("Sessions of other processes are not counted: %v.", err))
	}
	return d
}

// runBackend runs the backend. A backend that fails for good leaves an empty snapshot.
func (e *Engine) runBackend(ctx context.Context, r *run, l *loop) {
	err := recoverPanic(func() error { return r.backend.Run(ctx, sink{l}) })
	if err == nil || ctx.Err() != nil {
		return
	}
	e.log(backend.LevelWarning, err.Error())
	s := sink{l}
	s.Report(bearer.Batch{Complete: true})
	s.post((*loop).failBackend)
}

// sink receives the reports of a backend: each becomes a task of the loop that
// the backend was started with, and is dropped when that loop has ended.
type sink struct{ loop *loop }

func (s sink) post(t task) {
	s.loop.tryRunInline(func(l *loop) {
		if l == s.loop {
			t(l)
		}
	})
}

func (s sink) Report(b bearer.Batch) { s.post(func(l *loop) { l.report(b) }) }

func (s sink) Done(a backend.Answer) {
	s.post(func(l *loop) { l.done(a) })
}

// Loading is of no interest here: a merging backend uses it.
func (s sink) Loading() {}

func (s sink) Log(level backend.Level, text string) { s.loop.engine.log(level, text) }
