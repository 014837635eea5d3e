// Package engine runs network sessions.
//
// One loop owns everything that changes: it writes the snapshot (package store), keeps
// who holds each link (package links) and lets sessions take the steps of their state
// machine (package session). Calls of the host and reports of a backend reach the loop
// as tasks in one inbox. While the loop is idle, reports and short calls run inline: on
// the goroutine of their caller, which saves the switch to another thread.
//
// An event goes up: sink.Report, loop.report, store.Apply, loop.notify, which notifies
// listeners and lets each affected session compare the states of its links
// (facts), take a step (step) and publish its new values. A call goes down: Session.Open
// posts an event, loop.handle completes it, step lets the machine take it, and perform
// commands the table of links, which calls the backend. The backend's answer comes back
// to loop.done. Readers look at published values and never wait for the loop.
package engine
