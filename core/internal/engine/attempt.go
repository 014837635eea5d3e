package engine

import (
	"fmt"
	"time"

	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
)

// An attempt on a service network tries one access point after another. One that
// neither comes up nor fails must not use up the time of all.

// attemptShare is the part of the connect timeout after which the next access point
// is tried. DHCP takes some seconds where it works at all; a third of thirty is
// well above that, and leaves time for two more.
const attemptShare = 3

// track follows what a session uses, after each of its steps.
func (l *loop) track(s *Session) {
	trying := ""
	switch {
	case s.m.IsOpen():
		if c := l.store.GetUnlocked(s.m.Using.ID); c != nil && c.State == bearer.Active && !c.Faltering {
			s.out = c.DefaultRoute
		}
	case s.m.Phase == session.Opening && s.m.Roams():
		trying = s.m.Using.ID
	}
	if trying != s.trying {
		s.try(trying, l)
	}
}

// try runs the timer of one attempt; of none where id is empty.
func (s *Session) try(id string, l *loop) {
	if s.trying = id; s.staller != nil {
		s.staller.Stop()
		s.staller = nil
	}
	if id == "" {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(l.timeout(s)/attemptShare, func() {
		s.post(func(l *loop) {
			if s.staller == timer {
				l.advanceTurning(s, session.Event{Kind: session.Stalled})
			}
		})
	})
	s.staller = timer
}

// fell fails a session that is opening an access point which somebody has taken
// down meanwhile: a policy, perhaps, that keeps it down.
func (l *loop) fell(s *Session, id string) {
	if s.m.Phase != session.Opening || s.m.Using.ID != id || l.pending[id] != (pending{}) || l.heldUp[id] != nil {
		return
	}
	l.advanceTurning(s, session.Event{
		Kind: session.NotStarted, ID: id, Err: session.AbortedError,
		Text: fmt.Sprintf("%s was set down again before it could be used: another program or a policy keeps it down "+
			"(systemd-networkd: ActivationPolicy= in the link's .network file).", l.store.Label(id)),
	})
}
