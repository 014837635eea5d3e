// Package rtnetlink is the backend of the kernel's own links: one
// configuration for each link that can carry IP.
//
// One socket carries everything in: it is subscribed to the changes of links,
// addresses and routes, and dumps are asked for on it too, so that what the
// kernel says arrives in the order in which it happened. The reader takes
// datagrams off it, changes its picture and reports the links that look
// different. Commands go out on a second socket; each is followed by a no-op on
// the first one, whose acknowledgement cannot overtake the notifications that
// the command caused. A third socket answers questions from the host's threads.
//
// After anything that may have cost a message, everything is read again.
package rtnetlink
