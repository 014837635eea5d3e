package engine

import (
	"github.com/netsession/netsession/core/internal/bearer"
)

// The functions of this file explain to people why a configuration is not in the
// expected state.

// whyDown says, as the end of a sentence, why a configuration does not exist or is
// not up; empty if it is up, and if nothing is known.
func whyDown(c *bearer.Configuration) string {
	switch {
	case c == nil:
		return ""
	case !c.Valid():
		return c.Missing
	case c.Type != bearer.InternetAccessPoint || c.State == bearer.Active || c.Progress != bearer.Settled:
		return ""
	case c.Obstacle != "":
		return c.Obstacle
	case c.Up && c.State == bearer.Discovered:
		return "it has no address"
	}
	return ""
}

// whyNotSetUp says why this process may not set an access point up, if nothing else
// prevents opening it.
func (l *loop) whyNotSetUp(id string) string {
	if c := l.store.GetUnlocked(id); c != nil && c.State == bearer.Defined && c.Obstacle == c.Denied {
		return c.Denied
	}
	return ""
}

// whyExpired says in words why an attempt did not succeed in time.
func whyExpired(c *bearer.Configuration) string {
	switch {
	case c == nil:
		return "it does not exist any more"
	case c.Obstacle != "":
		return c.Obstacle
	case c.State == bearer.Defined:
		return "it has no carrier or is out of range"
	case c.State == bearer.Discovered && c.Progress == bearer.Settled && c.Up:
		return "its link got no address; check that something configures addresses on it"
	}
	return "the system has not said why"
}
