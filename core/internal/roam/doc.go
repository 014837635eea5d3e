// Package roam ranks access points. It decides which of them is the default,
// and when a session should be offered another one than the one in use.
//
// The package is pure: it has no state but that of its values, and knows of an
// access point only what the ranking depends on.
package roam
