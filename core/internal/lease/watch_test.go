package lease

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

const bound = 2 * time.Minute

// watching makes a watcher and the channel that it tells to.
func watching(t *testing.T, d *Directory) chan []string {
	heard := make(chan []string, 100)
	w := d.Watch(func(names []string) { heard <- names }, func(text string) { t.Log(text) })
	t.Cleanup(w.Close)
	return heard
}

func awaitName(t *testing.T, heard chan []string, name string) {
	t.Helper()
	late := time.After(bound)
	for {
		select {
		case names := <-heard:
			for _, n := range names {
				if n == name {
					return
				}
			}
		case <-late:
			t.Fatalf("%s was not heard of", name)
		}
	}
}

func TestTheEndOfAProcessIsHeard(t *testing.T) {
	runtime := folder(t)
	d := enter(t, runtime)
	heard := watching(t, d)
	c := NewCounter(false, enter(t, runtime), nil)
	c.Acquire("eth", false)
	c.Close()
	awaitName(t, heard, nameOf("net", "eth"))
	if id := d.About(nameOf("net", "eth")); id != "eth" {
		t.Errorf("it is about %q", id)
	}
	c.Acquire("eth", true)
	c.Halt("eth")
	awaitName(t, heard, nameOf("net", "eth"))
}

// What concerns nobody is not told: opening and closing of what is not shared,
// and looking.
func TestNothingIsHeardOfOrdinaryUse(t *testing.T) {
	runtime := folder(t)
	d := enter(t, runtime)
	c := NewCounter(false, enter(t, runtime), nil)
	heard := watching(t, d)
	for i := 0; i < 3; i++ {
		c.Acquire("eth", true)
		d.look("eth")
		d.About(nameOf("net", "eth"))
		c.Release("eth")
	}
	c.Acquire("mark", false)
	c.Close()
	late := time.After(bound)
	for {
		select {
		case names := <-heard:
			for _, n := range names {
				if n == nameOf("net", "eth") {
					t.Fatal("it was told")
				}
				if n == nameOf("net", "mark") {
					return
				}
			}
		case <-late:
			t.Fatal("the mark was not heard of")
		}
	}
}

// Where the kernel does not tell, the watcher looks around.
func TestTheFolderCannotBeWatched(t *testing.T) {
	runtime := folder(t)
	d := enter(t, runtime)
	c := NewCounter(false, enter(t, runtime), nil)
	d.mu.Lock()
	d.path = filepath.Join(runtime, "elsewhere")
	d.mu.Unlock()
	heard := watching(t, d)
	c.Acquire("eth", false)
	awaitName(t, heard, nameOf("net", "eth"))
	must(t, os.Symlink("netsession", filepath.Join(runtime, "elsewhere")))
	awaitName(t, heard, nameOf("net", "eth"))
}

// When somebody removes the folder, the watcher goes to the new one with the rest.
func TestTheFolderIsMadeAgain(t *testing.T) {
	runtime := folder(t)
	d := enter(t, runtime)
	heard := watching(t, d)
	must(t, os.RemoveAll(d.Path()))
	d.look("eth")
	c := NewCounter(false, enter(t, runtime), nil)
	c.Acquire("eth", false)
	c.Close()
	awaitName(t, heard, nameOf("net", "eth"))
}

func TestAWatcherEnds(t *testing.T) {
	d := enter(t, folder(t))
	w := d.Watch(func([]string) {}, func(string) {})
	w.Close()
	w.Close()
}

func FuzzNotices(f *testing.F) {
	f.Add([]byte{})
	f.Add(append(append([]byte{1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0}, "lease-0123456789"...), 1, 2, 3))
	f.Add([]byte{1, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		names, _, _ := parseNotices(b)
		for _, n := range names {
			if len(n) > len(b) {
				t.Errorf("%q of %d bytes", n, len(b))
			}
		}
	})
}
