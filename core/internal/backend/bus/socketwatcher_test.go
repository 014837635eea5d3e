package bus

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// watch runs a socketWatcher; the channel receives what wait returns.
func watch(t *testing.T, sockets ...string) (*socketWatcher, <-chan bool) {
	t.Helper()
	l, err := newSocketWatcher(sockets)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	found := make(chan bool, 1)
	go func() { found <- l.wait() }()
	return l, found
}

func expect(t *testing.T, found <-chan bool, want bool) {
	t.Helper()
	select {
	case got := <-found:
		if got != want {
			t.Errorf("wait returned %v", got)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("wait does not return")
	}
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSocketInDirectoriesThatDoNotExist(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "run", "dbus")
	_, found := watch(t, filepath.Join(root, "elsewhere"), filepath.Join(dir, "socket"))
	touch(t, filepath.Join(root, "something else"))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(dir, "something else"))
	select {
	case <-found:
		t.Fatal("found a socket that does not exist")
	default:
	}
	touch(t, filepath.Join(dir, "socket"))
	expect(t, found, true)
}

// Each directory is created after its parent was chosen and before the parent is
// watched, when no event reports it.
func TestWatchPathWhileDirectoriesAreMade(t *testing.T) {
	root := t.TempDir()
	dirs := []string{root, filepath.Join(root, "run"), filepath.Join(root, "run", "dbus")}
	var watched []string
	err := watchPath(filepath.Join(dirs[2], "socket"), func(dir string) error {
		watched = append(watched, dir)
		if n := len(watched); n < len(dirs) {
			return os.Mkdir(dirs[n], 0o700)
		}
		return nil
	})
	if err != nil || !reflect.DeepEqual(watched, dirs) {
		t.Errorf("watched %q (%v), want %q", watched, err, dirs)
	}
}

// The directory is removed between the check and the watch.
func TestWatchPathWhileADirectoryIsRemoved(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "run")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	var watched []string
	err := watchPath(filepath.Join(dir, "socket"), func(f string) error {
		watched = append(watched, f)
		if f == root {
			return nil
		}
		if err := os.Remove(dir); err != nil {
			t.Error(err)
		}
		return os.ErrNotExist
	})
	if want := []string{dir, root}; err != nil || !reflect.DeepEqual(watched, want) {
		t.Errorf("watched %q (%v), want %q", watched, err, want)
	}
}

func TestSocketThatExists(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	touch(t, path)
	_, found := watch(t, path)
	expect(t, found, true)
}

func TestSocketWatcherThatIsClosed(t *testing.T) {
	l, found := watch(t, filepath.Join(t.TempDir(), "socket"))
	l.close()
	expect(t, found, false)
}
