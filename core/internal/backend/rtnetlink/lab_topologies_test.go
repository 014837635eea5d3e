//go:build go1.20

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
)

// soon reports whether a condition comes to hold.
func soon(holds func() bool) bool {
	for limit := time.Now().Add(bound); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			return false
		}
	}
	return true
}

// ip carries out lines of the ip command, which may begin with -4 or -6; what the
// kernel refuses is left out.
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

// batch carries out lines of one family.
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

// world makes up links, routes and rules.
type world struct {
	*rand.Rand
	links int
	dead  int // numbers taken so far
}

func (w *world) one(of ...string) string { return of[w.Intn(len(of))] }

func (w *world) link() string { return fmt.Sprintf("e%d", w.Intn(w.links)) }

// begin are the links, and their addresses.
func (w *world) begin() (lines []string) {
	for i := 0; i < w.links; i++ {
		lines = append(lines, fmt.Sprintf("link add e%d type veth peer name p%d", i, i),
			fmt.Sprintf("link set p%d up", i), fmt.Sprintf("link set e%d up", i))
		if w.Intn(4) > 0 {
			lines = append(lines, fmt.Sprintf("addr add 10.%d.0.1/24 dev e%d", i, i))
		}
		if w.Intn(4) > 0 {
			lines = append(lines, fmt.Sprintf("addr add 2001:db8:%d::1/64 dev e%d nodad", i, i))
		}
	}
	return append(lines, w.one("link set lo up", "link set lo up\naddr add 198.51.100.1/32 dev lo", "addr add 198.51.100.1/32 dev lo"))
}

// gateway is the way of a route of a family by a link.
func (w *world) way(family, link string) string {
	n := link[1:]
	if family == "-6" {
		return w.one("via 2001:db8:"+n+"::fe dev "+link, "via fe80::1 dev "+link, "dev "+link)
	}
	return w.one("via 10."+n+".0.254 dev "+link, "via 10."+n+".0.254 dev "+link+" onlink", "dev "+link, "via inet6 fe80::1 dev "+link)
}

func (w *world) table() string { return w.one("", "", " table 100", " table 200") }

// route is a route that may matter, or may not.
func (w *world) route() string {
	family := w.one("-4", "-6")
	to := "default"
	if w.Intn(3) == 0 {
		to = w.one("0.0.0.0/1", "128.0.0.0/1", "4.0.0.0/8", "154.54.0.0/16", "10.99.0.0/16")
		if family == "-6" {
			to = w.one("::/1", "8000::/1", "2000::/4", "3000::/4", "2001:550::/32", "2a00::/12")
		}
	}
	verb := w.one("add", "add", "replace", "append", "del")
	if w.Intn(4) == 0 {
		return fmt.Sprintf("%s route %s %s %s%s metric %d", family, verb, w.one("prohibit", "blackhole", "unreachable", "throw"), to, w.table(), w.Intn(3)*50)
	}
	way := w.way(family, w.link())
	switch w.Intn(8) {
	case 0:
		way = strings.Join([]string{"nexthop", strings.TrimSuffix(way, " onlink"), "nexthop", strings.TrimSuffix(w.way(family, w.link()), " onlink")}, " ")
	case 1:
		way = fmt.Sprintf("nhid %d", 1+w.Intn(6))
	}
	extra := w.one("", "", "", " metric 100", " metric 50")
	switch {
	case w.Intn(8) > 0:
	case family == "-4":
		extra += w.one(" tos 0x10", " src 198.51.100.1", " src 10.0.0.1")
	default:
		extra += w.one(" pref high", " pref low", " expires 3600")
	}
	return fmt.Sprintf("%s route %s %s %s%s%s", family, verb, to, way, w.table(), extra)
}

// rule is a policy, or the end of one.
func (w *world) rule() string {
	family := w.one("-4", "-6")
	if w.Intn(3) == 0 {
		return fmt.Sprintf("%s rule del pref %d", family, 100+w.Intn(6))
	}
	what := w.one("from all lookup 100", "from all lookup 200", "from all lookup main suppress_prefixlength 0",
		"from all iif "+w.link()+" lookup 100", "from all oif "+w.link()+" lookup 200",
		"from all prohibit", "from all iif lo lookup 100", "from all fwmark 1 lookup 100", "from all uidrange 99-99 lookup 100")
	if family == "-4" && w.Intn(4) == 0 {
		what = w.one("to 4.0.0.0/8 lookup 100", "to 128.0.0.0/1 lookup 200", "from 10.0.0.0/8 lookup 100")
	}
	return fmt.Sprintf("%s rule add %s pref %d", family, what, 100+w.Intn(6))
}

// nexthop is an object, or the end of one.
func (w *world) nexthop() string {
	id := 1 + w.Intn(6)
	switch w.Intn(5) {
	case 0, 1:
		return fmt.Sprintf("nexthop del id %d", id)
	case 2:
		return fmt.Sprintf("nexthop replace id %d group %d/%d", id, 1+w.Intn(6), 1+w.Intn(6))
	case 3:
		return fmt.Sprintf("%s nexthop replace id %d blackhole", w.one("-4", "-6"), id)
	}
	family := w.one("-4", "-6")
	return fmt.Sprintf("%s nexthop replace id %d %s", family, id, w.way(family, w.link()))
}

// event is what happens to a link.
func (w *world) event() string {
	k := w.link()
	n := k[1:]
	return w.one("link set "+k+" down", "link set "+k+" up", "link set "+k+" up", "link set p"+n+" down", "link set p"+n+" up",
		"addr del 10."+n+".0.1/24 dev "+k, "addr add 10."+n+".0.1/24 dev "+k, "addr add 169.254."+n+".7/16 dev "+k,
		"addr del 2001:db8:"+n+"::1/64 dev "+k, "addr add 2001:db8:"+n+"::1/64 dev "+k+" nodad",
		"addr del 198.51.100.1/32 dev lo", "addr add 198.51.100.1/32 dev lo",
		"link del "+k, "link add "+k+" type veth peer name p"+n, "route flush table 100", "-6 route flush table 200",
		"link set "+k+" alias N"+strconv.Itoa(w.Intn(9)))
}

func (w *world) change() string {
	switch w.Intn(10) {
	case 0, 1, 2, 3:
		return w.route()
	case 4, 5:
		return w.rule()
	case 6, 7:
		return w.nexthop()
	}
	return w.event()
}

// worlds is how many a run goes through, and where it begins.
func worlds(t *testing.T) (first, n int) {
	t.Helper()
	n = 100
	for name, value := range map[string]*int{"NETSESSION_WORLDS": &n, "NETSESSION_WORLD": &first} {
		if text := os.Getenv(name); text != "" {
			var err error
			if *value, err = strconv.Atoi(text); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	return first, n
}

// Whatever the routes, rules and nexthops are, links show what the kernel answers:
// one hundred worlds, or as many as NETSESSION_WORLDS says, from the one on that
// NETSESSION_WORLD names.
func TestLabRandomWorlds(t *testing.T) {
	first, n := worlds(t)
	for i := first; i < first+n; i++ {
		i := i
		t.Run(strconv.Itoa(i), func(t *testing.T) { oneWorld(t, i) })
		if t.Failed() {
			t.Fatalf("world %d: run it alone by NETSESSION_WORLD=%d NETSESSION_WORLDS=1", i, i)
		}
	}
}

func oneWorld(t *testing.T, seed int) {
	l := newLab(t)
	w := &world{Rand: rand.New(rand.NewSource(int64(seed))), links: 2 + seed%3}
	if seed%2 == 1 {
		l.setting("ipv4/conf/default/ignore_routes_with_linkdown", "1")
		l.setting("ipv6/conf/default/ignore_routes_with_linkdown", "1")
	}
	history := w.begin()
	for i := 0; i < 12; i++ {
		history = append(history, w.change())
	}
	l.ip(history...)
	r := run(t, New())
	r.awaitComplete(t, 1)
	told := func() string { return strings.Join(history, "\n") + "\n" + r.String() }
	for step := 0; step < 6; step++ {
		l.agree(t, r, told)
		if seed%10 == 0 {
			l.ipSays(t)
		}
		var lines []string
		for i := w.Intn(4); i >= 0; i-- {
			lines = append(lines, w.change())
		}
		history = append(append(history, "# then"), lines...)
		l.ip(lines...)
	}
	l.agree(t, r, told)
	_ = r.stop()
}
