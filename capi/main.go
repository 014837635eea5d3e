// Package main is the C interface of the library, built with
// -buildmode=c-shared. include/netsession.h is its contract.
//
// The public functions are in the C files. They check handles, read what the
// engine has published, and run callbacks; if the engine itself is needed
// they call the functions that the Go files export, none of which can be
// reached from outside. C refers to Go objects by go-pointer keys, which are
// taken only from checked slots and configuration references.
//
// The folder is flat, because cgo compiles no C file of another folder. The prefix
// of a file name says its subject:
//
//	api_       one file for each object of the header
//	handle_    handles, the tables behind them, the strings that they return
//	event_     the queue from the engine's loop to the host's callbacks
//	snapshot_  what Go publishes in C memory, to be read without a lock
//	rt_        protection of the host's process: signals, environment, fork,
//	           lock files, panics
//
// netsession.h and netsession_private.h are links to those in include: Go builds C
// files again when a header beside them has changed, not when one elsewhere has.
package main

// #cgo CFLAGS: -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter -fvisibility=hidden -D_GNU_SOURCE -I${SRCDIR}/../include
import "C"

func main() {}
