// Package session is the state machine of a network session: one pure
// function, Step, that takes a Machine and an event and returns the next machine
// and the effects to carry out.
//
// What Step does is written down as a table, Table, whose rows name the phase
// a session is in, the event, a condition, the actions in their order, and the
// phase that follows. The documentation's tables and drawings are made from it.
//
// The package knows nothing of links or daemons. The engine reports in events the
// states of the session's configuration and of its access points, and carries out
// the effects.
package session
