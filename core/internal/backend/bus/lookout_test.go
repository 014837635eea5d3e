package bus

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// waiting is a lookout at work; the channel gets what wait returns.
func waiting(t *testing.T, sockets ...string) (*lookout, <-chan bool) {
	t.Helper()
	l, err := newLookout(sockets)
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

func TestLookoutForASocketInFoldersThatDoNotExist(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "run", "dbus")
	_, found := waiting(t, filepath.Join(root, "elsewhere"), filepath.Join(folder, "socket"))
	touch(t, filepath.Join(root, "something else"))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	touch(t, filepath.Join(folder, "something else"))
	select {
	case <-found:
		t.Fatal("found what is not there")
	default:
	}
	touch(t, filepath.Join(folder, "socket"))
	expect(t, found, true)
}

// Each folder comes into being after the one above it was chosen and before it is
// watched, when nobody would tell of it.
func TestFollowWhileTheFoldersComeIntoBeing(t *testing.T) {
	root := t.TempDir()
	folders := []string{root, filepath.Join(root, "run"), filepath.Join(root, "run", "dbus")}
	var watched []string
	err := follow(filepath.Join(folders[2], "socket"), func(folder string) error {
		watched = append(watched, folder)
		if n := len(watched); n < len(folders) {
			return os.Mkdir(folders[n], 0o700)
		}
		return nil
	})
	if err != nil || !reflect.DeepEqual(watched, folders) {
		t.Errorf("watched %q (%v), want %q", watched, err, folders)
	}
}

// The folder goes between the look at it and the watch.
func TestFollowWhileAFolderGoes(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "run")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	var watched []string
	err := follow(filepath.Join(folder, "socket"), func(f string) error {
		watched = append(watched, f)
		if f == root {
			return nil
		}
		if err := os.Remove(folder); err != nil {
			t.Error(err)
		}
		return os.ErrNotExist
	})
	if want := []string{folder, root}; err != nil || !reflect.DeepEqual(watched, want) {
		t.Errorf("watched %q (%v), want %q", watched, err, want)
	}
}

func TestLookoutForASocketThatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	touch(t, path)
	_, found := waiting(t, path)
	expect(t, found, true)
}

func TestLookoutThatIsClosed(t *testing.T) {
	l, found := waiting(t, filepath.Join(t.TempDir(), "socket"))
	l.close()
	expect(t, found, false)
}
