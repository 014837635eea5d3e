// The interfaces of directories and their files, which the Counter is written
// against.

package lease

import "errors"

// directory is the directory that processes share.
type directory interface {
	// open opens the file of a configuration. Without create, it returns
	// errNoFile if there is none.
	open(id string, create bool) (file, error)
	// inspect reads the status of a file without an effect on others.
	inspect(id string) (status, error)
}

var errNoFile = errors.New("nobody has used it")

// file is the access of one process to the record and the locks of a
// configuration. A process has a shared lock on the file as a holder, the
// exclusive lock, or none.
type file interface {
	// lockExclusive takes the exclusive lock, or converts the shared lock to
	// it. It reports false, and changes nothing, if another process has a lock.
	// A process keeps the exclusive lock while it reads and writes the record.
	lockExclusive() bool
	// lockShared makes the process a holder. It reports false, and changes
	// nothing, if another process has the exclusive lock.
	lockShared() bool
	unlock()
	// upgrade releases the shared lock and tries to take the exclusive lock. Of
	// several processes that upgrade together one succeeds, unless a new holder
	// has come.
	upgrade() bool

	// lockStop takes the stop lock, until unlockStop. It reports false if
	// another process has it.
	lockStop() bool
	unlockStop()
	// stopLocked reports whether another process has the stop lock.
	stopLocked() bool

	read() (record, error)
	// write writes fields of the record.
	write(r record, parts ...field) error
	// notify makes the watchers of other processes read the record.
	notify()
	// remove removes the record and the file. The process has the exclusive
	// lock.
	remove()
	close()
}

// field is a part of the record that can be written by itself.
type field uint8

const (
	allFields field = iota
	stateField
	stopsField
	startsField
	timeField
)

// status is the state of a file as other processes see it.
type status struct {
	record     record
	held       bool // a process has a lock on the holders' byte
	stopLocked bool // a process has the stop lock
}
