package engine

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
	"github.com/netsession/netsession/core/internal/store"
)

// linkOf says where a configuration stands, as far as a session is concerned.
func linkOf(c *bearer.Configuration) session.Link {
	switch {
	case c == nil || !c.Valid():
		return session.LinkGone
	case c.Starting():
		return session.LinkStarting
	case c.Stopping():
		return session.LinkStopping
	case c.State == bearer.Active:
		return session.LinkUp
	case c.State == bearer.Discovered:
		return session.LinkDown
	}
	return session.LinkUnavailable
}

// policiesOf says how traffic over a configuration should be restricted.
func policiesOf(c *bearer.Configuration) session.Policies {
	if store.Metered(c) {
		return session.NoBackgroundTraffic
	}
	return 0
}
