// Package rtnetlink is the backend of the kernel's own links: one
// configuration for each link that can carry IP.
//
// One socket carries everything in: it is subscribed to the changes of links,
// addresses, routes, rules and nexthop objects, and what the reader asks is asked
// on it too, so that what the kernel says arrives in the order in which it
// happened. The reader takes datagrams off it, changes its picture and reports the
// links that look different. Commands go out on a second socket; each is followed
// by a no-op on the first one, whose acknowledgement cannot overtake the
// notifications that the command caused. A third socket answers questions from the
// host's threads. After anything that may have cost a message, everything is read
// again.
//
// # Where packets go
//
// No route is kept. The kernel is asked where it would send a packet for the
// internet (RTM_GETROUTE, which sends none), for each family as a whole and for
// each link. That alone takes account of every table, rule, VRF, nexthop object
// and preference. probe.go has the addresses that are asked for, question.go the
// questions about one way, way.go what the answers say, round.go asks about many
// ways at once, and ways.go is where the answers are kept.
//
// An answer is true until a notification behind it says otherwise. wants.go decides
// which notification makes which answers doubtful, so that the cost follows what
// changed: a route that covers none of the probes costs a comparison. Of what the
// kernel does without a word, each has its own sign there: routes go with a link,
// an address or a nexthop object, and IPv6 ones when their time is over.
//
// inquiry.go says when the answers are waited for. A link that packets left by, and
// is lost, is reported together with the one that they leave by now: there is no
// moment in between in which the machine is offline. What only improves is reported
// at once.
package rtnetlink
