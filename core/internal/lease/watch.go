// Notifications about the files of other processes.

package lease

import (
	"fmt"
	"math/rand"
	"os"
	"strings"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// watchMask has the events of interest: the end of a process, which closes its
// files, and notify. The kernel reports no event for the closing of a file that
// was removed before.
const watchMask = unix.IN_CLOSE_WRITE | unix.IN_ATTRIB | unix.IN_EXCL_UNLINK | unix.IN_ONLYDIR | unix.IN_DONT_FOLLOW

const (
	// The watcher waits before it delivers events, so that the end of many
	// processes wakes it a few times a second at most. The random delay lets
	// one watcher act before the others read the directory.
	minCoalesce, maxCoalesce = 50 * time.Millisecond, 300 * time.Millisecond
	// pollInterval is how often the directory is read if inotify is not
	// available. An orphan may last two seconds.
	pollInterval = 1300 * time.Millisecond
)

// Watcher watches a directory until it is closed.
type Watcher struct {
	d      *Directory
	notify func(names []string)
	log    func(string)
	end    chan struct{}

	mu    sync.Mutex // guards the fields below
	file  *os.File   // inotify; nil: not available
	ended bool
}

// Watch starts to watch the directory. It calls notify on the watcher's
// goroutine, shortly after files were closed or touched, with their names. It
// calls log with the reason if inotify is not available, once until it is
// available again. Nothing is called unless something happens.
func (d *Directory) Watch(notify func(names []string), log func(string)) *Watcher {
	w := &Watcher{d: d, notify: notify, log: log, end: make(chan struct{})}
	err := w.addWatch()
	d.mu.Lock()
	d.recreated = func() { go w.closeInotify() }
	d.mu.Unlock()
	go w.run(err)
	return w
}

// closeInotify closes the current inotify instance.
func (w *Watcher) closeInotify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
}

// Close stops the watcher. A call of notify may still be in progress.
func (w *Watcher) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	w.ended = true
	close(w.end)
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
}

// addWatch opens inotify and watches the directory.
func (w *Watcher) addWatch() error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return fmt.Errorf("the kernel has no inotify instance left (see fs.inotify.max_user_instances): %w", err)
	}
	path := w.d.Path()
	if _, err := unix.InotifyAddWatch(fd, path, watchMask); err != nil {
		unix.Close(fd)
		return fmt.Errorf("%s cannot be watched: %w", path, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		unix.Close(fd)
		return nil
	}
	w.file = os.NewFile(uintptr(fd), "inotify")
	return nil
}

func (w *Watcher) run(err error) {
	for logged := false; ; err = w.addWatch() {
		switch {
		case err != nil && !logged:
			logged = true
			w.log(fmt.Sprintf("Other processes are looked after by looking around: %v.", err))
		case err == nil:
			logged = false
			w.readEvents()
		}
		if !w.sleep(pollInterval) {
			return
		}
		w.notify(w.d.names())
	}
}

// readEvents delivers events until inotify fails.
func (w *Watcher) readEvents() {
	w.mu.Lock()
	file := w.file
	w.mu.Unlock()
	if file == nil {
		return
	}
	buffer := make([]byte, 16<<10)
	for {
		n, err := file.Read(buffer)
		if err != nil {
			break
		}
		names, all, over := parseEvents(buffer[:n])
		if all {
			names = w.d.names()
		}
		if len(names) > 0 {
			if !w.sleep(minCoalesce + time.Duration(rand.Int63n(int64(maxCoalesce-minCoalesce)))) {
				break
			}
			w.notify(names)
		}
		if over {
			break
		}
	}
	w.closeInotify()
}

func (w *Watcher) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.end:
		return false
	}
}

// parseEvents parses inotify events: the names of lease files, each once; all
// reports that events were lost, over that no more will come.
func parseEvents(b []byte) (names []string, all, over bool) {
	seen := make(map[string]bool)
	for len(b) >= unix.SizeofInotifyEvent {
		var e unix.InotifyEvent
		copy((*[unix.SizeofInotifyEvent]byte)(unsafe.Pointer(&e))[:], b)
		end := unix.SizeofInotifyEvent + int(e.Len)
		if e.Len > uint32(len(b)) || end > len(b) {
			break
		}
		name := strings.TrimRight(string(b[unix.SizeofInotifyEvent:end]), "\x00")
		b = b[end:]
		all = all || e.Mask&unix.IN_Q_OVERFLOW != 0
		over = over || e.Mask&unix.IN_IGNORED != 0
		if strings.HasPrefix(name, prefix) && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names, all || over, over
}
