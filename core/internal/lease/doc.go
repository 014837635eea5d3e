// Package lease counts the sessions that are open on each configuration, in this
// process and in all others of the user, and knows which links were started by
// sessions and which the system held before.
//
// There is no daemon behind it. Processes meet in a directory that belongs to the
// user (see Sharing), over one small file for each configuration in use, by locks
// that the kernel gives up when a process ends in whatever way.
//
// # The protocol
//
// The name of a file is made from the network and the identifier, so that equal
// names in different networks have nothing to do with each other. Locks are those
// of open files (OFD), on two bytes:
//
//	byte 0  read-locked by each process with sessions open on it: a holder.
//	        Write-locked by a process that is alone with the file; it is for as
//	        long as it reads and writes the record, some microseconds.
//	byte 1  write-locked by the process that is stopping the link, until the
//	        system has answered.
//
// The record in the file is text: the state, which is only changed by who is alone,
// but for "starting" and what comes of it, which every holder may write; how often the link was stopped
// by netsession_stop; when it was stopped last; and what the file is about.
//
//	system    the link was up before the first holder
//	starting  a holder is about to start it, and the system has not answered
//	started   a holder started it
//	stopping  it is being stopped, because the last holder has gone
//	stopped   that is done; for a moment this tells others that their picture of
//	          the network may be behind
//
// To become a holder, a process tries to be alone. If it can, it is the first: a
// link that is up is the system's, unless the record says that a holder who is
// gone started it; one that is down is about to be started, and the record says so
// before the system is asked to. Then it changes its write lock into a read lock,
// which is one step. If it cannot be alone it just read-locks, and writes "starting"
// where it starts the link. A process that reserves a place, before it is known
// whether it will hold the link, does the same, and leaves the state as it is: no
// process is in a file without a record.
//
// To leave, a process gives up its read lock and tries to be alone. Of several that
// leave together one succeeds, or else somebody new has come. Who is alone and
// finds that holders started the link has to stop it: it locks byte 1, writes
// "stopping", lets byte 0 go, and stops it. So a process can become a holder
// meanwhile; it sees byte 1 and starts the link after that. A lock that has been
// changed from reading to writing before a session says that it is closed (Claim)
// makes sure that what it says is true.
//
// netsession_stop locks byte 1 under the holders, adds one to the number of stops
// and touches the file. Holders compare the number when they hear of that, and also
// when their link goes down, whichever comes first.
//
// A process that dies lets its locks go. Those that watch the directory (Watch) are
// told by the kernel that the file was closed. A file without locks that says
// "starting", "started" or "stopping" is an orphan: who can be alone with it stops the link as
// the last holder would have. If nobody watches, the record waits for the next
// holder, whose link it then is to stop.
//
// A file is removed by who is alone with it and finds nothing to remember. Who has
// opened it before that sees, once it has the lock, that its file has no name any
// more, and opens it again.
//
// # What can go wrong
//
// Nobody waits long for a process that was stopped in its tracks: a lock that is
// not to be had for forty milliseconds makes a process count by itself, and a stop
// that does not end is waited for five seconds. A file or folder that is not the
// user's own, in owner, mode, kind or number of names, is not used; the same goes
// for a full disk and for missing descriptors. The log says so, and what cannot be
// counted with others is counted in the process alone.
//
// A child that is forked without exec shares the open files of its parent, and
// their locks. Where there may be such children, Descriptors closes them there. The
// child of a bare clone system call is out of its reach, and keeps what its parent
// held until it ends.
package lease
