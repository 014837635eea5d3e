// Splitting of lines into words.

package script

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one piece of a line: a bare word, a quoted text, or key=value.
type word struct {
	key      string
	text     string // the value, where there is a key
	assigned bool   // written as key=value
	quoted   bool   // the text was in quotes
}

// String formats the word for an error.
func (w word) String() string {
	if w.assigned {
		return quote(w.key + "=" + w.text)
	}
	return quote(w.text)
}

// split splits a line into words. A word that begins with # ends it.
func split(line string) ([]word, error) {
	if err := printable(line); err != nil {
		return nil, err
	}
	var words []word
	for {
		line = strings.TrimLeft(line, " \t")
		if line == "" || line[0] == '#' {
			return words, nil
		}
		w, rest, err := first(line)
		if err != nil {
			return nil, err
		}
		words, line = append(words, w), rest
	}
}

func printable(line string) error {
	if !utf8.ValidString(line) {
		return fmt.Errorf("the line is not valid UTF-8; a script is a text file")
	}
	for _, r := range line {
		if unicode.IsControl(r) && r != '\t' {
			return fmt.Errorf("there is a control character (%U); a script is a text file", r)
		}
	}
	return nil
}

// first splits off the first word of a line that begins with one.
func first(line string) (w word, rest string, err error) {
	end := strings.IndexAny(line, " \t\"")
	if end < 0 {
		end = len(line)
	}
	w.text = line[:end]
	w.key, w.text, w.assigned = cut(w.text)
	if end == len(line) || line[end] != '"' {
		return w, line[end:], nil
	}
	if w.text != "" {
		return w, "", fmt.Errorf("there is a quotation mark inside %v; quote a whole text", w)
	}
	w.quoted = true
	w.text, rest, err = unquote(line[end+1:])
	return w, rest, err
}

func cut(s string) (key, text string, assigned bool) {
	if key, text, assigned = strings.Cut(s, "="); assigned {
		return key, text, true
	}
	return "", s, false
}

// unquote parses up to the closing quotation mark. \" and \\ stand for " and \.
func unquote(s string) (text, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			rest = s[i+1:]
			if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
				return "", "", fmt.Errorf("expected a space after the quotation mark that closes %s", quote(b.String()))
			}
			return b.String(), rest, nil
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		case s[i] == '\\':
			return "", "", fmt.Errorf(`expected \" or \\ in a quoted text; a backslash stands for nothing else`)
		}
		b.WriteByte(s[i])
	}
	return "", "", fmt.Errorf("the text %s has no closing quotation mark", quote(s))
}
