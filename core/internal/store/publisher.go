package store

// Publisher gets every configuration, so that it can show it to readers
// outside Go. Its methods run on the writer's goroutine, with the store locked: they must be
// quick, and must not call the engine.
type Publisher interface {
	// Listed: the configuration is known from now on. If it existed before,
	// e.Datum is still what it was.
	Listed(e *Entry)
	// Expected: the configuration does not exist, but the host is about to refer
	// to it. If it is found later, e is Listed.
	Expected(e *Entry)
	// Changed: e.Value() is new.
	Changed(e *Entry)
	// Unlisted: the configuration was removed. keep means that the host still refers
	// to it; the engine then keeps the entry until Reap.
	Unlisted(e *Entry) (keep bool)
	// NetworkStateChanged: the state of the network as a whole is new; New calls it, too.
	NetworkStateChanged(now NetworkState)
	// Announced: every listener has got the changes so far. The store
	// is not locked here, so that Reap may be called.
	Announced()
	// Flush: listeners have got everything that follows from one cause, so that the
	// hosts may be woken up. The store is not locked.
	Flush()
}
