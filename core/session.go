package netsession

import (
	"context"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// Session is an application's use of a configuration, and a view of that one's
// state, whether it is open or not. Calls return at once, and what comes of them
// arrives as events of its manager; a call that does not fit the situation does
// nothing. What it holds is held until it is closed or freed: it has to be freed.
type Session struct {
	manager *Manager
	engine  *engine.Session
}

// NewSession makes a session on the configuration with the identifier, which need
// not exist: the session comes to life when it appears. It is not open. An error
// says that the library cannot be started again, which can happen only after the
// manager was closed.
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

// Open registers the application's use of the configuration, bringing its link up
// if it is down: Opened, or ErrorOccurred.
func (s *Session) Open() { s.engine.Open() }

// Close ends that use: Closed. The link goes down if a session had started it and
// no other session, of any process of the user, is open on it.
func (s *Session) Close() { s.engine.Close() }

// Stop takes the link down, whoever uses it: every session that is open on it is
// Closed, with an error. The session itself need not be open.
func (s *Session) Stop() { s.engine.Stop() }

// Migrate moves to the access point that PreferredConfigurationChanged offered. The
// one in use stays up until Accept.
func (s *Session) Migrate() { s.engine.Migrate() }

// Ignore declines the offer; the same access point is not offered again until it
// has changed.
func (s *Session) Ignore() { s.engine.Ignore() }

// Accept stays on the new access point, and releases the previous one.
func (s *Session) Accept() { s.engine.Accept() }

// Reject returns to the previous access point, and releases the new one.
func (s *Session) Reject() { s.engine.Reject() }

// Free ends the session, releasing what it held, without an event. Further calls
// do nothing.
func (s *Session) Free() { s.engine.Free() }

// SetApplicationRoaming says who decides about roaming: the application, by
// answering each PreferredConfigurationChanged, or the library, which is the
// default.
func (s *Session) SetApplicationRoaming(decides bool) { s.engine.SetAsks(decides) }

// Choose answers the manager's Chooser with the identifier of an access point or of
// a service network. It fails with engine.ErrNoCandidate if that cannot be opened
// now, and the session still asks; with engine.ErrAnswered if the question is over,
// and with engine.ErrNotAsked if there was none.
func (s *Session) Choose(id string) error { return s.engine.Choose(id) }

// Decline answers the manager's Chooser: the user wants none. It fails as Choose
// does.
func (s *Session) Decline() error { return s.engine.Decline() }

// WaitForOpened waits until an open that is under way is over. It returns nil if the
// session is open then, a *SessionError if not, and the error of ctx if that ended
// before.
func (s *Session) WaitForOpened(ctx context.Context) error {
	if s.engine.WaitOpenedUntil(ctx.Done()) {
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

// View is everything about the session at one moment.
func (s *Session) View() engine.View { return s.engine.View() }

// Configuration is the identifier of what the session was made on.
func (s *Session) Configuration() string { return s.engine.ID() }

// State is the session's state.
func (s *Session) State() session.State { return s.View().State }

// IsOpen is true between Opened and Closed.
func (s *Session) IsOpen() bool { return s.View().Open }

// Interface is the name of the link in use, such as "eth0"; empty unless Connected.
// It changes when the session roams.
func (s *Session) Interface() string { return s.View().Interface }

// Err is the last error, a *SessionError; nil if the session never failed.
func (s *Session) Err() error {
	v := s.View()
	if v.ErrText == "" {
		return nil
	}
	return &SessionError{Configuration: s.engine.ID(), Code: v.Err, Text: v.ErrText}
}

// Counters reads the bytes that crossed the link since it came into being; for a
// service network the sum over its active access points; 0 unless Connected.
func (s *Session) Counters() backend.Counters { return s.engine.Counters() }

// Property is the value of one of the session's properties, empty where it has
// none. Those with a meaning of their own are constants of package engine.
func (s *Session) Property(key string) string {
	value, _ := s.engine.Property(key)
	return value
}

// SetProperty sets a property, any other key than the known ones stores a text for
// the application. Setting a read-only one does nothing. It reports false for a
// value that the property cannot have.
func (s *Session) SetProperty(key, value string) bool { return s.engine.SetProperty(key, &value) }

// RemoveProperty removes a property, or restores its default.
func (s *Session) RemoveProperty(key string) { s.engine.SetProperty(key, nil) }

// SessionError is why a session could not be opened, or was ended by the network.
type SessionError struct {
	Configuration string // the identifier of what the session was made on
	Code          session.Error
	Text          string // a whole sentence: what failed, on what, and why
}

// Error is the text.
func (e *SessionError) Error() string { return e.Text }
