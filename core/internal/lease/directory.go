package lease

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Descriptors opens and closes the files that are locked. A process that forks
// without exec must close them in the child, which would keep the locks
// otherwise.
type Descriptors interface {
	OpenAt(dir int, name string, flags int, mode uint32) (int, error)
	Close(fd int) error
}

// Sharing locates the shared directory, and maps identifiers to networks.
type Sharing struct {
	// Runtime is the value of XDG_RUNTIME_DIR; empty: not set, or not trusted.
	Runtime string
	// Network identifies the network that a configuration's identifier belongs
	// to. Processes that see the same network under an identifier share its
	// file.
	Network func(id string) string
	// Descriptors is nil if the process never forks.
	Descriptors Descriptors

	// root is a prefix of the system's directories; for tests.
	root string
}

// Directory is the directory that the processes of a user share, with one
// file for each configuration in use. Its methods are safe for concurrent use.
type Directory struct {
	sharing Sharing

	mu   sync.Mutex // guards the fields below
	fd   int        // -1 once closed
	path string
	// recreated is called when the directory was created again; nil: there is no
	// watcher.
	recreated func()
}

// candidates are the functions that open the possible directories, best first:
// a directory that the administrator has prepared also serves processes without a
// login session.
func (s *Sharing) candidates() []func() (int, string, error) {
	user := fmt.Sprint(os.Geteuid())
	all := []func() (int, string, error){
		func() (int, string, error) { return openPrepared(s.root+"/run/netsession", user) },
	}
	login := s.root + "/run/user/" + user
	if s.Runtime != "" {
		all = append(all, func() (int, string, error) { return openOwn(s.Runtime) })
	}
	if filepath.Clean(s.Runtime) != login {
		all = append(all, func() (int, string, error) { return openOwn(login) })
	}
	return all
}

// OpenDirectory opens the first directory that is usable. If none is, the error
// says what is wrong with each of them.
func OpenDirectory(s Sharing) (*Directory, error) {
	if s.Descriptors == nil {
		s.Descriptors = plainDescriptors{}
	}
	fd, path, err := s.open()
	if err != nil {
		return nil, err
	}
	return &Directory{sharing: s, fd: fd, path: path}, nil
}

func (s *Sharing) open() (int, string, error) {
	var reasons []string
	for _, open := range s.candidates() {
		fd, path, err := open()
		if err == nil {
			err = supportsLocks(fd, path)
		}
		if err == nil {
			return fd, path, nil
		}
		if fd >= 0 {
			unix.Close(fd)
		}
		reasons = append(reasons, err.Error())
	}
	return -1, "", errors.New(strings.Join(reasons, "; "))
}

// openPrepared opens the directory that the administrator has prepared for a
// user. It creates nothing, because any user might have created a directory
// there.
func openPrepared(path, user string) (int, string, error) {
	above, err := openSubdirectory(unix.AT_FDCWD, path, path, 0, 0o022)
	if err != nil {
		return -1, "", err
	}
	defer unix.Close(above)
	path = filepath.Join(path, user)
	fd, err := openSubdirectory(above, user, path, os.Geteuid(), 0o077)
	return fd, path, err
}

// openOwn opens or creates the directory in a runtime directory of the user.
func openOwn(runtime string) (int, string, error) {
	if !filepath.IsAbs(runtime) {
		return -1, "", fmt.Errorf("%s is not an absolute path", runtime)
	}
	above, err := openSubdirectory(unix.AT_FDCWD, runtime, runtime, os.Geteuid(), 0o022)
	if err != nil {
		return -1, "", err
	}
	defer unix.Close(above)
	path := filepath.Join(runtime, "netsession")
	if err := unix.Mkdirat(above, "netsession", 0o700); err != nil && err != unix.EEXIST {
		return -1, "", fmt.Errorf("%s cannot be made: %w", path, err)
	}
	fd, err := openSubdirectory(above, "netsession", path, os.Geteuid(), 0o077)
	return fd, path, err
}

// openSubdirectory opens a directory that belongs to owner, and in which others
// have none of the rights in denied.
func openSubdirectory(above int, name, path string, owner int, denied uint32) (int, error) {
	fd, err := unix.Openat(above, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("%s cannot be used: %w", path, err)
	}
	var s unix.Stat_t
	if err = unix.Fstat(fd, &s); err == nil {
		err = validateOwner(&s, path, owner, denied)
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// validateOwner says what is wrong with the owner or the mode of a file.
func validateOwner(s *unix.Stat_t, path string, owner int, denied uint32) error {
	if int(s.Uid) != owner {
		return fmt.Errorf("%s belongs to user %d, and not to %d", path, s.Uid, owner)
	}
	if s.Mode&denied != 0 {
		return fmt.Errorf("%s has mode %04o, which gives others rights that they must not have (%04o)", path, s.Mode&0o7777, s.Mode&denied)
	}
	return nil
}

// supportsLocks checks that the file system has open file description locks.
func supportsLocks(fd int, path string) error {
	l := unix.Flock_t{Type: unix.F_WRLCK, Start: holdersByte, Len: 1}
	if err := unix.FcntlFlock(uintptr(fd), unix.F_OFD_GETLK, &l); err != nil {
		return fmt.Errorf("%s has no locks of open files: %w", path, err)
	}
	return nil
}

// Close closes the directory.
func (d *Directory) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	unix.Close(d.fd)
	d.fd = -1
}

// Path is the path of the directory.
func (d *Directory) Path() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.path
}

// withDescriptor calls f with the descriptor of the directory. If the directory
// was removed, it opens or creates one again first.
func (d *Directory) withDescriptor(f func(dir int) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var s unix.Stat_t
	if err := unix.Fstat(d.fd, &s); err == nil && s.Nlink == 0 {
		fd, path, err := d.sharing.open()
		if err != nil {
			return err
		}
		unix.Close(d.fd)
		d.fd, d.path = fd, path
		if d.recreated != nil {
			d.recreated()
		}
	}
	return f(d.fd)
}

// names are the names of all lease files.
func (d *Directory) names() (names []string) {
	d.withDescriptor(func(dir int) error {
		fd, err := unix.Openat(dir, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		f := os.NewFile(uintptr(fd), d.path)
		defer f.Close()
		for {
			some, err := f.Readdirnames(256)
			for _, name := range some {
				if strings.HasPrefix(name, prefix) {
					names = append(names, name)
				}
			}
			if err != nil {
				if err == io.EOF {
					err = nil
				}
				return err
			}
		}
	})
	return names
}

// plainDescriptors are the Descriptors of a process that never forks.
type plainDescriptors struct{}

func (plainDescriptors) OpenAt(dir int, name string, flags int, mode uint32) (int, error) {
	return unix.Openat(dir, name, flags, mode)
}

func (plainDescriptors) Close(fd int) error { return unix.Close(fd) }
