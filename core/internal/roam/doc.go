// Package roam ranks access points. It decides which of them is the default,
// and when a session should be offered another one than the one in use.
//
// The package is pure: all state is in its values, and it knows of an
// access point only what the ranking depends on.
package roam
