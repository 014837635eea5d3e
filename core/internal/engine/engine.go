package engine

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/lease"
	"github.com/netsession/netsession/core/internal/store"
)

// Options say how an engine works. They cannot be changed later.
type Options struct {
	// NewBackend makes the source of configurations. It is called each time
	// the engine starts.
	NewBackend func() (backend.Backend, error)
	// Default is what the default configuration is: an access point, or the
	// service network "Internet", or the user choice.
	Default bearer.Type
	// LiteralClose makes the last close of a configuration stop its link even
	// even if it was up before the first session.
	LiteralClose bool
	// Share opens the directory in which the holders of all processes are
	// counted; nil if only this process sees the engine's network. The engine
	// calls it at each start; if it fails, this process counts only its own holders.
	Share func() (*lease.Directory, error)
	// Publisher shows configurations outside Go; nil if there are no readers outside Go.
	Publisher store.Publisher
	// StartTimeout is how long Acquire waits for the first complete snapshot; 0 means
	// 5 s. The kernel answers within milliseconds, but on a machine that is so busy
	// that it does not, an empty snapshot would say that there is no network.
	StartTimeout time.Duration
	// RefreshTimeout is how long a refresh may go unanswered before its client
	// gets Updated all the same; 0 means 15 s, enough for a scan.
	RefreshTimeout time.Duration
	// Linger is how long the engine keeps running after the last Release; 0 means
	// 3 s. Programs make managers as temporaries, one after another.
	Linger time.Duration
}

// Engine runs the sessions of all users with the same options. It runs while
// it is acquired and parks afterwards, keeping the snapshot as it was.
type Engine struct {
	store.Reader // answers questions about the snapshot on any goroutine

	opts    Options
	inbox   *inbox
	store   *store.Store
	journal journal
	used    atomic.Bool // a session was made, so that links may be being taken down

	mu          sync.Mutex // guards what follows
	users       int
	run         *run          // nil while parked
	ended       chan struct{} // of the run that was started last; closed before the first
	lingerTimer *time.Timer   // running while the engine lingers
}

// New returns a parked engine.
func New(opts Options) *Engine {
	if opts.StartTimeout == 0 {
		opts.StartTimeout = 5 * time.Second
	}
	if opts.Linger == 0 {
		opts.Linger = 3 * time.Second
	}
	if opts.RefreshTimeout == 0 {
		opts.RefreshTimeout = 15 * time.Second
	}
	s := store.New(opts.Publisher)
	e := &Engine{Reader: s.Reader(), opts: opts, inbox: newInbox(), store: s, ended: make(chan struct{})}
	close(e.ended)
	return e
}

// Publisher returns the publisher of the options.
func (e *Engine) Publisher() store.Publisher { return e.opts.Publisher }

// Acquire adds a user, starting the engine for the first one, and returns when
// the snapshot is complete, or when Options.StartTimeout is over since the start.
// Each successful Acquire needs one Release.
func (e *Engine) Acquire() error {
	r, err := e.addUser()
	if err != nil {
		return err
	}
	select {
	case <-r.ready:
		return nil
	default:
	}
	limit := time.NewTimer(time.Until(r.deadline))
	defer limit.Stop()
	select {
	case <-r.ready:
	case <-limit.C:
		r.lateOnce.Do(func() {
			e.log(backend.LevelWarning, "The first snapshot of the network is not complete yet; the rest will follow as events.")
		})
	}
	return nil
}

// addUser is Acquire without the wait.
func (e *Engine) addUser() (*run, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waitParked()
	if e.lingerTimer != nil {
		e.lingerTimer.Stop()
		e.lingerTimer = nil
	}
	if e.run == nil {
		r, err := e.start()
		if err != nil {
			return nil, err
		}
		e.run = r
	}
	e.users++
	return e.run, nil
}

// waitParked waits until the loop of a parked engine has ended, because loops share
// the store and the inbox. The lock is given up meanwhile, because what the
// loop is still doing may need it.
func (e *Engine) waitParked() {
	for e.run == nil {
		ended := e.ended
		select {
		case <-ended:
			return
		default:
		}
		e.mu.Unlock()
		<-ended
		e.mu.Lock()
	}
}

// Release removes a user. The engine parks some seconds after the last Release.
func (e *Engine) Release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.users--; e.users > 0 {
		return
	}
	var stop *time.Timer
	stop = time.AfterFunc(e.opts.Linger, func() {
		e.mu.Lock() // also for stop, which may not be set yet
		defer e.mu.Unlock()
		e.parkIfUnused(stop)
	})
	e.lingerTimer = stop
}

// parkIfUnused stops the engine if it is still unused and stop is the timer that says
// so. The lock is held. It does not wait for the loop, which may need the lock.
func (e *Engine) parkIfUnused(stop *time.Timer) {
	if e.lingerTimer != stop {
		return
	}
	e.lingerTimer = nil
	e.run.cancel()
	e.run = nil
}

// backend is what carries out commands now, or nil while the engine is parked.
func (e *Engine) backend() backend.Backend {
	if r := e.currentRun(); r != nil {
		return r.backend
	}
	return nil
}

// currentRun is the run that is under way, or nil while the engine is parked.
func (e *Engine) currentRun() *run {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.run
}

// shares reports whether the holders of all processes are counted now.
func (e *Engine) shares() bool {
	r := e.currentRun()
	return r != nil && r.share != nil
}

// recoverPanic turns a panic into an error: no error in here may end the host's
// process.
func recoverPanic(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return f()
}

// post puts a task into the loop's inbox. While the engine is parked the task waits
// there for the next start.
func (e *Engine) post(t task) { e.inbox.post(t) }

// tryRunInline is loop.tryRunInline for a short task of the host: to wake the loop's
// goroutine would cost more than the task.
func (e *Engine) tryRunInline(t task) {
	if r := e.currentRun(); r != nil {
		r.loop.tryRunInline(t)
		return
	}
	e.post(t)
}
