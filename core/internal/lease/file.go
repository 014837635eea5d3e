package lease

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// prefix begins the names of the files. What follows is made from the network and
// the identifier, which may have any length and any characters.
const prefix = "lease-"

func nameOf(network, id string) string {
	sum := sha256.Sum256([]byte(network + "\x00" + id))
	return prefix + hex.EncodeToString(sum[:16])
}

// The bytes of a file that locks are on; there need be none.
const (
	holders = 0 // read-locked by each holder, write-locked by who is alone
	halter  = 1 // write-locked by who is stopping the link
)

// fileSlot is a slot in a directory. Its locks belong to the open file, so that
// the kernel gives them up when the process ends in whatever way, and so that two
// users of this package in one process are two to each other.
type fileSlot struct {
	d       *Directory
	network string
	id      string
	fd      int
	in      bool // as a holder, or alone
	halting bool
}

func (d *Directory) open(id string, create bool) (slot, error) {
	s := &fileSlot{d: d, network: d.sharing.Network(id), id: id, fd: -1}
	if text := (&record{state: stopping, network: s.network, id: id}).text(); len(text) > recordSize {
		return nil, fmt.Errorf("an identifier of %d bytes is too long", len(id))
	}
	if err := s.reopen(create); err != nil {
		return nil, err
	}
	return s, nil
}

// reopen opens the file that has the slot's name now.
func (s *fileSlot) reopen(create bool) error {
	flags := unix.O_RDWR
	if create {
		flags |= unix.O_CREAT
	}
	fd, err := s.d.openFile(nameOf(s.network, s.id), flags)
	if err != nil {
		return err
	}
	s.close()
	s.fd = fd
	return nil
}

// openFile opens a file that is the user's own in every respect.
func (d *Directory) openFile(name string, flags int) (fd int, err error) {
	// A pipe that somebody has put there must not make anybody wait.
	flags |= unix.O_NOFOLLOW | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY
	descriptors := d.descriptors(flags)
	err = d.with(func(dir int) error {
		path := filepath.Join(d.path, name)
		fd, err = descriptors.OpenAt(dir, name, flags, 0o600)
		if err == unix.ENOENT {
			return errNoSlot
		}
		if err != nil {
			return fmt.Errorf("%s cannot be opened: %w", path, err)
		}
		if err = proper(fd, path); err != nil {
			descriptors.Close(fd)
		}
		return err
	})
	return fd, err
}

// descriptors are those for a file that is opened so. Locks need the right to
// write.
func (d *Directory) descriptors(flags int) Descriptors {
	if flags&unix.O_RDWR == 0 {
		return plainDescriptors{}
	}
	return d.sharing.Descriptors
}

func proper(fd int, path string) error {
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
	return trusted(&s, path, unix.Geteuid(), 0o077)
}

// lock sets a lock of a kind on a byte, and reports whether nobody else's is in
// the way.
func (s *fileSlot) lock(kind int16, at int64) bool {
	l := unix.Flock_t{Type: kind, Start: at, Len: 1}
	return unix.FcntlFlock(uintptr(s.fd), unix.F_OFD_SETLK, &l) == nil
}

// locked reports whether somebody else has a lock on a byte.
func locked(fd int, at int64) bool {
	l := unix.Flock_t{Type: unix.F_WRLCK, Start: at, Len: 1}
	err := unix.FcntlFlock(uintptr(fd), unix.F_OFD_GETLK, &l)
	return err == nil && l.Type != unix.F_UNLCK
}

// take sets a lock in the file that has the slot's name, even if it was removed
// since it was opened. Nobody removes a file while somebody is in the slot, but
// for people; the processes that are in it then still see each other.
func (s *fileSlot) take(kind int16, at int64) bool {
	for try := 0; try < 100; try++ {
		if !s.lock(kind, at) {
			return false
		}
		if s.in || s.halting || linked(s.fd) {
			return true
		}
		if s.reopen(true) != nil {
			return false
		}
	}
	return false
}

func linked(fd int) bool {
	var s unix.Stat_t
	return unix.Fstat(fd, &s) == nil && s.Nlink > 0
}

func (s *fileSlot) alone() bool { return s.enter(unix.F_WRLCK) }
func (s *fileSlot) join() bool  { return s.enter(unix.F_RDLCK) }

func (s *fileSlot) enter(kind int16) bool {
	if !s.take(kind, holders) {
		return false
	}
	s.in = true
	return true
}

func (s *fileSlot) leave() {
	s.lock(unix.F_UNLCK, holders)
	s.in = false
}

// yield stays with the open file, whatever has become of its name: the others that
// it shared the link with have the same one open.
func (s *fileSlot) yield() bool {
	s.leave()
	s.in = s.lock(unix.F_WRLCK, holders)
	return s.in
}

func (s *fileSlot) halt() bool {
	s.halting = s.take(unix.F_WRLCK, halter)
	return s.halting
}

func (s *fileSlot) resume() {
	s.lock(unix.F_UNLCK, halter)
	s.halting = false
}

func (s *fileSlot) halted() bool { return locked(s.fd, halter) }

// read reads the record again where it is none: another process may have been
// writing a part of it just then.
func (s *fileSlot) read() (record, error) {
	r, err := readRecord(s.fd)
	for try := 0; err == errNoRecord && try < 3; try++ {
		r, err = readRecord(s.fd)
	}
	if err == nil && (r.network != s.network || r.id != s.id) {
		err = errNoRecord
	}
	return r, err
}

func readRecord(fd int) (record, error) {
	text := make([]byte, recordSize+1)
	n, err := unix.Pread(fd, text, 0)
	if err != nil {
		return record{}, err
	}
	return parseRecord(string(text[:n]))
}

func (s *fileSlot) write(r record, parts ...part) error {
	for _, p := range parts {
		if err := s.writePart(r, p); err != nil {
			return fmt.Errorf("%s cannot be written: %w", filepath.Join(s.d.Path(), nameOf(s.network, s.id)), err)
		}
	}
	return nil
}

func (s *fileSlot) writePart(r record, p part) error {
	r.network, r.id = s.network, s.id
	at, text := int64(0), ""
	switch p {
	case itsState:
		at, text = stateAt, r.state.line()
	case itsStops:
		at, text = stopsAt, lineOfStops(r.stops)
	case itsTime:
		at, text = whenAt, lineOfTime(r.when)
	default:
		text = r.text()
		if err := unix.Ftruncate(s.fd, 0); err != nil {
			return err
		}
	}
	n, err := unix.Pwrite(s.fd, []byte(text), at)
	if err == nil && n < len(text) {
		err = unix.ENOSPC
	}
	return err
}

// signal changes nothing of the file, but is seen by who watches the directory.
func (s *fileSlot) signal() { unix.Fchmod(s.fd, 0o600) }

// remove leaves nothing in the file either that could be taken for true by those
// who have it open.
func (s *fileSlot) remove() {
	s.writePart(record{state: stopped}, itsState)
	if !linked(s.fd) {
		return // the name is another file's
	}
	s.d.with(func(dir int) error {
		return unix.Unlinkat(dir, nameOf(s.network, s.id), 0)
	})
}

func (s *fileSlot) close() {
	if s.fd >= 0 {
		s.d.sharing.Descriptors.Close(s.fd)
	}
	s.fd, s.in, s.halting = -1, false, false
}

func (d *Directory) look(id string) (sight, error) {
	seen, err := d.lookInto(nameOf(d.sharing.Network(id), id))
	if err == nil && seen.record.id != id {
		err = errNoRecord
	}
	return seen, err
}

// lookInto looks at a file, read-only: nobody is told of it, and nobody's locks
// are affected.
func (d *Directory) lookInto(name string) (sight, error) {
	fd, err := d.openFile(name, unix.O_RDONLY)
	if err != nil {
		return sight{}, err
	}
	defer unix.Close(fd)
	s := sight{held: locked(fd, holders), halted: locked(fd, halter)}
	s.record, err = readRecord(fd)
	if err == nil && nameOf(s.record.network, s.record.id) != name {
		err = errNoRecord
	}
	return s, err
}

// About is the identifier that a file of the directory is about, empty if that is
// of another network.
func (d *Directory) About(name string) string {
	seen, err := d.lookInto(name)
	if err != nil || d.sharing.Network(seen.record.id) != seen.record.network {
		return ""
	}
	return seen.record.id
}
