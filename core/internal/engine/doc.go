// Package engine runs network sessions: one loop that owns the picture of the
// network, the sessions and the count of their holders.
//
// Calls of the host reach the loop as messages in one inbox, and so do the
// reports of a backend, unless the loop is at rest: its reader then is the loop
// for as long as its report takes, which saves the way to another thread. The
// loop brings the picture up to date, asks the pure packages what
// follows from it, publishes values to readers, and tells listeners. Readers
// look at the published values and never wait for the loop.
package engine
