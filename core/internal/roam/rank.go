// The ranking of two access points, and when a difference justifies roaming.

package roam

// Class orders the technologies that carry access points; lower is better.
type Class uint8

// The classes, best first.
const (
	ClassEthernet Class = iota
	ClassWLAN
	Class4G
	Class3G
	Class2G
	ClassBluetooth
	ClassOther
)

// Candidate is an access point with the properties that the ranking depends on.
type Candidate struct {
	ID           string
	Active       bool
	Available    bool   // Active, or can be opened now
	Tunnel       bool   // it runs over another link
	Downlink     bool   // it provides a network to others, or leads nowhere
	Unmanaged    bool   // no daemon manages it, although daemons manage others, so that it may never get an address
	DefaultRoute bool   // the kernel finds a route to the internet through it
	Preferred    bool   // the kernel sends unbound packets by it
	Faltering    bool   // it may be about to be lost, and keeps its rank until that is certain
	Metric       uint32 // of the default route; lower is better
	Class        Class
	Priority     int   // the daemon's own; higher is better
	Strength     uint8 // percent
}

// LeadsOut reports whether the candidate is up and leads to the internet.
func (c *Candidate) LeadsOut() bool { return c.Active && c.DefaultRoute && !c.Downlink }

// MayBeDefault reports whether the candidate may be the default. An idle tunnel
// and a downlink may not.
func (c *Candidate) MayBeDefault() bool { return !c.Downlink && (c.Active || !c.Tunnel) }

// tier is how far a candidate is expected to lead; lower is better. A candidate
// that is up without a default route ranks after one that can be opened and may have a
// route to the internet: a bridge of containers must not hide an unused cable.
type tier uint8

const (
	tierOnline tier = iota
	tierTunnelOnline
	tierAvailable
	tierNoRoute
	tierTunnelIdle
	tierDownlink
	tierUnavailable
)

func (c *Candidate) tier() tier {
	switch {
	case !c.Available:
		return tierUnavailable
	case c.Downlink:
		return tierDownlink
	case c.Tunnel && c.LeadsOut():
		return tierTunnelOnline
	case c.Tunnel:
		return tierTunnelIdle
	case c.LeadsOut():
		return tierOnline
	case c.Active:
		return tierNoRoute
	}
	return tierAvailable
}

// RanksBefore reports whether a ranks before b. It is a strict total order over
// candidates with different identifiers, so that a sorted list is unique.
func RanksBefore(a, b *Candidate) bool {
	if c := compare(a, b); c != 0 {
		return c < 0
	}
	if a.Strength != b.Strength {
		return a.Strength > b.Strength
	}
	return a.ID < b.ID
}

// compare compares everything but signal strength and identifier. The result is
// negative if a ranks before b.
func compare(a, b *Candidate) int {
	switch ta, tb := a.tier(), b.tier(); {
	case ta != tb:
		return orderOf(ta < tb)
	case a.Active != b.Active:
		return orderOf(a.Active)
	case a.LeadsOut() && a.Preferred != b.Preferred:
		return orderOf(a.Preferred)
	case a.LeadsOut() && a.Metric != b.Metric:
		return orderOf(a.Metric < b.Metric)
	case a.Unmanaged != b.Unmanaged:
		return orderOf(b.Unmanaged)
	case a.Class != b.Class:
		return orderOf(a.Class < b.Class)
	case a.Priority != b.Priority:
		return orderOf(a.Priority > b.Priority)
	}
	return 0
}

func orderOf(yes bool) int {
	if yes {
		return -1
	}
	return 1
}

// Hysteresis is how many percent stronger the signal of an access point must be
// to be preferred over the one in use for its signal alone. The signal that a
// resting receiver reports varies by a few percent; ten is well above that.
const Hysteresis = 10

// ShouldRoam reports whether a session should move from the access point in use to
// another one, which must be up, and better by more than the hysteresis.
func ShouldRoam(inUse, other *Candidate) bool {
	if !other.Active || other.Faltering || inUse.ID == other.ID {
		return false
	}
	if c := compare(other, inUse); c != 0 {
		return c < 0
	}
	return int(other.Strength) >= int(inUse.Strength)+Hysteresis
}

// RankChanged reports whether the rank of an access point changed for a reason
// other than signal strength. If so, it may be offered again to a session that
// passed it over.
func RankChanged(old, now *Candidate) bool {
	return compare(old, now) != 0
}
