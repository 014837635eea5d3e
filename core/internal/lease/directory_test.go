package lease

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// runtimeDirectory is a runtime directory for the test.
func runtimeDirectory(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "runtime")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func sharing(runtime string) Sharing {
	return Sharing{Runtime: runtime, Network: func(string) string { return "net" }, root: filepath.Dir(runtime)}
}

// openTestDirectory opens the directory in a runtime directory, as another
// process would.
func openTestDirectory(t *testing.T, runtime string) *Directory {
	t.Helper()
	d, err := OpenDirectory(sharing(runtime))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func TestTheDirectoryIsMade(t *testing.T) {
	runtime := runtimeDirectory(t)
	d := openTestDirectory(t, runtime)
	if d.Path() != filepath.Join(runtime, "netsession") {
		t.Errorf("it is %s", d.Path())
	}
	info, err := os.Stat(d.Path())
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	openTestDirectory(t, runtime)
}

// prepareDirectory creates what the administrator would, with modes and for a
// user.
func prepareDirectory(t *testing.T, root string, above, below os.FileMode) string {
	t.Helper()
	path := filepath.Join(root, "run/netsession", fmt.Sprint(os.Geteuid()))
	must(t, os.MkdirAll(path, 0o700))
	must(t, os.Chmod(path, below))
	must(t, os.Chmod(filepath.Dir(path), above))
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLocationOfTheDirectory(t *testing.T) {
	runtime := runtimeDirectory(t)
	s := sharing(runtime)
	login := filepath.Join(s.root, "run/user", fmt.Sprint(os.Geteuid()))
	must(t, os.MkdirAll(login, 0o700))
	is := func(want string) {
		t.Helper()
		d, err := OpenDirectory(s)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if d.Path() != want {
			t.Errorf("it is %s, not %s", d.Path(), want)
		}
	}
	is(runtime + "/netsession")
	s.Runtime = ""
	is(login + "/netsession")
	s.Runtime = "relative"
	is(login + "/netsession")
	s.Runtime = login
	is(login + "/netsession")
	if os.Geteuid() == 0 { // it must belong to root
		s.Runtime = runtime
		is(prepareDirectory(t, s.root, 0o755, 0o700))
	}
}

func TestDirectoriesThatAreNotTrusted(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(runtime string) error
		why   string
	}{
		"none":                 {func(r string) error { return os.Remove(r) }, "no such file"},
		"writable for all":     {func(r string) error { return os.Chmod(r, 0o777) }, "mode 0777"},
		"the group may write":  {func(r string) error { return os.Chmod(r, 0o720) }, "mode 0720"},
		"a file":               {func(r string) error { os.Remove(r); return os.WriteFile(r, nil, 0o600) }, "not a directory"},
		"a link":               {func(r string) error { os.Rename(r, r+"2"); return os.Symlink(r+"2", r) }, "not a directory"},
		"not to be written to": {func(r string) error { return os.Chmod(r, 0o500) }, "cannot be made"},
		"open below":           {func(r string) error { os.Mkdir(r+"/netsession", 0o700); return os.Chmod(r+"/netsession", 0o711) }, "mode 0711"},
		"a link below":         {func(r string) error { os.Mkdir(r+"2", 0o700); return os.Symlink(r+"2", r+"/netsession") }, "not a directory"},
		"a file below":         {func(r string) error { return os.WriteFile(r+"/netsession", nil, 0o600) }, "not a directory"},
		"another's":            {func(r string) error { return os.Chown(r, 12345, -1) }, "belongs to user 12345"},
		"another's below":      {func(r string) error { os.Mkdir(r+"/netsession", 0o700); return os.Chown(r+"/netsession", 12345, -1) }, "belongs to user 12345"},
	} {
		if root := os.Geteuid() == 0; strings.HasPrefix(name, "another's") != root && (strings.HasPrefix(name, "another's") || name == "not to be written to") {
			continue // root has every right, and other users cannot change the owner of a file
		}
		runtime := runtimeDirectory(t)
		must(t, c.spoil(runtime))
		d, err := OpenDirectory(sharing(runtime))
		if err == nil {
			d.Close()
			t.Errorf("%s: it is used", name)
		} else if !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPreparedDirectoriesThatAreNotTrusted(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make what belongs to root")
	}
	for _, modes := range [][2]os.FileMode{{0o777, 0o700}, {0o777 | os.ModeSticky, 0o700}, {0o755, 0o755}, {0o755, 0o770}} {
		runtime := runtimeDirectory(t)
		must(t, os.Remove(runtime))
		s := sharing(runtime)
		prepareDirectory(t, s.root, modes[0], modes[1])
		if d, err := OpenDirectory(s); err == nil {
			d.Close()
			t.Errorf("%v is used", modes)
		}
	}
}

// An object in the place of the file is neither used nor changed, and the sessions of
// the process are still counted.
func TestFilesThatAreNotTrusted(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"a folder":            func(p string) error { return os.Mkdir(p, 0o700) },
		"a link":              func(p string) error { os.WriteFile(p+"-2", []byte("precious"), 0o600); return os.Symlink(p+"-2", p) },
		"a link to nothing":   func(p string) error { return os.Symlink(p+"-2", p) },
		"a pipe":              func(p string) error { return unix.Mkfifo(p, 0o600) },
		"a file of two names": func(p string) error { os.WriteFile(p+"-2", []byte("precious"), 0o600); return os.Link(p+"-2", p) },
		"readable by others":  func(p string) error { os.WriteFile(p, nil, 0o600); return os.Chmod(p, 0o644) },
		"another's": func(p string) error {
			os.WriteFile(p, nil, 0o600)
			return os.Chown(p, 12345, -1)
		},
	} {
		if name == "another's" && os.Geteuid() != 0 {
			continue
		}
		d := openTestDirectory(t, runtimeDirectory(t))
		path := filepath.Join(d.Path(), nameOf("net", "eth"))
		must(t, spoil(path))
		logged := ""
		c := NewCounter(false, d, func(text string) { logged += text })
		c.Acquire("eth", false)
		if c.Holders("eth") != 1 || !c.Release("eth") {
			t.Errorf("%s: nothing is counted", name)
		}
		if !strings.Contains(logged, "Sessions of other processes on eth are not counted: ") || !strings.Contains(logged, path) {
			t.Errorf("%s: logged %q", name, logged)
		}
		c.EndStop("eth", true)
		c.BeginStop("eth")
		c.EndStop("eth", true)
		c.Remove("eth")
		if text, err := os.ReadFile(path + "-2"); err == nil && string(text) != "precious" {
			t.Errorf("%s: another file was written: %q", name, text)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s: it was removed", name)
		}
	}
}

func TestAnIdentifierMayBeAnything(t *testing.T) {
	runtime := runtimeDirectory(t)
	a, b := NewCounter(false, openTestDirectory(t, runtime), nil), NewCounter(false, openTestDirectory(t, runtime), nil)
	for _, id := range []string{"", "../../x", "a/b", "nm:\x00\n\"", strings.Repeat("ü", 300)} {
		a.Acquire(id, false)
		b.Acquire(id, true)
		if a.Release(id) || !b.Release(id) {
			t.Errorf("%q is not counted", id)
		}
		b.EndStop(id, true)
	}
	logged := ""
	a.log = func(text string) { logged = text }
	a.Acquire(strings.Repeat("x", 5000), false)
	if !strings.Contains(logged, "too long") {
		t.Errorf("logged %q", logged)
	}
}

func TestADamagedFileIsRecreated(t *testing.T) {
	d := openTestDirectory(t, runtimeDirectory(t))
	c := NewCounter(false, d, nil)
	path := filepath.Join(d.Path(), nameOf("net", "eth"))
	for _, text := range []string{"", "nonsense", strings.Repeat("x", 1<<16), (&record{state: started, network: "other", id: "eth"}).text()} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		c.Acquire("eth", true)
		if c.Release("eth") {
			t.Errorf("after %.20q the link belongs to the sessions", text)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%.20q is left", text)
		}
	}
}

// Two users of a directory are independent like two processes.
func TestTwoProcesses(t *testing.T) {
	runtime := runtimeDirectory(t)
	a, b := NewCounter(false, openTestDirectory(t, runtime), nil), NewCounter(false, openTestDirectory(t, runtime), nil)
	a.Acquire("eth", false)
	b.Acquire("eth", true)
	if a.Claim("eth") || a.Release("eth") || !b.Claim("eth") || !b.Release("eth") {
		t.Fatal("they do not share the count")
	}
	if wait, _ := a.Blocked("eth", true, time.Now()); !wait {
		t.Error("the stop is not seen")
	}
	b.EndStop("eth", true)
	b.BeginStop("eth")
	a.Acquire("eth", false)
	b.EndStop("eth", true)
	b.BeginStop("eth")
	if !a.StoppedElsewhere("eth") {
		t.Error("the second stop is not seen")
	}
	a.Forget("eth")
	b.EndStop("eth", true)
	b.RemoveExpired("eth")
	if names := b.shared.(*Directory).names(); len(names) != 1 {
		t.Errorf("the record of the stop was removed: %v", names)
	}
	b.now = func() time.Time { return time.Now().Add(time.Minute) }
	b.RemoveExpired("eth")
	if names := b.shared.(*Directory).names(); len(names) != 0 {
		t.Errorf("left: %v", names)
	}
}

// Another process removes a file between its opening and its locking.
func TestAFileIsRemovedMeanwhile(t *testing.T) {
	runtime := runtimeDirectory(t)
	a, b := openTestDirectory(t, runtime), openTestDirectory(t, runtime)
	early, _ := a.open("eth", true)
	late, _ := b.open("eth", true)
	late.lockExclusive()
	late.remove()
	late.close()
	if !early.lockExclusive() {
		t.Fatal("it cannot be locked")
	}
	other, _ := b.open("eth", true)
	if other.lockShared() || other.lockExclusive() {
		t.Error("two processes have the exclusive lock on files of one name")
	}
	early.close()
	other.close()
}

// A process ends without closing its files: the kernel closes them.
func TestAHeldFileOutlivesItsName(t *testing.T) {
	runtime := runtimeDirectory(t)
	a, b := NewCounter(false, openTestDirectory(t, runtime), nil), NewCounter(false, openTestDirectory(t, runtime), nil)
	a.Acquire("eth", false)
	b.Acquire("eth", true)
	must(t, os.RemoveAll(filepath.Join(runtime, "netsession")))
	if a.Release("eth") || !b.Release("eth") {
		t.Error("processes that share a link do not see each other any more")
	}
	b.EndStop("eth", true)
	a.Acquire("eth", false)
	b.Acquire("eth", true)
	if b.Release("eth") || !a.Release("eth") {
		t.Error("they do not share a new directory")
	}
}
