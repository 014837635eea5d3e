package netsession

import (
	"context"

	"github.com/netsession/netsession/core/internal/engine"
)

// Session is an application's use of a configuration, and a view of the configuration's
// state, whether the session is open or not. Calls return at once, and their outcome
// arrives as events of the manager; a call that does not fit the situation does nothing.
// An open session holds its link until it is closed or freed. The application has to
// Free every session.
type Session struct {
	manager *Manager
	engine  *engine.Session
}

// NewSession returns a new session, which is not open, on the configuration with the
// identifier. The configuration need not exist: the session becomes usable when it is
// found. An error says that the library cannot be started again, which can happen only
// after the manager was closed.
func (m *Manager) NewSession(id string) (*Session, error) {
	s := &Session{manager: m}
	_, err := m.engine.NewSession(id, func(made *engine.Session) engine.SessionListener {
		s.engine = made
		return (*sessionListener)(s)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Open registers the application's use of the configuration, and brings its link up if
// it is down. Opened or ErrorOccurred follows.
func (s *Session) Open() { s.engine.Open() }

// Close ends the application's use of the configuration; Closed follows. The link goes
// down if a session had started it and no other session, of any process of the user, is
// open on it.
func (s *Session) Close() { s.engine.Close() }

// Stop takes the link down, even if others use it: every session that is open on the
// link gets Closed, with an error. The session itself need not be open.
func (s *Session) Stop() { s.engine.Stop() }

// Migrate moves to the access point that PreferredConfigurationChanged offered. The
// access point in use stays up until Accept.
func (s *Session) Migrate() { s.engine.Migrate() }

// Ignore declines the access point that PreferredConfigurationChanged offered. The
// library does not offer it again until it has changed.
func (s *Session) Ignore() { s.engine.Ignore() }

// Accept ends a move that Migrate began: the session stays on the new access point, and
// releases the previous one.
func (s *Session) Accept() { s.engine.Accept() }

// Reject undoes a move that Migrate began: the session returns to the previous access
// point, and releases the new one.
func (s *Session) Reject() { s.engine.Reject() }

// Free ends the session and releases what it held, without an event. Further calls of
// any method do nothing.
func (s *Session) Free() { s.engine.Free() }

// SetApplicationRoaming sets what decides about roaming: the application, by its answer
// to each PreferredConfigurationChanged, or the library, which is the default.
func (s *Session) SetApplicationRoaming(applicationDecides bool) {
	s.engine.SetApplicationRoaming(applicationDecides)
}

// Choose answers the manager's Chooser with the identifier of an access point or of a
// service network. It fails with ErrNoCandidate if the configuration cannot be opened
// now, and the session awaits another answer; with ErrAnswered if the question is over;
// and with ErrNotAsked if there was no question.
func (s *Session) Choose(id string) error { return s.engine.Choose(id) }

// Decline answers the manager's Chooser that the user wants to open nothing. It fails
// like Choose.
func (s *Session) Decline() error { return s.engine.Decline() }

// WaitForOpened waits until an open that is under way is over; without one it returns at
// once. It returns nil if the session is open then, a *SessionError if not, and the
// error of ctx if ctx ended before.
func (s *Session) WaitForOpened(ctx context.Context) error {
	if s.engine.WaitForOpenedUntil(ctx.Done()) {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.Err(); err != nil {
		return err
	}
	return &SessionError{Configuration: s.engine.ID(), Text: "The session is not open, and no open is under way."}
}

// Configuration returns the identifier of the configuration that the session was made on.
func (s *Session) Configuration() string { return s.engine.ID() }

// Snapshot returns everything about the session at one moment.
func (s *Session) Snapshot() SessionSnapshot { return snapshotOf(s.engine.ID(), s.engine.Snapshot()) }

// State returns the session's state.
func (s *Session) State() SessionState { return SessionState(s.engine.Snapshot().State) }

// IsOpen reports whether the session is open: true between Opened and Closed.
func (s *Session) IsOpen() bool { return s.engine.Snapshot().Open }

// Interface returns the name of the link in use, such as "eth0"; empty unless
// SessionConnected. It changes when the session roams.
func (s *Session) Interface() string { return s.engine.Snapshot().Interface }

// Err returns the last error, a *SessionError; nil if the session never failed.
func (s *Session) Err() error {
	if err := s.Snapshot().Err; err != nil {
		return err
	}
	return nil
}

// Counters returns how many bytes crossed the link since its creation; for a
// service network the sum over its active access points; 0 unless SessionConnected.
func (s *Session) Counters() Counters { return Counters(s.engine.Counters()) }

// Property returns the value of a property, empty if the session has none. The keys
// that the library knows are constants, such as PropertyConnectInBackground.
func (s *Session) Property(key string) string {
	value, _ := s.engine.Property(key)
	return value
}

// SetProperty sets a property. Setting a read-only property does nothing. It reports false
// for a value that the property cannot have: PropertyAutoCloseSessionTimeout has to be a
// decimal number that fits in 32 bits.
func (s *Session) SetProperty(key, value string) bool { return s.engine.SetProperty(key, &value) }

// RemoveProperty removes a property, or restores its default.
func (s *Session) RemoveProperty(key string) { s.engine.SetProperty(key, nil) }
