package bus

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// lookout waits for one of some sockets to come into being. It costs nothing
// while nothing happens in the folders that lead there.
type lookout struct {
	watcher *fsnotify.Watcher
	sockets []string
}

// newLookout fails where the system gives no more watches.
func newLookout(sockets []string) (*lookout, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	l := &lookout{watcher: w, sockets: sockets}
	if err := l.watch(); err != nil {
		_ = w.Close()
		return nil, err
	}
	return l, nil
}

// wait returns true when there is a socket, and false when close was called.
func (l *lookout) wait() bool {
	for !exists(l.sockets) {
		select {
		case _, ok := <-l.watcher.Events:
			if !ok {
				return false
			}
		case _, ok := <-l.watcher.Errors:
			if !ok {
				return false
			}
		}
		if l.watch() != nil {
			return true // look at the sockets themselves
		}
	}
	return true
}

func (l *lookout) close() { _ = l.watcher.Close() }

// watch watches, for each socket, the folder in which the next thing on the way
// to it must appear.
func (l *lookout) watch() error {
	for _, socket := range l.sockets {
		if err := follow(socket, l.watcher.Add); err != nil {
			return err
		}
	}
	return nil
}

// follow hands the folder in which the next thing on the way to a path must
// appear to watch, and looks again after that: what came into being before the
// watch began is told by nobody.
func follow(path string, watch func(folder string) error) error {
	for watched, next := "", nearest(path); next != watched; next = nearest(path) {
		if err := watch(next); err != nil && !os.IsNotExist(err) {
			return err
		}
		watched = next
	}
	return nil
}

// nearest returns the deepest folder above a path that is there.
func nearest(path string) string {
	folder := filepath.Dir(path)
	for !exists([]string{folder}) && folder != filepath.Dir(folder) {
		folder = filepath.Dir(folder)
	}
	return folder
}

// exists reports whether any of the paths is there. Abstract sockets cannot be
// seen, and count as there.
func exists(paths []string) bool {
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil || strings.HasPrefix(path, "@") {
			return true
		}
	}
	return false
}
