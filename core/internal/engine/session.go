package engine

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// SessionListener receives the events of one session. Its methods are called
// on the loop, one after another, and must not block. Only NewSession calls the
// first Publish.
type SessionListener interface {
	// Publish shows the session's values to readers, before the events that
	// led to them.
	Publish(SessionSnapshot)
	// Event is one of session's effects for which Emits is true. After an
	// EmitChoose, Question is the number of the question.
	Event(session.Effect)
	// Chooses reports whether the application can ask the user what to open.
	Chooses() bool
	// Freed is the last call.
	Freed()
}

// SessionSnapshot is what readers see of a session.
type SessionSnapshot struct {
	State    session.State
	Open     bool
	Err      session.Error
	ErrText  string
	Policies session.Policies
	// Active is the identifier of the access point in use, empty unless open.
	Active string
	// Choice is the identifier of the configuration that the user chose, empty unless open.
	Choice string
	// Interface and Index name its link, empty and 0 unless Connected.
	Interface string
	Index     int
	// Since is when the configuration became Active, zero while it is not.
	Since time.Time
}

// Session is the engine's part of one session: it carries the state machine
// (session.Machine) from event to event. All methods return at once, and may be
// called on any goroutine; the listener gets their outcome.
type Session struct {
	engine   *Engine
	id       string
	listener SessionListener
	props    properties
	done     chan struct{} // closed when the session has been freed
	question atomic.Uint64 // number of the question that is asked now; 0: none

	snapshotMu sync.Mutex // guards snapshot, which only the loop writes
	snapshot   SessionSnapshot

	// Only the loop accesses the fields below.
	m               session.Machine // the state machine
	questions       uint64          // questions so far
	element         *list.Element   // in the loop's list of sessions
	timer           *time.Timer     // of the connect timeout; nil while it is not armed
	timerNumber     int             // number of the armed timer, so that a late one is known
	autoCloseTimer  *time.Timer     // of AutoCloseSessionTimeout
	autoCloseNumber int             // number of autoCloseTimer, for the same reason
	waiters         []chan bool     // answered at the end of an open
	hadDefaultRoute bool            // the access point in use has a default route, or had one before it was lost
	attempt         string          // the access point that is being opened, among others that could be; empty: none
	attemptTimer    *time.Timer     // of attempt; nil where there is none
	freed           bool
}

// NewSession makes a session on the configuration with the identifier, which
// need not exist. It acquires the engine until Free. bind returns the listener of the
// session; the listener gets no call before bind has returned.
func (e *Engine) NewSession(id string, bind func(*Session) SessionListener) (*Session, error) {
	if err := e.Acquire(); err != nil {
		return nil, err
	}
	e.used.Store(true)
	s := &Session{engine: e, id: id, done: make(chan struct{})}
	s.listener = bind(s)
	s.m = session.New(id, scopeOf(id), e.initialFacts(id))
	s.m.Policies = policiesOf(e.store.Get(id))
	s.setSnapshot(s.currentSnapshot())
	e.tryRunInline(func(l *loop) { l.addSession(s) })
	return s, nil
}

func scopeOf(id string) session.Scope {
	switch bearer.TypeOf(id) {
	case bearer.ServiceNetwork:
		return session.OnNetwork
	case bearer.UserChoice:
		return session.OnChoice
	}
	return session.OnAccessPoint
}

// ID is the identifier of the configuration that the session was made on.
func (s *Session) ID() string { return s.id }

// Snapshot returns the values as they are now.
func (s *Session) Snapshot() SessionSnapshot {
	s.snapshotMu.Lock()
	defer s.snapshotMu.Unlock()
	return s.snapshot
}

// Free ends the session, releasing what it held. The listener's Freed follows.
// Further calls of any method do nothing.
func (s *Session) Free() { s.tryRunInline(func(l *loop) { l.free(s) }) }

// Open registers the use of the configuration, bringing its link up if it is down.
func (s *Session) Open() { s.call(session.Open) }

// Close ends the use of the configuration.
func (s *Session) Close() { s.call(session.Close) }

// Stop takes the link down, even if other sessions or processes use it.
func (s *Session) Stop() { s.call(session.Stop) }

// Migrate moves to the access point that was offered.
func (s *Session) Migrate() { s.call(session.Migrate) }

// Accept stays on the new access point, and releases the previous one.
func (s *Session) Accept() { s.call(session.Accept) }

// Reject returns to the previous access point, and releases the new one.
func (s *Session) Reject() { s.call(session.Reject) }

// Ignore declines the offer.
func (s *Session) Ignore() { s.call(session.Ignore) }

// SetApplicationRoaming sets whether the application decides about roaming.
func (s *Session) SetApplicationRoaming(asks bool) {
	s.tryRunInline(func(l *loop) { l.handle(s, session.Event{Kind: session.Asked, Asks: asks}) })
}

// WaitForOpened waits until an open that is under way is over, and reports
// whether the session is open then. A negative timeout waits without bound.
func (s *Session) WaitForOpened(timeout time.Duration) bool {
	limit := make(chan struct{})
	if timeout >= 0 {
		timer := time.AfterFunc(timeout, func() { close(limit) })
		defer timer.Stop()
	}
	return s.WaitForOpenedUntil(limit)
}

// WaitForOpenedUntil is WaitForOpened, with a channel that is closed when the wait should
// end; nil is without a bound.
func (s *Session) WaitForOpenedUntil(limit <-chan struct{}) bool {
	answer := make(chan bool, 1)
	s.post(func(l *loop) { l.addWaiter(s, answer) })
	select {
	case open := <-answer:
		return open
	case <-s.done:
	case <-limit:
	}
	return s.Snapshot().Open
}

// IsOpening waits until the calls before it have been carried out, and reports
// whether an open is under way then.
func (s *Session) IsOpening() bool {
	answer := make(chan bool, 1)
	s.tryRunInline(func(*loop) { answer <- s.m.Pending() })
	select {
	case opening := <-answer:
		return opening
	case <-s.done:
		return false
	}
}

// Counters reads the bytes that crossed the session's link, or the links of
// all active access points of a service network. They are zero while the
// session is not Connected.
func (s *Session) Counters() backend.Counters {
	var sum backend.Counters
	b := s.engine.backend()
	if b == nil || s.Snapshot().State != session.Connected {
		return sum
	}
	for _, id := range s.countedLinks() {
		if c, err := b.Counters(id); err == nil {
			sum.Received += c.Received
			sum.Written += c.Written
		}
	}
	return sum
}

// countedLinks are the identifiers of the links whose bytes are the session's.
func (s *Session) countedLinks() []string {
	id := s.Snapshot().Choice
	if id == "" {
		id = s.id
	}
	if bearer.TypeOf(id) == bearer.InternetAccessPoint {
		return []string{id}
	}
	var ids []string
	s.engine.Members(id, func(e *store.Entry) {
		if e.Value().State == bearer.Active {
			ids = append(ids, e.ID())
		}
	})
	return ids
}

// call posts a call of the host.
func (s *Session) call(kind session.Kind) {
	s.post(func(l *loop) { l.handle(s, session.Event{Kind: kind}) })
}

// post puts a task for the session into the loop's inbox. A freed session does not
// keep the engine running, so its task could wait for ever: post drops such a task.
func (s *Session) post(t task) { s.unlessFreed(s.engine.post, t) }

// tryRunInline is post for a short task, which runs at once if the loop is idle.
func (s *Session) tryRunInline(t task) { s.unlessFreed(s.engine.tryRunInline, t) }

func (s *Session) unlessFreed(carryOut func(task), t task) {
	select {
	case <-s.done:
	default:
		carryOut(t)
	}
}
