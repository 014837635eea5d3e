package script

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const manual = "../../../../docs/script.md"

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// scriptsOf are the scripts in the manual.
func scriptsOf(t testing.TB) []string {
	var scripts []string
	for _, m := range regexp.MustCompile("(?s)```play\n(.*?)```").FindAllStringSubmatch(readFile(t, manual), -1) {
		scripts = append(scripts, m[1])
	}
	if len(scripts) < 5 {
		t.Fatalf("the manual shows %d scripts", len(scripts))
	}
	return scripts
}

func TestManualScriptsParse(t *testing.T) {
	for _, s := range scriptsOf(t) {
		if _, err := parse("docs/script.md", s); err != nil {
			t.Errorf("%v in\n%s", err, s)
		}
	}
}

func TestManualShowsTheExamples(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.play")
	if len(files) != 4 {
		t.Fatalf("examples: %v", files)
	}
	for _, f := range files {
		if !strings.Contains(readFile(t, manual), "```play\n"+readFile(t, f)+"```") {
			t.Errorf("the manual does not show %s as it is", f)
		}
	}
}

func TestManualListsEveryAttribute(t *testing.T) {
	_, table, _ := strings.Cut(readFile(t, manual), "\n## Attributes\n")
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|(.*)$").FindAllStringSubmatch(table, -1) {
		listed = append(listed, m[1])
		for _, c := range choicesOf[m[1]] {
			if !strings.Contains(m[2], "`"+c.name+"`") {
				t.Errorf("the manual does not list %s of %s", c.name, m[1])
			}
		}
	}
	if got, want := strings.Join(listed, " "), strings.Join(names(), " "); got != want {
		t.Errorf("the manual lists\n%s\nand there are\n%s", got, want)
	}
}

var choicesOf = map[string][]choice{
	"bearer": bearers, "purpose": purposes, "role": roles, "state": states, "progress": progresses,
	"metered": metering, "reach": reaches, "captive-portal": yesNo, "abroad": yesNo, "default-route": yesNo,
}

func names() []string {
	var list []string
	for _, a := range attributes {
		list = append(list, a.name)
	}
	return list
}

func TestManualListsEveryReason(t *testing.T) {
	for _, r := range reasons {
		if !strings.Contains(readFile(t, manual), "\n| `"+r.name+"` | `NETSESSION_ERROR_") {
			t.Errorf("the manual does not list the reason %s", r.name)
		}
	}
}

// The manual shows the real error.
func TestManualShowsARealError(t *testing.T) {
	script := strings.Replace(readFile(t, "testdata/laptop.play"), "state=defined", "state=actve", 1)
	_, err := parse("laptop.play", script)
	if err == nil || !strings.Contains(readFile(t, manual), "    "+err.Error()+"\n") {
		t.Errorf("the manual does not show %v", err)
	}
}
