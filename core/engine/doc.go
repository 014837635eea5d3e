// Package engine runs network sessions: one loop that owns the picture of the
// network, the sessions and the count of their holders.
//
// Reports of a backend and calls of the host reach the loop as messages in one
// inbox. The loop brings the picture up to date, asks the pure packages what
// follows from it, publishes values to readers, and tells listeners. Readers
// look at the published values and never wait for the loop.
package engine
