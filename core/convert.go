package netsession

import (
	"github.com/netsession/netsession/core/internal/bearer"
	"github.com/netsession/netsession/core/internal/engine"
)

// The functions of this file convert the engine's values to the public types. The
// numbers of the enumerations are equal on both sides.

// configurationOf returns the current value of an entry, with the timeout that the host set.
func configurationOf(e *engine.Entry) Configuration {
	c := e.Value()
	public := Configuration{
		ID:                    c.ID,
		Name:                  c.Name,
		Type:                  ConfigurationType(c.Type),
		State:                 ConfigurationState(c.State),
		Purpose:               Purpose(c.Purpose),
		BearerType:            BearerType(c.Bearer),
		ConnectTimeout:        e.ConnectTimeout(),
		IsRoamingAvailable:    c.RoamingAvailable,
		Reason:                c.Obstacle,
		Interface:             c.Interface,
		InterfaceIndex:        c.Index,
		HardwareAddress:       c.Hardware,
		Addresses:             c.Addresses,
		HasDefaultRoute:       c.DefaultRoute,
		RouteMetric:           c.Metric,
		SignalStrength:        int(c.Strength),
		Metered:               Metered(c.Metered),
		IsBehindCaptivePortal: c.Portal,
		IsAbroad:              c.Abroad,
	}
	switch c.Type {
	case bearer.Invalid:
		public.Reason = c.Missing
	case bearer.InternetAccessPoint:
		public.Reachability = Reachability(c.Reachable())
	}
	return public
}

// noConfiguration is the value of a configuration that does not exist.
func noConfiguration(id string) Configuration {
	return Configuration{ID: id, Type: TypeInvalid, State: StateUndefined}
}

func networkStateOf(o engine.NetworkState) NetworkState {
	return NetworkState{
		IsOnline:              o.Online,
		Reachability:          Reachability(o.Reach),
		IsBehindCaptivePortal: o.Portal,
		Transport:             Transport(o.Transport),
		IsMetered:             o.Metered,
	}
}

// snapshotOf is the snapshot of a session on the configuration with the identifier.
func snapshotOf(id string, v engine.SessionSnapshot) SessionSnapshot {
	public := SessionSnapshot{
		State:                   SessionState(v.State),
		IsOpen:                  v.Open,
		Policies:                UsagePolicies(v.Policies),
		ActiveConfiguration:     v.Active,
		UserChoiceConfiguration: v.Choice,
		Interface:               v.Interface,
		InterfaceIndex:          v.Index,
		ActiveSince:             v.Since,
	}
	if v.ErrText != "" {
		public.Err = &SessionError{Configuration: id, Code: ErrorCode(v.Err), Text: v.ErrText}
	}
	return public
}

func definitionOf(n ServiceNetwork) bearer.Definition {
	return bearer.Definition{
		Identifier: n.Identifier,
		Name:       n.Name,
		Purpose:    bearer.Purpose(n.Purpose),
		Children:   n.Children,
	}
}
