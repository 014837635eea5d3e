// Package connman is the backend for ConnMan: one configuration per service.
//
// ConnMan lists only services that are in reach, in one call, and signals changes. One
// goroutine, which runs the backend, keeps the state, so that no locks are needed:
//
//	bus -> monitor -> daemonState -> sink
//	               -> executor (commands under way) -> sink
//	               -> tunnelResolver (interfaces that ConnMan does not signal)
//
// Configured services (favourites, in ConnMan's words) that went out of reach stay known
// as Defined while ConnMan runs: ConnMan itself still knows them, and a session on such a
// service has lost its link, not its configuration.
//
// A service that is not configured, such as a wireless network in range, is Undefined:
// no session roams to an unknown network by itself.
package connman
