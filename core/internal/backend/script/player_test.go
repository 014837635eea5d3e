package script

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/netsession/netsession/core/internal/backend"
	"github.com/netsession/netsession/core/internal/backend/backendtest"
	"github.com/netsession/netsession/core/internal/bearer"
)

func refusalOf(reason backend.Reason, text string) *backend.Refusal {
	return &backend.Refusal{Reason: reason, Text: text}
}

// transcript describes the reports and answers so far, one line for each.
func transcript(rec *backendtest.Record) (lines []string) {
	for _, call := range rec.Calls {
		switch call := call.(type) {
		case bearer.Batch:
			lines = append(lines, briefBatch(&call))
		case backendtest.Answer:
			lines = append(lines, briefAnswer(&call))
		}
	}
	return lines
}

func briefBatch(b *bearer.Batch) string {
	var parts []string
	if b.Complete {
		parts = append(parts, "all:")
	}
	for i := range b.Changed {
		parts = append(parts, brief(&b.Changed[i]))
	}
	for _, id := range b.Gone {
		parts = append(parts, "no "+id)
	}
	return strings.Join(parts, " ")
}

var commands = map[backend.Op]string{backend.OpStart: "start", backend.OpStop: "stop", backend.OpRefresh: "refresh"}

func briefAnswer(a *backendtest.Answer) string {
	line := strings.TrimSpace(commands[a.Op]+" "+a.ID) + ": "
	if a.Err == nil {
		return line + "done"
	}
	reason := [...]string{"unknown", "not-supported", "aborted", "no-configuration"}[backend.ReasonOf(a.Err)]
	return line + reason + ": " + a.Err.Error()
}

// brief shows the attributes that most tests change.
func brief(c *bearer.Configuration) string {
	s := c.ID + "=" + c.State.String()
	s += [...]string{"", "+connecting", "+closing"}[c.Progress]
	for _, a := range c.Addresses {
		s += " " + a.String()
	}
	if c.DefaultRoute {
		s += fmt.Sprintf(" route %d", c.Metric)
	}
	if c.Strength > 0 {
		s += fmt.Sprintf(" %d%%", c.Strength)
	}
	s += [...]string{"", " tunnel", " downlink"}[c.Role]
	for _, name := range c.Lower {
		s += " over " + name
	}
	return s
}

// perform plays a script with commands of the application: "start a", "stop a",
// "refresh", or a time to pass. It returns the transcript.
func perform(t *testing.T, text, actions string) (lines []string) {
	t.Helper()
	r := backendtest.NewRecorder(t)
	p := newPlayer(mustParse(t, text), r, newStatsTable())
	p.begin()
	now := time.Duration(0)
	for p.advance(now) {
	}
	for _, action := range strings.Split(actions, ", ") {
		op, id, _ := strings.Cut(action, " ")
		switch op {
		case "":
		case "start":
			p.command(backend.OpStart, id)
		case "stop":
			p.command(backend.OpStop, id)
		case "refresh":
			p.command(backend.OpRefresh, "")
		default:
			d, err := time.ParseDuration(op)
			if err != nil {
				t.Fatal(err)
			}
			now += d
		}
		for p.advance(now) {
		}
	}
	r.View(func(rec *backendtest.Record) { lines = transcript(rec) })
	return lines
}

const one = "access-point a\n"

func TestPlay(t *testing.T) {
	for _, c := range []struct{ name, script, do, want string }{
		{"empty", "", "1h", "all:"},
		{"scene", ap, "", "all: a=discovered b=discovered"},
		{"scene is one report", one + "set a strength=5\nremove a\naccess-point b", "", "all: b=discovered no a"},

		{"at", one + "at 20ms\nset a strength=1\nat 50ms\nset a strength=2", "19ms, 1ms, 30ms",
			"all: a=discovered | a=discovered 1% | a=discovered 2%"},
		{"at, over already", one + "after 50ms\nset a strength=1\nat 20ms\nset a strength=2\nafter 10ms\nset a strength=3", "50ms, 9ms, 1ms",
			"all: a=discovered | a=discovered 1% | a=discovered 2% | a=discovered 3%"},
		{"after", one + "after 20ms\nset a strength=1\nafter 20ms\nset a strength=2", "20ms, 19ms",
			"all: a=discovered | a=discovered 1%"},
		{"after, late", one + "after 20ms\nset a strength=1\nafter 20ms\nset a strength=2\nafter 20ms\nset a strength=3", "45ms, 15ms",
			"all: a=discovered | a=discovered 1% | a=discovered 2% | a=discovered 3%"},
		{"after a command counts from it", one + "on start a\nafter 20ms\nset a strength=1", "5ms, start a, 19ms, start a, 1ms",
			"all: a=discovered | a=active | start a: done | start a: done | a=active 1%"},
		{"a step is one report", ap + "after 1ms\nset b strength=1\nset a strength=2\nset b strength=3", "1ms",
			"all: a=discovered b=discovered | b=discovered 3% a=discovered 2%"},
		{"a step without statements reports nothing", one + "after 1ms\nafter 1ms", "1h", "all: a=discovered"},

		{"refresh", one + "on refresh\nset a state=active\non refresh\nset a state=defined", "refresh, refresh, refresh",
			"all: a=discovered | a=active | refresh: done | a=defined | refresh: done | refresh: done"},
		{"refresh plays what is due with it", one + "on refresh\nset a strength=1\nafter 0ms\nset a strength=2\nat 0ms\nset a strength=3\nafter 1ms\nset a strength=4", "refresh",
			"all: a=discovered | a=discovered 1% | a=discovered 2% | a=discovered 3% | refresh: done"},
		{"a refresh before its time is not kept", one + "after 1ms\non refresh\nset a strength=1", "refresh, 1ms, refresh",
			"all: a=discovered | refresh: done | a=discovered 1% | refresh: done"},
		{"on start plays after the answer", ap + "on start a\nset b state=active", "start b, start a",
			"all: a=discovered b=discovered | b=active | start b: done | a=active | start a: done | b=active"},
		{"on start plays for a refusal", "access-point a state=defined\non start a\nset a strength=1", "start a",
			"all: a=defined | start a: unknown: a cannot be started: it has no carrier or is out of range. | a=defined 1%"},
		{"on stop", one + "on stop a\nset a strength=1", "start a, stop a",
			"all: a=discovered | a=active | start a: done | a=discovered | stop a: done | a=discovered 1%"},
		{"one command plays one step", one + "on start a\nset a strength=1\non start a\nset a strength=2", "start a",
			"all: a=discovered | a=active | start a: done | a=active 1%"},

		{"repeat", one + "repeat 2 times\nafter 1ms\nset a strength=1\nafter 1ms\nset a strength=2\nend\nafter 1ms\nset a strength=3", "4ms, 10ms",
			"all: a=discovered | a=discovered 1% | a=discovered 2% | a=discovered 1% | a=discovered 2% | a=discovered 3%"},
		{"repeat forever", one + "repeat forever\non refresh\nset a strength=1\non refresh\nset a strength=2\nend", "refresh, refresh, refresh",
			"all: a=discovered | a=discovered 1% | refresh: done | a=discovered 2% | refresh: done | a=discovered 1% | refresh: done"},
		{"repeat in a repeat", one + "repeat 2 times\nafter 1ms\nset a strength=1\nrepeat 2 times\nafter 1ms\nset a strength=2\nend\nend", "1h",
			"all: a=discovered | a=discovered 1% | a=discovered 2% | a=discovered 2% | a=discovered 1% | a=discovered 2% | a=discovered 2%"},
		{"repeat as the first of a repeat", one + "repeat 2 times\nrepeat 2 times\nafter 1ms\nset a strength=1\nend\nend", "1h",
			"all: a=discovered | a=discovered 1% | a=discovered 1% | a=discovered 1% | a=discovered 1%"},
		{"repeat once", one + "repeat 1 times\nafter 1ms\nset a strength=1\nend", "1h", "all: a=discovered | a=discovered 1%"},

		{"appear and vanish", one + "on refresh\naccess-point b state=active\non refresh\nremove a", "refresh, refresh",
			"all: a=discovered | b=active | refresh: done | no a | refresh: done"},
		{"replaced in one step", one + "set a strength=7\non refresh\nremove a\naccess-point a state=active", "refresh",
			"all: a=discovered 7% | a=active | refresh: done"},
		{"link facts only while active", "access-point a address=192.0.2.5/24 default-route=yes metric=9\non refresh\nset a state=active\non refresh\nset a state=defined", "refresh, refresh",
			"all: a=discovered | a=active 192.0.2.5/24 route 9 | refresh: done | a=defined | refresh: done"},
		{"roles and layers change", "access-point a role=tunnel over=p,q\non refresh\nset a over=none\non refresh\nset a role=downlink", "refresh, refresh",
			"all: a=discovered tunnel over p over q | a=discovered tunnel | refresh: done | a=discovered downlink | refresh: done"},
		{"state settles progress", one + "set a progress=connecting\non refresh\nset a state=active\non refresh\nset a progress=closing state=active", "refresh, refresh",
			"all: a=discovered+connecting | a=active | refresh: done | a=active+closing | refresh: done"},
	} {
		t.Run(c.name, func(t *testing.T) { compare(t, perform(t, c.script, c.do), c.want) })
	}
}

func compare(t *testing.T, lines []string, want string) {
	t.Helper()
	if got := strings.Join(lines, " | "); got != want {
		t.Errorf("got\n%s\nwant\n%s", strings.ReplaceAll(got, " | ", "\n"), strings.ReplaceAll(want, " | ", "\n"))
	}
}

func TestCommands(t *testing.T) {
	const begun = "all: a=discovered | a=discovered+connecting | "
	const withdrawn = "start a: aborted: Starting a was broken off: it was stopped meanwhile. | "
	for _, c := range []struct{ name, script, do, want string }{
		{"default", one, "start a, stop a",
			"all: a=discovered | a=active | start a: done | a=discovered | stop a: done"},
		{"takes", one + "start a takes 50ms\nstop a takes 20ms", "start a, 49ms, 1ms, stop a, 20ms",
			begun + "a=active | start a: done | a=active+closing | a=discovered | stop a: done"},
		{"takes nothing", one + "start a takes 0ms succeeds", "start a", "all: a=discovered | a=active | start a: done"},
		{"fails", one + `start a fails not-supported "The radio is off."`, "start a",
			"all: a=discovered | a=discovered | start a: not-supported: The radio is off."},
		{"fails later", one + `start a takes 5ms fails unknown "No 100%."`, "start a, 5ms",
			begun + "a=discovered | start a: unknown: No 100%."},
		{"stop fails", "access-point a state=active\n" + `stop a fails aborted "No."`, "stop a",
			"all: a=active | a=active | stop a: aborted: No."},
		{"no address", one + "start a takes 5ms gets no address\non refresh\nset a state=active", "start a, 5ms, refresh",
			begun + "a=discovered | start a: done | a=active | refresh: done"},

		{"unknown", one, "start z, stop z",
			"all: a=discovered | start z: no-configuration: There is no access point z in the script now. | stop z: no-configuration: There is no access point z in the script now."},
		{"defined", "access-point a state=defined", "start a, stop a",
			"all: a=defined | start a: unknown: a cannot be started: it has no carrier or is out of range. | stop a: done"},
		{"undefined", "access-point a state=undefined", "start a, stop a",
			"all: a=undefined | start a: unknown: a cannot be started: it is undefined. | stop a: done"},
		{"already there", "access-point a state=active\n" + `start a fails unknown "No."`, "start a", "all: a=active | start a: done"},
		{"already down", one + "stop a hangs", "stop a", "all: a=discovered | stop a: done"},
		{"what the system starts can be stopped", one + "set a progress=connecting", "stop a",
			"all: a=discovered+connecting | a=discovered | stop a: done"},
		{"what is out of reach stays there", "access-point a state=defined progress=connecting", "stop a",
			"all: a=defined+connecting | stop a: done"},
		{"denied", one + "set a denied=\"Ask.\"\non refresh\nset a denied=\"\"", "start a, stop a, refresh, start a",
			"all: a=discovered | start a: not-supported: Ask. | stop a: not-supported: Ask. | a=discovered | refresh: done | a=active | start a: done"},

		{"stop withdraws", one + "start a takes 50ms", "start a, 10ms, stop a, 1h",
			begun + "a=discovered | " + withdrawn + "stop a: done"},
		{"stop withdraws, in its time", one + "start a takes 50ms\nstop a takes 5ms", "start a, stop a, 5ms, 1h",
			begun + "a=discovered+closing | " + withdrawn + "a=discovered | stop a: done"},
		{"stop withdraws what waits", one + "start a takes 50ms", "start a, start a, stop a",
			begun + "a=discovered | " + withdrawn + withdrawn + "stop a: done"},
		{"stop withdraws though denied meanwhile", one + "start a hangs\non refresh\nset a denied=\"Ask.\"", "start a, refresh, stop a, stop a",
			begun + "a=discovered+connecting | refresh: done | a=discovered | " + withdrawn + "stop a: done | stop a: not-supported: Ask."},
		{"a stop that fails withdraws too", one + "start a hangs\n" + `stop a fails unknown "No."`, "start a, stop a",
			begun + "a=discovered | " + withdrawn + "stop a: unknown: No."},
		{"start again", one + "start a takes 50ms", "start a, 10ms, stop a, start a, 49ms, 1ms",
			begun + "a=discovered | " + withdrawn + "stop a: done | a=discovered+connecting | a=active | start a: done"},
		{"two starts", one + "start a takes 5ms", "start a, start a, 5ms", begun + "a=active | start a: done | start a: done"},
		{"two starts that fail", one + `start a takes 5ms fails unknown "No."`, "start a, start a, 5ms, 5ms",
			begun + "a=discovered+connecting | start a: unknown: No. | a=discovered | start a: unknown: No."},
		{"start waits for a stop", "access-point a state=active\nstop a takes 5ms", "stop a, start a, 5ms",
			"all: a=active | a=active+closing | a=active | stop a: done | start a: done"},
		{"two links at once", ap + "start a takes 20ms\nstart b takes 10ms", "start a, start b, 1h",
			"all: a=discovered b=discovered | a=discovered+connecting | b=discovered+connecting | b=active | start b: done | a=active | start a: done"},
		{"ends together, first begun first", ap + "start a takes 20ms\nstart b takes 10ms", "start a, 10ms, start b, 1h",
			"all: a=discovered b=discovered | a=discovered+connecting | b=discovered+connecting | a=active | start a: done | b=active | start b: done"},
		{"an attempt ends before a step", one + "start a takes 10ms\nafter 10ms\nset a strength=5", "start a, 10ms",
			begun + "a=active | start a: done | a=active 5%"},

		{"hangs", one + "start a hangs", "start a, 24h, stop a", begun + "a=discovered | " + withdrawn + "stop a: done"},
		{"hanging start gets an answer", one + "start a hangs\non refresh\nstart a succeeds", "start a, refresh",
			begun + "a=active | start a: done | refresh: done"},
		{"hanging start gets a slow answer", one + "start a hangs\non refresh\nstart a takes 5ms", "start a, refresh, 5ms",
			begun + "a=discovered+connecting | refresh: done | a=active | start a: done"},
		{"hanging start goes on to hang", one + "start a hangs\non refresh\nstart a hangs\nstop a takes 1ms", "start a, refresh, 1h",
			begun + "a=discovered+connecting | refresh: done"},
		{"a start that does not hang keeps its answer", one + "start a takes 5ms\non start a\n" + `start a fails unknown "No."`, "start a, 5ms, stop a, start a",
			begun + "a=active | start a: done | a=discovered | stop a: done | a=discovered | start a: unknown: No."},
		{"hanging stop is broken off", "access-point a state=active\nstop a hangs", "stop a, start a",
			"all: a=active | a=active+closing | a=active | stop a: aborted: Stopping a was broken off: it was started again. | start a: done"},
		{"hanging stop of a withdrawn start is broken off", one + "start a hangs\nstop a hangs\non stop a\nstart a succeeds", "start a, stop a, start a",
			begun + "a=discovered+closing | " + withdrawn + "a=active | stop a: aborted: Stopping a was broken off: it was started again. | start a: done"},
		{"hanging stop gets an answer", "access-point a state=active\nstop a hangs\non refresh\nstop a succeeds", "stop a, refresh",
			"all: a=active | a=active+closing | a=discovered | stop a: done | refresh: done"},

		{"a step brings it up", one + "start a hangs\non refresh\nset a state=active", "start a, refresh",
			begun + "a=active | start a: done | refresh: done"},
		{"a step takes it down", one + "start a takes 5ms\nafter 1ms\nset a state=defined", "start a, 1h",
			begun + "a=defined | start a: aborted: Starting a was broken off: it is defined now."},
		{"a step stops it", "access-point a state=active\nstop a hangs\non refresh\nset a state=defined", "stop a, refresh",
			"all: a=active | a=active+closing | a=defined | stop a: done | refresh: done"},
		{"a step keeps it up", "access-point a state=active\nstop a takes 5ms\non stop a\nset a state=active", "stop a, 1h",
			"all: a=active | a=active+closing | a=active | stop a: aborted: Stopping a was broken off: it is active now."},
		{"a step that does not set the state", one + "start a takes 5ms\non start a\nset a strength=5", "start a, 5ms",
			begun + "a=discovered+connecting 5% | a=active 5% | start a: done"},
		{"what waits goes on after a step", "access-point a state=active\nstop a takes 5ms\non refresh\nset a state=discovered", "stop a, start a, refresh",
			"all: a=active | a=active+closing | a=active | stop a: done | start a: done | refresh: done"},
		{"removed under way", one + "start a takes 5ms\non refresh\nremove a", "start a, start a, refresh, 1h, start a",
			begun + "no a | start a: no-configuration: There is no access point a in the script now. | start a: no-configuration: There is no access point a in the script now. | refresh: done | start a: no-configuration: There is no access point a in the script now."},
		{"one that comes back has forgotten", one + "start a hangs\non refresh\nremove a\non refresh\naccess-point a", "refresh, refresh, start a",
			"all: a=discovered | no a | refresh: done | a=discovered | refresh: done | a=active | start a: done"},
	} {
		t.Run(c.name, func(t *testing.T) { compare(t, perform(t, c.script, c.do), c.want) })
	}
}

func TestEveryAttributeIsPlayed(t *testing.T) {
	const text = `access-point link:eth7 name="The \"name\"" bearer=lte purpose=private state=active progress=closing ` +
		`address=2001:db8::1/64,192.0.2.5/24 default-route=yes metric=7 interface=wwan0 index=9 priority=-3 strength=44 ` +
		`metered=guessed abroad=yes connect-timeout=5s denied="Ask." role=tunnel over=eth1,eth0`
	r := backendtest.NewRecorder(t)
	newPlayer(mustParse(t, text), r, newStatsTable()).begin()
	list, err := prefixes("192.0.2.5/24,2001:db8::1/64")
	if err != nil {
		t.Fatal(err)
	}
	want := bearer.Configuration{
		ID: "link:eth7", Name: `The "name"`, Type: bearer.InternetAccessPoint, Bearer: bearer.BearerLTE,
		Purpose: bearer.PrivatePurpose, State: bearer.Active, Progress: bearer.Closing, Addresses: list,
		DefaultRoute: true, Preferred: true, Metric: 7, Interface: "wwan0", Index: 9, Priority: -3, Strength: 44,
		Metered: bearer.MeteredGuessed, Abroad: true, ConnectTimeout: 5 * time.Second, Denied: "Ask.",
		Role: bearer.Tunnel, Lower: []string{"eth0", "eth1"},
	}
	if got := r.Batches()[0].Changed[0]; !got.Equal(&want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDefaults(t *testing.T) {
	r := backendtest.NewRecorder(t)
	newPlayer(mustParse(t, "access-point link:eth7\naccess-point nm:0123456789abcdef0123"), r, newStatsTable()).begin()
	want := bearer.Configuration{
		ID: "link:eth7", Name: "link:eth7", Type: bearer.InternetAccessPoint, State: bearer.Discovered, Interface: "eth7", Index: 2,
	}
	if got := r.Batches()[0].Changed[0]; !got.Equal(&want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := r.Batches()[0].Changed[1]; got.Interface != "" || got.Index != 3 {
		t.Errorf("a name that no link can have: %+v", got)
	}
}

// Where no default route leaves, there is no metric of one.
func TestMetricBelongsToTheRoute(t *testing.T) {
	for _, text := range []string{"access-point a metric=5 default-route=yes", "access-point a metric=5 state=active"} {
		r := backendtest.NewRecorder(t)
		newPlayer(mustParse(t, text), r, newStatsTable()).begin()
		if r.Batches()[0].Changed[0].Metric != 0 {
			t.Errorf("%s: %+v", text, r.Batches()[0].Changed[0])
		}
	}
}

// The values of every choice lead to the value that carries the name.
func TestChoicesAreComplete(t *testing.T) {
	for _, c := range bearers {
		if strings.ToLower(bearer.BearerType(c.value).String()) != c.name {
			t.Errorf("bearer %s is %v", c.name, bearer.BearerType(c.value))
		}
	}
	if len(bearers) != 13 {
		t.Errorf("%d bearers", len(bearers))
	}
	for _, c := range states {
		if bearer.State(c.value).String() != c.name {
			t.Errorf("state %s is %v", c.name, bearer.State(c.value))
		}
	}
}

func TestStepsAreLogged(t *testing.T) {
	r := backendtest.NewRecorder(t)
	p := newPlayer(mustParse(t, "after 1ms\nafter 1ms"), r, newStatsTable())
	p.begin()
	for p.advance(time.Second) {
	}
	if logs := r.Logs(); len(logs) != 2 {
		t.Errorf("logged %q", logs)
	}
}
