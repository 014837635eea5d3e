package connman

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/netsession/netsession/core/internal/backend/bus/bustest"
)

// lab is a real ConnMan, on a bus of its own, in a network of its own.
type lab struct {
	t       *testing.T
	bus     *bustest.Daemon
	script  string
	folder  string
	command *exec.Cmd
	cables  int
}

// newLab makes a lab in which ConnMan is not started yet. It skips the test if ConnMan
// is not installed.
func newLab(t *testing.T) *lab {
	t.Helper()
	if os.Getenv("NETSESSION_LAB") != "1" {
		t.Skip("needs real links and ConnMan: run by tests/lab/tools/run-go-lab inside tests/lab/tools/enter")
	}
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	for _, program := range []string{"dnsmasq", "ethtool"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	l := &lab{t: t, bus: bustest.Start(t), script: findScript(t, "connman"), folder: t.TempDir()}
	if out, err := exec.Command(findScript(t, "daemons"), "connman").CombinedOutput(); err != nil {
		t.Skipf("ConnMan is not to be had: %s", strings.TrimSpace(string(out)))
	}
	t.Cleanup(l.kill)
	return l
}

// findScript looks for a script of the lab, upwards from the working folder.
func findScript(t *testing.T, name string) string {
	t.Helper()
	folder, err := os.Getwd()
	must(t, err)
	for ; folder != "/"; folder = filepath.Dir(folder) {
		path := filepath.Join(folder, "tests/lab/tools", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Fatalf("tests/lab/tools/%s is not above the working folder", name)
	return ""
}

// start runs ConnMan.
func (l *lab) start() {
	l.t.Helper()
	log, err := os.Create(filepath.Join(l.folder, "log"))
	must(l.t, err)
	defer log.Close()
	l.command = exec.Command(l.script, "--daemon", l.folder)
	l.command.Env = append(os.Environ(), "DBUS_SYSTEM_BUS_ADDRESS="+l.bus.Address)
	l.command.Stdout, l.command.Stderr = log, log
	must(l.t, l.command.Start())
	l.t.Cleanup(func() {
		if said, _ := os.ReadFile(log.Name()); l.t.Failed() {
			l.t.Logf("ConnMan said:\n%s", said)
		}
	})
}

// kill ends ConnMan without a warning.
func (l *lab) kill() {
	if l.command != nil {
		_ = l.command.Process.Kill()
		_ = l.command.Wait()
		l.command = nil
	}
}

func (l *lab) signal(s syscall.Signal) {
	l.t.Helper()
	must(l.t, l.command.Process.Signal(s))
}

// cable is a link whose other end is a router's, in a network of its own.
type cable struct {
	*lab
	id     string // of the configuration
	name   string
	router string
}

// cable plugs in a cable.
func (l *lab) cable(dhcp bool) *cable {
	l.t.Helper()
	n := l.cables
	l.cables++
	c := &cable{
		lab: l, name: fmt.Sprintf("eth%d", n), router: fmt.Sprintf("router%d", n),
		id: fmt.Sprintf("connman:ethernet_0200000000%02x_cable", n),
	}
	l.ip("netns add %s", c.router)
	l.t.Cleanup(func() { l.ip("netns del %s", c.router) })
	l.ip("link add %s address 02:00:00:00:00:%02x type veth peer name router netns %s", c.name, n, c.router)
	l.t.Cleanup(func() { l.ip("link del %s", c.name) })
	l.ip("-n %s address add 192.0.%d.1/24 dev router", c.router, n+2)
	l.run("ip netns exec %s ethtool -K router tx off", c.router)
	c.plug()
	if dhcp {
		c.serve(n)
	}
	return c
}

// serve hands out addresses on the cable. With --no-daemon dnsmasq keeps its
// user and groups, which cannot be changed in a user namespace. It has to be
// authoritative because ConnMan asks first for the address of the test before.
func (c *cable) serve(n int) {
	c.t.Helper()
	server := exec.Command("ip", strings.Fields(fmt.Sprintf("netns exec %s dnsmasq --no-daemon --dhcp-authoritative --port=0 "+
		"--conf-file=/dev/null --dhcp-leasefile=%s/leases%d --dhcp-range=192.0.%d.10,192.0.%d.50,1h",
		c.router, c.folder, n, n+2, n+2))...)
	must(c.t, server.Start())
	c.t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
}

// plug and unplug work at the other end, as with a real cable.
func (c *cable) plug()   { c.t.Helper(); c.ip("-n %s link set router up", c.router) }
func (c *cable) unplug() { c.t.Helper(); c.ip("-n %s link set router down", c.router) }

func (l *lab) ip(format string, args ...any) {
	l.t.Helper()
	l.run("ip "+format, args...)
}

func (l *lab) run(format string, args ...any) {
	l.t.Helper()
	words := strings.Fields(fmt.Sprintf(format, args...))
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		l.t.Fatalf("%s: %v: %s", strings.Join(words, " "), err, out)
	}
}

// power switches a technology on or off, as another program would.
func (l *lab) power(kind string, on bool) {
	l.t.Helper()
	object := l.bus.Dial().Object(daemonName, dbus.ObjectPath("/net/connman/technology/"+kind))
	must(l.t, object.Call("net.connman.Technology.SetProperty", 0, "Powered", dbus.MakeVariant(on)).Err)
}
