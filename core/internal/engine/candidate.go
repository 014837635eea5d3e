package engine

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
	"github.com/netsession/netsession/core/internal/session"
)

// candidate is a configuration as far as choosing is concerned.
func candidate(c *bearer.Configuration) *roam.Candidate {
	return &roam.Candidate{
		ID: c.ID, Active: c.State == bearer.Active && !c.Stopping(),
		Available: c.State.Has(bearer.Discovered), Faltering: c.Faltering,
		Tunnel: c.Role == bearer.Tunnel, Downlink: c.Role == bearer.Downlink, Unmanaged: c.Unmanaged,
		DefaultRoute: c.DefaultRoute, Preferred: c.Preferred, Metric: c.Metric, Class: classOf(c.Bearer),
		Priority: c.Priority, Strength: c.Strength,
	}
}

func classOf(b bearer.BearerType) roam.Class {
	switch b.Family() {
	case bearer.BearerEthernet:
		return roam.ClassEthernet
	case bearer.BearerWLAN:
		return roam.ClassWLAN
	case bearer.Bearer4G:
		return roam.Class4G
	case bearer.Bearer3G:
		return roam.Class3G
	case bearer.Bearer2G:
		return roam.Class2G
	case bearer.BearerBluetooth:
		return roam.ClassBluetooth
	}
	return roam.ClassOther
}

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
	if c != nil && (c.Metered >= bearer.MeteredGuessed || c.Abroad) {
		return session.NoBackgroundTraffic
	}
	return 0
}
