package engine

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
)

// An attempt on a service network tries one access point after another. An access
// point that neither comes up nor fails must not use up the whole connect timeout.

// attemptFraction is the part of the connect timeout after which the next access point
// is tried. DHCP takes some seconds if it works at all; a third of thirty is
// well above that, and leaves time for two more.
const attemptFraction = 3

// trackAttempt starts and stops the timer of an attempt, and notes whether the access
// point in use has a default route, after each step of a session.
func (l *loop) trackAttempt(s *Session) {
	trying := ""
	switch {
	case s.m.IsOpen():
		if c := l.store.GetUnlocked(s.m.Using.ID); c != nil && c.State == bearer.Active && !c.Faltering {
			s.hadDefaultRoute = c.DefaultRoute
		}
	case s.m.Phase == session.Opening && s.m.Roams():
		trying = s.m.Using.ID
	}
	if trying != s.attempt {
		s.startAttempt(trying, l)
	}
}

// startAttempt starts the timer of the attempt on an access point, and ends the
// previous attempt. An empty id starts none; l may be nil then.
func (s *Session) startAttempt(id string, l *loop) {
	if s.attempt = id; s.attemptTimer != nil {
		s.attemptTimer.Stop()
		s.attemptTimer = nil
	}
	if id == "" {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(l.timeout(s)/attemptFraction, func() {
		s.post(func(l *loop) {
			if s.attemptTimer == timer {
				l.handle(s, session.Event{Kind: session.Stalled})
			}
		})
	})
	s.attemptTimer = timer
}

// failTakenDown fails a session that is opening an access point which another process
// has taken down meanwhile, perhaps because a policy keeps it down.
func (l *loop) failTakenDown(s *Session, id string) {
	if s.m.Phase != session.Opening || s.m.Using.ID != id || !l.links.Undisturbed(id) {
		return
	}
	l.handle(s, session.Event{
		Kind: session.NotStarted, ID: id, Err: session.AbortedError,
		Text: fmt.Sprintf("%s was set down again before it could be used: another program or a policy keeps it down "+
			"(systemd-networkd: ActivationPolicy= in the link's .network file).", l.store.Label(id)),
	})
}
