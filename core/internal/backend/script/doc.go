// Package script plays a network from a file, so that an application's tests
// can make it roam, lose its link and be refused, always in the same way.
//
// The file says which access points there are, what changes and when, and how
// attempts to start and stop a link are answered. docs/script.md describes it.
//
// A file is parsed into a program of steps. A player carries the program and
// the application's commands out in virtual time: it knows no clock and no
// goroutine. The Backend gives it both.
package script
