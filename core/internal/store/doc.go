// Package store holds the snapshot of the network that readers see: every
// configuration with its ranking, the service networks, what runs over what, and
// what can be said of the network as a whole.
//
// One goroutine writes: the engine's loop. It takes reports in with Apply and gets
// an Update, which says what changed. Any goroutine reads, through a Reader or the
// methods that lock; the lock is held for microseconds. The methods that the writer
// alone may call say so: because nobody else writes, they need no lock.
package store
