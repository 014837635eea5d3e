package rtnetlink

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// The oracle asks the kernel through another library or the ip command, and
// shares nothing with the code under test but the probes.
//
// verdict is what a configuration should show.
type verdict struct {
	Route, Preferred bool
	Metric           uint32
}

// retryInterrupted repeats an interrupted dump.
func retryInterrupted[T any](read func() (T, error)) (T, error) {
	for {
		all, err := read()
		if !errors.Is(err, netlink.ErrDumpInterrupted) {
			return all, err
		}
	}
}

// verdicts returns the verdict of every link of a lab except the loopback.
func (l *lab) verdicts() map[string]verdict {
	links, err := retryInterrupted(l.nl.LinkList)
	l.must("links", err)
	chosen := l.unboundLinks(links)
	all := make(map[string]verdict)
	for _, k := range links {
		a := k.Attrs()
		if a.Flags&net.FlagLoopback != 0 {
			continue
		}
		v := verdict{}
		for _, f := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
			found, ok := l.routeOf(f, a.Index, l.globalAddresses(k))
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

// unboundLinks are the links by which unbound packets leave.
func (l *lab) unboundLinks(links []netlink.Link) map[int]bool {
	for _, f := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		var sources []net.IP
		for _, k := range links {
			if k.Attrs().Flags&net.FlagUp != 0 {
				sources = append(sources, l.globalAddresses(k)...)
			}
		}
		found, ok := l.routeOf(f, 0, sources)
		delete(found.links, l.link("lo").Attrs().Index)
		if ok && len(found.links) > 0 {
			return found.links
		}
	}
	return nil
}

// globalAddresses are the IPv6 addresses of a link that source routes may be
// for.
func (l *lab) globalAddresses(k netlink.Link) (ips []net.IP) {
	list, err := retryInterrupted(func() ([]netlink.Addr, error) { return l.nl.AddrList(k, netlink.FAMILY_V6) })
	l.must("addresses", err)
	for _, a := range list {
		if a.IP.IsGlobalUnicast() && a.Flags&unix.IFA_F_TENTATIVE == 0 {
			ips = append(ips, a.IP)
		}
	}
	slices.SortFunc(ips, func(a, b net.IP) int { return bytes.Compare(a, b) })
	return ips
}

// oracleRoute is a route to the internet as the oracle found it.
type oracleRoute struct {
	metric uint32
	links  map[int]bool
}

func (l *lab) routeOf(family, oif int, sources []net.IP) (oracleRoute, bool) {
	if r, ok := l.routeFrom(family, oif, nil); ok || family == netlink.FAMILY_V4 {
		return r, ok && l.answered(family, oif)
	}
	for _, from := range sources {
		if r, ok := l.routeFrom(family, oif, from); ok {
			return r, true
		}
	}
	return oracleRoute{}, false
}

func (l *lab) routeFrom(family, oif int, from net.IP) (oracleRoute, bool) {
	r := oracleRoute{links: make(map[int]bool)}
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

// answered reports whether the source that packets get is routable.
func (l *lab) answered(family, oif int) bool {
	routes, err := l.nl.RouteGetWithOptions(destinations(family)[0], &netlink.RouteGetOptions{OifIndex: oif})
	if err != nil || len(routes) != 1 {
		return false
	}
	s := routes[0].Src
	return s != nil && !s.IsLoopback() && !s.IsUnspecified() && !s.IsLinkLocalUnicast()
}

// compareIPCommand compares whether the ip command and the library find a
// route, for unbound packets and for each link.
func (l *lab) compareIPCommand(t *testing.T) {
	t.Helper()
	links, err := retryInterrupted(l.nl.LinkList)
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

// shown is what the backend reports for the links with a verdict.
func (r *running) shown(all map[string]verdict) map[string]verdict {
	known := r.Configurations()
	got := make(map[string]verdict)
	for name := range all {
		if c, ok := known["link:"+name]; ok {
			got[name] = verdict{c.DefaultRoute, c.Preferred, c.Metric}
		}
	}
	return got
}

// agree waits until the backend reports what the oracle says about each listed
// link.
func (l *lab) agree(t *testing.T, r *running, context func() string) {
	t.Helper()
	var want, got map[string]verdict
	differ := func() string {
		want = l.verdicts()
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
