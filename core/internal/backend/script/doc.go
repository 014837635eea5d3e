// Package script plays a network from a file, so that the tests of an
// application can make it roam, lose its link and be refused, reproducibly.
//
// The file says which access points there are, what changes and when, and how
// attempts to start and stop a link are answered. docs/script.md describes its
// language.
//
// A file is parsed into a program of steps. A player executes the program and
// the application's commands in virtual time: it has no clock and no goroutine.
// The Backend provides both.
package script
