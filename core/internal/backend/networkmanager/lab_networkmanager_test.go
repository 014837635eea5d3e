package networkmanager

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
)

func TestLabProfilesAndDevicesAreListed(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.cable("eth1")
	office := l.write("office", "eth0", static)
	elsewhere := l.write("elsewhere", "eth9", static)
	l.boot()
	r := l.record()
	r.await(office + " discovered")
	r.await("nm:device:eth1 discovered")
	if got := r.get(elsewhere).State.String(); got != "defined" {
		t.Errorf("a profile whose device is not there is %s", got)
	}
	c := r.get(office)
	if c.Name != "office" || c.Interface != "eth0" || c.Bearer.String() != "Ethernet" || !c.Valid() {
		t.Errorf("the profile looks like %+v", c)
	}
	if strings.Contains(r.ids(), "lo") && strings.Contains(r.ids(), "nm:device:lo") {
		t.Errorf("the loopback is listed: %s", r.ids())
	}
}

func TestLabStartAndStopOfAStaticProfile(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	office := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.await(office + " discovered")
	for i := 0; i < 3; i++ {
		mark := r.mark()
		r.backend.Start(office)
		r.await("done start " + office)
		r.expectSince(mark, office, office+" discovered connecting", office+" active", "done start "+office)
		mark = r.mark()
		r.backend.Stop(office)
		r.await("done stop " + office)
		r.expectSince(mark, office, office+" discovered closing", office+" discovered", "done stop "+office)
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
	r.await(id + " discovered")
	r.backend.Start(id)
	r.await(id + " discovered connecting")
	r.await(id + " active")
	r.await("done start " + id)
	run(t, "ip -4 address show dev eth0 | grep -q 198.51.100")
	r.backend.Stop(id)
	r.await("done stop " + id)
	if got := r.get(id); describe(&got) != "discovered" {
		t.Errorf("after the stop it is %s", describe(&got))
	}
}

func TestLabNoDHCPServer(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 2))
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	mark := r.mark()
	r.backend.Start(id)
	r.await("refused start " + id)
	r.expectSince(mark, id, id+" discovered connecting", id+" discovered",
		"refused start "+id+`: The network "hotel" could not be started: it was tried, but no address could be obtained `+
			"(NetworkManager: ip-config-unavailable). See whether there is a DHCP server on that network, or give the profile a fixed address.")
}

func TestLabStopWithdrawsAnAttempt(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	r.backend.Start(id)
	r.await(id + " discovered connecting")
	r.backend.Stop(id)
	r.await("refused start " + id + `: The network "hotel" could not be started: it was stopped before it was up.`)
	r.await("done stop " + id)
	if got := r.get(id); describe(&got) != "discovered" || r.reason("start "+id) != backend.ReasonAborted {
		t.Errorf("after the stop it is %s, reason %v", describe(&got), r.reason("start "+id))
	}

	// The stop comes before NetworkManager has answered the start.
	r.mark()
	r.backend.Start(id)
	r.backend.Stop(id)
	r.await("refused start " + id)
	r.await("done stop " + id)
	if got := r.get(id); describe(&got) != "discovered" {
		t.Errorf("after the second stop it is %s", describe(&got))
	}
}

func TestLabProfilesComeAndGo(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	l.boot()
	r := l.record()
	r.await("nm:device:eth0 discovered")
	const uuid = "10000000-0000-4000-8000-000000000000"
	l.nmcli("connection add type ethernet ifname eth0 con-name new connection.uuid " + uuid +
		" autoconnect no ipv4.method manual ipv4.addresses 192.0.2.7/24 ipv6.method disabled")
	r.await("nm:" + uuid + " discovered")
	r.await("gone nm:device:eth0")
	l.nmcli("connection modify new connection.id renamed connection.autoconnect-priority 7")
	r.backend.Start("nm:" + uuid)
	r.await("done start nm:" + uuid)
	if c := r.get("nm:" + uuid); c.Name != "renamed" || c.Priority != 7 {
		t.Errorf("the changed profile looks like %+v", c)
	}
	mark := r.mark()
	l.nmcli("connection delete renamed")
	r.await("gone nm:" + uuid)
	r.await("nm:device:eth0 discovered")
	r.backend.Start("nm:" + uuid)
	r.await("refused start nm:" + uuid + `: The network "nm:` + uuid + `" could not be started: NetworkManager has no such network any more.`)
	if r.reason("start nm:"+uuid) != backend.ReasonNoConfiguration {
		t.Errorf("the reason is %v", r.reason("start nm:"+uuid))
	}
	if again := r.since(mark, uuid+" active"); len(again) != 0 {
		t.Errorf("after it was removed: %q", again)
	}
}

func TestLabProfileRemovedDuringAnAttempt(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	r.backend.Start(id)
	r.await(id + " discovered connecting")
	l.nmcli("connection delete hotel")
	r.await("refused start " + id)
	if r.reason("start "+id) != backend.ReasonNoConfiguration {
		t.Errorf("the reason is %v", r.reason("start "+id))
	}
}

func TestLabLinkRemovedDuringAnAttempt(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	r.backend.Start(id)
	r.await(id + " discovered connecting")
	// Before that, it may miss the link while it sets it up, and gives that as the reason.
	l.awaitLog("device (eth0): state change: config -> ip-config")
	run(t, "ip link delete eth0")
	r.await("refused start " + id + `: The network "hotel" could not be started: it was tried, but its device was removed`)
	if got := r.get(id); describe(&got) != "defined" {
		t.Errorf("without its link it is %s", describe(&got))
	}
	l.cable("eth0")
	r.await(id + " discovered")
}

func TestLabCablePulledAndReplugged(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", auto)
	l.boot()
	r := l.record()
	r.await(id + " active")
	run(t, "ip link set eth0.peer down")
	r.await(id + " defined")
	run(t, "ip link set eth0.peer up")
	r.await(id + " active")
	if c := r.get(id); c.Interface != "eth0" {
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
	r.await(id + " active")
	r.backend.Stop(id)
	r.await("done stop " + id)
	r.until(func() bool { c := r.picture[id]; return describe(&c) == "discovered" })
	mark := r.mark()
	// Where NetworkManager connects by itself, it does so at once.
	l.nmcli("connection add type dummy ifname none0 con-name other autoconnect no ipv4.method disabled ipv6.method disabled")
	l.nmcli("general status")
	r.expectSince(mark, id)
	run(t, "ip link set eth0.peer down")
	r.await(id + " defined")
	mark = r.mark()
	byItself := func() int { return strings.Count(l.log(), "auto-activating connection 'office'") }
	before := byItself()
	run(t, "ip link set eth0.peer up")
	r.await(id + " discovered")
	l.nmcli("connection modify other connection.autoconnect no")
	l.nmcli("general status")
	if byItself() == before {
		r.expectSince(mark, id, id+" discovered")
	}
	r.backend.Start(id)
	r.await("done start " + id)
}

func TestLabDeviceWithoutAProfile(t *testing.T) {
	needDnsmasq(t)
	l := newLab(t)
	l.cable("eth0")
	l.router("eth0")()
	const id = "nm:device:eth0"
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	mark := r.mark()
	r.backend.Start(id)
	r.await("done start " + id)
	if c := r.get(id); describe(&c) != "active" || c.Interface != "eth0" {
		t.Errorf("the device looks like %+v", c)
	}
	r.backend.Stop(id)
	r.await("done stop " + id)
	if gone := r.since(mark, "gone"); len(gone) != 0 || r.ids() != id {
		t.Errorf("listed: %s; gone meanwhile: %q", r.ids(), gone)
	}
}

// TestLabDaemonKilledAtEachStage kills NetworkManager when a line comes.
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
			r.await(hotel + " discovered connecting")
		}},
		{"active", static, func() {
			r.backend.Start(static)
			r.await("done start " + static)
		}},
		{"asked to stop", static, func() {
			r.backend.Start(static)
			r.await("done start " + static)
			r.backend.Stop(static)
		}},
		{"withdrawn", hotel, func() {
			r.backend.Start(hotel)
			r.await(hotel + " discovered connecting")
			r.backend.Stop(hotel)
		}},
	} {
		r.await(stage.id + " ")
		r.mark()
		stage.until()
		l.kill()
		r.await("complete")
		if r.ids() != "" {
			t.Errorf("%s: without NetworkManager there is still %s", stage.name, r.ids())
		}
		if r.backend.Capabilities() != 0 {
			t.Errorf("%s: without NetworkManager it can still %v", stage.name, r.backend.Capabilities())
		}
		r.allAnswered(stage.name)
		run(t, "ip address flush dev eth0")
		l.boot()
		r.await("complete")
		if !strings.Contains(r.ids(), static+" ") && !strings.HasSuffix(r.ids(), static) {
			t.Errorf("%s: after the restart there is %s", stage.name, r.ids())
		}
		r.rewind("complete")
	}
}

// allAnswered checks that as many commands were answered as were given.
func (r *recorder) allAnswered(when string) {
	r.t.Helper()
	r.backend.Start("nm:none") // is answered after all that was given before
	r.await("refused start nm:none")
	r.mu.Lock()
	defer r.mu.Unlock()
	if open := r.backend.monitor.executor.queue.Len(); open != 0 {
		r.t.Errorf("%s: %d commands are not answered", when, open)
	}
}

// rewind lets await look again at what came since the last line with a text.
func (r *recorder) rewind(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.read = len(r.lines); r.read > 0 && r.lines[r.read-1] != text; r.read-- {
	}
}

func TestLabBusKilledAndRestarted(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	for i := 0; i < 3; i++ {
		l.bus.Kill()
		r.await("complete")
		l.kill()
		l.bus.Restart()
		l.boot()
		r.await(id + " ")
	}
	r.backend.Start(id)
	r.await("done start " + id)
}

func TestLabDaemonStartedLate(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	r := l.record()
	r.await("complete")
	r.await("managed ")
	l.boot()
	r.await("complete")
	r.await(id + " discovered")
}

func TestLabFrozenDaemon(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	id := l.write("office", "eth0", static)
	l.boot()
	r := l.record()
	r.await(id + " discovered")
	l.signal(syscall.SIGSTOP)
	r.setReplyTimeout(200 * time.Millisecond)
	r.backend.Start(id)
	r.await("refused start " + id + `: The network "office" could not be started: NetworkManager does not answer.`)
	r.backend.Stop(id)
	r.await("done stop " + id)
	mark := r.mark()
	l.signal(syscall.SIGCONT)
	r.roundTrip()
	// It was not asked for anything that it could begin late.
	r.expectSince(mark, id)
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
	r.await(running + " active")
	r.backend.Start(denied)
	text := r.await("refused start " + denied + `: The network "office" could not be started: NetworkManager said: `)
	if !strings.Contains(text, "Rejected send message") || r.reason("start "+denied) != backend.ReasonNotSupported {
		t.Errorf("refused with reason %v: %s", r.reason("start "+denied), text)
	}
	r.backend.Stop(running)
	r.await("refused stop " + running)
	if c := r.get(running); describe(&c) != "active" {
		t.Errorf("it is %s", describe(&c))
	}
}

func TestLabProfilesDeniedByBusPolicy(t *testing.T) {
	l := newLab(t, `<deny send_interface="org.freedesktop.DBus.ObjectManager" send_destination="org.freedesktop.NetworkManager"/>`)
	l.boot()
	r := l.record()
	r.await("warning NetworkManager cannot be asked for its networks: Rejected send message")
	r.await("complete")
}

func TestLabAnotherProfileTakesTheDevice(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	office := l.write("office", "eth0", static)
	hotel := l.write("hotel", "eth0", fmt.Sprintf(dhcp, 60))
	l.boot()
	r := l.record()
	r.await(office + " discovered")
	r.backend.Start(hotel)
	r.await(hotel + " discovered connecting")
	r.backend.Start(office)
	r.await("refused start " + hotel + `: The network "hotel" could not be started: it was tried, but another network was started on the same device`)
	r.await("done start " + office)
	if r.reason("start "+hotel) != backend.ReasonAborted {
		t.Errorf("the reason is %v", r.reason("start "+hotel))
	}
}

// TestLabFirstPicture tells how long the first picture takes.
func TestLabFirstPicture(t *testing.T) {
	l := newLab(t)
	l.cable("eth0")
	for i := 0; i < 5; i++ {
		l.write(fmt.Sprint("profile", i), "eth0", static)
	}
	l.boot()
	first := l.record()
	first.await("nm:00000000-0000-4000-8000-000000000005 discovered")
	var total time.Duration
	const times = 20
	for i := 0; i < times; i++ {
		begun := time.Now()
		r := record(t, l.bus.Address)
		r.await("complete")
		total += time.Since(begun)
		r.stop()
		if strings.Count(r.ids(), "nm:0000") != 5 {
			t.Errorf("the first picture has %s", r.ids())
		}
	}
	t.Logf("the first picture of 5 profiles takes %v", total/times)
}
