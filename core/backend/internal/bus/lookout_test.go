package bus

import (
	"os"
	"path/filepath"
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
	case <-time.After(20 * time.Second):
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
