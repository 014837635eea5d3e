// Package networkmanager is the backend for systems whose network is run by
// NetworkManager: one configuration per connection profile, and one per managed
// device that has none.
//
// The way of a message: the bus delivers it (core/backend/internal/bus), decode
// takes it apart, picture holds what is known, configurations says what that
// looks like to sessions, and backend reports what is different from before.
// commands follows what became of what the engine asked for.
//
// Everything runs on the goroutine that calls Run; nothing waits for the bus.
package networkmanager
