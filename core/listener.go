package netsession

import (
	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
	"github.com/netsession/netsession/core/internal/session"
)

// listener is a Manager as the engine tells it what happens.
type listener Manager

func (l *listener) Added(e *engine.Entry)   { (*Manager)(l).tell(ConfigurationAdded{value(e)}) }
func (l *listener) Changed(e *engine.Entry) { (*Manager)(l).tell(ConfigurationChanged{value(e)}) }
func (l *listener) Removed(e *engine.Entry) { (*Manager)(l).tell(ConfigurationRemoved{value(e)}) }
func (l *listener) Updated()                { (*Manager)(l).tell(UpdateCompleted{}) }

// OutlookChanged tells each part that changed.
func (l *listener) OutlookChanged(before, after engine.Outlook) {
	m := (*Manager)(l)
	if before.Online != after.Online {
		m.tell(OnlineStateChanged{after.Online})
	}
	if before.Reach != after.Reach {
		m.tell(ReachabilityChanged{after.Reach})
	}
	if before.Portal != after.Portal {
		m.tell(CaptivePortalChanged{after.Portal})
	}
	if before.Transport != after.Transport {
		m.tell(TransportChanged{after.Transport})
	}
	if before.Metered != after.Metered {
		m.tell(MeteredChanged{after.Metered})
	}
}

func (l *listener) Log(level backend.Level, text string) {
	m := (*Manager)(l)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.log != nil:
		m.log(level, text)
	case len(m.early) < earlyLines:
		m.early = append(m.early, line{level, text})
	}
}

// sessionListener is a Session as the engine tells it what happens.
type sessionListener Session

// Publish: readers ask the engine's session.
func (l *sessionListener) Publish(engine.View) {}

func (l *sessionListener) Freed() {}

func (l *sessionListener) Chooses() bool {
	l.manager.mu.Lock()
	defer l.manager.mu.Unlock()
	return l.manager.chooser != nil && !l.manager.over
}

// Event tells what happened to the session, unless its manager is closed.
func (l *sessionListener) Event(e session.Effect) {
	s := (*Session)(l)
	switch e.Kind {
	case session.EmitOpened:
		s.manager.tell(Opened{s})
	case session.EmitClosed:
		s.manager.tell(Closed{s})
	case session.EmitState:
		s.manager.tell(StateChanged{s, e.State})
	case session.EmitError:
		s.manager.tell(ErrorOccurred{s, &SessionError{Configuration: s.engine.ID(), Code: e.Err, Text: e.Text}})
	case session.EmitPreferred:
		s.manager.tell(PreferredConfigurationChanged{s, s.manager.Configuration(e.ID), e.Seamless})
	case session.EmitActivated:
		s.manager.tell(NewConfigurationActivated{s})
	case session.EmitPolicies:
		s.manager.tell(UsagePoliciesChanged{s, e.Policies})
	case session.EmitChoose:
		go s.ask(s.engine.Question())
	}
}

// ask puts a question to the manager's chooser, if there is one still.
func (s *Session) ask(question uint64) {
	s.manager.mu.Lock()
	chooser := s.manager.chooser
	s.manager.mu.Unlock()
	if chooser == nil {
		s.engine.Unasked(question)
		return
	}
	var candidates []*bearer.Configuration
	if s.engine.Candidates(question, func(e *engine.Entry) { candidates = append(candidates, value(e)) }) {
		chooser(s, candidates)
	}
}
