package networkmanager

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
)

// lab is a real NetworkManager on a bus of its own, in a network of its own.
type lab struct {
	t       *testing.T
	bus     *bustest.Daemon
	folder  string
	daemon  *exec.Cmd
	profile int // the number of the profile that was written last
}

// root is the folder of the project's sources.
func root(t *testing.T) string {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("the test does not run inside the project's folder")
	return ""
}

// needLab skips a test outside the lab.
func needLab(t *testing.T) {
	if os.Getenv("NETSESSION_LAB") != "1" {
		t.Skip("needs a network of its own: run it by tests/run")
	}
}

func newLab(t *testing.T, denials ...string) *lab {
	needLab(t)
	if _, err := os.Stat(filepath.Join(root(t), "build/lab-root/usr/sbin/NetworkManager")); err != nil {
		if _, err := exec.LookPath("NetworkManager"); err != nil {
			t.Skip("NetworkManager is not here: run tests/lab/tools/daemons network-manager")
		}
	}
	l := &lab{t: t, bus: bustest.Start(t, denials...)}
	var err error
	if l.folder, err = os.MkdirTemp("", "nm"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.kill()
		_ = os.RemoveAll(l.folder)
	})
	if err := os.MkdirAll(filepath.Join(l.folder, "profiles"), 0o700); err != nil {
		t.Fatal(err)
	}
	return l
}

// boot starts NetworkManager.
func (l *lab) boot() {
	l.t.Helper()
	log, err := os.OpenFile(filepath.Join(l.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		l.t.Fatal(err)
	}
	defer log.Close()
	l.daemon = exec.Command(filepath.Join(root(l.t), "tests/lab/tools/nm"), "--daemon", l.folder)
	l.daemon.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS="+l.bus.Address)
	l.daemon.Stdout, l.daemon.Stderr = log, log
	if err := l.daemon.Start(); err != nil {
		l.t.Fatal(err)
	}
}

// kill ends NetworkManager without a warning.
func (l *lab) kill() {
	if l.daemon == nil {
		return
	}
	_ = l.daemon.Process.Signal(syscall.SIGCONT)
	_ = l.daemon.Process.Kill()
	_ = l.daemon.Wait()
	l.daemon = nil
}

func (l *lab) signal(s syscall.Signal) {
	l.t.Helper()
	if err := l.daemon.Process.Signal(s); err != nil {
		l.t.Fatal(err)
	}
}

// run runs a command that must succeed.
func run(t *testing.T, command string) {
	t.Helper()
	if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
}

// cable plugs in a link, whose other end is NAME.peer and is not for
// NetworkManager.
func (l *lab) cable(name string) {
	l.t.Helper()
	run(l.t, fmt.Sprintf("ip link add %[1]s type veth peer name %[1]s.peer && ip link set %[1]s.peer up && ip link set %[1]s up", name))
	l.t.Cleanup(func() { _ = exec.Command("ip", "link", "delete", name).Run() })
}

// write writes a profile file and returns its identifier.
func (l *lab) write(name, link, rest string) string {
	l.t.Helper()
	l.profile++
	uuid := fmt.Sprintf("00000000-0000-4000-8000-%012d", l.profile)
	text := fmt.Sprintf("[connection]\nid=%s\nuuid=%s\ntype=ethernet\ninterface-name=%s\n%s\n", name, uuid, link, rest)
	if err := os.WriteFile(filepath.Join(l.folder, "profiles", name+".nmconnection"), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return "nm:" + uuid
}

const (
	static = "autoconnect=false\n[ipv4]\nmethod=manual\naddress1=192.0.2.1/24,192.0.2.254\n[ipv6]\nmethod=disabled"
	auto   = "[ipv4]\nmethod=manual\naddress1=192.0.2.2/24\n[ipv6]\nmethod=disabled"
	dhcp   = "autoconnect=false\n[ipv4]\nmethod=auto\ndhcp-timeout=%d\nmay-fail=false\n[ipv6]\nmethod=disabled"
)

// nmcli runs nmcli, which must succeed.
func (l *lab) nmcli(args string) {
	l.t.Helper()
	c := exec.Command("sh", "-c", "PATH=$ROOT/usr/bin:$PATH LD_LIBRARY_PATH=$(echo $ROOT/usr/lib/*-linux-gnu) nmcli "+args)
	c.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS="+l.bus.Address, "ROOT="+filepath.Join(root(l.t), "build/lab-root"))
	if out, err := c.CombinedOutput(); err != nil {
		l.t.Fatalf("nmcli %s: %v\n%s", args, err, out)
	}
}

// log is what NetworkManager wrote.
func (l *lab) log() string {
	text, _ := os.ReadFile(filepath.Join(l.folder, "log"))
	lines := strings.Split(string(text), "\n")
	if len(lines) > 60 {
		lines = lines[len(lines)-60:]
	}
	return strings.Join(lines, "\n")
}

// awaitLog waits until NetworkManager has written a text.
func (l *lab) awaitLog(text string) {
	l.t.Helper()
	path := filepath.Join(l.folder, "log")
	for late := time.Now().Add(bustest.Wait); ; time.Sleep(5 * time.Millisecond) {
		if log, _ := os.ReadFile(path); strings.Contains(string(log), text) {
			return
		}
		if time.Now().After(late) {
			l.t.Fatalf("NetworkManager does not write %q", text)
		}
	}
}

func (l *lab) record() *recorder {
	l.t.Cleanup(func() {
		if l.t.Failed() {
			l.t.Log(l.log())
		}
	})
	return record(l.t, l.bus.Address)
}
