// Package networkmanager is the backend for systems whose network is run by
// NetworkManager: one configuration per connection profile, and one per managed
// device that has none.
//
// The way of a message: the bus delivers it (core/internal/backend/bus), decode
// takes it apart, and picture puts the object that it is about in the place of
// the former one. index knows which configurations were derived from that;
// only they are derived again, and reader reports those that look different.
// commands follows what became of what the engine asked for.
//
// Everything runs on the goroutine that calls Run; nothing waits for the bus.
package networkmanager
