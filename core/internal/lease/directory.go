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

// Descriptors opens and closes the files that locks are on. A process that forks
// without exec must close them in the child, or that keeps the locks alive.
type Descriptors interface {
	OpenAt(dir int, name string, flags int, mode uint32) (int, error)
	Close(fd int) error
}

// Sharing says where and about what processes meet.
type Sharing struct {
	// Runtime is the value of XDG_RUNTIME_DIR, empty where it has none or cannot
	// be trusted.
	Runtime string
	// Network names the network that a configuration's identifier is of.
	// Processes that see the same one under a name meet over it.
	Network func(id string) string
	// Descriptors is nil where the process never forks.
	Descriptors Descriptors

	// root stands before the folders of the system; for tests.
	root string
}

// Directory is the folder in which the processes of a user meet: a place with a
// file for each configuration in use. Its methods are safe on any goroutine.
type Directory struct {
	sharing Sharing

	mu   sync.Mutex // guards what follows
	fd   int        // -1 once closed
	path string
	// moved is called when the directory was made again; nil while nobody
	// watches it.
	moved func()
}

// folders are where a directory may be, best first: where the administrator has
// made one it serves those processes as well that have no session of a login.
func (s *Sharing) folders() []func() (int, string, error) {
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

// OpenDirectory opens the first folder that can be used, and says what is wrong
// with all of them where none can.
func OpenDirectory(s Sharing) (*Directory, error) {
	if s.Descriptors == nil {
		s.Descriptors = plainDescriptors{}
	}
	fd, path, err := s.find()
	if err != nil {
		return nil, err
	}
	return &Directory{sharing: s, fd: fd, path: path}, nil
}

func (s *Sharing) find() (int, string, error) {
	var reasons []string
	for _, open := range s.folders() {
		fd, path, err := open()
		if err == nil {
			err = lockable(fd, path)
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

// openPrepared opens what the administrator has made for a user. Nothing is made
// here: who may make something there could be anybody.
func openPrepared(path, user string) (int, string, error) {
	above, err := openFolder(unix.AT_FDCWD, path, path, 0, 0o022)
	if err != nil {
		return -1, "", err
	}
	defer unix.Close(above)
	path = filepath.Join(path, user)
	fd, err := openFolder(above, user, path, os.Geteuid(), 0o077)
	return fd, path, err
}

// openOwn opens, or makes, the folder below one that belongs to the user.
func openOwn(runtime string) (int, string, error) {
	if !filepath.IsAbs(runtime) {
		return -1, "", fmt.Errorf("%s is not an absolute path", runtime)
	}
	above, err := openFolder(unix.AT_FDCWD, runtime, runtime, os.Geteuid(), 0o022)
	if err != nil {
		return -1, "", err
	}
	defer unix.Close(above)
	path := filepath.Join(runtime, "netsession")
	if err := unix.Mkdirat(above, "netsession", 0o700); err != nil && err != unix.EEXIST {
		return -1, "", fmt.Errorf("%s cannot be made: %w", path, err)
	}
	fd, err := openFolder(above, "netsession", path, os.Geteuid(), 0o077)
	return fd, path, err
}

// openFolder opens a folder that belongs to owner, and in which nobody else has
// any of the rights in denied.
func openFolder(above int, name, path string, owner int, denied uint32) (int, error) {
	fd, err := unix.Openat(above, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("%s cannot be used: %w", path, err)
	}
	var s unix.Stat_t
	if err = unix.Fstat(fd, &s); err == nil {
		err = trusted(&s, path, owner, denied)
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// trusted says what is wrong with who may use a file.
func trusted(s *unix.Stat_t, path string, owner int, denied uint32) error {
	if int(s.Uid) != owner {
		return fmt.Errorf("%s belongs to user %d, and not to %d", path, s.Uid, owner)
	}
	if s.Mode&denied != 0 {
		return fmt.Errorf("%s has mode %04o, which gives others rights that they must not have (%04o)", path, s.Mode&0o7777, s.Mode&denied)
	}
	return nil
}

// lockable finds out whether the system has the locks that are needed here.
func lockable(fd int, path string) error {
	l := unix.Flock_t{Type: unix.F_WRLCK, Start: holders, Len: 1}
	if err := unix.FcntlFlock(uintptr(fd), unix.F_OFD_GETLK, &l); err != nil {
		return fmt.Errorf("%s has no locks of open files: %w", path, err)
	}
	return nil
}

// Close ends the use of the directory.
func (d *Directory) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	unix.Close(d.fd)
	d.fd = -1
}

// Path is where the directory is.
func (d *Directory) Path() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.path
}

// with calls f with the descriptor of the directory. Where f finds that the
// directory does not exist any more, it is found or made again.
func (d *Directory) with(f func(dir int) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var s unix.Stat_t
	if err := unix.Fstat(d.fd, &s); err == nil && s.Nlink == 0 {
		fd, path, err := d.sharing.find()
		if err != nil {
			return err
		}
		unix.Close(d.fd)
		d.fd, d.path = fd, path
		if d.moved != nil {
			d.moved()
		}
	}
	return f(d.fd)
}

// names are those of all files of leases.
func (d *Directory) names() (names []string) {
	d.with(func(dir int) error {
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

// plainDescriptors are those of a process that never forks.
type plainDescriptors struct{}

func (plainDescriptors) OpenAt(dir int, name string, flags int, mode uint32) (int, error) {
	return unix.Openat(dir, name, flags, mode)
}

func (plainDescriptors) Close(fd int) error { return unix.Close(fd) }
