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

// Candidate is an access point as far as choosing is concerned.
type Candidate struct {
	ID           string
	Active       bool
	Available    bool   // Active, or can be opened now
	Tunnel       bool   // it runs over another link
	Downlink     bool   // it gives network to others, or has nothing behind it
	Unmanaged    bool   // nobody who would give it an address is known, though somebody does for others
	DefaultRoute bool   // the kernel finds a way out by it
	Preferred    bool   // the kernel sends what is not bound to a link by it
	Faltering    bool   // it may be about to be lost, and ranks as before until that is certain
	Metric       uint32 // of the way out; lower is better
	Class        Class
	Priority     int   // the daemon's own; higher is better
	Strength     uint8 // percent
}

// Out reports whether the candidate is up and leads out.
func (c *Candidate) Out() bool { return c.Active && c.DefaultRoute && !c.Downlink }

// Presentable reports whether the candidate may be the default. A tunnel that is
// idle and what gives network to others may not.
func (c *Candidate) Presentable() bool { return !c.Downlink && (c.Active || !c.Tunnel) }

// tier is how far a candidate can be expected to lead; lower is better. What is up
// and leads nowhere comes after what can be opened and may lead out: a bridge of
// containers must not be taken for a network while there is a cable.
type tier uint8

const (
	leadsOut tier = iota
	leadsOutOverAnother
	mayLeadOut
	leadsNowhere
	needsAnother
	servesOthers
	outOfReach
)

func (c *Candidate) tier() tier {
	switch {
	case !c.Available:
		return outOfReach
	case c.Downlink:
		return servesOthers
	case c.Tunnel && c.Out():
		return leadsOutOverAnother
	case c.Tunnel:
		return needsAnother
	case c.Out():
		return leadsOut
	case c.Active:
		return leadsNowhere
	}
	return mayLeadOut
}

// Better reports whether a ranks before b. It is a strict total order over
// candidates with different identifiers, so that a sorted list is unique.
func Better(a, b *Candidate) bool {
	if c := compare(a, b); c != 0 {
		return c < 0
	}
	if a.Strength != b.Strength {
		return a.Strength > b.Strength
	}
	return a.ID < b.ID
}

// compare orders by everything but the signal's strength and the name.
func compare(a, b *Candidate) int {
	switch ta, tb := a.tier(), b.tier(); {
	case ta != tb:
		return first(ta < tb)
	case a.Active != b.Active:
		return first(a.Active)
	case a.Out() && a.Preferred != b.Preferred:
		return first(a.Preferred)
	case a.Out() && a.Metric != b.Metric:
		return first(a.Metric < b.Metric)
	case a.Unmanaged != b.Unmanaged:
		return first(b.Unmanaged)
	case a.Class != b.Class:
		return first(a.Class < b.Class)
	case a.Priority != b.Priority:
		return first(a.Priority > b.Priority)
	}
	return 0
}

func first(yes bool) int {
	if yes {
		return -1
	}
	return 1
}

// Hysteresis is how many percent stronger an access point must be than the one
// in use to be preferred over it for its signal alone. Radios report a still
// receiver's strength with a jitter of a few percent; ten is well above it.
const Hysteresis = 10

// Worth reports whether moving a session from the access point in use to
// another one is worth it: it must be up, and better by more than a jitter.
func Worth(inUse, other *Candidate) bool {
	if !other.Active || other.Faltering || inUse.ID == other.ID {
		return false
	}
	if c := compare(other, inUse); c != 0 {
		return c < 0
	}
	return int(other.Strength) >= int(inUse.Strength)+Hysteresis
}

// Material reports whether an access point changed in a way that makes it
// worth offering again to a session that passed it over: its rank is another
// one, for better or worse, and not for the signal's strength alone.
func Material(old, now *Candidate) bool {
	return compare(old, now) != 0
}
