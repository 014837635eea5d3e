package host

import (
	"time"

	netsession "github.com/netsession/netsession/core"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// SessionListener shows one session to readers outside Go, and receives its events. Its
// methods run on the loop; only the first Publish is called by Engine.NewSession.
type SessionListener interface {
	// Publish shows the session's values to readers, before the events that led to
	// them.
	Publish(SessionSnapshot)
	// Event delivers one event.
	Event(SessionEvent)
	// Chooses reports whether the host can ask what a session on the user choice is
	// to open.
	Chooses() bool
	// Freed is the last call.
	Freed()
}

// SessionSnapshot is everything about a session at one moment. It does not change.
type SessionSnapshot struct{ value engine.SessionSnapshot }

// State returns the state of the session.
func (s SessionSnapshot) State() netsession.SessionState {
	return netsession.SessionState(s.value.State)
}

// IsOpen is true between SessionOpened and SessionClosed.
func (s SessionSnapshot) IsOpen() bool { return s.value.Open }

// ErrorCode returns the class of the last error, netsession.ErrorUnknown if the session
// never failed.
func (s SessionSnapshot) ErrorCode() netsession.ErrorCode { return netsession.ErrorCode(s.value.Err) }

// ErrorText returns the last error as a sentence; empty if the session never failed.
func (s SessionSnapshot) ErrorText() string { return s.value.ErrText }

// Policies returns how the session should be used.
func (s SessionSnapshot) Policies() netsession.UsagePolicies {
	return netsession.UsagePolicies(s.value.Policies)
}

// Interface returns the name of the link in use; empty unless netsession.SessionConnected.
func (s SessionSnapshot) Interface() string { return s.value.Interface }

// InterfaceIndex returns the index of the link in use; 0 unless
// netsession.SessionConnected.
func (s SessionSnapshot) InterfaceIndex() int { return s.value.Index }

// ActiveSince returns when the configuration became active; the zero time while it is not.
func (s SessionSnapshot) ActiveSince() time.Time { return s.value.Since }

// SessionEventKind says what happened to a session.
type SessionEventKind uint8

const (
	// SessionOpened: the session is open.
	SessionOpened SessionEventKind = iota
	// SessionClosed: the session is not open any more.
	SessionClosed
	// SessionStateChanged: the session reached State.
	SessionStateChanged
	// SessionErrorOccurred: the session failed; ErrorCode and Text say why.
	SessionErrorOccurred
	// SessionPreferredConfigurationChanged: the access point ID is better; IsSeamless
	// says whether the local address would survive the move.
	SessionPreferredConfigurationChanged
	// SessionNewConfigurationActivated: the session uses the new access point.
	SessionNewConfigurationActivated
	// SessionUsagePoliciesChanged: the session should be used according to Policies.
	SessionUsagePoliciesChanged
	// SessionChoiceRequested: the host has to ask what to open. Session.Question is
	// the number of the question.
	SessionChoiceRequested
)

// String returns the name of the event, such as "stateChanged".
func (k SessionEventKind) String() string { return session.EffectKind(k).String() }

// SessionEvent is one thing that happened to a session. The fields after Kind have
// meaning for the kinds that their comments name.
type SessionEvent struct {
	Kind       SessionEventKind
	ID         string                   // the access point of SessionPreferredConfigurationChanged
	State      netsession.SessionState  // SessionStateChanged
	ErrorCode  netsession.ErrorCode     // SessionErrorOccurred
	Text       string                   // SessionErrorOccurred: what failed, as a sentence
	IsSeamless bool                     // SessionPreferredConfigurationChanged
	Policies   netsession.UsagePolicies // SessionUsagePoliciesChanged
}

func eventOf(e *session.Effect) SessionEvent {
	return SessionEvent{
		Kind: SessionEventKind(e.Kind), ID: e.ID, State: netsession.SessionState(e.State),
		ErrorCode: netsession.ErrorCode(e.Err), Text: e.Text, IsSeamless: e.Seamless,
		Policies: netsession.UsagePolicies(e.Policies),
	}
}

// Session is one session of the host. Its calls return at once, unless they say
// otherwise, and their outcome reaches the listener.
type Session struct {
	session  *engine.Session
	listener SessionListener
}

// NewSession makes a session on the configuration with the identifier, which need not
// exist. The session keeps the engine running until Free. Its listener is what bind
// returns; the listener gets no call before bind has returned. The error is the same as
// of Engine.Attach.
func (e *Engine) NewSession(id string, bind func(*Session) SessionListener) (*Session, error) {
	s := &Session{}
	_, err := e.engine.NewSession(id, func(made *engine.Session) engine.SessionListener {
		s.session = made
		s.listener = bind(s)
		return (*sessionListener)(s)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// sessionListener is a Session as the engine's listener.
type sessionListener Session

func (l *sessionListener) Publish(v engine.SessionSnapshot) { l.listener.Publish(SessionSnapshot{v}) }
func (l *sessionListener) Event(e session.Effect)           { l.listener.Event(eventOf(&e)) }
func (l *sessionListener) Chooses() bool                    { return l.listener.Chooses() }
func (l *sessionListener) Freed()                           { l.listener.Freed() }

// Snapshot returns everything about the session as it is now.
func (s *Session) Snapshot() SessionSnapshot { return SessionSnapshot{s.session.Snapshot()} }
