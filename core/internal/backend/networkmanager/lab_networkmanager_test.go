package networkmanager

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

func TestLabProfilesAndDevicesAreListed(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.cable("eth1")
	office := l.write("office", "eth0", static)
	elsewhere := l.write("elsewhere", "eth9", static)
	l.boot()
	r := l.record()
	r.AwaitLine(office + " discovered")
	r.AwaitLine("nm:device:eth1 discovered")
	if got := r.Configuration(elsewhere).State.String(); got != "defined" {
		t.Errorf("a profile whose device is not there is %s", got)
	}
	c := r.Configuration(office)
	if c.Name != "office" || c.Interface != "eth0" || c.Bearer.String() != "Ethernet" || !c.Valid() {
		t.Errorf("the profile looks like %+v", c)
	}
	if strings.Contains(r.IDs(), "lo") && strings.Contains(r.IDs(), "nm:device:lo") {
		t.Errorf("the loopback is listed: %s", r.IDs())
	}
}

func TestLabStartAndStopOfAStaticProfile(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	office := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.AwaitLine(office + " discovered")
	for i := 0; i < 3; i++ {
		mark := r.Mark()
		r.backend.Start(office)
		r.AwaitLine("done start " + office)
		r.ExpectLines(mark, office, office+" discovered connecting", office+" active", "done start "+office)
		mark = r.Mark()
		r.backend.Stop(office)
		r.AwaitLine("done stop " + office)
		r.ExpectLines(mark, office, office+" discovered closing", office+" discovered", "done stop "+office)
	}
}

// router puts the other end of a cable into a network of its own, and returns
// a function that starts a DHCP server there.
func (l *lab) router(cable string) (serve func() (stop func())) {
	l.t.Helper()
	ns := "router-" + cable
	run(l.t, fmt.Sprintf("ip netns add %[1]s && ip link set %[2]s.peer netns %[1]s && ip -n %[1]s link set %[2]s.peer up && "+
		"ip -n %[1]s address add 198.51.100.1/24 dev %[2]s.peer", ns, cable))
	l.t.Cleanup(func() { _ = exec.Command("ip", "netns", "delete", ns).Run() })
	return func() func() {
		c := exec.Command("ip", "netns", "exec", ns, "dnsmasq", "--no-daemon", "--port=0",
			"--conf-file=/dev/null", "--pid-file=", "--dhcp-leasefile="+l.folder+"/leases", "--bind-interfaces",
			"--interface="+cable+".peer", "--dhcp-range=198.51.100.50,198.51.100.99,1h")
		if err := c.Start(); err != nil {
			l.t.Fatal(err)
		}
		stop := func() {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
		l.t.Cleanup(stop)
		return stop
	}
}

func needDnsmasq(t *testing.T) {
	needLab(t)
	if _, err := exec.LookPath("dnsmasq"); err != nil {
		t.Skip("dnsmasq is not installed")
	}
}

func TestLabStartAndStopOfADHCPProfile(t *testing.T) {
	needDnsmasq(t)
	l := newLab(t)
	l.cable("eth0")
	l.router("eth0")()
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 15))
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitLine(id + " discovered connecting")
	r.AwaitLine(id + " active")
	r.AwaitLine("done start " + id)
	run(t, "ip -4 address show dev eth0 | grep -q 198.51.100")
	r.backend.Stop(id)
	r.AwaitLine("done stop " + id)
	if got := r.Configuration(id); backendtest.Describe(&got) != "discovered" {
		t.Errorf("after the stop it is %s", backendtest.Describe(&got))
	}
}

func TestLabNoDHCPServer(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 2))
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	mark := r.Mark()
	r.backend.Start(id)
	r.AwaitLine("refused start " + id)
	r.ExpectLines(mark, id, id+" discovered connecting", id+" discovered",
		"refused start "+id+`: The network "hotel" could not be started: it was tried, but no address could be obtained `+
			"(NetworkManager: ip-config-unavailable). See whether there is a DHCP server on that network, or give the profile a fixed address.")
}

func TestLabStopWithdrawsAnAttempt(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitLine(id + " discovered connecting")
	r.backend.Stop(id)
	r.AwaitLine("refused start " + id + `: The network "hotel" could not be started: it was stopped before it was up.`)
	r.AwaitLine("done stop " + id)
	if got := r.Configuration(id); backendtest.Describe(&got) != "discovered" || backend.ReasonOf(r.LastAnswer("start "+id).Err) != backend.ReasonAborted {
		t.Errorf("after the stop it is %s, reason %v", backendtest.Describe(&got), backend.ReasonOf(r.LastAnswer("start "+id).Err))
	}

	// The stop is sent before NetworkManager has answered the start.
	r.Mark()
	r.backend.Start(id)
	r.backend.Stop(id)
	r.AwaitLine("refused start " + id)
	r.AwaitLine("done stop " + id)
	if got := r.Configuration(id); backendtest.Describe(&got) != "discovered" {
		t.Errorf("after the second stop it is %s", backendtest.Describe(&got))
	}
}

func TestLabProfilesComeAndGo(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.boot()
	r := l.record()
	r.AwaitLine("nm:device:eth0 discovered")
	const uuid = "10000000-0000-4000-8000-000000000000"
	l.nmcli("connection add type ethernet ifname eth0 con-name new connection.uuid " + uuid +
		" autoconnect no ipv4.method manual ipv4.addresses 192.0.2.7/24 ipv6.method disabled")
	r.AwaitLine("nm:" + uuid + " discovered")
	r.AwaitLine("gone nm:device:eth0")
	l.nmcli("connection modify new connection.id renamed connection.autoconnect-priority 7")
	r.backend.Start("nm:" + uuid)
	r.AwaitLine("done start nm:" + uuid)
	if c := r.Configuration("nm:" + uuid); c.Name != "renamed" || c.Priority != 7 {
		t.Errorf("the changed profile looks like %+v", c)
	}
	mark := r.Mark()
	l.nmcli("connection delete renamed")
	r.AwaitLine("gone nm:" + uuid)
	r.AwaitLine("nm:device:eth0 discovered")
	r.backend.Start("nm:" + uuid)
	r.AwaitLine("refused start nm:" + uuid + `: The network "nm:` + uuid + `" could not be started: NetworkManager has no such network any more.`)
	if backend.ReasonOf(r.LastAnswer("start nm:"+uuid).Err) != backend.ReasonNoConfiguration {
		t.Errorf("the reason is %v", backend.ReasonOf(r.LastAnswer("start nm:"+uuid).Err))
	}
	if again := r.LinesSince(mark, uuid+" active"); len(again) != 0 {
		t.Errorf("after it was removed: %q", again)
	}
}

func TestLabProfileRemovedDuringAnAttempt(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitLine(id + " discovered connecting")
	l.nmcli("connection delete hotel")
	r.AwaitLine("refused start " + id)
	if backend.ReasonOf(r.LastAnswer("start "+id).Err) != backend.ReasonNoConfiguration {
		t.Errorf("the reason is %v", backend.ReasonOf(r.LastAnswer("start "+id).Err))
	}
}

func TestLabLinkRemovedDuringAnAttempt(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	r.backend.Start(id)
	r.AwaitLine(id + " discovered connecting")
	// Before that, it may miss the link while it sets it up, and gives that as the reason.
	l.awaitLog("device (eth0): state change: config -> ip-config")
	run(t, "ip link delete eth0")
	r.AwaitLine("refused start " + id + `: The network "hotel" could not be started: it was tried, but its device was removed`)
	if got := r.Configuration(id); backendtest.Describe(&got) != "defined" {
		t.Errorf("without its link it is %s", backendtest.Describe(&got))
	}
	l.cable("eth0")
	r.AwaitLine(id + " discovered")
}

func TestLabCablePulledAndReplugged(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", auto)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " active")
	run(t, "ip link set eth0.peer down")
	r.AwaitLine(id + " defined")
	run(t, "ip link set eth0.peer up")
	r.AwaitLine(id + " active")
	if c := r.Configuration(id); c.Interface != "eth0" {
		t.Errorf("it is on %q", c.Interface)
	}
}

// Some versions of NetworkManager, 1.52 among them, connect it again by themselves
// when its cable was unplugged, and say so in their log.
func TestLabStoppedAutoconnectProfileStaysDown(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", auto)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " active")
	r.backend.Stop(id)
	r.AwaitLine("done stop " + id)
	r.Await("a report", func(rec *backendtest.Record) bool {
		c := rec.Known[id]
		return backendtest.Describe(&c) == "discovered"
	})
	mark := r.Mark()
	// Where NetworkManager connects by itself, it does so at once.
	l.nmcli("connection add type dummy ifname none0 con-name other autoconnect no ipv4.method disabled ipv6.method disabled")
	l.nmcli("general status")
	r.ExpectLines(mark, id)
	run(t, "ip link set eth0.peer down")
	r.AwaitLine(id + " defined")
	mark = r.Mark()
	byItself := func() int { return strings.Count(l.log(), "auto-activating connection 'office'") }
	before := byItself()
	run(t, "ip link set eth0.peer up")
	r.AwaitLine(id + " discovered")
	l.nmcli("connection modify other connection.autoconnect no")
	l.nmcli("general status")
	if byItself() == before {
		r.ExpectLines(mark, id, id+" discovered")
	}
	r.backend.Start(id)
	r.AwaitLine("done start " + id)
}

func TestLabDeviceWithoutAProfile(t *testing.T) {
	needDnsmasq(t)
	l := newLab(t)
	l.cable("eth0")
	l.router("eth0")()
	const id = "nm:device:eth0"
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	mark := r.Mark()
	r.backend.Start(id)
	r.AwaitLine("done start " + id)
	if c := r.Configuration(id); backendtest.Describe(&c) != "active" || c.Interface != "eth0" {
		t.Errorf("the device looks like %+v", c)
	}
	r.backend.Stop(id)
	r.AwaitLine("done stop " + id)
	if gone := r.LinesSince(mark, "gone"); len(gone) != 0 || r.IDs() != id {
		t.Errorf("listed: %s; gone meanwhile: %q", r.IDs(), gone)
	}
}

// TestLabDaemonKilledAtEachStage kills NetworkManager when a line is logged.
func TestLabDaemonKilledAtEachStage(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	static := l.write("office", "eth0", static)
	hotel := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	for _, stage := range []struct {
		name, id string
		until    func()
	}{
		{"quiet", static, func() {}},
		{"asked", static, func() { r.backend.Start(static) }},
		{"connecting", hotel, func() {
			r.backend.Start(hotel)
			r.AwaitLine(hotel + " discovered connecting")
		}},
		{"active", static, func() {
			r.backend.Start(static)
			r.AwaitLine("done start " + static)
		}},
		{"asked to stop", static, func() {
			r.backend.Start(static)
			r.AwaitLine("done start " + static)
			r.backend.Stop(static)
		}},
		{"withdrawn", hotel, func() {
			r.backend.Start(hotel)
			r.AwaitLine(hotel + " discovered connecting")
			r.backend.Stop(hotel)
		}},
	} {
		r.AwaitLine(stage.id + " ")
		r.Mark()
		stage.until()
		l.kill()
		r.AwaitLine("complete")
		if r.IDs() != "" {
			t.Errorf("%s: without NetworkManager there is still %s", stage.name, r.IDs())
		}
		if r.backend.Capabilities() != 0 {
			t.Errorf("%s: without NetworkManager it can still %v", stage.name, r.backend.Capabilities())
		}
		r.allAnswered(stage.name)
		run(t, "ip address flush dev eth0")
		l.boot()
		r.AwaitLine("complete")
		if !strings.Contains(r.IDs(), static+" ") && !strings.HasSuffix(r.IDs(), static) {
			t.Errorf("%s: after the restart there is %s", stage.name, r.IDs())
		}
		r.Rewind("complete")
	}
}

// allAnswered checks that as many commands were answered as were given.
func (r *recorder) allAnswered(when string) {
	r.t.Helper()
	r.backend.Start("nm:none") // is answered after all earlier commands
	r.AwaitLine("refused start nm:none")
	r.View(func(*backendtest.Record) {
		if open := r.backend.monitor.executor.queue.Len(); open != 0 {
			r.t.Errorf("%s: %d commands are not answered", when, open)
		}
	})
}

func TestLabBusKilledAndRestarted(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	for i := 0; i < 3; i++ {
		l.bus.Kill()
		r.AwaitLine("complete")
		l.kill()
		l.bus.Restart()
		l.boot()
		r.AwaitLine(id + " ")
	}
	r.backend.Start(id)
	r.AwaitLine("done start " + id)
}

func TestLabDaemonStartedLate(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	r := l.record()
	r.AwaitLine("complete")
	r.AwaitLine("managed ")
	l.boot()
	r.AwaitLine("complete")
	r.AwaitLine(id + " discovered")
}

func TestLabFrozenDaemon(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.AwaitLine(id + " discovered")
	l.signal(syscall.SIGSTOP)
	r.setReplyTimeout(200 * time.Millisecond)
	r.backend.Start(id)
	r.AwaitLine("refused start " + id + `: The network "office" could not be started: NetworkManager does not answer.`)
	r.backend.Stop(id)
	r.AwaitLine("done stop " + id)
	mark := r.Mark()
	l.signal(syscall.SIGCONT)
	r.roundTrip()
	// It got no call that it could begin late.
	r.ExpectLines(mark, id)
}

func TestLabCallDeniedByBusPolicy(t *testing.T) {
	l := newLab(t, `<deny send_interface="org.freedesktop.NetworkManager" send_member="ActivateConnection"/>`,
		`<deny send_interface="org.freedesktop.NetworkManager" send_member="DeactivateConnection"/>`)
	l.cable("eth0")
	l.cable("eth1")
	denied := l.write("office", "eth0", static)
	running := l.write("running", "eth1", auto)
	l.boot()
	r := l.record()
	r.AwaitLine(running + " active")
	r.backend.Start(denied)
	text := r.AwaitLine("refused start " + denied + `: The network "office" could not be started: NetworkManager said: `)
	if !strings.Contains(text, "Rejected send message") || backend.ReasonOf(r.LastAnswer("start "+denied).Err) != backend.ReasonNotSupported {
		t.Errorf("refused with reason %v: %s", backend.ReasonOf(r.LastAnswer("start "+denied).Err), text)
	}
	r.backend.Stop(running)
	r.AwaitLine("refused stop " + running)
	if c := r.Configuration(running); backendtest.Describe(&c) != "active" {
		t.Errorf("it is %s", backendtest.Describe(&c))
	}
}

func TestLabProfilesDeniedByBusPolicy(t *testing.T) {
	l := newLab(t, `<deny send_interface="org.freedesktop.DBus.ObjectManager" send_destination="org.freedesktop.NetworkManager"/>`)
	l.boot()
	r := l.record()
	r.AwaitLine("warning NetworkManager cannot be asked for its networks: Rejected send message")
	r.AwaitLine("complete")
}

func TestLabAnotherProfileTakesTheDevice(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	office := l.write("office", "eth0", static)
	hotel := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.AwaitLine(office + " discovered")
	r.backend.Start(hotel)
	r.AwaitLine(hotel + " discovered connecting")
	r.backend.Start(office)
	r.AwaitLine("refused start " + hotel + `: The network "hotel" could not be started: it was tried, but another network was started on the same device`)
	r.AwaitLine("done start " + office)
	if backend.ReasonOf(r.LastAnswer("start "+hotel).Err) != backend.ReasonAborted {
		t.Errorf("the reason is %v", backend.ReasonOf(r.LastAnswer("start "+hotel).Err))
	}
}

// TestLabFirstReport measures how long the first report takes.
func TestLabFirstReport(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	for i := 0; i < 5; i++ {
		l.write(fmt.Sprint("profile", i), "eth0", static)
	}
	l.boot()
	first := l.record()
	first.AwaitLine("nm:00000000-0000-4000-8000-000000000005 discovered")
	var total time.Duration
	const times = 20
	for i := 0; i < times; i++ {
		begun := time.Now()
		r := record(t, l.bus.Address)
		r.AwaitLine("complete")
		total += time.Since(begun)
		r.stop()
		if strings.Count(r.IDs(), "nm:0000") != 5 {
			t.Errorf("the first report has %s", r.IDs())
		}
	}
	t.Logf("the first report of 5 profiles takes %v", total/times)
}
