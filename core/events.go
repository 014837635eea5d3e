package netsession

// Event is something that happened to the networks (ConfigurationAdded,
// ConfigurationChanged, ConfigurationRemoved, OnlineStateChanged, ReachabilityChanged,
// CaptivePortalChanged, TransportChanged, MeteredChanged, UpdateCompleted) or to a session
// (Opened, Closed, StateChanged, ErrorOccurred, PreferredConfigurationChanged,
// NewConfigurationActivated, UsagePoliciesChanged).
type Event interface{ event() }

// ConfigurationAdded reports a new configuration.
type ConfigurationAdded struct{ Configuration Configuration }

// ConfigurationChanged reports that something about the configuration is different,
// the addresses and routes of its link included. A new signal strength alone is not
// reported.
type ConfigurationChanged struct{ Configuration Configuration }

// ConfigurationRemoved reports that the configuration does not exist any more. The
// value still has the identifier, and the reason if it is known.
type ConfigurationRemoved struct{ Configuration Configuration }

// OnlineStateChanged reports that the machine went online or offline.
type OnlineStateChanged struct{ IsOnline bool }

// ReachabilityChanged reports that traffic gets further than before, or less far.
type ReachabilityChanged struct{ Reachability Reachability }

// CaptivePortalChanged reports that the default access point leads to a captive portal
// now, or does not any more.
type CaptivePortalChanged struct{ IsBehindCaptivePortal bool }

// TransportChanged reports that the default access point is of another kind than before.
type TransportChanged struct{ Transport Transport }

// MeteredChanged reports that traffic over the default access point costs by volume
// now, or does not any more.
type MeteredChanged struct{ IsMetered bool }

// UpdateCompleted follows each call of Manager.UpdateConfigurations.
type UpdateCompleted struct{}

// Opened reports that the session is open.
type Opened struct{ Session *Session }

// Closed reports that the session is not open any more, because of Session.Close or
// of an error; then an ErrorOccurred follows.
type Closed struct{ Session *Session }

// StateChanged reports that the session reached a state. Session.State may be further
// on by the time that the event is read.
type StateChanged struct {
	Session *Session
	State   SessionState
}

// ErrorOccurred reports that the session failed. Err says why in words.
type ErrorOccurred struct {
	Session *Session
	Err     *SessionError
}

// PreferredConfigurationChanged reports that a better access point is in reach. The
// application answers with Session.Migrate or Session.Ignore. The event occurs only
// if the application decides about roaming, see Session.SetApplicationRoaming.
type PreferredConfigurationChanged struct {
	Session       *Session
	Configuration Configuration
	// IsSeamless is true if the local address of open sockets would survive the move.
	IsSeamless bool
}

// NewConfigurationActivated reports that the session uses the new access point. After
// Session.Migrate, the application answers with Session.Accept or Session.Reject.
type NewConfigurationActivated struct{ Session *Session }

// UsagePoliciesChanged reports new restrictions on how the session should be used.
type UsagePoliciesChanged struct {
	Session  *Session
	Policies UsagePolicies
}

func (ConfigurationAdded) event()            {}
func (ConfigurationChanged) event()          {}
func (ConfigurationRemoved) event()          {}
func (OnlineStateChanged) event()            {}
func (ReachabilityChanged) event()           {}
func (CaptivePortalChanged) event()          {}
func (TransportChanged) event()              {}
func (MeteredChanged) event()                {}
func (UpdateCompleted) event()               {}
func (Opened) event()                        {}
func (Closed) event()                        {}
func (StateChanged) event()                  {}
func (ErrorOccurred) event()                 {}
func (PreferredConfigurationChanged) event() {}
func (NewConfigurationActivated) event()     {}
func (UsagePoliciesChanged) event()          {}
