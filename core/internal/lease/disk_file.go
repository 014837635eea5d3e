// Files of the directory on disk, and their locks.

package lease

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// prefix is the prefix of the file names. A hash of the network and the
// identifier follows, because these may have any length and any characters.
const prefix = "lease-"

func nameOf(network, id string) string {
	sum := sha256.Sum256([]byte(network + "\x00" + id))
	return prefix + hex.EncodeToString(sum[:16])
}

// The bytes of a file that locks are on. They need not exist.
const (
	holdersByte = 0 // shared lock: a holder; exclusive lock: a process that changes the state
	stopByte    = 1 // the stop lock
)

// diskFile is a file of a Directory. Its locks belong to the open file
// description, so that the kernel releases them when the process ends for
// whatever reason, and so that two users of this package in one process are
// independent.
type diskFile struct {
	directory *Directory
	network   string
	id        string
	fd        int  // -1: closed
	locked    bool // has a lock on the holders' byte
	stopping  bool // has the stop lock
}

func (d *Directory) open(id string, create bool) (file, error) {
	f := &diskFile{directory: d, network: d.sharing.Network(id), id: id, fd: -1}
	if text := (&record{state: stopping, network: f.network, id: id}).text(); len(text) > recordSize {
		return nil, fmt.Errorf("an identifier of %d bytes is too long", len(id))
	}
	if err := f.reopen(create); err != nil {
		return nil, err
	}
	return f, nil
}

// reopen opens the file that has the name now.
func (f *diskFile) reopen(create bool) error {
	flags := unix.O_RDWR
	if create {
		flags |= unix.O_CREAT
	}
	fd, err := f.directory.openFile(nameOf(f.network, f.id), flags)
	if err != nil {
		return err
	}
	f.close()
	f.fd = fd
	return nil
}

// openFile opens a file that belongs to the user alone.
func (d *Directory) openFile(name string, flags int) (fd int, err error) {
	// Without O_NONBLOCK, opening a pipe in the place of the file would block.
	flags |= unix.O_NOFOLLOW | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY
	descriptors := d.descriptors(flags)
	err = d.withDescriptor(func(dir int) error {
		path := filepath.Join(d.path, name)
		fd, err = descriptors.OpenAt(dir, name, flags, 0o600)
		if err == unix.ENOENT {
			return errNoFile
		}
		if err != nil {
			return fmt.Errorf("%s cannot be opened: %w", path, err)
		}
		if err = validateFile(fd, path); err != nil {
			descriptors.Close(fd)
		}
		return err
	})
	return fd, err
}

// descriptors returns the Descriptors for a file that is opened with the flags.
// A file that is opened for reading cannot be locked.
func (d *Directory) descriptors(flags int) Descriptors {
	if flags&unix.O_RDWR == 0 {
		return plainDescriptors{}
	}
	return d.sharing.Descriptors
}

// validateFile says what is wrong with a file.
func validateFile(fd int, path string) error {
	var s unix.Stat_t
	if err := unix.Fstat(fd, &s); err != nil {
		return fmt.Errorf("%s cannot be examined: %w", path, err)
	}
	if s.Mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("%s is not a regular file; remove it", path)
	}
	if s.Nlink > 1 {
		return fmt.Errorf("%s has %d names, but must have one; remove it", path, s.Nlink)
	}
	return validateOwner(&s, path, unix.Geteuid(), 0o077)
}

// lock sets or clears a lock on a byte without blocking, and reports success.
func (f *diskFile) lock(kind int16, at int64) bool {
	l := unix.Flock_t{Type: kind, Start: at, Len: 1}
	return unix.FcntlFlock(uintptr(f.fd), unix.F_OFD_SETLK, &l) == nil
}

// locked reports whether another open file description has a lock on a byte.
func locked(fd int, at int64) bool {
	l := unix.Flock_t{Type: unix.F_WRLCK, Start: at, Len: 1}
	err := unix.FcntlFlock(uintptr(fd), unix.F_OFD_GETLK, &l)
	return err == nil && l.Type != unix.F_UNLCK
}

// lockLinked locks a byte of the file that has the name, even if another file
// had it when this one was opened. No process removes a file that another
// process has locked. A person may; the processes with the removed file open
// then still see each other.
func (f *diskFile) lockLinked(kind int16, at int64) bool {
	for try := 0; try < 100; try++ {
		if !f.lock(kind, at) {
			return false
		}
		if f.locked || f.stopping || linked(f.fd) {
			return true
		}
		if f.reopen(true) != nil {
			return false
		}
	}
	return false
}

func linked(fd int) bool {
	var s unix.Stat_t
	return unix.Fstat(fd, &s) == nil && s.Nlink > 0
}

func (f *diskFile) lockExclusive() bool { return f.lockHolders(unix.F_WRLCK) }
func (f *diskFile) lockShared() bool    { return f.lockHolders(unix.F_RDLCK) }

func (f *diskFile) lockHolders(kind int16) bool {
	if !f.lockLinked(kind, holdersByte) {
		return false
	}
	f.locked = true
	return true
}

func (f *diskFile) unlock() {
	f.lock(unix.F_UNLCK, holdersByte)
	f.locked = false
}

// upgrade keeps the open file, whether or not it still has its name: the other
// holders have the same file open.
func (f *diskFile) upgrade() bool {
	f.unlock()
	f.locked = f.lock(unix.F_WRLCK, holdersByte)
	return f.locked
}

func (f *diskFile) lockStop() bool {
	f.stopping = f.lockLinked(unix.F_WRLCK, stopByte)
	return f.stopping
}

func (f *diskFile) unlockStop() {
	f.lock(unix.F_UNLCK, stopByte)
	f.stopping = false
}
