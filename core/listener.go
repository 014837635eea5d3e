package netsession

import (
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// listener is a Manager as the engine's listener: it turns the engine's calls into
// events. Its methods run on the engine's loop.
type listener Manager

func (l *listener) Added(e *engine.Entry) {
	(*Manager)(l).post(ConfigurationAdded{configurationOf(e)})
}

func (l *listener) Changed(e *engine.Entry) {
	(*Manager)(l).post(ConfigurationChanged{configurationOf(e)})
}

func (l *listener) Removed(e *engine.Entry) {
	(*Manager)(l).post(ConfigurationRemoved{configurationOf(e)})
}

func (l *listener) Updated() { (*Manager)(l).post(UpdateCompleted{}) }

// NetworkStateChanged posts an event for each part that changed.
func (l *listener) NetworkStateChanged(old, new engine.NetworkState) {
	m, before, after := (*Manager)(l), networkStateOf(old), networkStateOf(new)
	if before.IsOnline != after.IsOnline {
		m.post(OnlineStateChanged{after.IsOnline})
	}
	if before.Reachability != after.Reachability {
		m.post(ReachabilityChanged{after.Reachability})
	}
	if before.IsBehindCaptivePortal != after.IsBehindCaptivePortal {
		m.post(CaptivePortalChanged{after.IsBehindCaptivePortal})
	}
	if before.Transport != after.Transport {
		m.post(TransportChanged{after.Transport})
	}
	if before.IsMetered != after.IsMetered {
		m.post(MeteredChanged{after.IsMetered})
	}
}

// Log passes a line to the application's function, or keeps it for the first function
// that is set. It runs on any goroutine.
func (l *listener) Log(level backend.Level, text string) {
	m := (*Manager)(l)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.log != nil:
		m.log(LogLevel(level), text)
	case len(m.early) < maxEarlyLines:
		m.early = append(m.early, logLine{LogLevel(level), text})
	}
}

// sessionListener is a Session as the engine's listener.
type sessionListener Session

// Publish does nothing: readers ask the engine's session.
func (l *sessionListener) Publish(engine.SessionSnapshot) {}

func (l *sessionListener) Freed() {}

func (l *sessionListener) Chooses() bool {
	l.manager.mu.Lock()
	defer l.manager.mu.Unlock()
	return l.manager.chooser != nil && !l.manager.isClosed
}

// Event posts an event of the session, unless its manager is closed.
func (l *sessionListener) Event(e session.Effect) {
	s := (*Session)(l)
	switch e.Kind {
	case session.EmitOpened:
		s.manager.post(Opened{s})
	case session.EmitClosed:
		s.manager.post(Closed{s})
	case session.EmitState:
		s.manager.post(StateChanged{s, SessionState(e.State)})
	case session.EmitError:
		s.manager.post(ErrorOccurred{s, &SessionError{Configuration: s.engine.ID(), Code: ErrorCode(e.Err), Text: e.Text}})
	case session.EmitPreferred:
		s.manager.post(PreferredConfigurationChanged{s, s.manager.Configuration(e.ID), e.Seamless})
	case session.EmitActivated:
		s.manager.post(NewConfigurationActivated{s})
	case session.EmitPolicies:
		s.manager.post(UsagePoliciesChanged{s, UsagePolicies(e.Policies)})
	case session.EmitChoose:
		go s.ask(s.engine.Question())
	}
}

// ask calls the manager's chooser with the candidates of a question. Without a chooser
// the engine decides.
func (s *Session) ask(question uint64) {
	s.manager.mu.Lock()
	chooser := s.manager.chooser
	s.manager.mu.Unlock()
	if chooser == nil {
		s.engine.CancelQuestion(question)
		return
	}
	var candidates []Configuration
	if s.engine.Candidates(question, func(e *engine.Entry) { candidates = append(candidates, configurationOf(e)) }) {
		chooser(s, candidates)
	}
}
