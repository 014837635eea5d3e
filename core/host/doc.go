// Package host connects the library to hosts in other languages: it is for libraries
// such as the C interface, which show configurations and sessions in memory of their
// own. Programs in Go use package netsession.
//
// # Overview
//
// A Pool has an Engine for each set of options. The engine runs one loop, which reports
// to three kinds of receivers that the host implements:
//
//   - a Publisher, one for each engine, which shows all configurations to readers
//     outside Go;
//   - a Listener, one for each manager of the host, attached as a Client, which gets
//     what changed as events;
//   - a SessionListener, one for each Session, which shows the session and gets its
//     events.
//
// Package netsession has the types that pass through these interfaces, and says what
// the calls mean. Entry, Configuration and SessionSnapshot show configurations and
// sessions: their methods read the engine's own values, so that a report does not
// allocate memory.
//
// # Goroutines
//
// Functions and methods are safe for concurrent use. The methods of the receivers run on
// the engine's loop, one after another, unless their documentation says otherwise; they
// must be quick, and must not block. A panic in one of them does not end the process.
package host
