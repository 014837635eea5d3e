package script

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// ap makes the access points that most lines need.
const ap = "access-point a\naccess-point b\n"

func mustParse(t testing.TB, text string) *program {
	t.Helper()
	p, err := parse("test.play", text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// outline describes the structure of a program on one line.
func outline(p *program) string {
	parts := []string{fmt.Sprintf("scene %d", len(p.scene))}
	for _, i := range p.code {
		switch i.kind {
		case play:
			w := i.step.when
			kind := [...]string{"at", "after", "refresh", "start", "stop"}[w.kind]
			parts = append(parts, fmt.Sprintf("%d:%s(%v%s) %d", i.step.line, kind, w.time, w.id, len(i.step.do)))
		case repeat:
			parts = append(parts, fmt.Sprintf("repeat %d", i.count))
		case end:
			parts = append(parts, fmt.Sprintf("end->%d", i.begin))
		}
	}
	return strings.Join(parts, ", ")
}

func TestParseShape(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "scene 0",
		"\n\n# nothing\n":                        "scene 0",
		"access-point a":                         "scene 1",
		"access-point a\r\nset a strength=5\r\n": "scene 2",
		"\ufeffaccess-point a\n":                 "scene 1",
		ap + "at 5s":                             "scene 2, 3:at(5s) 0",
		ap + "after 0ms\nremove a":               "scene 2, 3:after(0s) 1",
		ap + "on refresh\nstart a hangs\nset b state=active\non stop b":        "scene 2, 3:refresh(0s) 2, 6:stop(0sb) 0",
		ap + "repeat 2 times\non start a\nend":                                 "scene 2, repeat 2, 4:start(0sa) 0, end->0",
		ap + "repeat forever\nrepeat 1 times\nafter 1us\nend\nend":             "scene 2, repeat -1, repeat 1, 5:after(1µs) 0, end->1, end->0",
		"repeat 3 times\nafter 0ms\naccess-point a\non refresh\nremove a\nend": "scene 0, repeat 3, 2:after(0s) 1, 4:refresh(0s) 1, end->0",
		ap + "remove a\naccess-point a":                                        "scene 4",
	} {
		p, err := parse("test.play", text)
		if err != nil {
			t.Errorf("%v in\n%s", err, text)
		} else if got := outline(p); got != want {
			t.Errorf("got  %s\nwant %s\nfor\n%s", got, want, text)
		}
	}
}

func TestParseRules(t *testing.T) {
	for text, want := range map[string]rule{
		"start a succeeds":                   {},
		"stop a succeeds":                    {},
		"start a takes 50ms":                 {takes: 50 * time.Millisecond},
		"stop a takes 50ms succeeds":         {takes: 50 * time.Millisecond},
		"start a hangs":                      {outcome: hangs},
		"stop a hangs":                       {outcome: hangs},
		"start a gets no address":            {outcome: getsNoAddress},
		"start a takes 1s gets no address":   {outcome: getsNoAddress, takes: time.Second},
		`start a fails unknown "It did."`:    {outcome: fails, refusal: refusalOf(0, "It did.")},
		`stop a fails not-supported "No."`:   {outcome: fails, refusal: refusalOf(1, "No.")},
		`start a takes 1s fails aborted "N"`: {outcome: fails, takes: time.Second, refusal: refusalOf(2, "N")},
		`start a fails no-configuration "N"`: {outcome: fails, refusal: refusalOf(3, "N")},
	} {
		p := mustParse(t, ap+text)
		got := p.scene[2].(ruleStatement)
		if got.id != "a" || !reflect.DeepEqual(got.rule, want) || (got.op == startCommand) != strings.HasPrefix(text, "start") {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		text string
		line int
		want string
	}{
		{"frobnicate", 1, `"frobnicate" is not known; expected access-point, set, remove`},
		{`"set" a`, 1, `Found "set"; expected a keyword.`},
		{"state=active", 1, `Found "state=active"; expected a keyword.`},
		{"open a hangs", 1, "links are started and stopped; expected start or stop."},
		{"access-point", 1, "The line ends too early; expected the identifier of an access point."},
		{`access-point "a"`, 1, `Found "a"; expected the identifier`},
		{"access-point a,b", 1, "has the character ','"},
		{"access-point netsession:internet", 1, "is the library's own"},
		{"access-point a\naccess-point a", 2, `There is an access point "a" already`},
		{"access-point a colour=red", 1, `There is no attribute "colour"; expected name, bearer,`},
		{"access-point a =red", 1, `There is no attribute ""`},
		{"access-point a active", 1, `Found "active"; expected an attribute with its value, such as state=active.`},
		{`access-point a "name"`, 1, `Found "name"; expected an attribute`},
		{"access-point a state=active\tstate=defined", 1, `"state" is there twice.`},
		{"access-point a state=up", 1, `In state: "up" is not known; expected undefined, defined, discovered or active.`},
		{"access-point a state=Active", 1, `In state: "Active" is not known`},
		{"access-point a bearer=5g", 1, `In bearer: "5g" is not known`},
		{"access-point a purpose=fun", 1, "In purpose:"},
		{"access-point a role=vpn", 1, `In role: "vpn" is not known; expected uplink, tunnel or downlink.`},
		{"access-point a over=eth0,eth0", 1, "In over: the link eth0 is there twice."},
		{"access-point a over=eth0, eth1", 1, "names no link in one place; expected names with commas between"},
		{"access-point a progress=active", 1, "expected settled, connecting or closing."},
		{"access-point a metered=maybe", 1, "expected unknown, no, guessed or yes."},
		{"access-point a abroad=true", 1, `In abroad: "true" is not known; expected no or yes.`},
		{"access-point a default-route=1", 1, "expected no or yes."},
		{"access-point a metric=4294967296", 1, "expected a whole number from 0 to 4294967295."},
		{"access-point a metric=-1", 1, "In metric:"},
		{"access-point a index=2147483648", 1, "In index:"},
		{"access-point a strength=101", 1, "from 0 to 100."},
		{"access-point a strength=50%", 1, "In strength:"},
		{"access-point a priority=2147483648", 1, "from -2147483648 to 2147483647."},
		{"access-point a priority=high", 1, "In priority:"},
		{"access-point a interface=1234567890123456", 1, "is no name of a link"},
		{"access-point a address=192.0.2.5", 1, "such as 192.0.2.5/24, or none."},
		{"access-point a connect-timeout=10", 1, `In connect-timeout: "10" is no duration`},
		{"access-point a connect-timeout=100h", 1, "is too long; expected at most 24h."},
		{"access-point a received=-1", 1, "such as 5000+100/s."},
		{"access-point a received=9223372036854775808", 1, "In received:"},
		{"access-point a received=1+1", 1, "In received:"},
		{"access-point a written=1+/s", 1, `In written: "" is not possible`},
		{"access-point a written=1+1000000000001/s", 1, "to 1000000000000."},
		{`access-point a name="` + strings.Repeat("x", 1025) + `"`, 1, "is too long; expected at most 1024 bytes."},
		{`access-point a denied="` + strings.Repeat("x", 1025) + `"`, 1, "In denied:"},
		{ap + "set", 3, "expected the identifier"},
		{ap + "set c state=active", 3, `There is no access point "c" here`},
		{ap + "set a", 3, "expected at least one attribute"},
		{ap + "set a state=", 3, `In state: "" is not known`},
		{ap + "remove", 3, "expected the identifier"},
		{ap + "remove a b", 3, `Found "b"; expected the end of the line.`},
		{ap + "remove a\nset a strength=1", 4, `There is no access point "a" here`},
		{ap + "on refresh\nremove a\non start a", 5, `There is no access point "a" here`},
		{ap + "start", 3, "expected the identifier"},
		{ap + "start a", 3, "The line ends too early; expected takes, succeeds, fails, hangs or gets no address."},
		{ap + "stop a", 3, "expected takes, succeeds, fails or hangs."},
		{ap + "start c hangs", 3, `There is no access point "c"`},
		{ap + "start a refuses", 3, `Found "refuses"; expected takes, succeeds,`},
		{ap + "stop a gets no address", 3, `Found "gets"; expected takes, succeeds, fails or hangs.`},
		{ap + "start a gets", 3, "The line ends too early"},
		{ap + "start a takes", 3, "expected a duration"},
		{ap + "start a takes soon", 3, `"soon" is no duration`},
		{ap + "start a takes 5ms hangs", 3, `Found "hangs"`},
		{ap + "start a takes 5ms takes 5ms", 3, `Found "takes"`},
		{ap + "start a succeeds soon", 3, `Found "soon"; expected the end of the line.`},
		{ap + "start a fails", 3, "expected a reason: unknown, not-supported, aborted or no-configuration."},
		{ap + `start a fails "No."`, 3, `Found "No."; expected a reason`},
		{ap + "start a fails badly", 3, `"badly" is not known; expected unknown, not-supported, aborted or no-configuration.`},
		{ap + "start a fails unknown", 3, "expected a sentence in quotes that says why."},
		{ap + "start a fails unknown No", 3, `Found "No"; expected a sentence in quotes`},
		{ap + `start a fails unknown ""`, 3, "expected from 1 to 1024."},
		{ap + `start a fails unknown "` + strings.Repeat("x", 1025) + `"`, 3, "has 1025 bytes"},
		{"at", 1, "expected a duration"},
		{"at noon", 1, `"noon" is no duration`},
		{"after 5ms 6ms", 1, `Found "6ms"; expected the end of the line.`},
		{"after 99999999999999999999999s", 1, "is too long"},
		{"on", 1, "expected refresh, start or stop."},
		{"on change", 1, `"change" is not known; expected refresh, start or stop.`},
		{ap + "on open a", 3, "expected start or stop."},
		{ap + "on start c", 3, `There is no access point "c" here`},
		{ap + "on start", 3, "expected the identifier"},
		{"repeat", 1, "expected a number of times, or forever."},
		{"repeat 5", 1, "Expected times after the number of a repeat."},
		{"repeat 0 times", 1, "does nothing; expected a number from 1 to 1000000, or forever."},
		{"repeat 1000001 times", 1, "expected a whole number from 0 to 1000000, or forever."},
		{"repeat often", 1, `"often" is not possible`},
		{"repeat 2 times\non refresh", 1, "This repeat has no end"},
		{"repeat 2 times\non refresh\nrepeat 3 times\non refresh\nend", 1, "This repeat has no end"},
		{"repeat 2 times\nrepeat 3 times\non refresh", 2, "This repeat has no end"},
		{"end", 1, "This end has no repeat before it."},
		{"repeat 2 times\nend", 2, "Nothing between this end and its repeat in line 1 takes time"},
		{"repeat 2 times\nafter 0ms\nend", 3, "takes time"},
		{"repeat 2 times\nat 5s\nend", 2, "A repetition has no fixed time; expected after or on."},
		{ap + "repeat 2 times\nset a strength=1", 4, "This belongs to no step; expected at, after or on before it."},
		{ap + "on refresh\nrepeat 2 times\nset a strength=1", 5, "This belongs to no step"},
		{ap + "repeat 2 times\non refresh\nend\nset a strength=1", 6, "This belongs to no step"},
		{ap + "repeat 2 times\non refresh\nremove a\nend", 6, `"a" is made or removed since the repeat in line 3`},
		{"repeat 2 times\non refresh\naccess-point a\nend", 4, `"a" is made or removed`},
		{strings.Repeat("repeat 2 times\n", 9), 9, "nested too deep; expected at most 8 levels."},
		{"\n\n\x00", 3, "control character"},
		{"# \xff", 1, "not valid UTF-8"},
		{"access-point a\rset a", 1, "control character (U+000D)"},
	} {
		_, err := parse("test.play", c.text)
		var syntax *SyntaxError
		switch {
		case !errors.As(err, &syntax):
			t.Errorf("%.80q: %v", c.text, err)
		case syntax.Line != c.line || syntax.File != "test.play" || !strings.Contains(syntax.Text, c.want):
			t.Errorf("%.80q: %v\nwant line %d: %s", c.text, err, c.line, c.want)
		case !strings.HasSuffix(syntax.Text, ".") || len(syntax.Text) > 400:
			t.Errorf("%.80q: %q is no short sentence", c.text, syntax.Text)
		}
	}
}

// Each repetition has its own balance, independent of nested ones.
func TestParseNestedBalance(t *testing.T) {
	const text = `
repeat 2 times
  on refresh
    access-point a
  repeat 2 times
    on refresh
      remove a
    on refresh
      access-point a
  end
  on refresh
    remove a
end`
	mustParse(t, text)
	if _, err := parse("test.play", strings.Replace(text, "    access-point a\n  repeat", "  repeat", 1)); err == nil {
		t.Error("a repetition that removes a missing access point is accepted")
	}
}

// Parsing must not take quadratic time.
func TestParseLargeFile(t *testing.T) {
	var b strings.Builder
	for i := 0; i < 20000; i++ {
		fmt.Fprintf(&b, "access-point a%d address=192.0.2.5/24\n", i)
	}
	for i := 0; i < 20000; i++ {
		fmt.Fprintf(&b, "repeat 2 times\non start a%d\nset a%d state=active\nend\n", i, i)
	}
	if p := mustParse(t, b.String()); len(p.code) != 60000 {
		t.Errorf("%d instructions", len(p.code))
	}
}

func TestErrorWithoutALine(t *testing.T) {
	if got := (&SyntaxError{File: "x", Text: "Too large."}).Error(); got != "x: Too large." {
		t.Error(got)
	}
}
