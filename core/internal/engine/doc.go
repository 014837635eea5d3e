// Package engine runs network sessions: one loop that owns the picture of the
// network, the sessions and the count of their holders.
//
// Calls of the host and reports of a backend reach the loop as tasks in one inbox.
// While the loop is idle, reports and short calls run inline: on the goroutine of
// their caller, which saves the switch to another thread. The
// loop brings the picture up to date, asks the pure packages what
// follows from it, publishes values to readers, and tells listeners. Readers
// look at the published values and never wait for the loop.
package engine
