// Package connman is the backend for ConnMan: one configuration per service.
//
// ConnMan lists only services that are in reach, in one call, and tells what
// changes by signals. The picture of them is kept by the goroutine that runs
// the backend, which therefore needs no locks:
//
//	bus -> follower -> picture -> sink
//	                -> desk (commands under way) -> sink
//	                -> tunnels (interfaces that ConnMan does not tell)
//
// Services that somebody configured (favourites, in ConnMan's words) and that
// went out of reach stay known as Defined while ConnMan runs. ConnMan itself
// still knows them, and a session on one of them has lost its link, not its
// configuration.
//
// A service that nobody has configured, such as a wireless network that was
// merely seen, is Undefined, which is what that state is for: no session roams
// to a stranger's network by itself.
package connman
