// Package lease counts the sessions that are open on each configuration, in this
// process and in all other processes of the user, and records which links sessions
// started and which links were up before.
//
// There is no daemon behind it. The processes of a user share a directory that belongs
// to the user (see Sharing). The directory has one small file for each configuration in use,
// and processes coordinate by file locks, which the kernel releases when a process
// ends for whatever reason.
//
// # The protocol
//
// The name of a file is a hash of the network and the identifier, so that equal
// identifiers in different networks have nothing to do with each other. The locks are
// open file description locks (OFD) on two bytes:
//
//	byte 0  the holders' byte. Each process with open sessions on the configuration,
//	        a holder, has a shared lock on it. A process that changes the state has
//	        an exclusive lock on it while it reads and writes the record, which
//	        takes microseconds.
//	byte 1  the stop lock. The process that stops the link has an exclusive lock on
//	        it until the system has answered.
//
// The file contains a record in text form: the state; how often netsession_stop stopped
// the link; how many starts are not answered; the time of the last stop; and the network and the identifier. Only a
// process with the exclusive lock changes the state, with one exception: every holder
// may write "starting", and the state that follows from the answer to the start. A start
// that finds the link up assigns the link to the system only if it is the last one that
// is not answered: a holder that was killed over its start may have brought the link up.
//
//	system    the link was up before the first holder
//	starting  a holder is about to start it, and the system has not answered
//	started   a holder started it
//	stopping  it is being stopped, because the last holder has left
//	stopped   the stop is done; for a moment this record shows other processes that
//	          their state of the network may be stale
//
// To become a holder, a process tries to get the exclusive lock. If it succeeds, it is
// the first holder: a link that is up belongs to the system, unless the record says
// that a former holder started it; a link that is down is about to be started,
// and the record says so before the system is asked. If the record says "started", it
// stays so even if the link seems to be down, because what a process sees just after a
// stop by another process may be stale. Then the process converts its
// exclusive lock to a shared lock, in one step. If it does not get the exclusive lock,
// it takes the shared lock, and writes "starting" if it starts the link. A process that
// makes a reservation, before it knows whether it will hold the link, does the same but
// leaves the state as it is: no process holds a file without a record.
//
// To leave, a process releases its shared lock and tries to get the exclusive lock (an
// upgrade). Of several processes that leave together, one succeeds, unless a new holder
// has come. The process with the exclusive lock that finds that holders started the
// link has to stop it: it takes the stop lock, writes "stopping", releases byte 0, and
// stops the link. A process can become a holder meanwhile; it sees the stop lock and
// starts the link afterwards. A process that leaves before its start is answered writes
// "started" first, because the answer will come too late. A session that reports its closing upgrades its lock
// before the report (Claim), so that the report is true.
//
// netsession_stop takes the stop lock although there are holders, increments the number
// of stops and touches the file. Holders compare the number when they are notified, and
// also when their link goes down, whichever comes first.
//
// The kernel releases the locks of a process that dies. It notifies the processes that
// watch the directory (Watch) that the file was closed. A file without locks that says
// "starting", "started" or "stopping" is an orphan: the process that gets the exclusive
// lock on it stops the link, as the last holder would have. If no process watches, the
// record waits for the next holder, which then has to stop the link.
//
// A process removes a file if it has the exclusive lock and no process needs the record
// any more. A process that has opened the file before finds, once it has the lock, that
// the file has no name any more, and opens it again.
//
// # What can go wrong
//
// No process waits long for a suspended process (SIGSTOP): if a lock is not available
// for forty milliseconds, the process counts only its own holders; it waits at most
// five seconds for the end of a stop. A file or directory that does not belong to
// the user alone, by its owner, mode, type or number of links, is not used; the same
// applies to a full disk and to a lack of descriptors. The log says so, and the process
// counts its sessions without those of other processes.
//
// A child that is forked without exec shares the open files of its parent, and their
// locks. Descriptors closes the files in such children. The child of a bare clone
// system call is out of its reach, and keeps what its parent held until it ends.
package lease
