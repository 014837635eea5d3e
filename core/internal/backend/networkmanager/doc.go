// Package networkmanager is the backend for systems whose network is run by
// NetworkManager: one configuration per connection profile, and one per managed
// device that has none.
//
// The bus delivers a message (core/internal/backend/bus), and the monitor applies it to
// the daemonState, which replaces the object that the message is about. The index knows
// which configurations were derived from that object; only they are derived again, and
// the monitor reports the ones that differ. The executor uses the same state to follow
// the commands of the engine.
//
// Everything runs on the goroutine that calls Run; nothing waits for the bus.
package networkmanager
