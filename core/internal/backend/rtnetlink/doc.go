// Package rtnetlink is the backend for the kernel's own links: it reports one
// configuration for each link that can carry IP.
//
// The backend has three sockets. The subscription receives the notifications about
// links, addresses, routes, rules and nexthop objects. The monitor sends its own
// requests on the subscription too, so that replies and notifications arrive in the
// order in which the kernel made them. The monitor reads datagrams, updates its
// snapshot and reports the links whose configuration changed. Commands go out on a
// second socket. Each command is followed by a no-op on the subscription: the
// acknowledgement of the no-op cannot overtake the notifications that the command
// caused. A third socket serves queries from the host's threads. After anything that
// may have lost a message, the monitor reads everything again (a resync).
//
// # Where packets go
//
// The backend keeps no route. It asks the kernel where a packet for the internet
// would go (RTM_GETROUTE, which sends no packet): once for each family without an
// output interface, and once for each family and link. The FIB lookup alone takes
// account of every table, rule, VRF, nexthop object and preference. probe.go has the
// destinations of the lookups, lookup.go the requests of one lookup, fib_result.go
// and egress.go what the replies mean, lookup_batch.go runs many lookups at once, and
// snapshot_egress.go keeps the results.
//
// A result is valid until a notification behind it says otherwise. invalidate.go
// decides which notification makes which results stale, so that the cost follows the
// size of the change: a route that covers none of the probes costs one comparison.
// The kernel makes some changes without a notification; invalidate.go infers those.
// Routes disappear with a link, an address or a nexthop object, and IPv6 routes when
// their lifetime ends.
//
// requery.go decides when stale lookups are repeated, and when a report waits for
// the results. The loss of a link that packets left by is reported together with
// the link that packets leave by now, so that no report shows the machine offline in
// between. An improvement is reported at once.
package rtnetlink
