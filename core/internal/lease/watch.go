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

// watched is what happens in the directory that is of interest: the end of a
// process, by which its files are closed, and a signal. A file that was removed
// while it was open is closed without notice.
const watched = unix.IN_CLOSE_WRITE | unix.IN_ATTRIB | unix.IN_EXCL_UNLINK | unix.IN_ONLYDIR | unix.IN_DONT_FOLLOW

const (
	// Notices are taken in together, so that many processes that end together
	// wake a watcher a few times a second at most. That they do not all wake at
	// the same moment gives one of them the time to act before the others look.
	shortGather, longGather = 50 * time.Millisecond, 300 * time.Millisecond
	// lookAround is how often the directory is looked at where the kernel has no
	// notices left to give; two seconds is how long an orphan may stay.
	lookAround = 1300 * time.Millisecond
)

// Watcher watches a directory, for as long as it is not closed.
type Watcher struct {
	d    *Directory
	tell func(names []string)
	log  func(string)
	end  chan struct{}

	mu    sync.Mutex // guards what follows
	file  *os.File   // nil while the kernel gives no notices
	ended bool
}

// Watch begins to watch. tell is called on a goroutine of the watcher with the
// names of files that were closed or signalled, a moment after; log, at most once
// in a row, with what keeps the kernel from telling. Nothing is called unless
// something happens.
func (d *Directory) Watch(tell func(names []string), log func(string)) *Watcher {
	w := &Watcher{d: d, tell: tell, log: log, end: make(chan struct{})}
	err := w.begin()
	d.mu.Lock()
	d.moved = func() { go w.drop() }
	d.mu.Unlock()
	go w.run(err)
	return w
}

// drop ends the notices that the kernel gives now.
func (w *Watcher) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
}

// Close ends the watching. A call of tell may still come to its end.
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

// begin asks the kernel for notices.
func (w *Watcher) begin() error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return fmt.Errorf("the kernel has no inotify instance left (see fs.inotify.max_user_instances): %w", err)
	}
	path := w.d.Path()
	if _, err := unix.InotifyAddWatch(fd, path, watched); err != nil {
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
	for told := false; ; err = w.begin() {
		switch {
		case err != nil && !told:
			told = true
			w.log(fmt.Sprintf("Other processes are looked after by looking around: %v.", err))
		case err == nil:
			told = false
			w.follow()
		}
		if !w.sleep(lookAround) {
			return
		}
		w.tell(w.d.names())
	}
}

// follow tells what the kernel gives notice of, until it does not any more.
func (w *Watcher) follow() {
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
		names, all, over := parseNotices(buffer[:n])
		if all {
			names = w.d.names()
		}
		if len(names) > 0 {
			if !w.sleep(shortGather + time.Duration(rand.Int63n(int64(longGather-shortGather)))) {
				break
			}
			w.tell(names)
		}
		if over {
			break
		}
	}
	w.drop()
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

// parseNotices reads what the kernel has written: the names of leases, each once,
// whether some were lost, and whether there will be no more.
func parseNotices(b []byte) (names []string, all, over bool) {
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
