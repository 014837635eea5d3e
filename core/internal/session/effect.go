package session

// EffectKind names an effect.
type EffectKind uint8

const (
	// EmitOpened to EmitChoose are delivered to the application, in the order of the
	// slice that Step returns.
	EmitOpened EffectKind = iota
	EmitClosed
	EmitState
	EmitError
	EmitPreferred
	EmitActivated
	EmitPolicies
	// EmitChoose asks what to open.
	EmitChoose

	// Hold makes the session a holder of access point ID.
	Hold
	// Release ends the hold, and stops the link if this was the last holder of a
	// link that a session had started.
	Release
	// Lose ends the hold on a link that was lost.
	Lose
	// Forget ends the hold on a link that did not come up or is being stopped.
	Forget

	// StartLink and StopLink are commands to the backend. StopLink also aborts
	// every other session on the access point.
	StartLink
	StopLink

	// Arm starts the timer of the configuration's connect timeout, Disarm
	// stops it.
	Arm
	Disarm
)

var effectNames = [...]string{
	"opened", "closed", "stateChanged", "error", "preferredConfigurationChanged",
	"newConfigurationActivated", "usagePoliciesChanged", "choose", "hold", "release", "lose",
	"forget", "start", "stop", "arm", "disarm",
}

func (k EffectKind) String() string { return nameAt(effectNames[:], int(k)) }

// Emits reports whether the effect is an event for the application.
func (k EffectKind) Emits() bool { return k <= EmitChoose }

// Effect is one thing to do. Which fields count follows from the kind.
type Effect struct {
	Kind     EffectKind
	ID       string // the access point
	State    State
	Err      Error
	Text     string
	Seamless bool
	Policies Policies
}
