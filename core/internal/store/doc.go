// Package store holds the snapshot of the network that readers see: every
// configuration with its ranking, the service networks, what runs over what, and
// and the state of the network as a whole.
//
// One goroutine writes: the engine's loop. It applies reports with Apply and gets
// an Update, which says what changed. Any goroutine reads, through a Reader or the
// methods that lock; the lock is held for microseconds. The methods that only
// the writer may call say so: because there is no other writer, they need no lock.
package store
