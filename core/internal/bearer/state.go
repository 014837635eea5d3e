package bearer

// State says how far a configuration is known and usable. The values are
// cumulative bit sets; a configuration always has exactly one of the four.
type State uint8

const (
	// Undefined: the configuration was removed, or has no members yet.
	Undefined State = 0x1
	// Defined: it exists, but cannot be opened now (no carrier, out of range).
	Defined State = 0x2
	// Discovered: it can be opened now.
	Discovered State = 0x6
	// Active: its link is up and carries addresses.
	Active State = 0xE
)

// Has reports whether s contains every bit of filter. An empty filter matches all.
func (s State) Has(filter State) bool { return s&filter == filter }

// String returns the name of the most specific state.
func (s State) String() string {
	switch s {
	case Undefined:
		return "undefined"
	case Defined:
		return "defined"
	case Discovered:
		return "discovered"
	case Active:
		return "active"
	}
	return "invalid"
}

// Progress says that a link is changing from one state to another.
type Progress uint8

const (
	// Settled: it is not changing.
	Settled Progress = iota
	// Connecting: the link is being brought up.
	Connecting
	// Closing: the link is being taken down.
	Closing
)
