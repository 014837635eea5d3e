// Package session is the state machine of a network session: one pure
// function, Step, that takes a Machine and an event and returns the machine
// after it with the effects to carry out.
//
// What Step does is written down as a table, Table, whose rows name the phase
// a session is in, the event, a condition, the actions in their order, and the
// phase that follows. The documentation's tables and drawings are made from it.
//
// The package knows nothing of links or daemons. The engine says in events
// where the session's configuration and its access points stand, and carries
// out the effects.
package session
