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

func manages(pairs ...string) []bearer.Interface {
	list := bearer.Interfaces()
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, bearer.Interface{Name: pairs[i], Hardware: pairs[i+1]})
	}
	return list
}

// The names of the host's links exist in every container, their addresses do
// not.
func TestADaemonOfAnotherNamespace(t *testing.T) {
	for _, c := range []struct {
		name    string
		managed []bearer.Interface
		want    string
	}{
		{"of this namespace", manages("eth0", "02:00:00:00:00:01"), "nm:office"},
		{"of the host", manages("eth0", "02:00:00:00:00:99"), "link:eth0"},
		{"of a host with other names", manages("enp3s0", "02:00:00:00:00:99", "wlan0", "02:00:00:00:00:98"), "link:eth0"},
		{"location not known", manages("eth0", ""), "nm:office"},
		{"one is about to be renamed", manages("eth0", "02:00:00:00:00:01", "wlan0", "02:00:00:00:00:98"), "nm:office"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.begin(hardware("eth0", "02:00:00:00:00:01"))
			r.nm.sink.Report(bearer.Batch{
				Complete: true, Managed: c.managed, Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)},
			})
			r.expect(c.want)
			r.merged.Stop("nm:office")
			if c.want != "nm:office" && len(r.nm.commands) > 0 {
				t.Error("the network of another namespace is stopped")
			}
			if foreign := c.want != "nm:office"; foreign != (len(r.logged) == 1) {
				t.Errorf("logged %q", r.logged)
			}
		})
	}
}

// A daemon may report before the kernel does, and a link may be removed later.
func TestADaemonIsLocatedOnce(t *testing.T) {
	r := newRig(t)
	r.run()
	absent(r.cm)
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: manages("eth0", "02:00:00:00:00:01"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active), profile("home", "", bearer.Discovered)},
	})
	r.links.sink.Report(bearer.Batch{Complete: true, Changed: []bearer.Configuration{hardware("eth0", "02:00:00:00:00:01")}})
	r.expect("nm:home nm:office")
	r.links.sink.Report(bearer.Batch{Gone: []string{"link:eth0"}})
	r.expect("nm:home nm:office")
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{hardware("eth0", "02:00:00:00:00:55")}})
	r.expect("nm:home nm:office")
}

// A link that the host's daemon manages may be moved to this namespace.
func TestALinkMovesToThisNamespace(t *testing.T) {
	r := newRig(t)
	r.begin(link("lo1", bearer.Active))
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: manages("eth0", "02:00:00:00:00:01"),
		Changed: []bearer.Configuration{profile("office", "eth0", bearer.Active)},
	})
	r.expect("link:lo1")
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{hardware("eth0", "02:00:00:00:00:01")}})
	r.expect("link:lo1 nm:office")
}

// A daemon manages a link but does not use it: what others have set up on the link
// counts as active; a profile of the daemon that would run on the link does not.
func TestALinkThatItsDaemonDoesNotUse(t *testing.T) {
	r := newRig(t)
	r.begin(link("tun0", bearer.Active))
	device, idle := profile("device", "tun0", bearer.Defined), profile("idle", "tun0", bearer.Defined)
	device.WholeLink, device.Obstacle = true, "it is not in use"
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("tun0"), Changed: []bearer.Configuration{device, idle},
	})
	if c := r.get("nm:device"); !c.Online() || c.Obstacle != "" || c.WholeLink || len(c.Addresses) != 1 {
		t.Errorf("%+v", c)
	}
	if c := r.get("nm:idle"); c.State != bearer.Defined {
		t.Errorf("the profile is %v", c.State)
	}
	r.links.sink.Report(bearer.Batch{Changed: []bearer.Configuration{link("tun0", bearer.Defined)}})
	r.expireGrace()
	if c := r.get("nm:device"); c.State != bearer.Defined {
		t.Errorf("without a carrier: %+v", c)
	}
}

func TestTheLinkUnderATunnel(t *testing.T) {
	r := newRig(t)
	tun := link("tun0", bearer.Active)
	tun.Role, tun.Purpose, tun.Lower = bearer.Tunnel, bearer.PrivatePurpose, []string{"eth0"}
	r.begin(tun)
	r.nm.sink.Report(bearer.Batch{
		Complete: true, Managed: bearer.Interfaces("tun0"), Changed: []bearer.Configuration{profile("vpn", "tun0", bearer.Active)},
	})
	if c := r.get("nm:vpn"); c.Role != bearer.Tunnel || c.Purpose != bearer.PrivatePurpose || len(c.Lower) != 1 {
		t.Errorf("%+v", c)
	}
}
