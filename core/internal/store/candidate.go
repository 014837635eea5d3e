package store

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/roam"
)

// candidate has the properties of a configuration that matter for a choice.
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
