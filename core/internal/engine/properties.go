package engine

import (
	"strconv"
	"sync"
	"time"

	"github.com/netsession/netsession/core/internal/session"
)

// The session properties with a meaning of their own.
const (
	// ActiveConfiguration is the access point in use; read-only.
	ActiveConfiguration = "ActiveConfiguration"
	// UserChoiceConfiguration is the result of a user choice; read-only.
	UserChoiceConfiguration = "UserChoiceConfiguration"
	// ConnectInBackground asks the library not to ask the user.
	ConnectInBackground = "ConnectInBackground"
	// AutoCloseSessionTimeout closes an open session after so many
	// milliseconds; negative never does.
	AutoCloseSessionTimeout = "AutoCloseSessionTimeout"
)

type properties struct {
	mu     sync.Mutex // guards what follows; any goroutine may read and set
	values map[string]string
	// autoClose is AutoCloseSessionTimeout in milliseconds plus one, so that
	// the zero value means -1.
	autoClose int64
}

// Property returns a property's value, and false if it has none.
func (s *Session) Property(key string) (string, bool) {
	switch key {
	case ActiveConfiguration:
		return s.Snapshot().Active, true
	case UserChoiceConfiguration:
		return s.Snapshot().Choice, true
	case AutoCloseSessionTimeout:
		return strconv.FormatInt(s.props.timeout(), 10), true
	}
	s.props.mu.Lock()
	defer s.props.mu.Unlock()
	v, ok := s.props.values[key]
	return v, ok
}

// SetProperty changes a property; nil removes it. Read-only ones are left
// alone. It reports false for a value that the property cannot have.
func (s *Session) SetProperty(key string, value *string) bool {
	switch key {
	case ActiveConfiguration, UserChoiceConfiguration:
		return true
	case AutoCloseSessionTimeout:
		return s.setAutoClose(value)
	}
	s.props.set(key, value)
	return true
}

func (p *properties) set(key string, value *string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if value == nil {
		delete(p.values, key)
		return
	}
	if p.values == nil {
		p.values = make(map[string]string)
	}
	p.values[key] = *value
}

func (p *properties) timeout() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.autoClose - 1
}

func (p *properties) setTimeout(ms int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.autoClose = ms + 1
}

func (s *Session) setAutoClose(value *string) bool {
	ms := int64(-1)
	if value != nil {
		n, err := strconv.ParseInt(*value, 10, 32)
		if err != nil {
			return false
		}
		if n >= 0 {
			ms = n
		}
	}
	s.props.setTimeout(ms)
	s.post(func(*loop) {
		if s.m.IsOpen() {
			s.armAutoClose()
		}
	})
	return true
}

// trackAutoClose runs the timer of AutoCloseSessionTimeout while the session is open.
func (s *Session) trackAutoClose(event session.EffectKind) {
	switch event {
	case session.EmitOpened:
		s.armAutoClose()
	case session.EmitClosed:
		s.stopAutoClose()
	}
}

// armAutoClose starts the timer of AutoCloseSessionTimeout, if it is set.
func (s *Session) armAutoClose() {
	s.stopAutoClose()
	ms := s.props.timeout()
	if ms < 0 {
		return
	}
	number := s.autoCloseNumber
	s.autoCloseTimer = time.AfterFunc(time.Duration(ms)*time.Millisecond, func() {
		s.post(func(l *loop) { l.autoClose(s, number) })
	})
}

// autoClose closes a session whose AutoCloseSessionTimeout is over.
func (l *loop) autoClose(s *Session, number int) {
	if s.autoCloseNumber != number || !s.m.IsOpen() {
		return
	}
	s.props.setTimeout(-1)
	l.handle(s, session.Event{Kind: session.Close})
}

// stopAutoClose stops that timer. A late one is known by its number.
func (s *Session) stopAutoClose() {
	s.autoCloseNumber++
	if s.autoCloseTimer != nil {
		s.autoCloseTimer.Stop()
		s.autoCloseTimer = nil
	}
}
