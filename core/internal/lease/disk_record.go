// Reading and writing of the records in files.

package lease

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func (f *diskFile) stopLocked() bool { return locked(f.fd, stopByte) }

// read returns the record. It tries again if another process is writing it.
func (f *diskFile) read() (record, error) {
	r, err := readRecord(f.fd)
	for try := 0; err == errNoRecord && try < 3; try++ {
		r, err = readRecord(f.fd)
	}
	if err == nil && (r.network != f.network || r.id != f.id) {
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

func (f *diskFile) write(r record, parts ...field) error {
	for _, p := range parts {
		if err := f.writePart(r, p); err != nil {
			return fmt.Errorf("%s cannot be written: %w", filepath.Join(f.directory.Path(), nameOf(f.network, f.id)), err)
		}
	}
	return nil
}

func (f *diskFile) writePart(r record, p field) error {
	r.network, r.id = f.network, f.id
	at, text := int64(0), ""
	switch p {
	case stateField:
		at, text = stateAt, r.state.line()
	case stopsField:
		at, text = stopsAt, lineOfStops(r.stops)
	case startsField:
		at, text = startsAt, lineOfStarts(r.starts)
	case timeField:
		at, text = whenAt, lineOfTime(r.when)
	default:
		text = r.text()
		if err := unix.Ftruncate(f.fd, 0); err != nil {
			return err
		}
	}
	n, err := unix.Pwrite(f.fd, []byte(text), at)
	if err == nil && n < len(text) {
		err = unix.ENOSPC
	}
	return err
}

// notify changes nothing in the file, but watchers of the directory see it
// (IN_ATTRIB).
func (f *diskFile) notify() { unix.Fchmod(f.fd, 0o600) }

// remove also invalidates the record, for processes that have the file open.
func (f *diskFile) remove() {
	f.writePart(record{state: stopped}, stateField)
	if !linked(f.fd) {
		return // the name belongs to another file
	}
	f.directory.withDescriptor(func(dir int) error {
		return unix.Unlinkat(dir, nameOf(f.network, f.id), 0)
	})
}

func (f *diskFile) close() {
	if f.fd >= 0 {
		f.directory.sharing.Descriptors.Close(f.fd)
	}
	f.fd, f.locked, f.stopping = -1, false, false
}

func (d *Directory) inspect(id string) (status, error) {
	status, err := d.inspectFile(nameOf(d.sharing.Network(id), id))
	if err == nil && status.record.id != id {
		err = errNoRecord
	}
	return status, err
}

// inspectFile reads the status of a file. It opens the file read-only, so that
// neither watchers nor locks are affected.
func (d *Directory) inspectFile(name string) (status, error) {
	fd, err := d.openFile(name, unix.O_RDONLY)
	if err != nil {
		return status{}, err
	}
	defer unix.Close(fd)
	status := status{held: locked(fd, holdersByte), stopLocked: locked(fd, stopByte)}
	status.record, err = readRecord(fd)
	if err == nil && nameOf(status.record.network, status.record.id) != name {
		err = errNoRecord
	}
	return status, err
}

// IDOf is the identifier in the record of a file, empty if the identifier is
// of another network.
func (d *Directory) IDOf(name string) string {
	status, err := d.inspectFile(name)
	if err != nil || d.sharing.Network(status.record.id) != status.record.network {
		return ""
	}
	return status.record.id
}
