// Package links decides which state each access point has for the sessions of this
// process, and which process has to stop its link.
//
// The snapshot alone is not enough: a link that is up may be about to be stopped,
// by a command of this process that the backend has not answered, or by another
// process. Table puts together the snapshot, the commands under way, the holders of
// all processes (package lease) and the stops of other processes that the snapshot does
// not show yet. Whether a link is up, down or lost is decided here, in State, and
// nowhere else: the engine's sessions read it.
package links
