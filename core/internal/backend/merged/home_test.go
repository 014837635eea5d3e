package merged

import (
	"testing"

	"github.com/netsession/netsession/core/internal/bearer"
)

// hardware is a link with a hardware address.
func hardware(name, address string) bearer.Configuration {
	c := link(name, bearer.Active)
	c.Hardware = address
	return c
}

func speaksFor(pairs ...string) []bearer.Interface {
	list := bearer.Interfaces()
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, bearer.Interface{Name: pairs[i], Hardware: pairs[i+1]})
	}
	return list
}

// The names of the host's links are those of every container, their addresses are
// not.
func TestADaemonOfAnotherNamespace(t *testing.T) {
	for _, c := range []struct {
		name    string
		managed []bearer.Interface
		want    string
	}{
		{"of this namespace", speaksFor("eth0", "02:00:00:00:00:01"), "nm:office"},
		{"of the host", speaksFor("eth0", "02:00:00:00:00:99"), "link:eth0"},
		{"of a host with other names", speaksFor("enp3s0", "02:00:00:00:00:99", "wlan0", "02:00:00:00:00:98"), "link:eth0"},
		{"nobody knows", speaksFor("eth0", ""), "nm:office"},
		{"one is about to be renamed", speaksFor("eth0", "02:00:00:00:00:01", "wlan0", "02:00:00:00:00:98"), "nm:office"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.begin(hardware("eth0", "02:00:00:00:00:01"))
			w.nm.sink.Report(bearer.Batch{
				Complete: true, Managed: c.managed, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)},
			})
			w.expect(c.want)
			w.merged.Stop("nm:office")
			if c.want != "nm:office" && len(w.nm.commands) > 0 {
				t.Error("the network of others is stopped")
			}
			if foreign := c.want != "nm:office"; foreign != (len(w.logged) == 1) {
				t.Errorf("logged %q", w.logged)
			}
		})
	}
}

// A daemon may be heard before the kernel is, and of a link that is removed later.
func TestADaemonIsLocatedOnce(t *testing.T) {
	w := newWorld(t)
	w.run()
	absent(w.cm)
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: speaksFor("eth0", "02:00:00:00:00:01"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active), profile("home", "", bearer.Discovered)},
	})
	w.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{hardware("eth0", "02:00:00:00:00:01")}})
	w.expect("nm:home nm:office")
	w.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
	w.expect("nm:home nm:office")
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{hardware("eth0", "02:00:00:00:00:55")}})
	w.expect("nm:home nm:office")
}

// A link that the host's daemon manages may be moved in here.
func TestADaemonComesHome(t *testing.T) {
	w := newWorld(t)
	w.begin(link("lo1", bearer.Active))
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: speaksFor("eth0", "02:00:00:00:00:01"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)},
	})
	w.expect("link:lo1")
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{hardware("eth0", "02:00:00:00:00:01")}})
	w.expect("link:lo1 nm:office")
}

// What others have set up on a link that a daemon only manages is there all the same;
// a profile of the daemon's is not, which would run on it.
func TestALinkThatItsDaemonDoesNotUse(t *testing.T) {
	w := newWorld(t)
	w.begin(link("tun0", bearer.Active))
	device, idle := profile("device", "tun0", bearer.Defined), profile("idle", "tun0", bearer.Defined)
	device.WholeLink, device.Obstacle = true, "it is not in use"
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("tun0"), Changed: []bearer.Configuration{device, idle},
	})
	if c := w.get("nm:device"); !c.Online() || c.Obstacle != "" || c.WholeLink || len(c.Addresses) != 1 {
		t.Errorf("%+v", c)
	}
	if c := w.get("nm:idle"); c.State != bearer.Defined {
		t.Errorf("the profile is %v", c.State)
	}
	w.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("tun0", bearer.Defined)}})
	w.lapse()
	if c := w.get("nm:device"); c.State != bearer.Defined {
		t.Errorf("without a carrier: %+v", c)
	}
}

func TestTheLinkUnderATunnel(t *testing.T) {
	w := newWorld(t)
	tun := link("tun0", bearer.Active)
	tun.Role, tun.Purpose, tun.Lower = bearer.Tunnel, bearer.PrivatePurpose, []string{"eth0"}
	w.begin(tun)
	w.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("tun0"), Changed: []bearer.Configuration{profile("vpn", "tun0", bearer.Active)},
	})
	if c := w.get("nm:vpn"); c.Role != bearer.Tunnel || c.Purpose != bearer.PrivatePurpose || len(c.Lower) != 1 {
		t.Errorf("%+v", c)
	}
}
