package lease

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const bound = 2 * time.Minute

// watchDirectory starts a watcher, and returns the channel that receives its
// notifications.
func watchDirectory(t *testing.T, d *Directory) chan []string {
	notified := make(chan []string, 100)
	w := d.Watch(func(names []string) { notified <- names }, func(text string) { t.Log(text) })
	t.Cleanup(w.Close)
	return notified
}

func awaitName(t *testing.T, notified chan []string, name string) {
	t.Helper()
	late := time.After(bound)
	for {
		select {
		case names := <-notified:
			if slices.Contains(names, name) {
				return
			}
		case <-late:
			t.Fatalf("%s was not notified", name)
		}
	}
}

func TestTheEndOfAProcessIsNotified(t *testing.T) {
	runtime := runtimeDirectory(t)
	d := openTestDirectory(t, runtime)
	notified := watchDirectory(t, d)
	c := NewCounter(false, openTestDirectory(t, runtime), nil)
	c.Acquire("eth", false)
	c.Close()
	awaitName(t, notified, nameOf("net", "eth"))
	if id := d.IDOf(nameOf("net", "eth")); id != "eth" {
		t.Errorf("the notification is about %q", id)
	}
	c.Acquire("eth", true)
	c.BeginStop("eth")
	awaitName(t, notified, nameOf("net", "eth"))
}

// Some events are not delivered: the use of files that are not shared, and inspection.
func TestOrdinaryUseIsNotNotified(t *testing.T) {
	runtime := runtimeDirectory(t)
	d := openTestDirectory(t, runtime)
	c := NewCounter(false, openTestDirectory(t, runtime), nil)
	notified := watchDirectory(t, d)
	for i := 0; i < 3; i++ {
		c.Acquire("eth", true)
		d.inspect("eth")
		d.IDOf(nameOf("net", "eth"))
		c.Release("eth")
	}
	c.Acquire("mark", false)
	c.Close()
	late := time.After(bound)
	for {
		select {
		case names := <-notified:
			for _, n := range names {
				if n == nameOf("net", "eth") {
					t.Fatal("it was notified")
				}
				if n == nameOf("net", "mark") {
					return
				}
			}
		case <-late:
			t.Fatal("the mark was not notified")
		}
	}
}

// Without inotify, the watcher polls.
func TestTheDirectoryCannotBeWatched(t *testing.T) {
	runtime := runtimeDirectory(t)
	d := openTestDirectory(t, runtime)
	c := NewCounter(false, openTestDirectory(t, runtime), nil)
	d.mu.Lock()
	d.path = filepath.Join(runtime, "elsewhere")
	d.mu.Unlock()
	notified := watchDirectory(t, d)
	c.Acquire("eth", false)
	awaitName(t, notified, nameOf("net", "eth"))
	must(t, os.Symlink("netsession", filepath.Join(runtime, "elsewhere")))
	awaitName(t, notified, nameOf("net", "eth"))
}

// When the directory is removed, the watcher moves to the new one.
func TestTheDirectoryIsRecreated(t *testing.T) {
	runtime := runtimeDirectory(t)
	d := openTestDirectory(t, runtime)
	notified := watchDirectory(t, d)
	must(t, os.RemoveAll(d.Path()))
	d.inspect("eth")
	c := NewCounter(false, openTestDirectory(t, runtime), nil)
	c.Acquire("eth", false)
	c.Close()
	awaitName(t, notified, nameOf("net", "eth"))
}

func TestAWatcherEnds(t *testing.T) {
	d := openTestDirectory(t, runtimeDirectory(t))
	w := d.Watch(func([]string) {}, func(string) {})
	w.Close()
	w.Close()
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte{})
	f.Add(append(append([]byte{1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0}, "lease-0123456789"...), 1, 2, 3))
	f.Add([]byte{1, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		names, _, _ := parseEvents(b)
		for _, n := range names {
			if len(n) > len(b) {
				t.Errorf("%q of %d bytes", n, len(b))
			}
		}
	})
}
