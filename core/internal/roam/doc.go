// Package roam decides which access point is better than another, which one
// is the default, and when a session should be offered a different one.
//
// It is pure, and knows of an access point only what counts for the choice.
package roam
