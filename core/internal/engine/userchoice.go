package engine

import (
	"errors"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// Errors of an answer to the question what to open.
var (
	// ErrNotAsked: the session has never asked.
	ErrNotAsked = errors.New("the session has not asked what to open")
	// ErrAnswered: the question has been answered, or is over.
	ErrAnswered = errors.New("the session does not ask any more what to open")
	// ErrNoCandidate: the answer cannot be opened; another one is awaited.
	ErrNoCandidate = errors.New("this cannot be opened")
)

// Question is the number of the question that the session asks now; 0: none.
func (s *Session) Question() uint64 { return s.question.Load() }

// Choose answers the session's question with the identifier of an access point
// or of a service network that can be opened.
func (s *Session) Choose(id string) error {
	return s.answerQuestion(func(l *loop) error { return l.answerChoice(s, id) })
}

// Decline answers that the user wants to open nothing.
func (s *Session) Decline() error {
	return s.answerQuestion(func(l *loop) error {
		l.handle(s, session.Event{Kind: session.Declined})
		return nil
	})
}

// CancelQuestion reports that the user could not be asked: the best-ranked
// configuration is opened.
func (s *Session) CancelQuestion(question uint64) {
	s.post(func(l *loop) {
		if s.Question() == question && question != 0 {
			l.openChoice(s, l.next(s, session.Chosen).ID)
		}
	})
}

// Candidates calls f for everything that can answer a question: access points
// that are up or can be opened, best first, then service networks, sorted by
// identifier. It reports false, and calls nothing, when the question is over. f must
// be quick, and must not call the engine.
func (s *Session) Candidates(question uint64, f func(*store.Entry)) (asked bool) {
	return s.engine.Reader.Candidates(func() bool { return s.Question() == question }, f)
}

// answerQuestion runs f on the loop, if an answer is awaited.
func (s *Session) answerQuestion(f func(*loop) error) error {
	answer := make(chan error, 1)
	s.post(func(l *loop) {
		err := ErrAnswered
		defer func() { answer <- err }()
		switch {
		case s.questions == 0:
			err = ErrNotAsked
		case s.Question() != 0:
			err = f(l)
		}
	})
	select {
	case err := <-answer:
		return err
	case <-s.done:
		return ErrAnswered
	}
}

// answerChoice accepts the user's answer, if it can be opened.
func (l *loop) answerChoice(s *Session, id string) error {
	if bearer.TypeOf(id) == bearer.UserChoice || l.links.Snapshot(id) <= session.LinkUnavailable {
		return ErrNoCandidate
	}
	l.openChoice(s, id)
	return nil
}

// openChoice opens the chosen configuration.
func (l *loop) openChoice(s *Session, id string) {
	l.links.WithReservation(func() session.AccessPoint {
		return l.bestOf(id, func(*roam.Candidate) bool { return true })
	}, func(next session.AccessPoint) {
		l.advance(s, session.Event{Kind: session.Chosen, Next: next, Choice: l.choice(id)})
	})
}

// choice is the chosen configuration in the form that the machine takes.
func (l *loop) choice(id string) session.Choice {
	return session.Choice{ID: id, Network: bearer.TypeOf(id) == bearer.ServiceNetwork, Link: l.links.Snapshot(id)}
}

// decideWhetherToAsk says, for an Open on the user choice, whether the user is asked, and
// which configuration is opened if not.
func (l *loop) decideWhetherToAsk(s *Session, ev *session.Event) {
	if s.m.Scope != session.OnChoice {
		return
	}
	quietly, _ := s.Property(ConnectInBackground)
	ev.Ask = quietly != "true" && s.listener.Chooses()
	ev.Choice = l.choice(ev.Next.ID)
}

// countQuestions numbers the questions, and ends the question that is over.
func (s *Session) countQuestions(effects []session.Effect) {
	for _, e := range effects {
		if e.Kind == session.EmitChoose {
			s.questions++
			s.question.Store(s.questions)
		}
	}
	if s.m.Phase != session.Choosing {
		s.question.Store(0)
	}
}
