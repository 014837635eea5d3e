package store

// Mirror is told of every configuration, so that it can show it to readers
// outside Go. Its methods run on the writer's goroutine, with the store locked: they must be
// quick, and must not call the engine.
type Mirror interface {
	// Listed: the configuration is known from now on. For one that comes back,
	// e.Datum is still what it was.
	Listed(e *Entry)
	// Expected: the configuration does not exist, but somebody is about to refer
	// to it. Should it appear, e is Listed.
	Expected(e *Entry)
	// Changed: e.Value() is new.
	Changed(e *Entry)
	// Unlisted: the configuration was removed. Keep says that somebody refers
	// to it still; the engine then keeps the entry until Reap.
	Unlisted(e *Entry) (keep bool)
	// NetworkStateChanged: the state of the network as a whole is new; New calls it, too.
	NetworkStateChanged(now NetworkState)
	// Announced: every listener has been told of the changes so far. The store
	// is not locked here, so that Reap may be called.
	Announced()
	// Flush: listeners have got everything that follows from one cause, so that the
	// hosts may be woken up. The store is not locked.
	Flush()
}
