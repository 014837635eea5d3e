//go:build go1.20

package rtnetlink

import (
	"errors"
	"fmt"
	"net"
	"os/exec"
	"sort"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// The referee asks the kernel itself, by another library or by the ip command, and
// shares nothing with the code that it judges but the addresses to ask for.

// verdict is what a configuration should show.
type verdict struct {
	Route, Preferred bool
	Metric           uint32
}

// whole repeats a reading that changes have disturbed.
func whole[T any](read func() (T, error)) (T, error) {
	for {
		all, err := read()
		if !errors.Is(err, netlink.ErrDumpInterrupted) {
			return all, err
		}
	}
}

// judge says it for every link of a lab that is up and no loopback.
func (l *lab) judge() map[string]verdict {
	links, err := whole(l.nl.LinkList)
	l.must("links", err)
	chosen := l.chosen(links)
	all := make(map[string]verdict)
	for _, k := range links {
		a := k.Attrs()
		if a.Flags&net.FlagLoopback != 0 {
			continue
		}
		v := verdict{}
		for _, f := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
			found, ok := l.wayOf(f, a.Index, l.globals(k))
			if a.Flags&net.FlagUp == 0 || !ok {
				continue
			}
			if !v.Route || found.metric < v.Metric {
				v.Metric = found.metric
			}
			v.Route = true
		}
		v.Preferred = v.Route && chosen[a.Index]
		all[a.Name] = v
	}
	return all
}

// chosen are the links by which packets leave that are not bound to one.
func (l *lab) chosen(links []netlink.Link) map[int]bool {
	for _, f := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		var sources []net.IP
		for _, k := range links {
			if k.Attrs().Flags&net.FlagUp != 0 {
				sources = append(sources, l.globals(k)...)
			}
		}
		found, ok := l.wayOf(f, 0, sources)
		delete(found.links, l.link("lo").Attrs().Index)
		if ok && len(found.links) > 0 {
			return found.links
		}
	}
	return nil
}

// globals are the IPv6 addresses of a link that routes may be for.
func (l *lab) globals(k netlink.Link) (ips []net.IP) {
	list, err := whole(func() ([]netlink.Addr, error) { return l.nl.AddrList(k, netlink.FAMILY_V6) })
	l.must("addresses", err)
	for _, a := range list {
		if a.IP.IsGlobalUnicast() && a.Flags&unix.IFA_F_TENTATIVE == 0 {
			ips = append(ips, a.IP)
		}
	}
	sort.Slice(ips, func(i, j int) bool { return string(ips[i]) < string(ips[j]) })
	return ips
}

// refereed is a way as the referee found it.
type refereed struct {
	metric uint32
	links  map[int]bool
}

func (l *lab) wayOf(family, oif int, sources []net.IP) (refereed, bool) {
	if r, ok := l.wayFrom(family, oif, nil); ok || family == netlink.FAMILY_V4 {
		return r, ok && l.answered(family, oif)
	}
	for _, from := range sources {
		if r, ok := l.wayFrom(family, oif, from); ok {
			return r, true
		}
	}
	return refereed{}, false
}

func (l *lab) wayFrom(family, oif int, from net.IP) (refereed, bool) {
	r := refereed{links: make(map[int]bool)}
	for i, to := range destinations(family) {
		routes, err := l.nl.RouteGetWithOptions(to, &netlink.RouteGetOptions{OifIndex: oif, SrcAddr: from, FIBMatch: true})
		if err != nil || len(routes) != 1 || routes[0].Type != unix.RTN_UNICAST {
			return r, false
		}
		leaves := leaving(&routes[0])
		if oif != 0 && !leaves[oif] {
			return r, false
		}
		if m := uint32(routes[0].Priority); i == 0 || m < r.metric {
			r.metric = m
		}
		for index := range leaves {
			r.links[index] = true
		}
	}
	return r, true
}

func destinations(family int) (list []net.IP) {
	for f := range probes {
		for _, p := range probes[f] {
			if p.Is4() == (family == netlink.FAMILY_V4) {
				list = append(list, p.AsSlice())
			}
		}
	}
	return list
}

func leaving(r *netlink.Route) map[int]bool {
	links := make(map[int]bool)
	if r.LinkIndex > 0 {
		links[r.LinkIndex] = true
	}
	for _, h := range r.MultiPath {
		if h.Flags&unix.RTNH_F_DEAD == 0 {
			links[h.LinkIndex] = true
		}
	}
	return links
}

// answered reports whether the source that packets get leads beyond the link.
func (l *lab) answered(family, oif int) bool {
	routes, err := l.nl.RouteGetWithOptions(destinations(family)[0], &netlink.RouteGetOptions{OifIndex: oif})
	if err != nil || len(routes) != 1 {
		return false
	}
	s := routes[0].Src
	return s != nil && !s.IsLoopback() && !s.IsUnspecified() && !s.IsLinkLocalUnicast()
}

// ipSays asks the ip command what it calls the match, and compares whether there
// is one with what the library said, for the machine and for every link.
func (l *lab) ipSays(t *testing.T) {
	t.Helper()
	links, err := whole(l.nl.LinkList)
	l.must("links", err)
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		for _, k := range append(links, nil) {
			args, index := []string{"route", "get", "fibmatch", destinations(family)[0].String()}, 0
			if k != nil {
				args, index = append(args, "oif", k.Attrs().Name), k.Attrs().Index
			}
			out, failed := exec.Command("ip", args...).CombinedOutput()
			words := string(out)
			ip := failed == nil && !strings.HasPrefix(words, "RTNETLINK") && (k == nil || strings.Contains(words+" ", "dev "+k.Attrs().Name+" "))
			routes, err := l.nl.RouteGetWithOptions(destinations(family)[0], &netlink.RouteGetOptions{OifIndex: index, FIBMatch: true})
			library := err == nil && len(routes) == 1 && (k == nil || leaving(&routes[0])[index])
			if ip != library && !strings.Contains(words, "dead") {
				t.Errorf("ip %s says %s, the library %+v, %v", strings.Join(args, " "), words, routes, err)
			}
		}
	}
}

// shown is what the backend shows for the links that the referee judges.
func (r *running) shown(all map[string]verdict) map[string]verdict {
	known := r.all()
	got := make(map[string]verdict)
	for name := range all {
		if c, ok := known["link:"+name]; ok {
			got[name] = verdict{c.DefaultRoute, c.Preferred, c.Metric}
		}
	}
	return got
}

// agree waits until the backend shows what the referee says, for every link that
// is listed.
func (l *lab) agree(t *testing.T, r *running, context func() string) {
	t.Helper()
	var want, got map[string]verdict
	differ := func() string {
		want = l.judge()
		got = r.shown(want)
		for name, v := range got {
			if want[name] != v {
				return fmt.Sprintf("%s: shown %+v, the kernel says %+v", name, v, want[name])
			}
		}
		return ""
	}
	if !soon(func() bool { return differ() == "" }) {
		t.Fatalf("%s\n%s", differ(), context())
	}
}
