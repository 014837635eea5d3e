package netsession

import "github.com/netsession/netsession/core/internal/coalesce"

// classify returns the kind of an event for package coalesce, and the session or the
// configuration that it concerns, or nil for the manager.
func classify(e Event) (coalesce.Kind, any) {
	switch e := e.(type) {
	case ConfigurationAdded:
		return coalesce.Added, e.Configuration.ID
	case ConfigurationChanged:
		return coalesce.Changed, e.Configuration.ID
	case ConfigurationRemoved:
		return coalesce.Removed, e.Configuration.ID
	case OnlineStateChanged:
		return coalesce.Online, nil
	case ReachabilityChanged:
		return coalesce.Reachability, nil
	case CaptivePortalChanged:
		return coalesce.Portal, nil
	case TransportChanged:
		return coalesce.Transport, nil
	case MeteredChanged:
		return coalesce.Metered, nil
	case UpdateCompleted:
		return coalesce.Updated, nil
	}
	return classifySession(e)
}

func classifySession(e Event) (coalesce.Kind, any) {
	switch e := e.(type) {
	case Opened:
		return coalesce.Opened, e.Session
	case Closed:
		return coalesce.Closed, e.Session
	case StateChanged:
		return coalesce.State, e.Session
	case ErrorOccurred:
		return coalesce.Error, e.Session
	case PreferredConfigurationChanged:
		return coalesce.Preferred, e.Session
	case NewConfigurationActivated:
		return coalesce.Activated, e.Session
	case UsagePoliciesChanged:
		return coalesce.Policies, e.Session
	}
	return "", nil
}
