package rtnetlink

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend/backendtest"
)

// soon waits until a condition holds, and reports whether it does.
func soon(holds func() bool) bool {
	for limit := time.Now().Add(backendtest.Wait); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			return false
		}
	}
	return true
}

// ip executes lines of the ip command, which may begin with -4 or -6. It
// ignores what the kernel refuses.
func (l *lab) ip(lines ...string) {
	l.t.Helper()
	for len(lines) > 0 {
		family, n := familyOption(lines[0]), 1
		for n < len(lines) && familyOption(lines[n]) == family {
			n++
		}
		l.batch(family, lines[:n])
		lines = lines[n:]
	}
}

func familyOption(line string) string {
	if strings.HasPrefix(line, "-") {
		return line[:2]
	}
	return "-d" // in detail, which changes nothing
}

// batch executes lines of one family.
func (l *lab) batch(family string, lines []string) {
	l.t.Helper()
	text := ""
	for _, line := range lines {
		text += strings.TrimPrefix(strings.TrimPrefix(line, "-4 "), "-6 ") + "\n"
	}
	c := exec.Command("ip", family, "-force", "-batch", "-")
	c.Stdin = strings.NewReader(text)
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil || strings.Contains(string(out), "unknown") {
		l.t.Fatalf("ip: %v\n%s\n%s", err, text, out)
	}
}

// topology generates random links, routes and rules.
type topology struct {
	*rand.Rand
	links int
	dead  int // numbers used so far
}

func (topo *topology) one(of ...string) string { return of[topo.Intn(len(of))] }

func (topo *topology) link() string { return fmt.Sprintf("e%d", topo.Intn(topo.links)) }

// begin creates the links and their addresses.
func (topo *topology) begin() (lines []string) {
	for i := 0; i < topo.links; i++ {
		lines = append(lines, fmt.Sprintf("link add e%d type veth peer name p%d", i, i),
			fmt.Sprintf("link set p%d up", i), fmt.Sprintf("link set e%d up", i))
		if topo.Intn(4) > 0 {
			lines = append(lines, fmt.Sprintf("addr add 10.%d.0.1/24 dev e%d", i, i))
		}
		if topo.Intn(4) > 0 {
			lines = append(lines, fmt.Sprintf("addr add 2001:db8:%d::1/64 dev e%d nodad", i, i))
		}
	}
	return append(lines, topo.one("link set lo up", "link set lo up\naddr add 198.51.100.1/32 dev lo", "addr add 198.51.100.1/32 dev lo"))
}

// nexthopSpec is the nexthop of a route of a family through a link.
func (topo *topology) nexthopSpec(family, link string) string {
	n := link[1:]
	if family == "-6" {
		return topo.one("via 2001:db8:"+n+"::fe dev "+link, "via fe80::1 dev "+link, "dev "+link)
	}
	return topo.one("via 10."+n+".0.254 dev "+link, "via 10."+n+".0.254 dev "+link+" onlink", "dev "+link, "via inet6 fe80::1 dev "+link)
}

func (topo *topology) table() string { return topo.one("", "", " table 100", " table 200") }

// route is a route that may matter or not.
func (topo *topology) route() string {
	family := topo.one("-4", "-6")
	to := "default"
	if topo.Intn(3) == 0 {
		to = topo.one("0.0.0.0/1", "128.0.0.0/1", "4.0.0.0/8", "154.54.0.0/16", "10.99.0.0/16")
		if family == "-6" {
			to = topo.one("::/1", "8000::/1", "2000::/4", "3000::/4", "2001:550::/32", "2a00::/12")
		}
	}
	verb := topo.one("add", "add", "replace", "append", "del")
	if topo.Intn(4) == 0 {
		return fmt.Sprintf("%s route %s %s %s%s metric %d", family, verb, topo.one("prohibit", "blackhole", "unreachable", "throw"), to, topo.table(), topo.Intn(3)*50)
	}
	way := topo.nexthopSpec(family, topo.link())
	switch topo.Intn(8) {
	case 0:
		way = strings.Join([]string{"nexthop", strings.TrimSuffix(way, " onlink"), "nexthop", strings.TrimSuffix(topo.nexthopSpec(family, topo.link()), " onlink")}, " ")
	case 1:
		way = fmt.Sprintf("nhid %d", 1+topo.Intn(6))
	}
	extra := topo.one("", "", "", " metric 100", " metric 50")
	switch {
	case topo.Intn(8) > 0:
	case family == "-4":
		extra += topo.one(" tos 0x10", " src 198.51.100.1", " src 10.0.0.1")
	default:
		extra += topo.one(" pref high", " pref low", " expires 3600")
	}
	return fmt.Sprintf("%s route %s %s %s%s%s", family, verb, to, way, topo.table(), extra)
}

// rule adds or deletes a rule.
func (topo *topology) rule() string {
	family := topo.one("-4", "-6")
	if topo.Intn(3) == 0 {
		return fmt.Sprintf("%s rule del pref %d", family, 100+topo.Intn(6))
	}
	what := topo.one("from all lookup 100", "from all lookup 200", "from all lookup main suppress_prefixlength 0",
		"from all iif "+topo.link()+" lookup 100", "from all oif "+topo.link()+" lookup 200",
		"from all prohibit", "from all iif lo lookup 100", "from all fwmark 1 lookup 100", "from all uidrange 99-99 lookup 100")
	if family == "-4" && topo.Intn(4) == 0 {
		what = topo.one("to 4.0.0.0/8 lookup 100", "to 128.0.0.0/1 lookup 200", "from 10.0.0.0/8 lookup 100")
	}
	return fmt.Sprintf("%s rule add %s pref %d", family, what, 100+topo.Intn(6))
}

// nexthop adds or deletes a nexthop object.
func (topo *topology) nexthop() string {
	id := 1 + topo.Intn(6)
	switch topo.Intn(5) {
	case 0, 1:
		return fmt.Sprintf("nexthop del id %d", id)
	case 2:
		return fmt.Sprintf("nexthop replace id %d group %d/%d", id, 1+topo.Intn(6), 1+topo.Intn(6))
	case 3:
		return fmt.Sprintf("%s nexthop replace id %d blackhole", topo.one("-4", "-6"), id)
	}
	family := topo.one("-4", "-6")
	return fmt.Sprintf("%s nexthop replace id %d %s", family, id, topo.nexthopSpec(family, topo.link()))
}

// event is an event of a link.
func (topo *topology) event() string {
	k := topo.link()
	n := k[1:]
	return topo.one("link set "+k+" down", "link set "+k+" up", "link set "+k+" up", "link set p"+n+" down", "link set p"+n+" up",
		"addr del 10."+n+".0.1/24 dev "+k, "addr add 10."+n+".0.1/24 dev "+k, "addr add 169.254."+n+".7/16 dev "+k,
		"addr del 2001:db8:"+n+"::1/64 dev "+k, "addr add 2001:db8:"+n+"::1/64 dev "+k+" nodad",
		"addr del 198.51.100.1/32 dev lo", "addr add 198.51.100.1/32 dev lo",
		"link del "+k, "link add "+k+" type veth peer name p"+n, "route flush table 100", "-6 route flush table 200",
		"link set "+k+" alias N"+strconv.Itoa(topo.Intn(9)))
}

func (topo *topology) change() string {
	switch topo.Intn(10) {
	case 0, 1, 2, 3:
		return topo.route()
	case 4, 5:
		return topo.rule()
	case 6, 7:
		return topo.nexthop()
	}
	return topo.event()
}

// topologies is the first topology of a run, and their number.
func topologies(t *testing.T) (first, n int) {
	t.Helper()
	n = 100
	for name, value := range map[string]*int{"NETSESSION_TOPOLOGIES": &n, "NETSESSION_TOPOLOGY": &first} {
		if text := os.Getenv(name); text != "" {
			var err error
			if *value, err = strconv.Atoi(text); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	return first, n
}

// For any routes, rules and nexthops, the reports agree with the
// kernel's lookups: in one hundred topologies, or NETSESSION_TOPOLOGIES of
// them, from number NETSESSION_TOPOLOGY on.
func TestLabRandomTopologies(t *testing.T) {
	first, n := topologies(t)
	for i := first; i < first+n; i++ {
		t.Run(strconv.Itoa(i), func(t *testing.T) { checkTopology(t, i) })
		if t.Failed() {
			t.Fatalf("topology %d: run it alone by NETSESSION_TOPOLOGY=%d NETSESSION_TOPOLOGIES=1", i, i)
		}
	}
}

func checkTopology(t *testing.T, seed int) {
	l := newLab(t)
	topo := &topology{Rand: rand.New(rand.NewSource(int64(seed))), links: 2 + seed%3}
	if seed%2 == 1 {
		l.setting("ipv4/conf/default/ignore_routes_with_linkdown", "1")
		l.setting("ipv6/conf/default/ignore_routes_with_linkdown", "1")
	}
	history := topo.begin()
	for i := 0; i < 12; i++ {
		history = append(history, topo.change())
	}
	l.ip(history...)
	r := run(t, New())
	r.AwaitComplete(1)
	description := func() string { return strings.Join(history, "\n") + "\n" + r.String() }
	for step := 0; step < 6; step++ {
		l.agree(t, r, description)
		if seed%10 == 0 {
			l.compareIPCommand(t)
		}
		var lines []string
		for i := topo.Intn(4); i >= 0; i-- {
			lines = append(lines, topo.change())
		}
		history = append(append(history, "# then"), lines...)
		l.ip(lines...)
	}
	l.agree(t, r, description)
	r.stop()
}
