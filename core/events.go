package netsession

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/session"
)

// Event is something that happened: one of the types below.
type Event interface{ event() }

// ConfigurationAdded: there is a new configuration.
type ConfigurationAdded struct{ Configuration *bearer.Configuration }

// ConfigurationChanged: something about the configuration is different, its link's
// addresses and routes included. The strength of a signal alone is not told.
type ConfigurationChanged struct{ Configuration *bearer.Configuration }

// ConfigurationRemoved: the configuration is gone; it has its identifier still.
type ConfigurationRemoved struct{ Configuration *bearer.Configuration }

// OnlineStateChanged: the machine went online or offline.
type OnlineStateChanged struct{ IsOnline bool }

// ReachabilityChanged: traffic gets further than before, or less far.
type ReachabilityChanged struct{ Reachability bearer.Reach }

// CaptivePortalChanged: a captive portal is before the internet now, or no more.
type CaptivePortalChanged struct{ IsBehind bool }

// TransportChanged: the default access point is of another kind than before.
type TransportChanged struct{ Transport bearer.Transport }

// MeteredChanged: the default access point costs by volume now, or no more.
type MeteredChanged struct{ IsMetered bool }

// UpdateCompleted follows each Manager.UpdateConfigurations.
type UpdateCompleted struct{}

// Opened: the session is open.
type Opened struct{ Session *Session }

// Closed: the session is open no more, by Close or because of an error, which
// follows.
type Closed struct{ Session *Session }

// StateChanged: the session reached a state; Session.State may be further on.
type StateChanged struct {
	Session *Session
	State   session.State
}

// ErrorOccurred: the session failed; Err says why in words.
type ErrorOccurred struct {
	Session *Session
	Err     *SessionError
}

// PreferredConfigurationChanged: a better access point is in reach. Answer with
// Session.Migrate or Session.Ignore. It is told only where the application decides:
// see Session.SetApplicationRoaming. IsSeamless says that the local address of open
// sockets would survive.
type PreferredConfigurationChanged struct {
	Session       *Session
	Configuration *bearer.Configuration
	IsSeamless    bool
}

// NewConfigurationActivated: the session uses the new access point. After
// Session.Migrate, answer with Session.Accept or Session.Reject.
type NewConfigurationActivated struct{ Session *Session }

// UsagePoliciesChanged: how the session should be used is different.
type UsagePoliciesChanged struct {
	Session  *Session
	Policies session.Policies
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
