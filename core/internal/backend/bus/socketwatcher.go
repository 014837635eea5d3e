package bus

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// socketWatcher waits until one of several sockets exists. It wakes up only when
// something happens in the directories on the way to them.
type socketWatcher struct {
	watcher *fsnotify.Watcher
	sockets []string
}

// newSocketWatcher fails if the kernel grants no more inotify watches.
func newSocketWatcher(sockets []string) (*socketWatcher, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &socketWatcher{watcher: watcher, sockets: sockets}
	if err := w.addWatches(); err != nil {
		_ = watcher.Close()
		return nil, err
	}
	return w, nil
}

// wait returns true when there is a socket, and false when close was called.
func (w *socketWatcher) wait() bool {
	for !anyExists(w.sockets) {
		select {
		case _, ok := <-w.watcher.Events:
			if !ok {
				return false
			}
		case _, ok := <-w.watcher.Errors:
			if !ok {
				return false
			}
		}
		if w.addWatches() != nil {
			return true // let the caller try the sockets themselves
		}
	}
	return true
}

func (w *socketWatcher) close() { _ = w.watcher.Close() }

// addWatches watches, for each socket, the directory in which the next component of its
// path must appear.
func (w *socketWatcher) addWatches() error {
	for _, socket := range w.sockets {
		if err := watchPath(socket, w.watcher.Add); err != nil {
			return err
		}
	}
	return nil
}

// watchPath calls watch with the directory in which the next component of a path must
// appear, and repeats that until the directory stays the same: what was created before
// the watch began causes no event.
func watchPath(path string, watch func(dir string) error) error {
	for watched, next := "", nearestDir(path); next != watched; next = nearestDir(path) {
		if err := watch(next); err != nil && !os.IsNotExist(err) {
			return err
		}
		watched = next
	}
	return nil
}

// nearestDir returns the deepest directory above a path that exists.
func nearestDir(path string) string {
	dir := filepath.Dir(path)
	for !anyExists([]string{dir}) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	return dir
}

// anyExists reports whether any of the paths exists. Abstract sockets cannot be seen,
// and count as existing.
func anyExists(paths []string) bool {
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil || strings.HasPrefix(path, "@") {
			return true
		}
	}
	return false
}
