// Package bustest gives tests a message bus of their own: a real dbus-daemon
// that they can kill, restart and freeze.
package bustest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Wait bounds every wait of a test for an expected event.
const Wait = 2 * time.Minute

// open allows everything to every user.
const open = `<allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>`

// Daemon is a dbus-daemon.
type Daemon struct {
	Address string // what a client connects to

	t       testing.TB
	config  string
	command *exec.Cmd
}

// Start runs a dbus-daemon until the test ends, and skips the test if none is
// installed. Each of denials is an element of bus policy such as
// <deny send_member="Introspect"/>.
func Start(t testing.TB, denials ...string) *Daemon {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is not installed")
	}
	d := Prepare(t, denials...)
	d.Restart()
	return d
}

// Prepare is Start for a daemon that is started later, by Restart.
func Prepare(t testing.TB, denials ...string) *Daemon {
	t.Helper()
	// Not t.TempDir: the name of a socket has room for about 100 bytes.
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	d := &Daemon{t: t, Address: "unix:path=" + filepath.Join(dir, "socket"), config: filepath.Join(dir, "config")}
	t.Cleanup(func() {
		d.Kill()
		_ = os.RemoveAll(dir)
	})
	config := fmt.Sprintf("<busconfig><type>system</type><listen>%s</listen><auth>EXTERNAL</auth>"+
		"<policy context=\"default\">%s%s</policy></busconfig>", d.Address, open, strings.Join(denials, ""))
	if err := os.WriteFile(d.config, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// Restart kills the daemon if it runs, starts it, and waits until it listens.
func (d *Daemon) Restart() {
	d.t.Helper()
	d.Kill()
	c := exec.Command("dbus-daemon", "--config-file="+d.config, "--nofork", "--print-address=1")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.command = c
	ready := make(chan error, 1)
	go func() {
		_, err := bufio.NewReader(out).ReadString('\n')
		ready <- err
	}()
	select {
	case err := <-ready:
		if err != nil {
			d.t.Fatalf("dbus-daemon did not start: %v", err)
		}
	case <-time.After(Wait):
		d.t.Fatal("dbus-daemon is not ready")
	}
}

// Kill ends the daemon without a warning.
func (d *Daemon) Kill() {
	if d.command == nil {
		return
	}
	_ = d.command.Process.Kill()
	_ = d.command.Wait()
	d.command = nil
}

// Freeze stops the daemon, without its connections being closed.
func (d *Daemon) Freeze() { d.signal(syscall.SIGSTOP) }

// Thaw lets the daemon continue.
func (d *Daemon) Thaw() { d.signal(syscall.SIGCONT) }

func (d *Daemon) signal(s syscall.Signal) {
	d.t.Helper()
	if err := d.command.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

// Dial connects a client of the test, such as a fake daemon.
func (d *Daemon) Dial() *dbus.Conn {
	d.t.Helper()
	c, err := dbus.Connect(d.Address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = c.Close() })
	return c
}

// Own connects a client that takes a name.
func (d *Daemon) Own(name string) *dbus.Conn {
	d.t.Helper()
	c := d.Dial()
	Own(d.t, c, name)
	return c
}

// Own takes a name for a connection.
func Own(t testing.TB, c *dbus.Conn, name string) {
	t.Helper()
	reply, err := c.RequestName(name, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%s cannot be owned: %v (%v)", name, err, reply)
	}
}
