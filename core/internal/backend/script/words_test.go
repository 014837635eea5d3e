package script

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for line, want := range map[string][]word{
		"":                nil,
		" \t ":            nil,
		"# all of it":     nil,
		"a b":             {{text: "a"}, {text: "b"}},
		"\ta  b\t":        {{text: "a"}, {text: "b"}},
		"a # b":           {{text: "a"}},
		"a#b":             {{text: "a#b"}},
		"a=b":             {{key: "a", text: "b", assigned: true}},
		"a=b=c":           {{key: "a", text: "b=c", assigned: true}},
		"a=":              {{key: "a", assigned: true}},
		"=":               {{assigned: true}},
		`"a b"`:           {{text: "a b", quoted: true}},
		`""`:              {{quoted: true}},
		`a="b # c" d`:     {{key: "a", text: "b # c", assigned: true, quoted: true}, {text: "d"}},
		`"\"\\"`:          {{text: `"\`, quoted: true}},
		`name="Büro → 2"`: {{key: "name", text: "Büro → 2", assigned: true, quoted: true}},
	} {
		words, err := split(line)
		if err != nil || !reflect.DeepEqual(words, want) {
			t.Errorf("split(%q) = %+v, %v; want %+v", line, words, err, want)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	for line, want := range map[string]string{
		"a\x00b":             "control character (U+0000)",
		"\x7fELF":            "control character (U+007F)",
		"a \x1b[1m":          "control character (U+001B)",
		"caf\xe9":            "not valid UTF-8",
		`a"b"`:               `quotation mark inside "a"; quote a whole text`,
		`k=a"b"`:             `quotation mark inside "k=a"; quote a whole text`,
		`"a`:                 `the text "a" has no closing quotation mark`,
		`"a\"`:               "no closing quotation mark",
		`"a"b`:               `expected a space after the quotation mark that closes "a"`,
		`"a\n"`:              `expected \" or \\`,
		`"a\`:                `expected \" or \\`,
		"# comment \xff too": "not valid UTF-8",
	} {
		if _, err := split(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("split(%q): %v; want %s", line, err, want)
		}
	}
}

// The part of a script in an error is short and has no control characters.
func TestQuote(t *testing.T) {
	for s, want := range map[string]string{
		"":                      `""`,
		"eth0":                  `"eth0"`,
		"a\x1bb":                `"a\x1bb"`,
		strings.Repeat("x", 40): `"` + strings.Repeat("x", 40) + `"`,
		strings.Repeat("x", 41): `"` + strings.Repeat("x", 40) + `"...`,
		strings.Repeat("é", 41): `"` + strings.Repeat("é", 20) + `"...`,
	} {
		if got := quote(s); got != want {
			t.Errorf("quote(%q) = %s", s, got)
		}
	}
}

func TestWordInAnError(t *testing.T) {
	for line, want := range map[string]string{`a`: `"a"`, `a=b`: `"a=b"`, `"a b"`: `"a b"`} {
		words, err := split(line)
		if err != nil || len(words) != 1 || fmt.Sprint(words[0]) != want {
			t.Errorf("%s: %v, %v", line, words, err)
		}
	}
}
