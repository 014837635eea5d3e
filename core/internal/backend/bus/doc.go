// Package bus keeps a backend in touch with a daemon on the system bus.
//
// It connects, watches who owns the daemon's name, delivers signals and replies
// in the order of their arrival, and reconnects when the connection is lost. All this
// happens on one goroutine, which calls Run: the goroutine of the Handler. It owns the
// backend's state, so that a Handler needs no locks, and no call waits for the bus.
//
// godbus supplies the wire format only. A connection of godbus's own delivers
// replies and signals on different paths, so that their order is lost, cannot be
// closed while the bus does not read, and reads on a goroutine on which a panic
// would end the host.
package bus
