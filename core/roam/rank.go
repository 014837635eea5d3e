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
	Available    bool // Active, or can be opened now
	DefaultRoute bool
	Metric       uint32 // of the default route; lower is better
	Class        Class
	Priority     int   // the daemon's own; higher is better
	Strength     uint8 // percent
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
	switch {
	case a.Active != b.Active:
		return first(a.Active)
	case a.Available != b.Available:
		return first(a.Available)
	case a.DefaultRoute != b.DefaultRoute:
		return first(a.DefaultRoute)
	case a.DefaultRoute && a.Metric != b.Metric:
		return first(a.Metric < b.Metric)
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
	if !other.Active || inUse.ID == other.ID {
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
